"""What we start ourselves, kept until it is due: a reminder somebody asked for, news about a
request of theirs. The address is sealed, and so is what is to be opened; both go when it is sent.

The SQL is here, and not in the channels, so that whoever has news for somebody need not know how it
gets there.
"""

import hashlib
from datetime import datetime, timedelta, tzinfo

from bot.store.base import Write

OPENS, CLOSES = 9, 20  # hours of their day between which somebody may be written to first

_POST = """
INSERT INTO outbox (id, key, channel, kind, address, body, due) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET due = excluded.due
"""


def news(name: str, key: str, channel: str, address: bytes, body: bytes, due: float) -> Write:
    """Tell somebody something, once. `name` is unique among news: written twice, it is told once.
    `address` and `body` are sealed (bot/sealing.py); the body is the id of an option, and what it
    leads to is what they are told. `due` is in seconds since 1970."""
    return Write(_POST, (f"news-{name}", key, channel, "news", address, body, due))


def at_once(name: str, key: str, channel: str, address: bytes, body: bytes, due: float) -> Write:
    """As `news`, by day and by night: part of a talk that somebody is in the middle of."""
    return Write(_POST, (f"talk-{name}", key, channel, "talk", address, body, due))


def unsent(name: str) -> tuple[Write, ...]:
    """Whatever waits to be sent under names that begin so is not sent any more."""
    whole = (f"news-{name}", f"talk-{name}")
    return tuple(
        Write("DELETE FROM outbox WHERE substr(id, 1, ?) = ?", (len(one), one)) for one in whole
    )


def reminder(key: str, channel: str, address: bytes, place: str, body: bytes, due: float) -> Write:
    """Open a place for somebody when it is due. They have one of a place at most: asked for again,
    it is put off."""
    name = hashlib.sha256(f"{key}\0{place}".encode()).hexdigest()[:32]
    return Write(_POST, (f"reminder-{name}", key, channel, "reminder", address, body, due))


def no_reminders(key: str) -> Write:
    """Write to them no more, as far as they asked for it."""
    return Write("DELETE FROM outbox WHERE key = ? AND kind = 'reminder'", (key,))


def due_at(at: float, days: int, hour: int, zone: tzinfo) -> float:
    """Seconds since 1970 of an hour of the day, `days` days after the one that `at` is in there."""
    day = datetime.fromtimestamp(at, zone) + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0).timestamp()


def allowed_at(at: float, zone: tzinfo) -> float:
    """The first moment from `at` on at which somebody may be written to."""
    local = datetime.fromtimestamp(at, zone)
    if OPENS <= local.hour < CLOSES:
        return at
    return due_at(at, 1 if local.hour >= CLOSES else 0, OPENS, zone)
