"""How much one session and one address may ask for. Words that alarm are never counted out: the
kiosk asks here only after the guard heard nothing."""

import math
import time

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

# A quick person taps once a second; nobody reads 90 screens in a minute.
PER_SESSION = "15/5 seconds; 90/minute"
# A whole facility may come from one address (200 kiosks, a tap every second and a half).
PER_ADDRESS = "1500/10 seconds; 8000/minute"


class Rates:
    """Counts in memory, forgotten within a minute."""

    def __init__(self, per_session: str = PER_SESSION, per_address: str = PER_ADDRESS) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._session = parse_many(per_session)
        self._address = parse_many(per_address)

    async def wait(self, session: str, address: str) -> int:
        """Count one turn. Whole seconds to wait before the next, 0 if there is nothing to wait
        for. Both are given as keys that name nobody."""
        over = await self._over(self._session, "session", session)
        over += await self._over(self._address, "address", address)
        return max(over, default=0)

    async def _over(self, items: list[RateLimitItem], kind: str, key: str) -> list[int]:
        return [
            await self._seconds(item, kind, key)
            for item in items
            if key and not await self._limiter.hit(item, kind, key)
        ]

    async def _seconds(self, item: RateLimitItem, kind: str, key: str) -> int:
        window = await self._limiter.get_window_stats(item, kind, key)
        return max(1, min(60, math.ceil(window.reset_time - time.time())))
