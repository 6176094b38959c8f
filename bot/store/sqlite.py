"""The embedded store: one SQLite file, no server.

WAL with `synchronous=FULL`: a commit that returned survives a power loss. An fsync costs the same
for one turn as for fifty, so turns that are waiting when the writer is free are committed together
(see batches.py). A batch is one hop into the connection's thread through aiosqlite's public API: the
connection is of a class of ours whose `commit()` first writes what is waiting.

Reads have a connection of their own and never wait for the disk. They use `execute_fetchall`: a
cursor left open on a shared connection would pin an old snapshot.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import aiosqlite

from bot.store.base import (
    FORGET,
    KEPT_REPLIES,
    Leaving,
    Saved,
    StoreProblem,
    Taken,
    Value,
    Write,
    day_of,
    encode,
    saved_row,
)
from bot.store.batches import Batches, Refused, Waiting, unseen

MIGRATIONS = Path(__file__).parent / "migrations" / "sqlite"

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


class _Ledger(sqlite3.Connection):
    """A connection whose commit() writes all that is waiting, in one transaction."""

    batch: list[Waiting]

    def commit(self) -> None:
        notes: Counter[tuple[str, str, str]] = Counter()
        self.execute("BEGIN IMMEDIATE")
        try:
            for waiting in self.batch:
                match waiting.work:
                    case Leaving() as leaving:
                        waiting.forgotten = self._see_off(leaving)
                    case Taken(writes=()) as taken:
                        waiting.refused = not self._write(taken)
                    case Taken() as taken:
                        waiting.refused = not self._whole(self._write_all, taken)
                    case writes:
                        waiting.refused = not self._whole(self._change, writes)
                if isinstance(waiting.work, Taken) and not waiting.refused:
                    day = day_of(waiting.work.at)
                    notes.update((day, note.kind, note.id) for note in waiting.work.notes)
            self.executemany(_NOTE, [(*note, count) for note, count in notes.items()])
            self.execute("COMMIT")
        except BaseException:
            self.execute("ROLLBACK")
            raise

    def _whole(self, do: Callable[..., None], work: Taken | tuple[Write, ...]) -> bool:
        """All of something, or nothing of it and False: the rest of the batch stays."""
        self.execute("SAVEPOINT one")
        try:
            do(work)
        except (Refused, sqlite3.IntegrityError):
            self.execute("ROLLBACK TO one")
            return False
        finally:
            self.execute("RELEASE one")
        return True

    def _write_all(self, taken: Taken) -> None:
        if not self._write(taken):
            raise Refused
        self._change(taken.writes)

    def _change(self, writes: Sequence[Write]) -> None:
        for write in writes:
            touched = self.execute(write.sql, write.values).rowcount
            if write.expects is not None and touched != write.expects:
                raise Refused

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

    def _see_off(self, leaving: Leaving) -> int:
        # Looked at here, where no turn can come in between: somebody may be back since.
        stayed = (self.execute(_STAYED, (key, leaving.before)).fetchone() for key in leaving.keys)
        keys = [key for key, here in zip(leaving.keys, stayed, strict=True) if not here]
        self._forget(keys)
        return len(keys)

    def _forget(self, keys: Sequence[str]) -> None:
        for statement in FORGET:
            self.executemany(statement, [(key,) for key in keys])


class SqliteStore(Batches):
    """See Store. `path` is the file; its folder is made if need be."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._writer: aiosqlite.Connection | None = None
        self._reader: aiosqlite.Connection | None = None
        self._ledger: _Ledger | None = None

    async def open(self) -> None:
        """Open the file and apply the migrations it has not seen. Raises StoreProblem."""
        try:
            self._make_room()
            self._writer = await aiosqlite.connect(
                self._path, factory=self._make_ledger, isolation_level=None, timeout=2.0
            )
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                await self._writer.execute_fetchall(f"PRAGMA {pragma}")
            await self._migrate(self._writer)
            self._reader = await self._second()
        except StoreProblem:
            await self.close()
            raise
        except (OSError, sqlite3.Error) as error:
            await self.close()
            raise StoreProblem(f"The store can't be opened ({type(error).__name__}).") from None

    def _make_room(self) -> None:
        Path(self._path).parent.mkdir(parents=True, exist_ok=True)

    async def _second(self) -> aiosqlite.Connection:
        """The connection that reads."""
        reader = await aiosqlite.connect(self._path, isolation_level=None, timeout=2.0)
        await reader.execute_fetchall("PRAGMA query_only = ON")
        return reader

    def _make_ledger(self, *args: Any, **kwargs: Any) -> sqlite3.Connection:
        self._ledger = _Ledger(*args, **kwargs)
        self._ledger.batch = []
        return self._ledger

    async def _migrate(self, writer: aiosqlite.Connection) -> None:
        rows = list(await writer.execute_fetchall("PRAGMA user_version"))
        seen = int(rows[0][0])
        for number, script in unseen(MIGRATIONS, seen):
            await writer.executescript(
                f"BEGIN IMMEDIATE; {script} ; PRAGMA user_version = {number}; COMMIT;"
            )

    async def close(self) -> None:
        """Finish what is being written, and let the file go."""
        await self.finished()
        for connection in {self._reader, self._writer} - {None}:
            await connection.close()  # type: ignore[union-attr]
        self._reader = self._writer = self._ledger = None

    def _read(self) -> aiosqlite.Connection:
        if self._reader is None:
            raise StoreProblem("The store is not open.")
        return self._reader

    async def load(self, key: str, turn: str) -> Saved:
        """See Store."""
        return saved_row((await self.rows(_LOAD, key, turn))[0])

    async def last(self, key: str) -> Saved:
        """See Store."""
        return saved_row(next(iter(await self.rows(_LAST, key)), None))

    async def rows(self, sql: str, *values: Value) -> list[tuple[Value, ...]]:
        """See Store."""
        return [tuple(row) for row in await self._read().execute_fetchall(sql, values)]

    async def write_batch(self, batch: list[Waiting]) -> None:
        """See Batches. One hop into the connection's thread."""
        if self._writer is None or self._ledger is None:
            raise StoreProblem("The store is not open.")
        self._ledger.batch = batch
        await self._writer.commit()

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


class MemoryStore(SqliteStore):
    """Lasts as long as the process, and is the same in every other way: for the terminal, tests
    and previews."""

    def __init__(self) -> None:
        super().__init__(":memory:")

    def _make_room(self) -> None:
        """There is no file."""

    async def _second(self) -> aiosqlite.Connection:
        """The same connection: what is in memory is seen by one alone."""
        assert self._writer is not None
        return self._writer

    async def backup(self, path: str) -> None:
        """There is no file to copy."""
        raise StoreProblem(f"A store in memory has nothing to back up to {path}.")
