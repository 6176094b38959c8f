"""Telegram's limits: about 30 messages a second for all chats together, about one a second in a
chat (core.telegram.org/bots/faq). What alarms goes first.

python-telegram-bot's own AIORateLimiter serves in the order asked, and holds everybody up when
Telegram tells one chat to wait (python-telegram-bot#3765). Here each chat waits for itself: a
RetryAfter is left to who asked.
"""

import asyncio
import heapq
import itertools
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.ext import BaseRateLimiter

PER_SECOND = 28.0  # of all messages; a little below the limit, since others' clocks differ
PACED = ("send", "edit")  # how the names of requests begin that count


class Pacing(BaseRateLimiter[bool]):
    """Lets requests through at a rate, the urgent ones (`rate_limit_args=True`) first."""

    def __init__(self, per_second: float = PER_SECOND) -> None:
        self._gap = 1.0 / per_second
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = itertools.count()
        self._pacing: asyncio.Task[None] | None = None
        self._free_at = 0.0

    async def initialize(self) -> None:
        """Nothing to make ready."""

    async def shutdown(self) -> None:
        """Let go of whoever still waits."""
        if self._pacing:
            self._pacing.cancel()
        for _, _, waiting in self._waiting:
            waiting.cancel()
        self._waiting.clear()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: bool | None,
    ) -> Any:
        """See BaseRateLimiter."""
        del data
        if endpoint.startswith(PACED):
            await self._turn(urgent=bool(rate_limit_args))
        return await callback(*args, **kwargs)

    async def _turn(self, *, urgent: bool) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (0 if urgent else 1, next(self._count), waiting))
        if self._pacing is None or self._pacing.done():
            self._pacing = asyncio.create_task(self._pace())
        await waiting

    async def _pace(self) -> None:
        clock = asyncio.get_running_loop().time
        while self._waiting:
            if (early := self._free_at - clock()) > 0:
                await asyncio.sleep(early)
            _, _, waiting = heapq.heappop(self._waiting)
            if not waiting.done():
                # No credit is saved up while nobody writes: a burst is what the limit forbids.
                self._free_at = max(self._free_at, clock() - self._gap) + self._gap
                waiting.set_result(None)
