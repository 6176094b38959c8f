"""Mentors as the coordinator keeps them: added, changed, paused, retired; whom staff keep apart; and
who asked for time with a supervisor. All that staff do is in the audit log."""

from contextlib import suppress
from dataclasses import dataclass, replace

from bot.mentoring.audit import Audit
from bot.mentoring.requests import MOST_TRIES, Requests
from bot.mentoring.rows import as_text, blob, fresh, from_text, number, text
from bot.peers.life import Refused
from bot.peers.model import By, Mentor, Request
from bot.sealing import Broken
from bot.store import Conflict, Store, Write

_KEEP = """
INSERT INTO mentors (id, retired, body) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET retired = excluded.retired, body = excluded.body,
version = mentors.version + 1
"""


@dataclass(frozen=True, slots=True)
class Apart:
    """Whom staff keep apart: a mentor and a person, as staff wrote them, or a whole unit; or, with
    neither, whoever made a request. `at` is in seconds since 1970."""

    id: str
    mentor: str
    label: str
    unit: str
    at: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A mentor who asked for supervision, at a time (seconds since 1970)."""

    id: str
    mentor: str
    at: float


class People:
    """Mentors over a store."""

    def __init__(self, store: Store, audit: Audit, requests: Requests) -> None:
        self._store, self._audit, self._requests = store, audit, requests

    async def all(self) -> list[Mentor]:
        """Everybody, also those who have left."""
        rows = await self._store.rows("SELECT body FROM mentors ORDER BY retired, id")
        return [from_text(row[0], Mentor) for row in rows]

    async def get(self, one: str) -> Mentor | None:
        """One by their id."""
        rows = await self._store.rows("SELECT body FROM mentors WHERE id = ?", one)
        return from_text(rows[0][0], Mentor) if rows else None

    async def keep(self, by: str, mentor: Mentor, now: float) -> Mentor:
        """A new mentor (with no id yet), or one who was changed."""
        what = "mentor-changed" if mentor.id else "mentor-added"
        kept = mentor if mentor.id else replace(mentor, id=f"m-{fresh()[:8]}")
        await self._audit.record(by, what, kept.id, now, _written(kept))
        return kept

    async def pause(self, by: str, one: str, now: float, *, paused: bool) -> None:
        """A mentor rests, or is back. Offers that wait go to others; whom they carry, they keep."""
        mentor = await self.get(one)
        if mentor is None or mentor.retired:
            return
        writes = [_written(replace(mentor, paused=paused))]
        if paused:
            writes += await self._requests.let_go(one, By("clock"), now, carried=False)
        what = "mentor-paused" if paused else "mentor-back"
        await self._audit.record(by, what, one, now, *writes)

    async def retire(self, by: str, one: str, now: float) -> None:
        """A mentor has left. All whom they carried are looked for anew, and their account ends."""
        mentor = await self.get(one)
        if mentor is None or mentor.retired:
            return
        freed = await self._requests.let_go(one, By("coordinator", by), now)
        ended = [
            Write(
                "UPDATE accounts SET stopped = 1, password = '', link = '' WHERE mentor = ?", (one,)
            ),
            Write(
                "DELETE FROM desk_sessions WHERE account IN "
                "(SELECT name FROM accounts WHERE mentor = ?)",
                (one,),
            ),
        ]
        gone = _written(replace(mentor, retired=True))
        ended += self._requests.chats.unlinked(one)
        await self._audit.record(by, "mentor-retired", one, now, gone, *freed, *ended)

    # ── on their phone ─────────────────────────────────────────────────────────────────────────

    async def link(self, key: str, channel: str, address: bytes, secret: str, now: float) -> bool:
        """Whoever opens a mentor's link is that mentor, in this chat. Opened there once more, it is
        as if opened once; anywhere else it does nothing. `address` is sealed."""
        chats = self._requests.chats
        if await chats.opened_before(secret, key):
            return True
        mentor = await chats.of_link(secret, now)
        if not mentor:
            return False
        writes = chats.linked(mentor, key, channel, address, secret, now)
        try:
            await self._audit.record(
                await self.account_of(mentor), "chat-linked", mentor, now, *writes
            )
        except Conflict:
            return await chats.opened_before(secret, key)
        return True

    async def unlink(self, by: str, mentor: str, now: float) -> None:
        """A mentor's chat is theirs no more; a talk they are in ends, and requests to write that wait
        for them go to others. Done once, whoever says it twice."""
        for _ in range(MOST_TRIES):
            writes = await self._requests.talks.unlinked(mentor, now)
            if await self._requests.chats.of(mentor) is None:
                return
            with suppress(Conflict):  # something was said or agreed meanwhile: look again
                await self._audit.record(by, "chat-unlinked", mentor, now, *writes)

    async def unlinked(self, key: str, now: float) -> tuple[Write, ...]:
        """As `unlink`, of whichever mentor's chat this is, if it is one's: for the commit of the turn
        in which they said so."""
        mentor = await self._requests.chats.mentor_of(key)
        if not mentor:
            return ()
        by = await self.account_of(mentor)
        return (
            *await self._requests.talks.unlinked(mentor, now),
            *await self._audit.row(by, "chat-unlinked", mentor, now),
        )

    async def account_of(self, mentor: str) -> str:
        """The account a mentor signs in with, for the log."""
        rows = await self._store.rows(
            "SELECT name FROM accounts WHERE mentor = ? ORDER BY name", mentor
        )
        return text(rows[0][0]) if rows else mentor

    # ── kept apart ─────────────────────────────────────────────────────────────────────────────

    async def apart(self) -> list[Apart]:
        """The whole list."""
        rows = await self._store.rows(
            "SELECT id, mentor, label, unit, at FROM keep_separate ORDER BY at"
        )
        return [
            Apart(text(r[0]), text(r[1]), self._label(blob(r[2])), text(r[3]), number(r[4]))
            for r in rows
        ]

    def _label(self, body: bytes) -> str:
        try:
            return self._requests.seal.open(body) if body else ""
        except Broken:
            return "(…)"

    async def keep_apart(self, by: str, mentor: str, person: str, unit: str, now: float) -> None:
        """A mentor, and a person (a number or a name, as they'd give it) or a unit. An offer that
        waits is withdrawn by the next look of the clock; a mentor who carries them already is for
        staff to speak to."""
        said = person.strip()
        label = self._requests.seal.seal(said) if said else None
        values = (fresh(), mentor, self._requests.apart.who(said), unit, label, now)
        write = Write("INSERT INTO keep_separate VALUES (?, ?, ?, ?, ?, ?)", values, 1)
        # Who the person is, the log does not say.
        await self._audit.record(by, "kept-apart", mentor, now, write)

    async def not_this_mentor(
        self, by: str, request: str, mentor: str, now: float
    ) -> Request | Refused:
        """Keep a mentor from the person behind a request, named or not; for later requests of
        theirs too, where it can be told that they are theirs."""
        for _ in range(MOST_TRIES):
            found = await self._requests.get(request)
            if found is None:
                return Refused("gone")
            writes = await self._requests.not_with(found, mentor, By("coordinator", by), now)
            if isinstance(writes, Refused):
                return writes
            with suppress(Conflict):  # moved, or forgotten, meanwhile
                await self._audit.record(by, "kept-apart", mentor, now, *writes)
                return found
        return Refused("busy")

    async def together_again(self, by: str, one: str, now: float) -> None:
        """Take a pair off the list."""
        rows = await self._store.rows("SELECT mentor FROM keep_separate WHERE id = ?", one)
        if rows:
            writes = [
                Write("DELETE FROM keep_separate WHERE id = ?", (one,), 1),
                Write("DELETE FROM keep_separate_of WHERE pair = ?", (one,)),
            ]
            await self._audit.record(by, "kept-apart-ended", text(rows[0][0]), now, *writes)

    # ── supervision ────────────────────────────────────────────────────────────────────────────

    async def ask_supervision(self, mentor: str, now: float) -> None:
        """Once is enough until it was seen to."""
        if any(one.mentor == mentor for one in await self.supervision()):
            return
        await self._store.write(
            Write("INSERT INTO supervision VALUES (?, ?, ?, ?)", (fresh(), mentor, now, 0.0))
        )

    async def supervision(self) -> list[Asked]:
        """Who waits for it, the longest first."""
        rows = await self._store.rows(
            "SELECT id, mentor, at FROM supervision WHERE done = 0 ORDER BY at"
        )
        return [Asked(text(r[0]), text(r[1]), number(r[2])) for r in rows]

    async def supervised(self, by: str, one: str, now: float) -> None:
        """It was seen to."""
        rows = await self._store.rows(
            "SELECT mentor FROM supervision WHERE id = ? AND done = 0", one
        )
        if rows:
            write = Write(
                "UPDATE supervision SET done = ? WHERE id = ? AND done = 0", (now, one), 1
            )
            await self._audit.record(by, "supervision-seen", text(rows[0][0]), now, write)


def _written(mentor: Mentor) -> Write:
    return Write(_KEEP, (mentor.id, int(mentor.retired), as_text(mentor)), 1)
