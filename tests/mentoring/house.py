"""A house with mentors in it, over any store: for stories and for what has to hold of them."""

import itertools
import re
from dataclasses import dataclass, field, replace

from bot.engine.content import Content
from bot.engine.model import Conversation, Facility, Reply, Text, Turn
from bot.mentoring.accounts import Accounts
from bot.mentoring.audit import Audit
from bot.mentoring.inbox import Inbox
from bot.mentoring.people import People
from bot.peers.life import Refused
from bot.peers.model import By, Mentor, Move, Request
from bot.service import Answer, Service
from bot.store import Store

SECRET = b"a secret of the tests"
NOON = 1_795_000_000.0
PRISON = frozenset({"prison"})
ANN = Mentor(
    "", "Ann", PRISON, ("en", "es"), frozenset({"loss", "family"}), gender="woman", unit="a"
)
BEN = Mentor("", "Ben", PRISON, ("en",), frozenset({"loss", "recovery"}), gender="man", unit="b")


@dataclass
class House:
    """A service with two mentors, and a clock that the test turns."""

    content: Content
    store: Store
    now: float = NOON
    mentors: dict[str, str] = field(default_factory=dict)  # name -> id

    def __post_init__(self) -> None:
        here = Facility(
            "here", Text("", "Here"), "prison", self.content.facilities["prison"].words,
            units={"a": Text("", "A yard"), "b": Text("", "B yard")}, staff_messages=True,
        )  # fmt: skip
        content = replace(self.content, facilities={**self.content.facilities, "here": here})
        self.service = Service(content, self.store, SECRET)
        self.requests = self.service.requests
        self.audit = Audit(self.store, SECRET)
        self.people = People(self.store, self.audit, self.requests)
        self.accounts = Accounts(self.store, self.audit)
        self.inbox = Inbox(self.store, self.audit, self.requests.seal)

    async def staffed(self, *mentors: Mentor) -> "House":
        for mentor in mentors or (ANN, BEN):
            kept = await self.people.keep("kim", mentor, self.now)
            self.mentors[mentor.name] = kept.id
        await self.later(0)
        return self

    async def later(self, hours: float) -> None:
        """Time goes by, and the clock does what is due."""
        self.now += hours * 3600
        await self.service.refresh(self.now)

    async def by(self, name: str, kind: str, one: str, why: str = "") -> Request | Refused:
        """A mentor's move."""
        return await self.requests.move(
            one, Move(kind, By("mentor", self.mentors[name]), self.now, why=why)
        )

    def person(self, name: str = "somebody", channel: str = "kiosk") -> "Person":
        return Person(self, self.service.key(channel, name))


@dataclass
class Person:
    """Somebody at a screen."""

    house: House
    key: str
    reply: Reply | None = None
    turns: "itertools.count[int]" = field(default_factory=itertools.count)

    async def _turn(self, **given: str) -> Answer:
        turn = Turn(f"t{next(self.turns)}", at=self.house.now, **given)  # type: ignore[arg-type]
        newcomer = Conversation(language="en", setting="prison", facility="here")
        answer = await self.house.service.handle(self.key, turn, newcomer)
        self.reply = answer.reply
        return answer

    async def says(self, text: str) -> str:
        await self._turn(text=text)
        return self.words

    async def taps(self, *labels: str) -> str:
        for label in labels:
            assert self.reply is not None
            found = [o.id for o in self.reply.options if o.label.startswith(label)]
            assert found, (label, [o.label for o in self.reply.options], self.reply.says)
            await self._turn(picked=found[0])
        return self.words

    async def picks(self, option: str) -> str:
        await self._turn(picked=option)
        return self.words

    @property
    def words(self) -> str:
        assert self.reply is not None
        return "\n".join((*self.reply.says, *self.reply.asks))

    @property
    def code(self) -> str:
        found = re.search(r"\*(\w+ \w+ \w+)\*", self.words)
        assert found, self.words
        return found.group(1)

    async def asks(
        self, *, mentor: str = "Whoever is free", others: str = "", words: str = "", found: str = "",
        about: str = "Losing somebody", language: str = "Either is fine",
        gender: str = "It doesn't matter",
    ) -> str:  # fmt: skip
        """The whole form; the three words in the end."""
        await self.picks("/to/mentor/ask")
        await self.taps(about, "Someone who listens", language, gender)
        await self.taps("No, that's fine", "Any time")
        if found:
            await self.taps("They find me")
            await self.says(found)
        else:
            await self.taps("I'll come to them")
        await self.taps(mentor)
        if others:
            await self.taps(others)
        if words:
            await self.says(words)
        else:
            await self.taps("No words")
        await self.taps("Send")
        return self.code

    async def checks(self, code: str) -> str:
        await self.picks("/to/mentor/check")
        return await self.says(code)


async def everything(store: Store) -> str:
    """All that is in the store, as one text, to look for what should not be there."""
    tables = (
        "conversations", "replies", "acts", "notes", "mentors", "requests", "moves",
        "staff_messages", "claims", "drafts", "tries", "keep_separate", "accounts",
        "keep_separate_of", "desk_sessions", "supervision", "audit", "audit_head", "outbox", "stopped",
        "leaves", "inbox", "tending", "talks", "mentor_chats", "mentor_links",
    )  # fmt: skip
    rows = [row for table in tables for row in await store.rows(f"SELECT * FROM {table}")]
    return "\n".join(" | ".join(_as_text(value) for value in row) for row in rows)


def _as_text(value: object) -> str:
    binary = isinstance(value, (bytes, memoryview))
    return bytes(value).decode("utf-8", "replace") if binary else str(value)  # type: ignore[arg-type]
