"""Where mentors can be written to, outside: which chat is whose, and the link that makes it so.

A mentor who is signed in at the desk gets a link that works once and for a short time. Whoever opens
it on their phone is that mentor there. Of the chat an HMAC and a sealed address are kept, nothing
else; no name that the network knows them by.
"""

import hashlib
import secrets
from dataclasses import dataclass

from bot.mentoring.rows import blob, number, text
from bot.store import Store, Value, Write

PREFIX = "mentor-"  # so that no other start of the bot is taken for a link
LASTS = 15 * 60.0  # seconds that a link works
HEARD = 86_400.0  # seconds after which a bot that says nothing of itself is none

_BOT = """
INSERT INTO bots (channel, name, at) VALUES (?, ?, ?)
ON CONFLICT (channel) DO UPDATE SET name = excluded.name, at = excluded.at
"""
_LINK = """
INSERT INTO mentor_links (mentor, link, until) VALUES (?, ?, ?)
ON CONFLICT (mentor) DO UPDATE SET link = excluded.link, until = excluded.until
"""
_CHAT = """
INSERT INTO mentor_chats (mentor, key, channel, address, link, at) VALUES (?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a mentor can be written to; `address` is sealed."""

    mentor: str
    key: str
    channel: str
    address: bytes
    at: float


class Chats:
    """All chats of mentors over a store. Times are seconds since 1970."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ── the bot ────────────────────────────────────────────────────────────────────────────────

    async def running(self, channel: str, name: str, now: float) -> None:
        """A bot says what it is called, now and then."""
        await self._store.write(Write(_BOT, (channel, name, now)))

    async def bot(self, channel: str, now: float) -> str:
        """What the bot is called; nothing where none runs."""
        rows = await self._store.rows(
            "SELECT name FROM bots WHERE channel = ? AND at > ?", channel, now - HEARD
        )
        return text(rows[0][0]) if rows else ""

    # ── the link ───────────────────────────────────────────────────────────────────────────────

    async def new_link(self, mentor: str, now: float) -> str:
        """What is sent to the bot, once, to be this mentor there. An older link is void."""
        secret = PREFIX + secrets.token_urlsafe(18)
        await self._store.write(Write(_LINK, (mentor, _digest(secret), now + LASTS)))
        return secret

    async def of_link(self, secret: str, now: float) -> str:
        """Whose link it is, while it works and while they may sign in; else nothing."""
        rows = await self._store.rows(
            "SELECT l.mentor FROM mentor_links AS l JOIN accounts AS a ON a.mentor = l.mentor "
            "JOIN mentors AS m ON m.id = l.mentor "
            "WHERE l.link = ? AND l.until > ? AND a.stopped = 0 AND m.retired = 0",
            _digest(secret),
            now,
        )
        return text(rows[0][0]) if rows else ""

    async def opened_before(self, secret: str, key: str) -> bool:
        """Whether this very chat was linked by this very link."""
        return bool(
            await self._store.rows(
                "SELECT 1 FROM mentor_chats WHERE link = ? AND key = ?", _digest(secret), key
            )
        )

    @staticmethod
    def linked(
        mentor: str, key: str, channel: str, address: bytes, secret: str, now: float
    ) -> list[Write]:
        """The link is used up, and this chat is theirs; whatever was linked before is not."""
        digest = _digest(secret)
        return [
            Write("DELETE FROM mentor_links WHERE mentor = ? AND link = ?", (mentor, digest), 1),
            Write("DELETE FROM mentor_chats WHERE mentor = ? OR key = ?", (mentor, key)),
            Write(_CHAT, (mentor, key, channel, address, digest, now), 1),
        ]

    @staticmethod
    def unlinked(mentor: str, expects: int | None = None) -> list[Write]:
        """No chat is theirs any more, and no link makes one so. `expects` 1 where there is a chat,
        so that of two who say so at the same moment one does it."""
        return [
            Write("DELETE FROM mentor_links WHERE mentor = ?", (mentor,)),
            Write("DELETE FROM mentor_chats WHERE mentor = ?", (mentor,), expects),
        ]

    # ── whose is which ─────────────────────────────────────────────────────────────────────────

    async def all(self) -> dict[str, Chat]:
        """Every chat by its mentor."""
        rows = await self._store.rows(
            "SELECT mentor, key, channel, address, at FROM mentor_chats ORDER BY mentor"
        )
        return {text(row[0]): _chat(row) for row in rows}

    async def of(self, mentor: str) -> Chat | None:
        """A mentor's chat, if there is one."""
        rows = await self._store.rows(
            "SELECT mentor, key, channel, address, at FROM mentor_chats WHERE mentor = ?", mentor
        )
        return _chat(rows[0]) if rows else None

    async def mentor_of(self, key: str) -> str:
        """Which mentor a chat belongs to; nothing where it is nobody's."""
        rows = await self._store.rows("SELECT mentor FROM mentor_chats WHERE key = ?", key)
        return text(rows[0][0]) if rows else ""

    async def of_whoever_asked(self, request: str, key: str = "") -> frozenset[str]:
        """Mentors who are the person behind a request: by the chats that may see it, and by `key`,
        where it is not written yet."""
        rows = await self._store.rows(
            "SELECT mentor FROM mentor_chats WHERE key = ? OR key IN "
            "(SELECT key FROM claims WHERE id = ?)",
            key,
            request,
        )
        return frozenset(text(row[0]) for row in rows)


def _chat(row: tuple[Value, ...]) -> Chat:
    return Chat(text(row[0]), text(row[1]), text(row[2]), blob(row[3]), number(row[4]))


def _digest(secret: str) -> str:
    # The secrets are random and long: a plain digest can't be turned back.
    return hashlib.sha256(b"chat\0" + secret.encode()).hexdigest()
