"""What a store promises. tests/store/ holds every store to it.

Promise 1: one commit a turn. The new conversation, what the turn decided to do, what it counts
           and the reply are kept together or not at all.
Promise 2: when `commit` returns, they survive a power loss.
Promise 3: a turn that was committed is found again by its id, with its reply.
Promise 4: of two writers who loaded the same version, one is refused (`Conflict`).
Promise 5: after `forget`, nothing of that person is left.

Conversations have methods of their own, because every turn needs them. Whatever else is kept (what
waits to be sent, requests, accounts) is a few rows, read with `rows` and changed with `write`, in SQL
that every store reads: a table is written once, not once a store.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from bot.engine.model import Act, Conversation, Note, Outcome, Reply

KEPT_REPLIES = 16  # a person; a channel delivers again within minutes, not within sixteen turns

Value = str | int | float | bytes | None  # of a column
# What is deleted when a talk is over, each with the person's key …
TALK = (
    "DELETE FROM conversations WHERE key = ?",
    "DELETE FROM replies WHERE key = ?",
    "DELETE FROM acts WHERE key = ?",
    "DELETE FROM drafts WHERE key = ?",
    "DELETE FROM tries WHERE key = ?",
    "DELETE FROM leaves WHERE key = ?",
)
# … and when a person is forgotten. What waits in the inbox is theirs to have answered still.
FORGET = (
    *TALK,
    "DELETE FROM claims WHERE key = ?",
    "DELETE FROM outbox WHERE key = ?",
    "DELETE FROM talks WHERE key = ?",
    "DELETE FROM stopped WHERE key = ?",
)


class StoreProblem(Exception):
    """The store cannot do what was asked. Its message holds no personal data."""


class Conflict(StoreProblem):
    """Somebody else committed a turn of this person in between: load again and try again."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What is known of a person: `version` 0 and an empty conversation if nothing is.

    `reply` is the kept answer if this very turn was committed before. `at` is seconds since 1970.
    """

    conversation: Conversation = field(default_factory=Conversation)
    version: int = 0
    at: float = 0.0
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """One statement that changes rows, with a `?` for each value.

    `expects` is how many rows it must touch: where it touches another number, somebody else was
    there first, and all that was to be written with it is undone.
    """

    sql: str
    values: tuple[Value, ...] = ()
    expects: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn that was taken, to be committed: what was loaded, what came of it."""

    key: str
    turn: str
    at: float
    version: int  # as loaded
    conversation: Conversation
    reply: Reply
    acts: tuple[Act, ...] = ()
    notes: tuple[Note, ...] = ()
    writes: tuple[Write, ...] = ()  # what the acts lead to, kept with the turn or not at all

    @classmethod
    def of(
        cls,
        key: str,
        turn: str,
        at: float,
        version: int,
        outcome: Outcome,
        writes: tuple[Write, ...] = (),
    ) -> "Taken":
        """What respond() decided for a turn, addressed to a store."""
        return cls(
            key,
            turn,
            at,
            version,
            outcome.conversation,
            outcome.reply,
            outcome.acts,
            outcome.notes,
            writes,
        )

    @property
    def forgets(self) -> bool:
        """Whether the person asked that nothing of them be kept."""
        return any(act.kind == "forget" for act in self.acts)


@dataclass(frozen=True, slots=True)
class Leaving:
    """People to forget, unless they were here since `before` (seconds since 1970)."""

    keys: tuple[str, ...]
    before: float = float("inf")


class Store(Protocol):
    """Conversations, what was decided, and what was answered."""

    async def open(self) -> None:
        """Make ready, bringing an older store up to date. Raises StoreProblem."""

    async def close(self) -> None:
        """Let go. Whatever was committed stays."""

    async def load(self, key: str, turn: str) -> Saved:
        """The person's conversation, and the kept reply if this turn was committed before."""

    async def commit(self, taken: Taken) -> None:
        """Keep a turn, all of it or nothing. Raises Conflict where it was overtaken."""

    async def last(self, key: str) -> Saved:
        """The person's conversation with their latest reply, for a page that is shown again."""

    async def forget(self, key: str) -> None:
        """Leave nothing of this person."""

    async def forget_idle(self, before: float, prefix: str) -> int:
        """Forget all whose key starts so and who were last here before a time. How many."""

    async def counts(self) -> dict[tuple[str, str, str], int]:
        """How often each note was counted: (day, kind, id) to count."""

    async def acts(self) -> list[tuple[str, str, int, str]]:
        """Everything decided and kept: key, turn, number in the turn, kind."""

    async def rows(self, sql: str, *values: Value) -> list[tuple[Value, ...]]:
        """What a SELECT finds, a `?` for each value."""

    async def write(self, *writes: Write) -> None:
        """Change rows, all of it or nothing. Raises Conflict where one touched another number of
        rows than it expects, or broke a rule of its table."""

    async def check(self) -> list[str]:
        """What is wrong with what is stored, in plain sentences; nothing if it is sound."""

    async def backup(self, path: str) -> None:
        """A whole copy in a new file, taken while others go on writing."""


def encode(value: Conversation | Reply) -> bytes:
    """As JSON, which a newer version of the program can still read."""
    return msgspec.json.encode(value)


def decode_conversation(body: bytes) -> Conversation:
    """A saved conversation; an empty one where it can't be read, which costs a place, not a
    person's answer."""
    try:
        return msgspec.json.decode(body, type=Conversation)
    except msgspec.MsgspecError:
        return Conversation()


def decode_reply(body: bytes) -> Reply | None:
    """A kept reply; nothing where it can't be read."""
    try:
        return msgspec.json.decode(body, type=Reply)
    except msgspec.MsgspecError:
        return None


def day_of(at: float) -> str:
    """The day notes are counted under, UTC."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def saved_row(row: tuple[Value, ...] | None) -> Saved:
    """What a row of version, at, conversation and reply says."""
    match row:
        case (int(version), float(at), bytes(body), kept):
            reply = decode_reply(kept) if isinstance(kept, bytes) else None
            return Saved(decode_conversation(body), version, at, reply)
        case _:
            return Saved()


def open_store(url: str) -> Store:
    """The store at an address: `memory:`, `sqlite:///path` or `postgresql://…`.

    Raises StoreProblem.
    """
    # Imported here: whoever uses one store need not install what the other needs.
    if url == "memory:":
        from bot.store.sqlite import MemoryStore  # noqa: PLC0415

        return MemoryStore()
    if url.startswith("sqlite:///"):
        from bot.store.sqlite import SqliteStore  # noqa: PLC0415

        return SqliteStore(url.removeprefix("sqlite:///"))
    scheme = url.partition(":")[0]
    if scheme in {"postgres", "postgresql"}:
        try:
            from bot.store.postgresql import PostgresStore  # noqa: PLC0415
        except ImportError:
            raise StoreProblem("PostgreSQL needs `pip install peerpath[postgres]`.") from None
        return PostgresStore(url)
    raise StoreProblem(
        f"There is no store for `{scheme}:`. Use sqlite:///path, postgresql://… or memory:"
    )
