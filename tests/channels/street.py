"""Mentors and people outside, each with a phone, one bot between them: over the strict Bot API server, with
a clock that the test turns and a desk to link phones at."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.channels.outbox import Outbox
from bot.engine.content import Content
from bot.mentoring.accounts import Accounts
from bot.mentoring.people import People
from bot.peers.life import Refused
from bot.peers.model import By, Mentor, Move, Request
from bot.sealing import Seal
from bot.store import Store
from tests.channels.botapi import serving
from tests.channels.phones import SECRET, Phone, polling, settled

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=ZoneInfo("America/Los_Angeles")).timestamp()
OUTSIDE = frozenset({"community"})
# Chats, and how their owners are called: on the desk, and in Telegram.
ANN, BEN, ANA, LUZ = 200_001, 200_002, 100_001, 100_002
CALLED = {ANN: "Annabeth", BEN: "Benedict", ANA: "Anastasia", LUZ: "Luzmila"}
MENTORS = {
    ANN: Mentor("", "Annabeth", OUTSIDE, ("en",), frozenset({"coming_home", "loss"}), unit="a"),
    BEN: Mentor("", "Benedict", OUTSIDE, ("es", "en"), frozenset({"coming_home"}), unit="b"),
}


@dataclass
class Street:
    phone: Phone
    now: float = NOON
    mentors: dict[int, str] = field(default_factory=dict)  # chat -> id

    def __post_init__(self) -> None:
        self.service, self.api = self.phone.service, self.phone.api
        self.store, self.requests = self.service.store, self.service.requests
        self.people = People(self.store, self.service.audit, self.requests)
        self.accounts = Accounts(self.store, self.service.audit)
        self.phone.telegram.persons.now = lambda: self.now
        self.outbox = Outbox(self.service, self.phone.inbox, Seal(SECRET), lambda: self.now)
        self.api.called = CALLED

    # ── time ───────────────────────────────────────────────────────────────────────────────────

    async def delivered(self) -> None:
        """What waits to be sent is sent."""
        await self.outbox.look()
        await settled(self.phone.inbox)

    async def later(self, hours: float = 0) -> None:
        self.now += hours * 3600
        await self.service.refresh(self.now)
        await self.delivered()

    # ── mentors ────────────────────────────────────────────────────────────────────────────────

    async def hires(self, *chats: int) -> None:
        """Mentors with an account, each linked to their chat."""
        for chat in chats:
            kept = await self.people.keep("kim", MENTORS[chat], self.now)
            self.mentors[chat] = kept.id
            await self.accounts.add("kim", kept.name, "mentor", self.now, kept.id)
            await self.links(chat)
            await self._pick(chat, f"/language/{self.speaks(chat)}")
        await self.later()

    async def links(self, chat: int) -> str:
        secret = await self.requests.chats.new_link(self.mentors[chat], self.now)
        return await self.phone.say(chat, f"/start {secret}")

    # ── people ─────────────────────────────────────────────────────────────────────────────────

    async def asks(self, chat: int, language: str = "en", words: str = "") -> str:
        """Somebody outside asks for a mentor to write with; the id of their request."""
        key = self.key(chat)
        taps = (
            "where/ask/community", "mentor/ask/about/home", "mentor/ask/kind/listen",
            "mentor/ask/language/any", "mentor/ask/gender/any", "mentor/ask/hours/any",
            "mentor/ask/write-or-meet/write",
        )  # fmt: skip
        await self._pick(chat, f"/language/{language}")
        await self._pick(chat, taps[0])
        await self._pick(chat, "/to/mentor/ask")
        for one in taps[1:]:
            await self._pick(chat, one)
        if words:
            await self.phone.say(chat, words, language)
        else:
            await self._pick(chat, "mentor/ask/words/none")
        await self._pick(chat, "mentor/ask/confirm/send")
        rows = await self.store.rows("SELECT id FROM claims WHERE key = ? ORDER BY at", key)
        await self.delivered()
        return str(rows[-1][0])

    async def _pick(self, chat: int, option: str) -> None:
        """As a button would, were it still on their screen."""
        update = {
            "id": f"tap{self.api.next_update}", "from": self.api.person(chat), "data": option,
            "message": {"chat": {"id": chat, "type": "private"}, "message_id": 1, "date": 0},
            "chat_instance": "1",
        }  # fmt: skip
        number = self.api.update(chat, callback_query=update)
        async with asyncio.timeout(15):
            while number not in self.api.delivered:  # noqa: ASYNC110 - there is no event
                await asyncio.sleep(0.01)
        await settled(self.phone.inbox)

    async def picks(self, chat: int, option: str) -> str:
        before = len(self.api.of(chat))
        await self._pick(chat, option)
        return "\n\n".join(self.api.texts(chat)[before:])

    async def says(self, chat: int, text: str, language: str = "en") -> str:
        """Say something, and let it arrive: what the one who said it is answered."""
        said = await self.phone.say(chat, text, language)
        await self.delivered()
        return said

    async def taps(self, chat: int, label: str) -> str:
        said = await self.phone.tap(chat, label)
        await self.delivered()
        return said

    async def talk(self, person: int = ANA, mentor: int = ANN, language: str = "en") -> str:
        """Two people who are in a talk; the id of the request."""
        one = await self.asks(person, language)
        await self.taps(mentor, "Yes, I will" if self.speaks(mentor) == "en" else "Sí, voy yo")
        yes = "Yes, let's write" if language == "en" else "Sí, vamos a escribir"
        await self.taps(person, yes)
        await self.taps(mentor, "Write now" if self.speaks(mentor) == "en" else "Escribir ahora")
        return one

    def speaks(self, chat: int) -> str:
        return MENTORS[chat].languages[0]

    async def moves(self, kind: str, one: str, by: By, why: str = "") -> Request | Refused:
        return await self.requests.move(one, Move(kind, by, self.now, why=why))

    async def place(self, chat: int) -> str:
        saved = await self.store.last(self.key(chat))
        return saved.conversation.place

    def key(self, chat: int) -> str:
        return self.service.key("telegram", str(chat))

    # ── what to look at ────────────────────────────────────────────────────────────────────────

    def last(self, chat: int) -> str:
        return self.api.texts(chat)[-1] if self.api.of(chat) else ""

    def received(self, chat: int) -> str:
        """All that a chat was ever sent, words and buttons, also what was changed since."""
        sent = [
            json.dumps({k: v for k, v in asked.items() if k != "chat_id"}, ensure_ascii=False)
            for name, asked in list(self.api.log)
            if name in {"sendMessage", "editMessageText"} and int(asked["chat_id"]) == chat
        ]
        return "\n".join(sent)

    def knows_nothing_of(self, one: int, other: int) -> None:
        """What one side was sent names nothing of the other."""
        received = self.received(one)
        for trace in (CALLED[other], CALLED[other].lower(), str(other), "_tg", self.key(other)):
            assert trace not in received, trace


@contextlib.asynccontextmanager
async def street(content: Content, store: Store) -> AsyncIterator[Street]:
    with serving() as api:
        async with polling(api, content, store) as phone:
            yield Street(phone)
