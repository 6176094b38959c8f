"""The straight line: one message through the house.

A channel makes a Turn of what arrived and gets a Reply to show. In between: one lock a person, so
that their messages are answered in order; what is known of them; the engine; one commit. The store
may be dead or slow: after two seconds the engine answers without it, so the guard is never silent.
"""

import asyncio
import hashlib
import hmac
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import Act, Conversation, Facts, Outcome, Reply, Turn
from bot.mentoring.audit import Audit
from bot.mentoring.people import People
from bot.mentoring.requests import Requests
from bot.store import Conflict, Saved, Store, StoreProblem, Taken, Write

PATIENCE = 2.0  # seconds that a turn waits for the store, to load and again to commit
AWAKE = "awake"  # the id of a turn in which nothing was said
UNIT = "mentor/ask.unit"  # the answer that says where somebody lives
MOST_TRIES = 4  # at a turn that is overtaken by another worker

T = TypeVar("T")
log = logging.getLogger("peerpath")


class StoreSilent(StoreProblem):
    """The store did not answer in time, or could not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, and whether it is kept: one that isn't can't be shown a second time."""

    reply: Reply
    kept: bool


LeadsTo = Callable[[Outcome], Awaitable[tuple[Write, ...]]]


async def _to_nothing(_outcome: Outcome) -> tuple[Write, ...]:
    return ()


class _Locks:
    """One lock a person, there only while somebody waits for it."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, key: str) -> AsyncIterator[None]:
        lock, users = self._held.get(key, (asyncio.Lock(), 0))
        self._held[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._held[key]
            if users == 1:
                del self._held[key]
            else:
                self._held[key] = (lock, users - 1)


class Service:
    """Content, a store and a secret: everything a channel needs to answer people.

    `content` may be swapped between turns.
    """

    def __init__(self, content: Content, store: Store, secret: bytes) -> None:
        self.content = content
        self.store = store
        self._secret = secret
        self._locks = _Locks()
        self.requests = Requests(store, secret)
        self.audit = Audit(store, secret)
        self.people = People(store, self.audit, self.requests)

    def key(self, channel: str, address: str) -> str:
        """Who somebody is to the store: `kiosk-` and a digest nobody can turn back into an
        address without the secret."""
        digest = hmac.new(self._secret, f"{channel}\0{address}".encode(), hashlib.sha256)
        return f"{channel}-{digest.hexdigest()[:40]}"

    async def handle(
        self,
        key: str,
        turn: Turn,
        newcomer: Conversation,
        not_before: float = 0.0,
        leads_to: LeadsTo = _to_nothing,
    ) -> Answer:
        """Answer a turn. Never raises: with no store, there is an answer still.

        `newcomer` is what is known of somebody who has no conversation yet (a setting, say). A
        conversation last touched before `not_before` is over: it is forgotten and begun anew.
        `leads_to` says what else is to be written for what the turn decided, in the same commit.
        """
        async with self._locks.of(key):
            for _ in range(MOST_TRIES):
                try:
                    saved = await self._load(key, turn.id, not_before)
                except StoreSilent:
                    return await self._unkept(Saved(), turn, newcomer)
                if saved.reply is not None:  # delivered twice, done once
                    return Answer(await self.filled(key, saved.reply), kept=True)
                outcome = self._respond(saved, turn, newcomer)
                try:
                    if outcome.wants:
                        facts = await self._facts(key, outcome, turn.at)
                        outcome = self._respond(saved, replace(turn, facts=facts), newcomer)
                    writes = await self._writes(key, outcome.acts, turn.at)
                    writes += await self._patiently(leads_to(outcome))
                    taken = Taken.of(key, turn.id, turn.at, saved.version, outcome, writes)
                    await self._patiently(self.store.commit(taken))
                except Conflict:
                    continue
                except StoreSilent:
                    return await self._unkept(saved, turn, newcomer)
                self.audit.kept(writes)
                return Answer(await self.filled(key, outcome.reply), kept=True)
            log.warning("a turn was overtaken %d times; answered without keeping it", MOST_TRIES)
            return await self._unkept(saved, turn, newcomer)

    async def _unkept(self, saved: Saved, turn: Turn, newcomer: Conversation) -> Answer:
        """An answer without the store, which never says that something was done."""
        silent = replace(turn, facts=Facts(claim="slow", silent=True))
        return Answer(self._respond(saved, silent, newcomer).reply, kept=False)

    async def _facts(self, key: str, first: Outcome, now: float) -> Facts:
        unit = first.conversation.answers.get(UNIT, "")
        return await self._patiently(self.requests.facts(key, first.claim, now, first.acts, unit))

    async def _writes(self, key: str, acts: tuple[Act, ...], now: float) -> tuple[Write, ...]:
        if not acts:
            return ()
        writes = await self._patiently(self.requests.writes(key, acts, now, self._harmless))
        if any(act.kind == "forget" for act in acts):
            # First: a talk that they are in as a mentor must be there to be ended.
            writes = (*await self._patiently(self.people.unlinked(key, now)), *writes)
        return writes

    def _harmless(self, words: str) -> bool:
        return self.content.guard.hear(words) is None

    async def filled(self, key: str, reply: Reply) -> Reply:
        """With a person's own words and code, which are sealed, where they are to be shown."""
        if not self.requests.fills(reply):
            return reply
        try:
            return await self._patiently(self.requests.fill(key, reply))
        except StoreProblem:
            return reply

    async def refresh(self, now: float) -> None:
        """See who can be asked for now, and do what is due with requests. Raises StoreProblem."""
        await self.requests.tend(now)
        roster = await self.requests.roster(now)
        self.content = replace(self.content, roster=roster)

    def _respond(self, saved: Saved, turn: Turn, newcomer: Conversation) -> Outcome:
        before = saved.conversation if saved.version else newcomer
        return respond(self.content, before, turn)

    async def _load(self, key: str, turn: str, not_before: float) -> Saved:
        saved = await self._patiently(self.store.load(key, turn))
        if saved.version and saved.at < not_before:
            await self._patiently(self.store.forget(key))
            return Saved()
        return saved

    async def last(
        self, key: str, turn: Turn, newcomer: Conversation, not_before: float = 0.0
    ) -> Answer:
        """What was last said to somebody, for a page that is opened again. Says nothing new, and
        forgets a conversation that is over."""
        try:
            saved = await self._patiently(self.store.last(key))
            if saved.version and saved.at < not_before:
                await self._patiently(self.store.forget(key))
                saved = Saved()
        except StoreSilent:
            saved = Saved()
        if saved.reply is not None:
            return Answer(await self.filled(key, saved.reply), kept=True)
        return Answer(self._respond(saved, turn, newcomer).reply, kept=False)

    async def touch(self, key: str, at: float, not_before: float) -> None:
        """Somebody is still here though they said nothing: their talk is as if said now."""
        async with self._locks.of(key):
            try:
                saved = await self._patiently(self.store.last(key))
                if saved.version and saved.reply is not None and saved.at >= not_before:
                    awake = Taken(key, AWAKE, at, saved.version, saved.conversation, saved.reply)
                    await self._patiently(self.store.commit(awake))
            except (Conflict, StoreSilent):
                return  # a turn came in between, which says the same; or the store is silent

    async def forget(self, key: str) -> None:
        """Leave nothing of somebody. If the store is silent, the idle sweep does it later."""
        async with self._locks.of(key):
            try:
                await self._patiently(self.store.forget(key))
            except StoreSilent:
                log.warning("could not forget a conversation now; the idle sweep will")

    async def _patiently(self, asked: Awaitable[T]) -> T:
        """The store's answer within PATIENCE. Raises Conflict or StoreSilent, nothing else."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await asked
        except Conflict:
            raise
        except TimeoutError:
            log.error("the store did not answer within %s seconds", PATIENCE)
        except (StoreProblem, OSError, sqlite3.Error, ValueError) as error:
            # The type alone: a message of a database may quote what was to be stored.
            log.error("the store failed: %s", type(error).__name__)
        raise StoreSilent("no answer from the store")
