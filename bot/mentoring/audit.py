"""What staff did, in a log that cannot be quietly edited.

Each row holds a digest over itself and the digest of the row before, made with the installation's
secret. Whoever changes, takes out or slips in a row without that secret breaks the chain, and
`peerpath db check` says where. A chain alone can't tell that its *last* rows are gone: the page
that shows the log also shows how many rows there are and the first letters of the last digest, to
write down now and then.

It names accounts and mentors, never a person who asked for help or their request: what is known of
those has to go without a trace when they say so.
"""

import hashlib
import hmac
from dataclasses import dataclass

from bot.mentoring.rows import number, text
from bot.store import Conflict, Store, Write

START = "start"
MOST_TRIES = 5  # where two write at the same moment


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done: when (seconds since 1970), by which account, what, to whom."""

    number: int
    at: float
    who: str
    what: str
    about: str
    digest: str


class Audit:
    """The log over a store."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._secret = hashlib.sha256(b"audit\0" + secret).digest()

    async def record(self, who: str, what: str, about: str, at: float, *writes: Write) -> None:
        """Do something and write down that it was done: both or neither. Raises Conflict where
        what was to be done was overtaken."""
        for _ in range(MOST_TRIES):
            last = await self._store.rows(
                "SELECT number, digest FROM audit ORDER BY number DESC LIMIT 1"
            )
            count = int(number(last[0][0])) if last else 0
            entry = self._entry(
                count + 1, at, who, what, about, text(last[0][1]) if last else START
            )
            values = (entry.number, entry.at, entry.who, entry.what, entry.about, entry.digest)
            try:
                await self._store.write(
                    *writes, Write("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", values, 1)
                )
            except Conflict:
                if await self._count() == count:
                    raise  # it was not the log: somebody else did the same, or something else, first
                continue
            return
        raise Conflict("the log was busy")

    async def entries(self, most: int = 500, before: int = 0) -> list[Entry]:
        """The latest, the newest first."""
        top = before or 1 << 60
        rows = await self._store.rows(
            "SELECT number, at, who, what, about, digest FROM audit WHERE number < ? "
            "ORDER BY number DESC LIMIT ?",
            top,
            most,
        )
        return [
            Entry(int(number(r[0])), number(r[1]), text(r[2]), text(r[3]), text(r[4]), text(r[5]))
            for r in rows
        ]

    async def check(self) -> list[str]:
        """Where the chain is broken, in plain sentences; nothing if it is whole."""
        found: list[str] = []
        before, expected = START, 1
        for entry in reversed(await self.entries(most=1 << 60)):
            if entry.number != expected:
                found.append(f"The audit log has no row {expected}: rows were taken out.")
            made = self._entry(
                entry.number, entry.at, entry.who, entry.what, entry.about, before
            ).digest
            if not hmac.compare_digest(made, entry.digest):
                found.append(f"Row {entry.number} of the audit log is not as it was written.")
            before, expected = entry.digest, entry.number + 1
        return found

    async def _count(self) -> int:
        rows = await self._store.rows("SELECT count(*) FROM audit")
        return int(number(rows[0][0]))

    def _entry(self, count: int, at: float, who: str, what: str, about: str, before: str) -> Entry:
        said = "\0".join((str(count), repr(float(at)), who, what, about, before))
        made = hmac.new(self._secret, said.encode(), hashlib.sha256).hexdigest()
        return Entry(count, at, who, what, about, made)
