"""Durable turns a second: many people at once, each turn on the disk before it is answered.

Beside our store stands plain aiosqlite as its documentation shows it: one connection, a lock around
each transaction, one commit a turn. Both write the same rows into the same tables, with WAL and
`synchronous=FULL`.
"""

import asyncio
import itertools
import logging
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from statistics import median

import aiosqlite

from benchmarks import shipped
from benchmarks.report import Table, figure, interleaved, ratio
from bot.engine.conversation import respond
from bot.engine.model import Turn
from bot.service import PATIENCE, Service
from bot.store import Conflict, Saved, Store, Taken
from bot.store.base import KEPT_REPLIES, day_of, decode_conversation, encode
from bot.store.sqlite import MIGRATIONS, MemoryStore, SqliteStore

AT_ONCE = (1, 50, 500)
SECONDS = 2.0  # of each measurement


class PlainStore(MemoryStore):
    """One connection, one commit a turn. What the benchmark does not ask for is inherited."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._lock = asyncio.Lock()

    async def open(self) -> None:
        self._db = await aiosqlite.connect(self._path)
        await self._db.execute("PRAGMA journal_mode = WAL")
        await self._db.execute("PRAGMA synchronous = FULL")
        for script in sorted(MIGRATIONS.glob("*.sql")):
            await self._db.executescript(script.read_text(encoding="utf-8"))

    async def close(self) -> None:
        await self._db.close()

    async def load(self, key: str, turn: str) -> Saved:
        sql = (
            "SELECT c.version, c.at, c.body, r.body FROM conversations AS c "
            "LEFT JOIN replies AS r ON r.key = c.key AND r.turn = ? WHERE c.key = ?"
        )
        async with self._lock:  # else it reads what another has not committed yet
            rows = list(await self._db.execute_fetchall(sql, (turn, key)))
        return Saved(decode_conversation(rows[0][2]), *rows[0][:2]) if rows else Saved()

    async def commit(self, taken: Taken) -> None:
        conversation, version = encode(taken.conversation), taken.version + 1
        async with self._lock:
            if taken.version:
                sql = "UPDATE conversations SET version = ?, at = ?, body = ? WHERE key = ? AND version = ?"
                values = (version, taken.at, conversation, taken.key, taken.version)
            else:
                sql = "INSERT OR IGNORE INTO conversations (version, at, body, key) VALUES (?, ?, ?, ?)"
                values = (version, taken.at, conversation, taken.key)
            cursor = await self._db.execute(sql, values)
            if not cursor.rowcount:
                raise Conflict("overtaken")
            await self._db.execute(
                "INSERT OR REPLACE INTO replies (key, turn, version, body) VALUES (?, ?, ?, ?)",
                (taken.key, taken.turn, version, encode(taken.reply)),
            )
            if version > KEPT_REPLIES:
                await self._db.execute(
                    "DELETE FROM replies WHERE key = ? AND version <= ?",
                    (taken.key, version - KEPT_REPLIES),
                )
            day = day_of(taken.at)
            await self._db.executemany(
                "INSERT INTO notes (day, kind, id, count) VALUES (?, ?, ?, 1) "
                "ON CONFLICT (day, kind, id) DO UPDATE SET count = count + 1",
                [(day, note.kind, note.id) for note in taken.notes],
            )
            await self._db.commit()


Made = Callable[[str], Store]


async def _stored(store: Store, people: int) -> float:
    """Turns a second of the store alone: what is written was decided beforehand."""
    opened = respond(shipped.content(), shipped.NEWCOMER, Turn("0", at=shipped.AT, silent=True))

    async def talk(person: int, until: float) -> int:
        for number in itertools.count():
            if time.perf_counter() > until:
                return number
            saved = await store.load(f"kiosk-{person}", str(number))
            taken = Taken.of(f"kiosk-{person}", str(number), shipped.AT, saved.version, opened)
            await store.commit(taken)
        return 0

    return await _together(talk, people)


async def _served(store: Store, people: int) -> float:
    """Turns a second through the service, each a random option of the last reply. A turn that was
    answered but not kept does not count."""
    service = Service(shipped.content(), store, b"a secret of a benchmark")

    async def talk(person: int, until: float) -> int:
        chance, key, kept = random.Random(person), service.key("kiosk", str(person)), 0
        picked = "/menu"
        for number in itertools.count():
            if time.perf_counter() > until:
                return kept
            turn = Turn(str(number), at=shipped.AT, picked=picked)
            answer = await service.handle(key, turn, shipped.NEWCOMER)
            picked = chance.choice(answer.reply.options).id if answer.reply.options else "/menu"
            kept += answer.kept
        return kept

    return await _together(talk, people)


async def _together(talk: Callable[[int, float], Awaitable[int]], people: int) -> float:
    start = time.perf_counter()
    turns = sum(await asyncio.gather(*(talk(n, start + SECONDS) for n in range(people))))
    return turns / (time.perf_counter() - start)


def _measured(make: Made, run: Callable[[Store, int], Awaitable[float]], people: int) -> float:
    async def measured(path: str) -> float:
        store = make(path)
        await store.open()
        try:
            return await run(store, people)
        finally:
            await store.close()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measured(f"{folder}/store.sqlite3"))


def _fsync() -> float:
    """Milliseconds until 4 KB are on this disk."""
    times = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - start)
    return median(times) * 1000


def measure(rounds: int) -> Table:
    ways: dict[str, Callable[[Store, int], Awaitable[float]]] = {
        "store alone": _stored,
        "with the service and respond": _served,
    }
    logging.getLogger("peerpath").setLevel(logging.CRITICAL)  # turns that can't be kept are counted
    rows, disk = [], []
    for way, run in ways.items():
        for people in AT_ONCE:
            found = interleaved(
                rounds,
                {
                    "ours": lambda p=people, r=run: _measured(SqliteStore, r, p),
                    "plain": lambda p=people, r=run: _measured(PlainStore, r, p),
                    "disk": _fsync,
                },
            )
            disk += found["disk"]
            compared = ratio(found["ours"], found["plain"])
            name = f"{way}, {people} at once"
            rows.append([name, figure(found["ours"]), figure(found["plain"]), compared])
    about = (
        f"{rounds} rounds of {SECONDS:g} seconds each, in turns; median (spread). SQLite with WAL "
        "and `synchronous=FULL` on both sides, the same rows in the same tables. One write of 4 KB "
        f"and its fsync took {figure(disk)} ms: the slower the disk, the more a shared commit "
        f"saves. Through the service a turn counts if it was kept within {PATIENCE:g} seconds; "
        "later than that, people are answered without."
    )
    return Table(
        "durable",
        "Durable turns a second",
        ["load, (respond,) commit", "Peerpath", "plain aiosqlite", "Peerpath beside it"],
        rows,
        [about],
    )
