"""Peerpath: a chat that walks a person, one message at a time, to something that helps."""
