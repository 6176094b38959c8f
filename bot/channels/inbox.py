"""A durable inbox, for channels where somebody else keeps the messages until we say we have them.

Rule 1  A message is on the disk before it is acknowledged.
Rule 2  It is known by its presence here, never by being "newer than the last": delivered twice,
        it is one message.
Rule 3  Each person is answered in the order they wrote; people don't wait for each other. That
        holds for several processes over one store: one of them tends a person at a time.
Rule 4  A message is done only after its answer has gone out. Then, in one write, its words and
        whose they were are blanked. A crash may repeat an answer. It never loses one, and never
        does a thing twice, because the turn's id is the message's.
Rule 5  What alarms goes first, and has workers of its own.

Nothing here knows Telegram or SMS. A channel gives a `work`: answer one message and send the
answer. It raises Again where that must be tried later.
"""

import asyncio
import contextlib
import heapq
import itertools
import logging
import secrets
import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.sealing import Broken, Seal
from bot.store import Conflict, Store, StoreProblem
from bot.store.base import Write

LEASE = 10.0  # seconds that a person is a dead worker's; so long a crash may delay their answer
RENEW = 3.0  # seconds between renewals
LOOK = 1.0  # seconds between looks for messages that nobody tends
KEEP = 3 * 86400.0  # seconds that presence is kept: longer than any channel delivers again
GIVE_UP = 86400.0  # seconds after which an answer helps nobody any more
MOST_FAULTS = 5  # tries at a message that a bug of ours breaks on
LONGEST_PAUSE = 30.0
WORKERS = 32  # most of the time they wait for somebody else's server
URGENT_WORKERS = 8

log = logging.getLogger("peerpath")


class Again(Exception):
    """Not sent: try again after so many seconds, or when the inbox thinks best (0). Says nothing of
    the message."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(f"again in {seconds} seconds")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it comes in: the channel, the channel's id for it, whose it is (a key), and
    all that answering it needs, as text."""

    channel: str
    id: str
    key: str
    body: str
    urgent: bool = False


# Answers a letter. What it gives back is written together with its being done.
Work = Callable[[Letter], Awaitable[Sequence[Write] | None]]

_TAKE_IN = """
INSERT INTO inbox (channel, id, key, body, at, urgent, state)
VALUES (?, ?, ?, ?, ?, ?, 'waiting') ON CONFLICT DO NOTHING
"""
_TEND = """
INSERT INTO tending (key, worker, until) VALUES (?, ?, ?)
ON CONFLICT (key) DO UPDATE SET worker = excluded.worker, until = excluded.until
WHERE tending.until < ? OR tending.worker = excluded.worker
"""
_FIRST = """
SELECT number, channel, id, body, at, urgent FROM inbox
WHERE state = 'waiting' AND key = ? ORDER BY number LIMIT 1
"""
_WAITING = """
SELECT key, MAX(urgent), MIN(number) FROM inbox
WHERE state = 'waiting' AND channel = ?
AND key NOT IN (SELECT key FROM tending WHERE until >= ?)
GROUP BY key ORDER BY MAX(urgent) DESC, MIN(number) LIMIT 5000
"""
_ANSWERED = "UPDATE inbox SET body = ? WHERE channel = ? AND id = ? AND state = 'waiting'"
_DONE = "UPDATE inbox SET state = ?, key = '', body = NULL, urgent = 0 WHERE number = ?"
_RENEW = "UPDATE tending SET until = ? WHERE worker = ?"
_LEAVE = "DELETE FROM tending WHERE key = ? AND worker = ?"


@dataclass
class Counts:
    """What happened since the start, for /metrics. Counts and times only."""

    taken_in: int = 0
    done: int = 0
    failed: int = 0
    again: int = 0
    seconds: float = 0.0  # from taken in to done, all together


@dataclass
class Inbox:
    """Messages in, answers out, over a store. `works` are the channels by name; `now` is the
    clock, in seconds since 1970."""

    store: Store
    seal: Seal
    works: Mapping[str, Work]
    now: Callable[[], float] = time.time
    counts: Counts = field(default_factory=Counts)
    worker: str = field(default_factory=lambda: secrets.token_hex(8))
    _lanes: tuple["_Lane", "_Lane"] = field(default_factory=lambda: (_Lane(), _Lane()))
    _held: dict[str, bool] = field(default_factory=dict)  # key -> whether more came in meanwhile
    _told: asyncio.Event = field(default_factory=asyncio.Event)  # to stop

    @property
    def _stopping(self) -> bool:
        return self._told.is_set()

    async def take_in(self, *letters: Letter, more: tuple[Write, ...] = ()) -> None:
        """Keep messages. When this returns they survive a power loss, and may be acknowledged.
        One that is here already is not taken again. `more` is kept with them or not at all.
        Raises StoreProblem where the store can't."""
        writes = [
            Write(
                _TAKE_IN,
                (
                    letter.channel,
                    letter.id,
                    letter.key,
                    self.seal.seal(letter.body),
                    self.now(),
                    int(letter.urgent),
                ),
            )
            for letter in letters
        ]
        await self.store.write(*writes, *more)
        self.counts.taken_in += len(letters)
        for letter in letters:
            self._wake(letter.key, urgent=letter.urgent)

    def answered(self, channel: str, name: str, body: str) -> Write:
        """What a message that waits has come to, in its place: if its answer can't be worked out
        again, it is kept here, written with whatever makes that so."""
        return Write(_ANSWERED, (self.seal.seal(body), channel, name))

    def _wake(self, key: str, *, urgent: bool) -> None:
        """Somebody waits. Where they are tended here already, whoever does so looks once more;
        what alarms is put in the front lane all the same."""
        if key in self._held:
            self._held[key] = True
        else:
            self._lanes[0].put(key, urgent=urgent)
            if urgent:
                self._lanes[1].put(key, urgent=True)

    async def run(self) -> None:
        """Answer what comes, until `stop`. What was waiting when the process started comes first."""
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(self._worker(self._lanes[0])) for _ in range(WORKERS)]
            workers += [
                group.create_task(self._worker(self._lanes[1])) for _ in range(URGENT_WORKERS)
            ]
            keeping = [
                group.create_task(self._now_and_then(RENEW, self._renew)),
                group.create_task(self._now_and_then(LOOK, self._look)),
                group.create_task(self._now_and_then(3600.0, self._sweep)),
            ]
            await asyncio.wait(workers)
            for task in keeping:
                task.cancel()

    def stop(self) -> None:
        """Begin no more. What is being answered is finished; what waits is kept for next time."""
        self._told.set()
        for lane in self._lanes:
            lane.close()

    # ── one person after the other ─────────────────────────────────────────────────────────────

    async def _worker(self, lane: "_Lane") -> None:
        while key := await lane.get():
            if key in self._held:
                continue
            self._held[key] = False
            try:
                await self._tend(key)
            except Exception as error:  # noqa: BLE001 - the store's troubles end no worker
                # The type alone: a message of a database may quote what was to be stored.
                log.error("the inbox had to let somebody wait: %s", type(error).__name__)
            finally:
                more = self._held.pop(key)
            if more and not self._stopping:
                self._wake(key, urgent=False)

    async def _tend(self, key: str) -> None:
        """Answer all that one person wrote, in order, unless another process does."""
        now = self.now()
        try:
            await self.store.write(Write(_TEND, (key, self.worker, now + LEASE, now), expects=1))
        except Conflict:
            return
        try:
            while not self._stopping and (row := await self._first(key)):
                self._held[key] = False
                if not await self._answer(row):
                    return
        finally:
            with contextlib.suppress(StoreProblem, sqlite3.Error, OSError):
                await self.store.write(Write(_LEAVE, (key, self.worker)))
        # Another process may have taken one in while this one still held the person.
        if not self._stopping and await self._first(key):
            self._held[key] = True

    async def _first(self, key: str) -> tuple[int, Letter | None, float] | None:
        """The oldest message of theirs that waits: its number, the message, when it came."""
        rows = await self.store.rows(_FIRST, key)
        if not rows:
            return None
        number, channel, name, body, at, urgent = rows[0]
        letter = None
        # Sealed with another secret, or damaged: nobody can read it, and it must not block others.
        if isinstance(body, bytes):
            with contextlib.suppress(Broken):
                words = self.seal.open(body)
                letter = Letter(str(channel), str(name), key, words, bool(urgent))
        return int(number or 0), letter, float(at or 0)

    async def _answer(self, row: tuple[int, Letter | None, float]) -> bool:
        """Answer one message and mark it done. False where it has to wait for another time."""
        number, letter, at = row
        state = "failed"
        after: Sequence[Write] = ()
        faults, patience = 0, 1.0
        while letter and self.now() - at < GIVE_UP:
            pause = patience
            patience = min(patience * 2, LONGEST_PAUSE)
            try:
                after = await self.works[letter.channel](letter) or ()
                state = "done"
                break
            except Again as again:
                self.counts.again += 1
                pause = again.seconds or pause
            except Exception as error:  # noqa: BLE001 - a bug must not block all they write
                faults += 1
                log.error("a message could not be answered: %s", type(error).__name__)
                if faults >= MOST_FAULTS:
                    break
            if not await self._pause(pause):
                return False
        await self.store.write(Write(_DONE, (state, number)), *after)
        self.counts.done += state == "done"
        self.counts.failed += state == "failed"
        self.counts.seconds += max(0.0, self.now() - at)
        return True

    async def _pause(self, seconds: float) -> bool:
        """Wait. False where the process is to stop meanwhile."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._told.wait(), seconds)
        return not self._stopping

    # ── now and then ───────────────────────────────────────────────────────────────────────────

    async def _now_and_then(self, seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping:
            try:
                await do()
            except Exception as error:  # noqa: BLE001 - tried again; nobody else would
                log.error("the inbox's store failed: %s", type(error).__name__)
            await asyncio.sleep(seconds)

    async def _renew(self) -> None:
        if self._held:
            await self.store.write(Write(_RENEW, (self.now() + LEASE, self.worker)))

    async def _look(self) -> None:
        """Find who waits and is tended by nobody: after a start, or when a worker has died."""
        for channel in self.works:  # what another process serves is left to it
            for key, urgent, _ in await self.store.rows(_WAITING, channel, self.now()):
                if str(key) not in self._held:
                    self._wake(str(key), urgent=bool(urgent))

    async def _sweep(self) -> None:
        """Presence that no channel asks about any more."""
        await self.store.write(
            Write("DELETE FROM inbox WHERE state <> 'waiting' AND at < ?", (self.now() - KEEP,)),
            Write("DELETE FROM tending WHERE until < ?", (self.now() - KEEP,)),
        )


class _Lane:
    """Keys that wait for a worker: what alarms first, else as they came. A key stands once."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, str]] = []
        self._place: dict[str, int] = {}  # key -> its rank
        self._count = itertools.count()
        self._there = asyncio.Event()
        self._closed = False

    def put(self, key: str, *, urgent: bool) -> None:
        rank = 0 if urgent else 1
        if self._place.get(key, 2) > rank:
            self._place[key] = rank
            heapq.heappush(self._heap, (rank, next(self._count), key))
            self._there.set()

    async def get(self) -> str:
        """The next key; nothing when the lane is closed."""
        while not self._closed:
            while self._heap:
                rank, _, key = heapq.heappop(self._heap)
                if self._place.get(key) == rank:
                    del self._place[key]
                    return key
            self._there.clear()
            await self._there.wait()
        return ""

    def close(self) -> None:
        self._closed = True
        self._there.set()
