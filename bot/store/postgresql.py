"""PostgreSQL, for more than one machine. Any engine that speaks its protocol and has `SKIP LOCKED`
serves.

Turns are committed in batches here too (batches.py): one transaction at a time from each process
keeps the counts, which every turn touches, from making turns wait for each other.
"""

from collections import Counter
from pathlib import Path

import asyncpg
from asyncpg.pool import PoolConnectionProxy

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

MIGRATIONS = Path(__file__).parent / "migrations" / "postgresql"
ONE_AT_A_TIME = 7_337_284  # names the lock under which a schema is brought up to date
MOST_TRIES = 5  # at a batch that met another process's head-on
READERS = 8  # connections that read; one more writes

_LOAD = """
SELECT c.version, c.at, c.body, r.body
FROM conversations AS c LEFT JOIN replies AS r ON r.key = c.key AND r.turn = $2
WHERE c.key = $1
"""
_LAST = """
SELECT c.version, c.at, c.body, r.body
FROM conversations AS c LEFT JOIN replies AS r ON r.key = c.key AND r.version = c.version
WHERE c.key = $1
"""
_INSERT = """
INSERT INTO conversations (key, version, at, body) VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING
"""
_UPDATE = """
UPDATE conversations SET version = version + 1, at = $1, body = $2 WHERE key = $3 AND version = $4
"""
_REPLY = """
INSERT INTO replies (key, turn, version, body) VALUES ($1, $2, $3, $4)
ON CONFLICT (key, turn) DO UPDATE SET version = excluded.version, body = excluded.body
"""
_DROP_REPLIES = "DELETE FROM replies WHERE key = $1 AND version <= $2"
_ACT = "INSERT INTO acts (key, turn, number, kind, at) VALUES ($1, $2, $3, $4, $5)"
_NOTE = """
INSERT INTO notes (day, kind, id, count) VALUES ($1, $2, $3, $4)
ON CONFLICT (day, kind, id) DO UPDATE SET count = notes.count + excluded.count
"""
# Locked while it is looked at: somebody who comes back just now has a turn that waits, and wins.
_GONE = "SELECT key FROM conversations WHERE key = ANY($1) AND at < $2 FOR UPDATE"


class PostgresStore(Batches):
    """See Store. `url` is a PostgreSQL address, with a password if need be: it is never logged."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Connect, and apply the migrations the database has not seen. Raises StoreProblem."""
        try:
            self._pool = await asyncpg.create_pool(
                self._url, min_size=1, max_size=READERS + 1, command_timeout=30, timeout=5
            )
            await self._migrate()
        except StoreProblem:
            await self.close()
            raise
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            await self.close()
            raise StoreProblem(f"The store can't be opened ({type(error).__name__}).") from None

    async def _migrate(self) -> None:
        async with self._open().acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", ONE_AT_A_TIME)
            await connection.execute(
                "CREATE TABLE IF NOT EXISTS peerpath_schema (version INTEGER NOT NULL)"
            )
            seen = await connection.fetchval("SELECT max(version) FROM peerpath_schema") or 0
            for number, script in unseen(MIGRATIONS, seen):
                await connection.execute(script)
                await connection.execute("INSERT INTO peerpath_schema VALUES ($1)", number)

    async def close(self) -> None:
        """Finish what is being written, and let the connections go."""
        await self.finished()
        if self._pool is not None:
            await self._pool.close()
        self._pool = None

    def _open(self) -> asyncpg.Pool:
        if self._pool is None:
            raise StoreProblem("The store is not open.")
        return self._pool

    async def load(self, key: str, turn: str) -> Saved:
        """See Store."""
        row = await self._open().fetchrow(_LOAD, key, turn)
        return saved_row(tuple(row) if row else None)

    async def last(self, key: str) -> Saved:
        """See Store."""
        row = await self._open().fetchrow(_LAST, key)
        return saved_row(tuple(row) if row else None)

    async def rows(self, sql: str, *values: Value) -> list[tuple[Value, ...]]:
        """See Store."""
        return [tuple(row) for row in await self._open().fetch(_numbered(sql), *values)]

    async def write_batch(self, batch: list[Waiting]) -> None:
        """See Batches. Two processes that change the same rows in another order would wait for each
        other for good: the server ends one of them, of which nothing was kept, so it tries again."""
        for left in reversed(range(MOST_TRIES)):
            try:
                await self._write_batch(batch)
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
                if not left:
                    raise
                continue
            return

    async def _write_batch(self, batch: list[Waiting]) -> None:
        """Each in a transaction of its own inside the batch's: what one is refused takes nobody
        with it."""
        notes: Counter[tuple[str, str, str]] = Counter()
        async with self._open().acquire() as connection, connection.transaction():
            for waiting in batch:
                waiting.refused, waiting.forgotten = False, 0
                try:
                    async with connection.transaction():
                        await self._do(connection, waiting)
                except (Refused, asyncpg.IntegrityConstraintViolationError):
                    waiting.refused = True
                    continue
                if isinstance(waiting.work, Taken):
                    day = day_of(waiting.work.at)
                    notes.update((day, note.kind, note.id) for note in waiting.work.notes)
            # In one order, so that two processes that count the same never wait in a circle.
            counted = [(*note, count) for note, count in sorted(notes.items())]
            await connection.executemany(_NOTE, counted)

    async def _do(self, connection: PoolConnectionProxy, waiting: Waiting) -> None:
        match waiting.work:
            case Leaving(keys, before):
                gone = await connection.fetch(_GONE, keys, before)
                # Of somebody with no conversation there may be other things, if they were named.
                leaving = [str(row[0]) for row in gone] if before < float("inf") else list(keys)
                await self._forget(connection, leaving)
                waiting.forgotten = len(leaving)
            case Taken() as taken:
                await self._keep(connection, taken)
                await self._change(connection, taken.writes)
            case writes:
                await self._change(connection, writes)

    async def _keep(self, connection: PoolConnectionProxy, taken: Taken) -> None:
        body = encode(taken.conversation)
        if taken.version:
            done = await connection.execute(_UPDATE, taken.at, body, taken.key, taken.version)
        else:
            done = await connection.execute(_INSERT, taken.key, taken.at, body)
        if not _touched(done):
            raise Refused
        if taken.forgets:
            await self._forget(connection, [taken.key])
            return
        version = taken.version + 1
        await connection.execute(_REPLY, taken.key, taken.turn, version, encode(taken.reply))
        if version > KEPT_REPLIES:
            await connection.execute(_DROP_REPLIES, taken.key, version - KEPT_REPLIES)
        for number, act in enumerate(taken.acts):
            await connection.execute(_ACT, taken.key, taken.turn, number, act.kind, taken.at)

    async def _change(self, connection: PoolConnectionProxy, writes: tuple[Write, ...]) -> None:
        for write in writes:
            done = await connection.execute(_numbered(write.sql), *write.values)
            if write.expects is not None and _touched(done) != write.expects:
                raise Refused

    async def _forget(self, connection: PoolConnectionProxy, keys: list[str]) -> None:
        for statement in FORGET:
            await connection.executemany(_numbered(statement), [(key,) for key in keys])

    async def check(self) -> list[str]:
        """See Store. The server looks after its own files; what is ours is looked at here."""
        orphans = await self.rows(
            "SELECT count(*) FROM replies AS r "
            "WHERE NOT EXISTS (SELECT 1 FROM conversations AS c WHERE c.key = r.key)"
        )
        count = int(orphans[0][0] or 0)
        return [f"{count} replies belong to nobody who is known."] if count else []

    async def backup(self, path: str) -> None:
        """PostgreSQL is copied by its own tools."""
        raise StoreProblem(f"Use pg_dump for PostgreSQL: pg_dump --format=custom --file={path}")


def _numbered(sql: str) -> str:
    """`?` for each value becomes `$1`, `$2` …"""
    first, *more = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(more, 1))


def _touched(status: str) -> int:
    """How many rows a command touched: the last word of `INSERT 0 1`, `UPDATE 1`."""
    return int(status.rpartition(" ")[2])
