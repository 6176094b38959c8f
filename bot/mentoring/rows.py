"""Rows to values and back: the few things that all of this room needs."""

import secrets
from typing import TypeVar

import msgspec

from bot.store import Value, Write

T = TypeVar("T")
COUNT = """
INSERT INTO notes (day, kind, id, count) VALUES (?, ?, ?, 1)
ON CONFLICT (day, kind, id) DO UPDATE SET count = notes.count + excluded.count
"""


def fresh() -> str:
    """An id that nobody can guess and that says nothing."""
    return secrets.token_hex(8)


def as_text(value: object) -> str:
    """A value as JSON, for a column of text."""
    return msgspec.json.encode(value).decode()


def from_text(value: Value, kind: type[T]) -> T:
    """A value from a column of text."""
    return msgspec.json.decode(str(value), type=kind)


def text(value: Value) -> str:
    """A column that holds text."""
    return value if isinstance(value, str) else ""


def number(value: Value) -> float:
    """A column that holds a number."""
    return float(value) if isinstance(value, (int, float)) else 0.0


def blob(value: Value) -> bytes:
    """A column that holds sealed words; nothing where there are none."""
    return bytes(value) if isinstance(value, (bytes, memoryview)) else b""


def counted(day: str, kind: str, name: str) -> Write:
    """One more of something, on a day. It belongs to nobody."""
    return Write(COUNT, (day, kind, name))
