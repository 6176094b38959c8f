"""One person as they must be found: what was acknowledged to them, and what they asked last.

The engine is pure, so what a process must have done follows from what was sent to it.
"""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import Conversation, Outcome, Reply, Turn
from bot.store.base import KEPT_REPLIES

NEWCOMER = Conversation()
TYPED = 0.2  # of the turns; the rest are picked
LONGEST = 40  # turns of one person
ENDINGS = ("", "", "/stop", "/forget")  # half of them just walk away
SWEPT = 150.0  # seconds; whoever left longer ago may have been forgotten, as is right


@dataclass
class Found:
    """What a store held of somebody."""

    version: int = 0
    conversation: Conversation = NEWCOMER
    replies: dict[str, Reply | None] = field(default_factory=dict)
    acts: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.version or self.replies or self.acts)


@dataclass(frozen=True)
class Done:
    """A turn, and what it must lead to."""

    turn: Turn
    outcome: Outcome

    @property
    def ends(self) -> bool:
        """Nothing is left of the person after it."""
        return self.outcome.reply.over


class Person:
    """Decides what to say next, and remembers what must come of it."""

    def __init__(self, content: Content, key: str, chance: random.Random) -> None:
        self.content, self.key, self.chance = content, key, chance
        self.done: list[Done] = []  # acknowledged, in order
        self.pending: Done | None = None  # on its way
        self.anew = False  # what is on its way was done before, and nothing is left to tell by
        self.faulty = False  # they were not found as they must be
        self.gone = False  # they ended it, and were told so
        self._notes: Counter[tuple[str, str]] = Counter()  # of all that was done for certain
        self._left = chance.randrange(5, LONGEST)
        self._ending = chance.choice(ENDINGS)
        self._touched = time.time()

    # ── saying something ───────────────────────────────────────────────────────────────────────

    @property
    def finished(self) -> bool:
        return self.gone or self._left <= 0

    def words(self, options: Sequence[str], messages: Sequence[str]) -> tuple[str, str]:
        """What to pick, or to type, next. Never an end for a beginning."""
        self._left -= 1
        if not self._left and self._ending:
            return self._ending, ""
        if options and (not self.done or self.chance.random() > TYPED):
            return self.chance.choice(options), ""
        return "", self.chance.choice(messages)

    def says(self, turn: Turn) -> None:
        before = self.done[-1].outcome.conversation if self.done else NEWCOMER
        self.pending = Done(turn, respond(self.content, before, turn))

    def acknowledged(self) -> None:
        assert self.pending
        self._notes += _notes(self.pending)
        self.done.append(self.pending)
        self.gone = self.pending.ends
        self.pending, self.anew = None, False
        self._touched = time.time()

    # ── being found ────────────────────────────────────────────────────────────────────────────

    def committed(self, found: Found) -> bool:
        """Whether what is on its way was done."""
        if not self.pending:
            return False
        if self.pending.ends and self.done and found.nothing:
            return True
        return found.version > len(self.done)

    def counted(self, found: Found) -> Counter[tuple[str, str]]:
        """What must have been counted of them."""
        if self.pending and self.committed(found):
            return self._notes + _notes(self.pending)
        return self._notes

    def faults(self, found: Found) -> list[str]:
        """What is not as it must be: `lost` or `twice`, once for each turn, or a sentence."""
        if self.gone:
            return [] if found.nothing else ["left: something of somebody who was forgotten"]
        if found.nothing and (self.committed(found) or self._swept()):
            return []
        known = [*self.done]
        if self.pending and found.version > len(known):
            known.append(self.pending)
        if found.version < len(known):
            return ["lost"] * (len(known) - found.version)
        if found.version > len(known):
            return ["twice"] * (found.version - len(known))
        faults = []
        if found.conversation != (known[-1].outcome.conversation if known else NEWCOMER):
            faults.append("kept: another conversation than was answered from")
        if found.replies != {d.turn.id: d.outcome.reply for d in known[-KEPT_REPLIES:]}:
            faults.append("kept: other replies than were given")
        if sorted(found.acts) != sorted(act for d in known for act in _acts(d)):
            faults.append("kept: other acts than were decided")
        return faults

    def found(self, found: Found) -> bool:
        """Go on from what was found. True if that is nothing because their last wish, to be
        forgotten, was fulfilled before they could be told: what they send again is asked anew."""
        if not (self.pending and self.pending.ends and self.committed(found) and found.nothing):
            return False
        self._notes = self.counted(found)
        self.done, self.anew = [], True
        self.says(self.pending.turn)
        return True

    def _swept(self) -> bool:
        return not self.pending and time.time() - self._touched > SWEPT


def _notes(done: Done) -> Counter[tuple[str, str]]:
    return Counter((note.kind, note.id) for note in done.outcome.notes)


def _acts(done: Done) -> list[tuple[str, int, str]]:
    return [(done.turn.id, number, act.kind) for number, act in enumerate(done.outcome.acts)]
