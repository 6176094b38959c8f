"""What Telegram and SMS share: a person behind a phone, their turn, and what the channel adds.

A phone is not a kiosk: nobody else sits down at it, so a talk may lie still for days. It is over when
the person says so, asks to be forgotten, or has not been here for KEPT.
"""

import contextlib
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC

from bot.channels.inbox import Again
from bot.channels.phrases import phrase
from bot.engine import typed
from bot.engine.model import AskArea, Conversation, Outcome, Reply, Turn
from bot.language.text import fold
from bot.mentoring.news import reached
from bot.sealing import Seal
from bot.service import Service
from bot.store import Saved, StoreProblem, Write
from bot.store.base import TALK
from bot.store.outbox import due_at, no_reminders, reminder

NEWCOMER = Conversation()  # where they are is asked: a phone may be anywhere
KEPT = 30 * 86400.0  # seconds after which a talk that lies still is erased
# How people begin on a phone. Not a question: they are told where they are, or welcomed.
GREETINGS = frozenset({
    "hi", "hello", "hey", "hi there", "hello there", "hey there", "yo", "good morning", "good evening",
    "good afternoon", "whats up", "sup", "hola", "buenas", "buenos dias", "buenas tardes",
    "buenas noches", "que onda", "oye", "que tal",
})  # fmt: skip
QUIET = "DELETE FROM outbox WHERE key = ?"
STOPS = frozenset({"stop", "alto", "parar"})  # typed alone: also no reminders


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a turn is from: the channel, their key, their address there, and what language the
    channel thinks they speak."""

    channel: str
    key: str
    address: str
    language: str = ""
    reaches: bool = True  # we can write to them first
    writes: bool = False  # … and carry what they and a mentor write to each other


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply, and what the channel adds to it."""

    reply: Reply
    more: tuple[str, ...] = ()


Parting = Callable[[Answered], tuple[Write, ...]]


@dataclass
class Persons:
    """The service, for people behind phones. `now` is the clock, in seconds since 1970."""

    service: Service
    seal: Seal
    now: Callable[[], float] = time.time
    _erased: dict[str, tuple[str, ...]] = field(default_factory=dict)  # turn -> what it erases
    _unlinks: set[str] = field(default_factory=set)  # turns that end what a mentor's chat was

    def alarms(self, text: str) -> bool:
        """Whether words must be answered whatever else holds."""
        if not text:
            return False
        try:
            return self.service.content.guard.hear(text) is not None
        except Exception:  # noqa: BLE001 - a guard that breaks hears an alarm
            return True

    async def of(self, key: str) -> Saved:
        """What is known of somebody; nothing where the store is silent."""
        try:
            return await self.service.store.last(key)
        except (StoreProblem, sqlite3.Error, OSError):
            return Saved()

    def asks_area(self, conversation: Conversation) -> bool:
        """Whether they are being asked for their county."""
        step = self.service.content.step(conversation.place)
        return step is not None and isinstance(step.next, AskArea)

    async def answer(
        self,
        person: Person,
        turn: str,
        *,
        text: str = "",
        picked: str = "",
        silent: bool = False,
        stop: bool = False,
        must: bool = False,
        also: tuple[Write, ...] = (),
        parting: Parting | None = None,
    ) -> Answered:
        """Answer a turn. Raises Again where it could not be kept, unless it can't wait or `must`
        be answered now. `also` is written with it or not at all; `parting` says what to write with
        the last reply of a talk."""
        stop = stop or text.strip().lower() in STOPS
        silent = silent or fold(text) in GREETINGS
        if turn not in self._erased and "forget" in {picked.lstrip("/"), typed.command(text)}:
            self._erased[turn] = await self._things(person.key)
        now = self.now()
        asked = Turn(
            turn, text, now, picked, person.language, silent, person.reaches, person.writes
        )

        async def leads_to(outcome: Outcome) -> tuple[Write, ...]:
            writes = (*self._leads_to(person, outcome, now), *also)
            if outcome.reply.over and stop:
                writes += await self._quiet(person.key, turn, now)
            if outcome.reply.over and parting:
                writes += parting(
                    Answered(outcome.reply, self._parting_words(person, turn, outcome.reply, stop))
                )
            return writes

        answer = await self.service.handle(person.key, asked, NEWCOMER, leads_to=leads_to)
        reply = answer.reply
        if not (answer.kept or reply.urgent or must):
            raise Again
        if reply.over:
            return Answered(reply, self._parting_words(person, turn, reply, stop))
        if not reply.urgent and self.asks_area((await self.of(person.key)).conversation):
            near = "near" if person.channel == "telegram" else "near-zip"
            return Answered(reply, (phrase(near, reply.language),))
        return Answered(reply)

    def _parting_words(
        self, person: Person, turn: str, reply: Reply, stop: bool
    ) -> tuple[str, ...]:
        """What the channel adds to a talk's last reply: what was erased, what comes no more."""
        more: list[str] = []
        if things := self._erased.get(turn):
            names = ", ".join(phrase(f"erased-{thing}", reply.language) for thing in things)
            more.append(phrase("erased", reply.language, things=names))
        if turn in self._erased:
            more.append(phrase(f"erased-{person.channel}", reply.language))
        if stop:
            more.append(phrase("reminders-stopped", reply.language))
        if turn in self._unlinks:
            more.append(phrase("desk-unlinked", reply.language))
        return tuple(more)

    def _leads_to(self, person: Person, outcome: Outcome, now: float) -> tuple[Write, ...]:
        """What the turn decided, as rows: reminders that are asked for, or wanted no more."""
        writes = []
        for act in outcome.acts:
            if act.kind in {"ask", "tell-staff", "claim"} and person.reaches:
                # News about it arrives here, without asking for it again and again.
                writes.append(reached(person.key, person.channel, self.seal.seal(person.address)))
            elif act.kind == "unremind":
                writes.append(no_reminders(person.key))
            elif act.kind == "remind" and act.remind:
                due = due_at(
                    now, act.remind.days, act.remind.hour, self.service.content.zone or UTC
                )
                address, body = (
                    self.seal.seal(person.address),
                    self.seal.seal(f"/to/{act.remind.to}"),
                )
                to = act.remind.to
                writes.append(reminder(person.key, person.channel, address, to, body, due))
        return tuple(writes)

    def over(self, person: Person, turn: str, answered: Answered) -> tuple[Write, ...]:
        """When a reply has gone out: a talk that is over is erased. Reminders they asked for are
        kept, unless they were forgotten or said STOP."""
        self._erased.pop(turn, None)
        self._unlinks.discard(turn)
        return tuple(Write(sql, (person.key,)) for sql in TALK) if answered.reply.over else ()

    async def _things(self, key: str) -> tuple[str, ...]:
        """What is kept of somebody, by the names of phrases."""
        saved = await self.of(key)
        talk = saved.conversation
        reminders: list[object] = []
        claims: list[object] = []
        mentor = ""
        with contextlib.suppress(StoreProblem, sqlite3.Error, OSError):
            reminders += await self.service.store.rows("SELECT 1 FROM outbox WHERE key = ?", key)
            claims += await self.service.store.rows("SELECT 1 FROM claims WHERE key = ?", key)
            mentor = await self.service.requests.chats.mentor_of(key)
        there = {
            "place": bool(talk.place or talk.trail),
            "answers": bool(talk.answers),
            "about": bool(talk.language or talk.area or talk.setting),
            "replies": saved.reply is not None,
            "reminders": bool(reminders),
            "claim": bool(claims),
            "chat": bool(mentor),
        }
        return tuple(name for name, is_there in there.items() if is_there)

    # ── who must not be written to ─────────────────────────────────────────────────────────────

    async def _quiet(self, key: str, turn: str, now: float) -> tuple[Write, ...]:
        """Nothing that we start goes to them any more: what waits is dropped, a talk with somebody
        ends, and if it was a mentor's chat, it is that no more."""
        talks = self.service.requests.talks
        writes = await self.service.people.unlinked(key, now)
        if writes:
            self._unlinks.add(turn)
        talk = await talks.open_of(key)
        if talk and talk.side(key) == "person":  # one as a mentor ends with the link
            writes += tuple(await talks.left(key, now))
        return (*writes, Write(QUIET, (key,)))

    async def close(self, key: str, *more: Write) -> None:
        """They said STOP or blocked us: nothing goes to them until they open it again. `more` is
        written with it."""
        await self.service.store.write(
            Write(
                "INSERT INTO stopped (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (key, self.now()),
            ),
            Write(QUIET, (key,)),
            *more,
        )

    async def reopen(self, key: str) -> None:
        """They want to be written to again."""
        if await self.stopped(key):
            await self.service.store.write(Write("DELETE FROM stopped WHERE key = ?", (key,)))

    async def stopped(self, key: str) -> bool:
        """Whether they must not be written to. Raises StoreProblem."""
        return bool(await self.service.store.rows("SELECT 1 FROM stopped WHERE key = ?", key))
