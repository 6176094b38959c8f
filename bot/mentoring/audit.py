"""What staff did, in a log that cannot be quietly edited.

Each row holds a digest over itself and the digest of the row before, made with the installation's
secret. Whoever changes, takes out or slips in a row without that secret breaks the chain, and
`peerpath db check` says where. A chain alone can't tell that its *last* rows are gone: so its length
and its last digest (the *head*) stand in a row of their own, sealed with the secret and changed in
the same commit. And nothing inside a database can tell that all of it was put back as it once was:
so each new head is also logged, and the page that shows the log says what to write down; `seen`
tells whether what was written down is still there.

What was broken stays broken: rows that are added later never mend a head.

It names accounts and mentors, never a person who asked for help or their request: what is known of
those has to go without a trace when they say so.
"""

import hashlib
import hmac
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.mentoring.rows import number, text
from bot.store import Conflict, Store, Value, Write

START = "start"
HEADED = "headed\0"  # begins what a row's digest is made of, since there is a head
LETTERS = 12  # of a digest, to be written down
FEWEST = 8  # that say anything
MOST_TRIES = 5  # where two write at the same moment

_ROW = "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)"

log = logging.getLogger("peerpath.audit")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done: when (seconds since 1970), by which account, what, to whom."""

    number: int
    at: float
    who: str
    what: str
    about: str
    digest: str

    @property
    def mark(self) -> str:
        """What to write down of it."""
        return f"{self.number}:{self.digest[:LETTERS]}"


@dataclass(frozen=True, slots=True)
class _Head:
    """How long the log is said to be, and how its last digest."""

    number: int
    digest: str
    seal: str


class Audit:
    """The log over a store."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._secret = hashlib.sha256(b"audit\0" + secret).digest()

    async def record(self, who: str, what: str, about: str, at: float, *writes: Write) -> None:
        """Do something and write down that it was done: both or neither. Raises Conflict where
        what was to be done was overtaken."""
        for _ in range(MOST_TRIES):
            count = await self._count()
            row = await self.row(who, what, about, at)
            try:
                await self._store.write(*writes, *row)
            except Conflict:
                if await self._count() == count:
                    raise  # it was not the log: somebody else did the same, or something else, first
                continue
            self.kept(row)
            return
        raise Conflict("the log was busy")

    async def row(self, who: str, what: str, about: str, at: float) -> tuple[Write, ...]:
        """What writes down that something was done, for a commit that is made elsewhere, and of
        which `kept` is told. It is refused where another row comes in between."""
        # The head last: where a row comes in between, ours is refused for its number.
        latest, head = await self.entries(2), await self._head()
        count, before = (latest[0].number, latest[0].digest) if latest else (0, START)
        entry = self._entry(count + 1, at, who, what, about, before)
        values = (entry.number, entry.at, entry.who, entry.what, entry.about, entry.digest)
        return (Write(_ROW, values, 1), *await self._moved_on(head, latest, entry))

    @staticmethod
    def kept(writes: Iterable[Write]) -> None:
        """These were committed: where a row of the log is among them, its new head is logged."""
        for write in writes:
            if write.sql == _ROW:
                log.info("the audit log stands at %s", _read(write.values).mark)

    async def _moved_on(self, head: _Head | None, latest: list[Entry], entry: Entry) -> list[Write]:
        """The head after a row, in the same commit. One that is missing, or does not fit the rows,
        is left as it is: staff must be able to go on, and the check must go on to say so."""
        values = (entry.number, entry.digest, self._seal(entry.number, entry.digest))
        if head is None:
            if self._headed(latest) if latest else await self._emptied():
                return []
            return [Write("INSERT INTO audit_head VALUES (1, ?, ?, ?)", values, 1)]
        if not (latest and self._vouches(head)):
            return []
        if (head.number, head.digest) != (latest[0].number, latest[0].digest):
            return []
        return [
            Write(
                "UPDATE audit_head SET number = ?, digest = ?, seal = ? WHERE number = ?",
                (*values, head.number),
                1,
            )
        ]

    async def entries(self, most: int = 500, before: int = 0) -> list[Entry]:
        """The latest, the newest first."""
        top = before or 1 << 60
        rows = await self._store.rows(
            "SELECT number, at, who, what, about, digest FROM audit WHERE number < ? "
            "ORDER BY number DESC LIMIT ?",
            top,
            most,
        )
        return [_read(row) for row in rows]

    async def check(self, *seen: str) -> list[str]:
        """Where the log is broken, in plain sentences; nothing if it is whole. `seen` is what was
        written down of it earlier (`Entry.mark`)."""
        found: list[str] = []
        head, entries = await self._all()
        before, expected, headed = START, 1, False
        for entry in entries:
            if entry.number != expected:
                found.append(f"The audit log has no row {expected}: rows were taken out.")
            with_head = self._made(entry, before, HEADED)
            headed = headed or with_head
            if not (with_head or (not headed and self._made(entry, before, ""))):
                found.append(f"Row {entry.number} of the audit log is not as it was written.")
            before, expected = entry.digest, entry.number + 1
        found += self._beheaded(head, entries, headed=headed)
        if not entries and await self._emptied():
            found.append("The audit log is empty, though staff have done things: it was emptied.")
        digests = {entry.number: entry.digest for entry in entries}
        return found + [problem for mark in seen if (problem := _unseen(mark, digests))]

    def _beheaded(self, head: _Head | None, entries: list[Entry], *, headed: bool) -> list[str]:
        if head is None:
            return ["The audit log's head is gone: rows may be cut off its end."] if headed else []
        if not self._vouches(head):
            return ["The audit log's head is not as it was written."]
        last = entries[-1].number if entries else 0
        if head.number > last:
            return [
                f"The audit log ends at row {last}, and had {head.number}: its end was cut off."
            ]
        there = next((one.digest for one in entries if one.number == head.number), "")
        if head.number < last or there != head.digest:
            return [f"The audit log was changed, or cut off, at row {head.number} or before."]
        return []

    async def _all(self) -> tuple[_Head | None, list[Entry]]:
        """The head and all rows, the oldest first, of one moment."""
        head = await self._head()
        while True:
            entries = await self.entries(most=1 << 60)
            before, head = head, await self._head()
            if head == before:
                return head, entries[::-1]

    async def _emptied(self) -> bool:
        """Whether there is something that only a row of the log can have led to."""
        found = await self._store.rows("SELECT name FROM accounts UNION SELECT id FROM mentors")
        return bool(found)

    async def _count(self) -> int:
        rows = await self._store.rows("SELECT count(*) FROM audit")
        return int(number(rows[0][0]))

    async def _head(self) -> _Head | None:
        rows = await self._store.rows("SELECT number, digest, seal FROM audit_head")
        return _Head(int(number(rows[0][0])), text(rows[0][1]), text(rows[0][2])) if rows else None

    def _seal(self, count: int, digest: str) -> str:
        return self._digest(f"head\0{count}\0{digest}")

    def _vouches(self, head: _Head) -> bool:
        return hmac.compare_digest(head.seal, self._seal(head.number, head.digest))

    def _headed(self, latest: list[Entry]) -> bool:
        """Whether the last row was written when there was a head already. All rows from before
        there were any had none, and get one with the next."""
        before = latest[1].digest if len(latest) > 1 else START
        return not self._made(latest[0], before, "")

    def _made(self, entry: Entry, before: str, kind: str) -> bool:
        """Whether a row is as we wrote it."""
        made = self._entry(entry.number, entry.at, entry.who, entry.what, entry.about, before, kind)
        return hmac.compare_digest(made.digest, entry.digest)

    def _entry(
        self,
        count: int,
        at: float,
        who: str,
        what: str,
        about: str,
        before: str,
        kind: str = HEADED,
    ) -> Entry:
        said = "\0".join((str(count), repr(float(at)), who, what, about, before))
        return Entry(count, at, who, what, about, self._digest(kind + said))

    def _digest(self, said: str) -> str:
        return hmac.new(self._secret, said.encode(), hashlib.sha256).hexdigest()


def _read(row: tuple[Value, ...]) -> Entry:
    count, at, who, what, about, digest = row
    return Entry(int(number(count)), number(at), text(who), text(what), text(about), text(digest))


def readable(mark: str) -> bool:
    """Whether it is something that was written down: a row's number, a colon, letters."""
    count, _, letters = mark.partition(":")
    return count.isdecimal() and len(letters) >= FEWEST and set(letters) <= set("0123456789abcdef")


def _unseen(mark: str, digests: Mapping[int, str]) -> str:
    count, _, letters = mark.partition(":")
    there = digests.get(int(count))
    if there is None:
        return f"The audit log has no row {count} any more, which was written down: an older copy was put back, or its end was cut off."
    if not there.startswith(letters):
        return f"Row {count} of the audit log is not the one that was written down: another copy was put in its place."
    return ""
