"""What happened to a request, by whom and when; and counts by day, which belong to nobody."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.mentoring.rows import counted
from bot.peers import life
from bot.peers.model import Move, Request
from bot.store import Write

_MOVE = "INSERT INTO moves VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
# How long somebody waited for a yes: under so many hours, and what it is counted as.
_BANDS = ((4, "under-4-hours"), (24, "under-a-day"), (48, "under-2-days"), (168, "under-a-week"))


def logged(request: Request, moves: Sequence[Move], first: int) -> list[Write]:
    """What happened, by whom and when; and counts by day, which belong to nobody."""
    out: list[Write] = []
    for count, move in enumerate(moves, first):
        values = (
            request.id,
            count,
            move.at,
            move.kind,
            move.by.role,
            move.by.id,
            " ".join(move.mentors),
            move.why,
        )
        day = day_of(move.at)
        out += [Write(_MOVE, values, 1), counted(day, "mentoring", move.kind)]
        if move.kind == "accept":
            out += [
                counted(day, "mentoring-by", move.by.id),
                counted(day, "mentoring-waited", _waited(move.at - request.looking)),
            ]
        elif move.why:
            out.append(counted(day, "mentoring-why", move.why))
    return out


def day_of(at: float) -> str:
    """The day something is counted under, UTC."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def _waited(seconds: float) -> str:
    hours = seconds / life.HOUR
    return next((name for most, name in _BANDS if hours < most), "longer")
