"""Two people who write to each other through the program: every rule about it is here.

Rule 1  Nothing is passed on before both have said yes. A mentor's yes to an offer that says so counts.
Rule 2  Nobody is in two talks at once: so no words ever go to somebody they were not meant for.
Rule 3  Either ends it at any time, and a yes is for one talk. A day of silence ends it, and so does the
        end of the request.
Rule 4  How to reach each other is handed over when both have given it, and never before; what was given
        goes with the talk.

The day is common sense, as the times of life.py are.
"""

from dataclasses import dataclass, replace
from typing import Literal

from bot.peers.life import DAY

Side = Literal["person", "mentor"]
SIDES: tuple[Side, Side] = ("person", "mentor")
SILENT_AFTER = DAY


@dataclass(frozen=True, slots=True)
class Talk:
    """How it stands between two people. Nobody's words are part of it."""

    state: Literal["ended", "asked", "open"] = "ended"
    since: float = 0.0  # the last that was said or agreed, seconds since 1970
    yes: tuple[Side, ...] = ()  # who agreed to this talk
    gave: tuple[Side, ...] = ()  # who gave how to reach them


def other(side: Side) -> Side:
    """The one who is not this one."""
    return "mentor" if side == "person" else "person"


def agrees(talk: Talk, side: Side, now: float, *, busy: bool = False) -> Talk:
    """One side says yes. Where either is in another talk (`busy`), this one waits, and the other side
    is asked anew: their yes was for a moment that has gone."""
    if talk.state == "open":
        return talk
    yes = (side,) if busy else tuple(one for one in SIDES if one == side or one in talk.yes)
    return Talk("open" if yes == SIDES else "asked", now, yes)


def speaks(talk: Talk, now: float) -> Talk | None:
    """Somebody said something, which is to be passed on; nothing where it must not be (Rule 1)."""
    return replace(talk, since=now) if talk.state == "open" else None


def gives(talk: Talk, side: Side) -> Talk:
    """One side gives how to reach them. Outside a talk nothing is taken."""
    if talk.state != "open":
        return talk
    return replace(talk, gave=tuple(one for one in SIDES if one == side or one in talk.gave))


def both_gave(talk: Talk) -> bool:
    """Whether it is to be handed over now."""
    return talk.gave == SIDES


def ended(talk: Talk, now: float) -> Talk:
    """It is over, and what was given goes with it."""
    return talk if talk.state == "ended" else Talk(since=now)


def due(talk: Talk, now: float) -> bool:
    """Whether it ends by itself now."""
    return talk.state != "ended" and now - talk.since >= SILENT_AFTER


def stands(talk: Talk, side: Side, *, busy: bool = False) -> str:
    """How it stands for one side, for a flow to go by: it is `open`; `they` said yes; only `me`;
    somebody is `busy` in another; or it is `free` to be asked for."""
    if talk.state == "open":
        return "open"
    if busy:
        return "busy"
    if talk.yes == (side,):
        return "me"
    return "they" if talk.yes else "free"
