"""Peer mentors: who fits whom, and the life of a request. Pure, as the engine is.

Read `model.py` (the nouns), `fitting.py` (who fits), `life.py` (every legal move), `codes.py` (how a
person without an account finds their request again), then `roster.py` (what the engine sees of it).
"""
