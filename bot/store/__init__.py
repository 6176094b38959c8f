"""What is kept. `base` is the interface, `sqlite` and `postgresql` keep to it, and `open_store`
picks one by its address."""

from bot.store.base import Conflict, Saved, Store, StoreProblem, Taken, Value, Write, open_store

__all__ = ["Conflict", "Saved", "Store", "StoreProblem", "Taken", "Value", "Write", "open_store"]
