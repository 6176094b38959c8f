"""What every store does alike: group commit, and whatever needs no more than `rows`.

What waits while one batch is written is the next batch: making a commit safe costs the disk the same
for one turn as for fifty, so turns that are waiting when the writer is free are committed together.
"""

import asyncio
from collections import deque
from pathlib import Path

from bot.store.base import Conflict, Leaving, StoreProblem, Taken, Value, Write

MOST_IN_A_BATCH = 512  # keeps the longest wait behind a batch under a few milliseconds

Work = Taken | Leaving | tuple[Write, ...]


class Refused(Exception):
    """Somebody else was there first: one of a batch is undone, and the rest stays."""


class Waiting:
    """Something that waits to be written, and whoever waits for it.

    Who writes it sets `refused` where somebody else was there first, and counts in `forgotten`.
    """

    __slots__ = ("done", "forgotten", "refused", "work")

    def __init__(self, work: Work, done: "asyncio.Future[None]") -> None:
        self.work, self.done = work, done
        self.refused, self.forgotten = False, 0


class Batches:
    """A queue with one writer. A store says how a batch is written."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._flushing: asyncio.Task[None] | None = None

    async def write_batch(self, batch: list[Waiting]) -> None:
        """Write all of a batch in one transaction. What it raises is told to all who wait."""
        raise NotImplementedError

    async def rows(self, sql: str, *values: Value) -> list[tuple[Value, ...]]:
        """See Store."""
        raise NotImplementedError

    async def commit(self, taken: Taken) -> None:
        """See Store. Returns when the batch this turn is part of is on the disk."""
        await self.written(taken)

    async def write(self, *writes: Write) -> None:
        """See Store."""
        await self.written(writes)

    async def forget(self, key: str) -> None:
        """See Store. Whole or not at all: of somebody half forgotten, nothing would find the
        rest."""
        await self.written(Leaving((key,)))

    async def forget_idle(self, before: float, prefix: str) -> int:
        """See Store."""
        rows = await self.rows(
            "SELECT key FROM conversations WHERE at < ? AND substr(key, 1, ?) = ?",
            before,
            len(prefix),
            prefix,
        )
        keys = [str(row[0]) for row in rows]
        forgotten = 0
        for start in range(0, len(keys), MOST_IN_A_BATCH):
            leaving = Leaving(tuple(keys[start : start + MOST_IN_A_BATCH]), before)
            forgotten += (await self.written(leaving)).forgotten
        return forgotten

    async def counts(self) -> dict[tuple[str, str, str], int]:
        """See Store."""
        rows = await self.rows("SELECT day, kind, id, count FROM notes")
        return {(str(r[0]), str(r[1]), str(r[2])): int(r[3] or 0) for r in rows}

    async def acts(self) -> list[tuple[str, str, int, str]]:
        """See Store."""
        rows = await self.rows(
            "SELECT key, turn, number, kind FROM acts ORDER BY key, turn, number"
        )
        return [(str(r[0]), str(r[1]), int(r[2] or 0), str(r[3])) for r in rows]

    async def written(self, work: Work) -> Waiting:
        """Wait until the batch that this is part of is safe. Raises Conflict or StoreProblem."""
        waiting = Waiting(work, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())
        await waiting.done
        if waiting.refused:
            raise Conflict("somebody else was there first")
        return waiting

    async def finished(self) -> None:
        """Wait until nothing is being written."""
        while self._flushing is not None:
            await asyncio.wait([self._flushing])

    async def _flush(self) -> None:
        try:
            while self._waiting:
                size = min(len(self._waiting), MOST_IN_A_BATCH)
                batch = [self._waiting.popleft() for _ in range(size)]
                problem: Exception | None = None
                try:
                    await self.write_batch(batch)
                except StoreProblem as error:
                    problem = error
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


def unseen(folder: Path, seen: int) -> list[tuple[int, str]]:
    """The migrations of a folder that a store has not seen: number and script, in order. Raises
    StoreProblem where the store has seen more than there are."""
    numbered = sorted(folder.glob("*.sql"))
    if seen > len(numbered):
        raise StoreProblem(
            f"The store was written by a newer Peerpath (schema {seen}, this knows "
            f"{len(numbered)}). Update the program."
        )
    scripts = (path.read_text(encoding="utf-8") for path in numbered[seen:])
    return list(enumerate(scripts, seen + 1))
