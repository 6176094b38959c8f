"""Conversations at rest. `base` is the interface, `memory` and `sqlite` keep to it, and
`open_store` picks one by its address."""

from bot.store.base import Conflict, Saved, Store, StoreProblem, Taken, open_store

__all__ = ["Conflict", "Saved", "Store", "StoreProblem", "Taken", "open_store"]
