"""What people told staff, where a facility reads it. Never for an emergency: the flow says so first.

An answer is one of a few that are true whatever comes: it was read, somebody will come to talk, or
it belongs elsewhere. When it was answered, the words are erased."""

from dataclasses import dataclass

from bot.mentoring.audit import Audit
from bot.mentoring.moves import day_of
from bot.mentoring.news import news_of
from bot.mentoring.requests import ANSWERS, HIDDEN
from bot.mentoring.rows import blob, counted, number, text
from bot.sealing import Broken, Seal
from bot.store import Conflict, Store, Write

ENDS = ("planned", "elsewhere")  # after these the words are erased


@dataclass(frozen=True, slots=True)
class Message:
    """One message, opened for whoever may read it."""

    id: str
    state: str
    at: float
    about: str
    words: str
    found: str
    version: int


class Inbox:
    """Messages to staff over a store."""

    def __init__(self, store: Store, audit: Audit, seal: Seal) -> None:
        self._store, self._audit, self._seal = store, audit, seal

    async def waiting(self) -> list[Message]:
        """Those that are not finished, the oldest first."""
        rows = await self._store.rows(
            "SELECT id, state, at, about, words, found, version FROM staff_messages "
            "WHERE state = ? OR state = ? ORDER BY at",
            ANSWERS[0],
            ANSWERS[1],
        )
        return [
            Message(
                text(r[0]),
                text(r[1]),
                number(r[2]),
                text(r[3]),
                self._opened(blob(r[4])),
                self._opened(blob(r[5])),
                int(number(r[6])),
            )
            for r in rows
        ]

    def _opened(self, body: bytes) -> str:
        try:
            return self._seal.open(body) if body else ""
        except Broken:
            return HIDDEN

    async def answer(self, by: str, one: str, version: int, answer: str, now: float) -> bool:
        """Acknowledge a message. False where somebody else just did, or where it is no answer."""
        if answer not in ANSWERS[1:]:
            return False
        writes = [
            Write(
                "UPDATE staff_messages SET state = ?, since = ?, version = version + 1 "
                "WHERE id = ? AND version = ?",
                (answer, now, one, version),
                1,
            ),
            counted(day_of(now), "staff", answer),
        ]
        if answer in ENDS:
            writes.append(
                Write("UPDATE staff_messages SET words = NULL, found = NULL WHERE id = ?", (one,))
            )
        writes += await news_of(self._store, self._seal, one, version, now)
        try:
            await self._audit.record(by, "message-answered", answer, now, *writes)
        except Conflict:
            return False
        return True
