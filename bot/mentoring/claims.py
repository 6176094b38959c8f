"""Three words that open a request, or a message to staff, from any kiosk. Only an HMAC of them is kept, and
wrong tries are slowed."""

import secrets
from collections.abc import Callable

from bot.mentoring.rows import number, text
from bot.peers import codes
from bot.store import Store, Write

ALL_TRIES = "all"  # the row of `tries` in which all wrong codes together are counted
FREE_OF_ALL, EACH = 60, 15.0  # of all talks: so many wrong at once, then one each 15 seconds

_TRIES = """
INSERT INTO tries (key, wrong, at) VALUES (?, ?, ?)
ON CONFLICT (key) DO UPDATE SET wrong = excluded.wrong, at = excluded.at
"""

Harmless = Callable[[str], bool]  # whether a code rings no alarm when it is typed


class Claims:
    """All codes over a store. `secret` makes their digests; times are seconds since 1970."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store, self._secret = store, secret

    def digest(self, code: str) -> str:
        """What is kept of three words."""
        return codes.digest(self._secret, code)

    async def tried(self, key: str, claim: str, now: float) -> str:
        """What becomes of three words that somebody typed: found, wrong, or slow. A wrong try is
        counted at once."""
        rows = await self._store.rows(
            "SELECT key, wrong, at FROM tries WHERE key = ? OR key = ?", key, ALL_TRIES
        )
        tries = {text(r[0]): (int(number(r[1])), number(r[2])) for r in rows}
        wrong, at = tries.get(key, (0, 0.0))
        of_all, since = tries.get(ALL_TRIES, (0, now))
        of_all = max(0, of_all - int((now - since) / EACH))
        if now - at < codes.wait(wrong) or of_all >= FREE_OF_ALL:
            return "slow"
        if (await self.of(claim))[1]:
            return "found"
        await self._store.write(
            Write(_TRIES, (key, wrong + 1, now)), Write(_TRIES, (ALL_TRIES, of_all + 1, now))
        )
        return "wrong"

    async def of(self, claim: str) -> tuple[str, str]:
        """What three words open: a request or a message, and its id; else nothing."""
        if not codes.plain(claim):
            return "", ""
        digest = codes.digest(self._secret, claim)
        for kind, sql in (
            ("request", "SELECT id FROM requests WHERE claim = ?"),
            ("message", "SELECT id FROM staff_messages WHERE claim = ?"),
        ):
            if rows := await self._store.rows(sql, digest):
                return kind, text(rows[0][0])
        return "", ""

    async def new(self, language: str, harmless: Harmless) -> str:
        """Three words that nobody has, and that ring no alarm when they are typed."""
        while True:
            drawn = [secrets.randbelow(1 << 32) for _ in range(codes.WORDS_IN_A_CODE)]
            code = codes.code(drawn, language)
            if harmless(code) and not (await self.of(code))[1]:
                return code
