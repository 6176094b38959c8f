"""Group commit: what waits while one batch is written is the next batch.

Making a commit safe costs the disk the same for one turn as for fifty, so turns that are waiting
when the writer is free are committed together.
"""

import asyncio
from collections import deque

from bot.store.base import Conflict, Leaving, StoreProblem, Taken, Write

MOST_IN_A_BATCH = 512  # keeps the longest wait behind a batch under a few milliseconds

Work = Taken | Leaving | tuple[Write, ...]


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
