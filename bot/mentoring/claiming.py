"""Three words at rest: what they open, and how wrong ones are slowed."""

import secrets
from collections.abc import Callable

from bot.mentoring.rows import number, text
from bot.peers import codes
from bot.store import Store, Write

ALL_TRIES = "all"  # the row of `tries` in which all wrong codes together are counted
FREE_OF_ALL, EACH = 60, 15.0  # of all talks: so many wrong at once, then one each 15 seconds

Harmless = Callable[[str], bool]  # whether a code rings no alarm when it is typed

_TRIES = """
INSERT INTO tries (key, wrong, at) VALUES (?, ?, ?)
ON CONFLICT (key) DO UPDATE SET wrong = excluded.wrong, at = excluded.at
"""


class Codes:
    """Claim codes over a store. `secret` makes digests."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store, self._secret = store, secret

    def digest(self, code: str) -> str:
        """All that is kept of a code."""
        return codes.digest(self._secret, code)

    async def tried(self, key: str, claim: str, now: float) -> str:
        """How a try ends: found, wrong or slow. A wrong one is counted at once."""
        rows = await self._store.rows(
            "SELECT key, wrong, at FROM tries WHERE key = ? OR key = ?", key, ALL_TRIES
        )
        tries = {text(r[0]): (int(number(r[1])), number(r[2])) for r in rows}
        wrong, at = tries.get(key, (0, 0.0))
        of_all, since = tries.get(ALL_TRIES, (0, now))
        of_all = max(0, of_all - int((now - since) / EACH))
        if now - at < codes.wait(wrong) or of_all >= FREE_OF_ALL:
            return "slow"
        if (await self.opens(claim))[1]:
            return "found"
        await self._store.write(
            Write(_TRIES, (key, wrong + 1, now)), Write(_TRIES, (ALL_TRIES, of_all + 1, now))
        )
        return "wrong"

    async def opens(self, claim: str) -> tuple[str, str]:
        """Whether it is a request or a message, and its id; nothing if it is neither's."""
        if not codes.plain(claim):
            return "", ""
        for kind, sql in (
            ("request", "SELECT id FROM requests WHERE claim = ?"),
            ("message", "SELECT id FROM staff_messages WHERE claim = ?"),
        ):
            if rows := await self._store.rows(sql, self.digest(claim)):
                return kind, text(rows[0][0])
        return "", ""

    async def fresh(self, language: str, harmless: Harmless) -> str:
        """Three words that nobody has, and that ring no alarm when they are typed."""
        while True:
            drawn = [secrets.randbelow(1 << 32) for _ in range(codes.WORDS_IN_A_CODE)]
            code = codes.code(drawn, language)
            if harmless(code) and not (await self.opens(code))[1]:
                return code
