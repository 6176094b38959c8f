"""Whom somebody is not to meet: staff keep a mentor apart from a person or from a unit.

Rule 1  A person who gave a name or a number is known by HMACs of it, in whatever they ask later.
Rule 2  One who gave none is known by their request, by what they ask later where they can see that
        request, and by their chat. Of a kiosk nothing stays: its talk is over before the next
        person sits down.
Rule 3  It looks as if that mentor were not free. Neither of the two is shown it.
Rule 4  It holds until staff take it off the list. *Forget me* takes what only their request or
        their chat tells.
"""

import hashlib
import hmac

from bot.language.text import fold
from bot.mentoring.rows import text
from bot.store import Store, Write

KIOSK = "kiosk-"  # how the keys of talks begin that nobody comes back to

# To be written before what they are about: a key's rows are found through its claims.
_FOLLOWS = """
INSERT INTO keep_separate_of (pair, owner)
SELECT DISTINCT pair, CAST(? AS TEXT) FROM keep_separate_of
WHERE owner = ? OR owner IN (SELECT id FROM claims WHERE key = ?)
ON CONFLICT DO NOTHING
"""
_OF_CHATS = """
INSERT INTO keep_separate_of (pair, owner)
SELECT DISTINCT CAST(? AS TEXT), key FROM claims WHERE id = ? AND substr(key, 1, ?) <> ?
ON CONFLICT DO NOTHING
"""
_FORGET = """
DELETE FROM keep_separate_of
WHERE owner = ? OR owner = ? OR owner IN (SELECT key FROM claims WHERE id = ?)
"""
# A pair of which nothing is left to know the person by.
_NOBODYS = """
DELETE FROM keep_separate WHERE who = '' AND unit = '' AND label IS NULL
AND NOT EXISTS (SELECT 1 FROM keep_separate_of WHERE pair = keep_separate.id)
"""


class KeptApart:
    """Who is kept apart, over a store. `secret` makes digests."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store, self._secret = store, secret

    def who(self, said: str) -> str:
        """Digests of how somebody is called, to be compared and never read: of all of it, and of
        each word in it that holds a digit, as numbers of people inside do."""
        folded = fold(said)
        parts = {folded, *(word for word in folded.split() if _is_number(word))} - {""}
        return " ".join(
            sorted(
                hmac.new(self._secret, b"who\0" + part.encode(), hashlib.sha256).hexdigest()
                for part in parts
            )
        )

    async def mentors(
        self, who: str, unit: str, request: str = "", key: str = ""
    ) -> frozenset[str]:
        """Mentors whom somebody is not to meet: by digests of how they are called, the unit they
        live in, a request of theirs, and the key of their talk."""
        known = set(who.split())
        rows = await self._store.rows(
            "SELECT pair FROM keep_separate_of WHERE owner = ? OR owner = ? "
            "OR owner IN (SELECT id FROM claims WHERE key = ?)",
            request,
            key,
            key,
        )
        theirs = {text(row[0]) for row in rows}
        pairs = await self._store.rows("SELECT id, mentor, who, unit FROM keep_separate")
        return frozenset(
            text(mentor)
            for one, mentor, called, unit_of in pairs
            if text(one) in theirs
            or known.intersection(text(called).split())
            or (unit and unit == text(unit_of))
        )

    # ── a person without a name ────────────────────────────────────────────────────────────────

    @staticmethod
    def pair(one: str, mentor: str, request: str, now: float) -> list[Write]:
        """Keep a mentor from whoever made a request. Refused where the request is gone."""
        return [
            Write(
                "INSERT INTO keep_separate VALUES (?, ?, '', '', NULL, ?)", (one, mentor, now), 1
            ),
            Write(
                "INSERT INTO keep_separate_of SELECT CAST(? AS TEXT), id FROM requests WHERE id = ?",
                (one, request),
                1,
            ),
            Write(_OF_CHATS, (one, request, len(KIOSK), KIOSK)),
        ]

    @staticmethod
    def follows(key: str, request: str) -> list[Write]:
        """What is known of a talk holds for the request that is asked in it."""
        return [Write(_FOLLOWS, (request, key, key))]

    @staticmethod
    def opened(key: str, request: str) -> list[Write]:
        """And what is known of a request, for the chat that opened it."""
        return [] if key.startswith(KIOSK) else [Write(_FOLLOWS, (key, request, key))]

    @staticmethod
    def forgotten(request: str, key: str) -> list[Write]:
        """They want to be forgotten, in whichever of their talks. Written before their claims go."""
        return [Write(_FORGET, (request, key, request)), Write(_NOBODYS)]

    @staticmethod
    def erased(request: str) -> list[Write]:
        """A request that is long over is erased. What a chat is known by stays."""
        return [
            Write("DELETE FROM keep_separate_of WHERE owner = ?", (request,)),
            Write(_NOBODYS),
        ]


def _is_number(word: str) -> bool:
    return len(word) > 3 and any(letter.isdecimal() for letter in word)
