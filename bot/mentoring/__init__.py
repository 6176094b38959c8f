"""Peer mentors at rest: requests, mentors, accounts, words for staff, and what was done by whom.

The rules are in bot/peers and know no store; here they meet one, in SQL that every store reads.
Each change is one `write` of all its rows, or of none.
"""
