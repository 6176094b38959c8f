"""The life of a request: every rule about it is here.

Rule 1  Only what stands in LEGAL can happen, and only by whom it says. All else is refused with a
        sentence, and changes nothing.
Rule 2  An offer is an offer: a mentor may say no, and silence for a day is a no.
Rule 3  A person may take it back at any time, and nobody asks why.
Rule 4  Nothing is stuck: after 48 hours without a mentor, or two weeks without a meeting, the
        coordinator is told; after a week without a mentor the person is told so, and the request
        ends; a month after a meeting it is closed.
Rule 5  Of two who say yes at the same moment, the first has it. The store sees to that by the
        version, which each move raises by one.
Rule 6  A yes needs a place: who carries as many people as they can may say no, but not yes, unless
        the coordinator asked them by hand. Of two yeses for one place, the first has it; that is
        seen to by a version of the mentor's.

The times are ours, and a place may want others: the issue that asked for this names 48 hours and a
week; the day, the two weeks and the month are common sense.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.peers.model import CARRIED, UNMATCHED, Move, Request, State

HOUR = 3600.0
DAY = 24 * HOUR
LAPSES_AFTER = 24 * HOUR  # an offer nobody answers
TELL_AFTER = 48 * HOUR  # the coordinator, of somebody without a mentor
UNMET_AFTER = 14 * DAY  # the coordinator, of two people who never met
EXPIRES_AFTER = 7 * DAY  # without a mentor
CLOSES_AFTER = 30 * DAY  # after a meeting
FORGOTTEN_AFTER = 30 * DAY  # what has ended is erased

# Why a mentor says no or gives back, to pick from: no free words about anybody.
REASONS = ("full", "not_my_story", "too_close", "hours", "language", "unwell", "other")


@dataclass(frozen=True, slots=True)
class Refused:
    """A move that can't be made. `code` names why; the words for it are in words.py."""

    code: str


# The states, the move, who may make it, and where it leads (nothing: it stays where it is).
_RULES: tuple[tuple[str, str, str, State | Literal[""]], ...] = (
    ("asked waiting", "offer", "clock coordinator", "offered"),
    ("asked", "wait", "clock", "waiting"),
    ("offered", "accept", "mentor", "accepted"),
    ("offered", "decline", "mentor", "offered"),
    ("offered", "lapse", "clock", "waiting"),
    ("offered", "withdraw", "clock coordinator", "waiting"),
    ("waiting", "anyone", "person", "waiting"),
    ("offered", "anyone", "person", "waiting"),
    ("accepted met", "meet", "mentor", "met"),
    ("met", "close", "mentor coordinator clock", "closed"),
    ("accepted", "close", "coordinator", "closed"),
    ("accepted met", "hand-back", "mentor clock coordinator", "waiting"),
    ("accepted met", "switch", "person", "waiting"),
    ("asked offered waiting accepted met", "cancel", "person", "cancelled"),
    ("asked offered waiting", "expire", "clock", "expired"),
    ("expired", "renew", "person", "asked"),
    ("asked offered waiting accepted", "tell", "clock", ""),
    ("asked offered waiting accepted met", "unsay", "person", ""),
)
LEGAL: Mapping[tuple[str, str], tuple[frozenset[str], State | Literal[""]]] = {
    (state, kind): (frozenset(roles.split()), to)
    for states, kind, roles, to in _RULES
    for state in states.split()
}
KINDS_OF_MOVE = tuple(dict.fromkeys(kind for _, kind in LEGAL))


def after(request: Request, move: Move) -> Request | Refused:
    """The request after a move, or why it can't be made. Changes nothing by itself."""
    legal = LEGAL.get((request.state, move.kind))
    if legal is None:
        return Refused(_why_not(request, move))
    roles, to = legal
    if move.by.role not in roles:
        return Refused("not-yours")
    if move.by.role == "mentor" and move.by.id not in _may(request, move.kind):
        return Refused("not-yours")
    if move.kind in {"decline", "hand-back"} and move.by.role == "mentor":
        if move.why not in REASONS:
            return Refused("no-reason")
    elif move.why and move.why not in REASONS:
        return Refused("no-reason")
    if move.kind == "offer" and not move.mentors:
        return Refused("nobody")
    state: State = to or request.state
    since = move.at if state != request.state else request.since
    moved = replace(request, state=state, since=since, version=request.version + 1)
    return _CHANGES.get(move.kind, _nothing)(moved, move)


def _may(request: Request, kind: str) -> tuple[str, ...]:
    return request.offered if kind in {"accept", "decline"} else (request.mentor,)


def _why_not(request: Request, move: Move) -> str:
    if request.state in {"closed", "cancelled", "expired"}:
        return "over"
    if move.kind in {"accept", "decline"} and request.state in CARRIED | {"waiting"}:
        return "too-late"
    return "not-now"


def _nothing(request: Request, _move: Move) -> Request:
    return request


def _offered(request: Request, move: Move) -> Request:
    return replace(request, offered=move.mentors, by_hand=move.by.role == "coordinator")


def _accepted(request: Request, move: Move) -> Request:
    return replace(request, offered=(), mentor=move.by.id, told="")


def _declined(request: Request, move: Move) -> Request:
    left = tuple(one for one in request.offered if one != move.by.id)
    state: State = "offered" if left else "waiting"
    since = request.since if left else move.at
    return replace(
        request, state=state, since=since, offered=left, passed=_with(request, (move.by.id,))
    )


def _withdrawn(request: Request, move: Move) -> Request:
    """Taken from all it was offered to, or from the one who is meant."""
    out = move.mentors or request.offered
    left = tuple(one for one in request.offered if one not in out)
    state: State = "offered" if left else "waiting"
    return replace(request, state=state, offered=left, passed=_with(request, out))


def _anyone(request: Request, _move: Move) -> Request:
    wishes = replace(request.wishes, mentor="", others=True)
    return replace(request, offered=(), wishes=wishes)


def _handed_back(request: Request, move: Move) -> Request:
    """The search begins anew, and so do its times."""
    passed = _with(request, (request.mentor,))
    return replace(request, mentor="", passed=passed, told="", looking=move.at)


def _ended(request: Request, _move: Move) -> Request:
    return replace(request, offered=(), passed=())


def _renewed(request: Request, move: Move) -> Request:
    return replace(request, looking=move.at, passed=(), told="", mentor="")


def _told(request: Request, _move: Move) -> Request:
    return replace(request, told="unmatched" if request.state in UNMATCHED else "unmet")


def _with(request: Request, more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*request.passed, *(one for one in more if one))))


_CHANGES: Mapping[str, Callable[[Request, Move], Request]] = {
    "offer": _offered,
    "accept": _accepted,
    "decline": _declined,
    "lapse": _withdrawn,
    "withdraw": _withdrawn,
    "anyone": _anyone,
    "hand-back": _handed_back,
    "switch": _handed_back,
    "cancel": _ended,
    "close": _ended,
    "expire": _ended,
    "renew": _renewed,
    "tell": _told,
}


def ends(request: Request) -> bool:
    """Whether it is over, so that the words that were shared are erased."""
    return request.state in {"closed", "cancelled", "expired"}


def due(request: Request, now: float) -> str:
    """The one move the clock should make now; nothing where there is none. An offer is not due
    here: whether anybody is free for it is for who knows the mentors."""
    waited = now - request.looking
    if request.state in UNMATCHED and waited >= EXPIRES_AFTER:
        return "expire"
    if request.state in UNMATCHED and waited >= TELL_AFTER and request.told != "unmatched":
        return "tell"
    if request.state == "offered" and now - request.since >= LAPSES_AFTER:
        return "lapse"
    if (
        request.state == "accepted"
        and now - request.since >= UNMET_AFTER
        and request.told != "unmet"
    ):
        return "tell"
    if request.state == "met" and now - request.since >= CLOSES_AFTER:
        return "close"
    return ""
