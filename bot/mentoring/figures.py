"""Figures for the coordinator: counts by month. They were counted when things happened, so they stay
when a request is erased, and none of them belongs to a person."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field

from bot.store import Store

# What is shown, in this order: the kinds of moves that say how it goes.
SHOWN = ("ask", "offer", "accept", "decline", "meet", "hand-back", "cancel", "expire", "close")
WAITED = ("under-4-hours", "under-a-day", "under-2-days", "under-a-week", "longer")


@dataclass(frozen=True, slots=True)
class Month:
    """One month, as `2026-11`: how often each thing happened."""

    name: str
    moves: Counter[str] = field(default_factory=Counter)
    waited: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    mentors: Counter[str] = field(default_factory=Counter)
    staff: Counter[str] = field(default_factory=Counter)


async def months(store: Store) -> list[Month]:
    """Every month in which something was counted, the latest first."""
    rooms = {
        "mentoring": "moves",
        "mentoring-waited": "waited",
        "mentoring-why": "reasons",
        "mentoring-by": "mentors",
        "staff": "staff",
    }
    found: dict[str, Month] = {}
    for (day, kind, name), count in (await store.counts()).items():
        if kind in rooms:
            month = found.setdefault(day[:7], Month(day[:7]))
            getattr(month, rooms[kind])[name] += count
    return sorted(found.values(), key=lambda month: month.name, reverse=True)


def as_csv(found: list[Month]) -> str:
    """All of it as comma-separated values: month, kind, what, count."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("month", "kind", "what", "count"))
    for month in found:
        for kind, counts in (
            ("moves", month.moves),
            ("waited", month.waited),
            ("reasons", month.reasons),
            ("mentors", month.mentors),
            ("staff", month.staff),
        ):
            writer.writerows((month.name, kind, name, counts[name]) for name in sorted(counts))
    return out.getvalue()
