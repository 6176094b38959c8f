"""The embedded store: one SQLite file, no server.

WAL with `synchronous=FULL`: a commit that returned survives a power loss. An fsync costs the same
for one turn as for fifty, so turns that are waiting when the writer is free are committed together
(group commit). A batch is one hop into the connection's thread through aiosqlite's public API: the
connection is of a class of ours whose `commit()` first writes what is waiting.

Reads have a connection of their own and never wait for the disk. They use `execute_fetchall`: a
cursor left open on a shared connection would pin an old snapshot.
"""

import asyncio
import math
import sqlite3
from collections import Counter, deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite

from bot.store.base import (
    KEPT_REPLIES,
    Conflict,
    Saved,
    StoreProblem,
    Taken,
    decode_conversation,
    decode_reply,
    encode,
)
from bot.store.memory import day_of

MIGRATIONS = Path(__file__).parent / "migrations" / "sqlite"
MOST_IN_A_BATCH = 512  # keeps the longest wait behind a batch under a few milliseconds

_LOAD = """
SELECT c.version, c.at, c.body, r.body
FROM (SELECT ? AS key, ? AS turn) AS wanted
LEFT JOIN conversations AS c ON c.key = wanted.key
LEFT JOIN replies AS r ON r.key = wanted.key AND r.turn = wanted.turn
"""
_LAST = """
SELECT c.version, c.at, c.body, r.body
FROM conversations AS c LEFT JOIN replies AS r ON r.key = c.key AND r.version = c.version
WHERE c.key = ?
"""
_INSERT = "INSERT OR IGNORE INTO conversations (key, version, at, body) VALUES (?, 1, ?, ?)"
_UPDATE = """
UPDATE conversations SET version = version + 1, at = ?, body = ? WHERE key = ? AND version = ?
"""
_REPLY = "INSERT OR REPLACE INTO replies (key, turn, version, body) VALUES (?, ?, ?, ?)"
_DROP_REPLIES = "DELETE FROM replies WHERE key = ? AND version <= ?"
_ACT = "INSERT INTO acts (key, turn, number, kind, at) VALUES (?, ?, ?, ?, ?)"
_NOTE = """
INSERT INTO notes (day, kind, id, count) VALUES (?, ?, ?, ?)
ON CONFLICT (day, kind, id) DO UPDATE SET count = count + excluded.count
"""
_STAYED = "SELECT 1 FROM conversations WHERE key = ? AND at >= ?"
_FORGET = (
    "DELETE FROM conversations WHERE key = ?",
    "DELETE FROM replies WHERE key = ?",
    "DELETE FROM acts WHERE key = ?",
)


class _Leaving:
    """People to forget, unless they were here since `before`; and how many were forgotten."""

    __slots__ = ("before", "forgotten", "keys")

    def __init__(self, keys: Sequence[str], before: float = math.inf) -> None:
        self.keys, self.before, self.forgotten = keys, before, 0


class _Waiting:
    """A turn that waits to be written, or people to be forgotten, and whoever waits for it."""

    __slots__ = ("done", "refused", "work")

    def __init__(self, work: Taken | _Leaving, done: "asyncio.Future[None]") -> None:
        self.work, self.done, self.refused = work, done, False


class _Ledger(sqlite3.Connection):
    """A connection whose commit() writes all that is waiting, in one transaction."""

    batch: list[_Waiting]

    def commit(self) -> None:
        batch = self.batch
        notes: Counter[tuple[str, str, str]] = Counter()
        self.execute("BEGIN IMMEDIATE")
        try:
            for waiting in batch:
                if isinstance(waiting.work, _Leaving):
                    self._see_off(waiting.work)
                elif self._write(waiting.work):
                    day = day_of(waiting.work.at)
                    notes.update((day, note.kind, note.id) for note in waiting.work.notes)
                else:
                    waiting.refused = True
            self.executemany(_NOTE, [(*note, count) for note, count in notes.items()])
            self.execute("COMMIT")
        except BaseException:
            self.execute("ROLLBACK")
            raise

    def _write(self, taken: Taken) -> bool:
        """False where another writer was there first."""
        body = encode(taken.conversation)
        if taken.version:
            written = self.execute(_UPDATE, (taken.at, body, taken.key, taken.version))
        else:
            written = self.execute(_INSERT, (taken.key, taken.at, body))
        if not written.rowcount:
            return False
        if taken.forgets:
            self._forget([taken.key])
            return True
        version = taken.version + 1
        self.execute(_REPLY, (taken.key, taken.turn, version, encode(taken.reply)))
        if version > KEPT_REPLIES:
            self.execute(_DROP_REPLIES, (taken.key, version - KEPT_REPLIES))
        for number, act in enumerate(taken.acts):
            self.execute(_ACT, (taken.key, taken.turn, number, act.kind, taken.at))
        return True

    def _see_off(self, leaving: _Leaving) -> None:
        # Looked at here, where no turn can come in between: somebody may be back since.
        stayed = (self.execute(_STAYED, (key, leaving.before)).fetchone() for key in leaving.keys)
        keys = [key for key, here in zip(leaving.keys, stayed, strict=True) if not here]
        self._forget(keys)
        leaving.forgotten = len(keys)

    def _forget(self, keys: Sequence[str]) -> None:
        for statement in _FORGET:
            self.executemany(statement, [(key,) for key in keys])


class SqliteStore:
    """See Store. `path` is the file; its folder is made if need be."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._writer: aiosqlite.Connection | None = None
        self._reader: aiosqlite.Connection | None = None
        self._ledger: _Ledger | None = None
        self._waiting: deque[_Waiting] = deque()
        self._flushing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open the file and apply the migrations it has not seen. Raises StoreProblem."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = await aiosqlite.connect(
                self._path, factory=self._make_ledger, isolation_level=None, timeout=2.0
            )
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                await self._writer.execute_fetchall(f"PRAGMA {pragma}")
            await self._migrate(self._writer)
            self._reader = await aiosqlite.connect(self._path, isolation_level=None, timeout=2.0)
            await self._reader.execute_fetchall("PRAGMA query_only = ON")
        except StoreProblem:
            await self.close()
            raise
        except (OSError, sqlite3.Error) as error:
            await self.close()
            raise StoreProblem(f"The store can't be opened ({type(error).__name__}).") from None

    def _make_ledger(self, *args: Any, **kwargs: Any) -> sqlite3.Connection:
        self._ledger = _Ledger(*args, **kwargs)
        self._ledger.batch = []
        return self._ledger

    async def _migrate(self, writer: aiosqlite.Connection) -> None:
        rows = list(await writer.execute_fetchall("PRAGMA user_version"))
        seen = int(rows[0][0])
        numbered = sorted(MIGRATIONS.glob("*.sql"))
        if seen > len(numbered):
            raise StoreProblem(
                f"The store was written by a newer Peerpath (schema {seen}, this knows "
                f"{len(numbered)}). Update the program."
            )
        for number, path in enumerate(numbered[seen:], seen + 1):
            script = path.read_text(encoding="utf-8")
            await writer.executescript(
                f"BEGIN IMMEDIATE; {script} ; PRAGMA user_version = {number}; COMMIT;"
            )

    async def close(self) -> None:
        """Finish what is being written, and let the file go."""
        while self._flushing is not None:
            await asyncio.wait([self._flushing])
        for connection in (self._reader, self._writer):
            if connection is not None:
                await connection.close()
        self._reader = self._writer = self._ledger = None

    def _read(self) -> aiosqlite.Connection:
        if self._reader is None:
            raise StoreProblem("The store is not open.")
        return self._reader

    async def load(self, key: str, turn: str) -> Saved:
        """See Store."""
        rows = list(await self._read().execute_fetchall(_LOAD, (key, turn)))
        return _saved(rows[0])

    async def last(self, key: str) -> Saved:
        """See Store."""
        rows = list(await self._read().execute_fetchall(_LAST, (key,)))
        return _saved(rows[0]) if rows else Saved()

    async def commit(self, taken: Taken) -> None:
        """See Store. Returns when the batch this turn is part of is on the disk."""
        if await self._written(taken):
            raise Conflict("this conversation went on in between")

    async def _written(self, work: Taken | _Leaving) -> bool:
        """Wait until the batch that this is part of is on the disk. True if it was refused."""
        if self._writer is None:
            raise StoreProblem("The store is not open.")
        waiting = _Waiting(work, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush(self._writer))
        await waiting.done
        return waiting.refused

    async def _flush(self, writer: aiosqlite.Connection) -> None:
        """Write batches until nobody waits."""
        try:
            while self._waiting and self._ledger is not None:
                size = min(len(self._waiting), MOST_IN_A_BATCH)
                batch = [self._waiting.popleft() for _ in range(size)]
                self._ledger.batch = batch
                problem: Exception | None = None
                try:
                    await writer.commit()
                except Exception as error:  # noqa: BLE001 - told to everybody who waits
                    problem = StoreProblem(f"could not commit ({type(error).__name__})")
                for waiting in batch:
                    if waiting.done.done():
                        continue
                    if problem is None:
                        waiting.done.set_result(None)
                    else:
                        waiting.done.set_exception(problem)
        finally:
            self._flushing = None

    async def forget(self, key: str) -> None:
        """See Store. Whole or not at all: of somebody half forgotten, nothing would find the
        rest."""
        await self._written(_Leaving([key]))

    async def forget_idle(self, before: float, prefix: str) -> int:
        """See Store."""
        rows = await self._read().execute_fetchall(
            "SELECT key FROM conversations WHERE at < ? AND substr(key, 1, ?) = ?",
            (before, len(prefix), prefix),
        )
        keys = [str(row[0]) for row in rows]
        forgotten = 0
        for start in range(0, len(keys), MOST_IN_A_BATCH):
            leaving = _Leaving(keys[start : start + MOST_IN_A_BATCH], before)
            await self._written(leaving)
            forgotten += leaving.forgotten
        return forgotten

    async def counts(self) -> dict[tuple[str, str, str], int]:
        """See Store."""
        rows = await self._read().execute_fetchall("SELECT day, kind, id, count FROM notes")
        return {(str(r[0]), str(r[1]), str(r[2])): int(r[3]) for r in rows}

    async def acts(self) -> list[tuple[str, str, int, str]]:
        """See Store."""
        rows = await self._read().execute_fetchall(
            "SELECT key, turn, number, kind FROM acts ORDER BY key, turn, number"
        )
        return [(str(r[0]), str(r[1]), int(r[2]), str(r[3])) for r in rows]

    async def check(self) -> list[str]:
        """See Store."""
        rows = await self._read().execute_fetchall("PRAGMA integrity_check")
        return [str(row[0]) for row in rows if row[0] != "ok"]

    async def backup(self, path: str) -> None:
        """See Store. Raises StoreProblem where the file is there already or can't be written."""
        try:
            # On a connection of its own: nobody waits for it. SQLite itself refuses to write over
            # a file that holds something.
            async with aiosqlite.connect(self._path, isolation_level=None) as copier:
                await copier.execute_fetchall("VACUUM INTO ?", (path,))
        except sqlite3.Error:
            raise StoreProblem(
                "The copy can't be written: is there a file of that name already, or no folder?"
            ) from None


def _saved(row: Any) -> Saved:
    version, at, body, kept = row
    if version is None:
        return Saved()
    reply = decode_reply(bytes(kept)) if kept is not None else None
    return Saved(decode_conversation(bytes(body)), int(version), float(at), reply)
