"""Talks between a person and their mentor at rest, and what is sent because of them.

What somebody says to the other is in no table of this room: it goes through the outbox, sealed, and is
blanked when it was sent. Every change is written with the version it was made from, so of two at the
same moment one is refused and looks again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.mentoring.chats import Chats
from bot.mentoring.news import news_of
from bot.mentoring.rows import blob, fresh, number, text
from bot.peers import talk as rules
from bot.peers.model import CARRIED, Request
from bot.peers.talk import SIDES, Side, Talk
from bot.sealing import Seal
from bot.store import Conflict, Store, Value, Write
from bot.store.outbox import at_once, news

CARRY = ("telegram",)  # channels in which two people can write to each other
MARK = "~"  # begins what is ours to say outside the flows, and what its buttons carry

_COLUMNS = (
    "SELECT request, mentor, state, version, since, yes, key, channel, address, person_gave, "
    "mentor_gave FROM talks WHERE "
)
_KEEP = """
INSERT INTO talks (request, mentor, state, version, since, yes, key, channel, address)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (request) DO UPDATE SET mentor = excluded.mentor, state = excluded.state,
version = excluded.version, since = excluded.since, yes = excluded.yes, key = excluded.key,
channel = excluded.channel, address = excluded.address
WHERE talks.version = excluded.version - 1
"""
_END = """
UPDATE talks SET state = 'ended', version = version + 1, since = ?, yes = '', person_gave = NULL,
mentor_gave = NULL WHERE request = ? AND version = ?
"""
# Theirs, whichever side they are on.
_OF_KEY = "(key = ? OR mentor IN (SELECT mentor FROM mentor_chats WHERE key = ?))"


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody can be written to; `address` is sealed."""

    key: str
    channel: str
    address: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A talk as it is kept: whose, how it stands, the person's chat, and what was given, sealed."""

    request: str
    mentor: str
    version: int = 0
    talk: Talk = field(default_factory=Talk)
    person: Reach = field(default_factory=lambda: Reach("", "", b""))
    given: tuple[bytes, bytes] = (b"", b"")  # by the person, by the mentor

    def side(self, key: str) -> Side:
        """Which side a chat is on."""
        return "person" if key == self.person.key else "mentor"


def saying(kind: str, request: str, words: str = "") -> str:
    """What is to be said to somebody, as it waits (sealed) to be sent: see `said`."""
    return f"{MARK}{kind}/{request}\n{words}"


def said(body: str) -> tuple[str, str, str]:
    """The kind, the request and the words of what `saying` made."""
    head, _, words = body.removeprefix(MARK).partition("\n")
    kind, _, request = head.partition("/")
    return kind, request, words


class Talks:
    """All talks over a store. Times are seconds since 1970."""

    def __init__(self, store: Store, seal: Seal, chats: Chats) -> None:
        self._store, self._seal, self._chats = store, seal, chats

    # ── how it stands ──────────────────────────────────────────────────────────────────────────

    async def get(self, request: str) -> Kept | None:
        """The talk of a request, if one was ever agreed to."""
        found = await self._found("request = ?", request)
        return found[0] if found else None

    async def open_of(self, key: str) -> Kept | None:
        """The talk that a chat is in, on either side."""
        found = await self._found(f"state = 'open' AND {_OF_KEY} ORDER BY since", key, key)
        return found[0] if found else None

    async def stands(self, key: str, request: Request | None) -> str:
        """How it stands for whoever has this chat, for a flow to go by: see bot/peers/talk.py; `none`
        where they have no such request, `elsewhere` where it is open to them but not from here."""
        if await self.open_of(key):
            return "open"
        if request is None or request.state not in CARRIED or request.wishes.meet != "write":
            return "none"
        kept = await self.get(request.id) or Kept(request.id, request.mentor)
        if not (await self._person(kept, key)).key:
            return "elsewhere"
        if await self._chats.of(request.mentor) is None:
            return "none"
        busy = await self._busy(kept, key)
        return rules.stands(kept.talk, "person", busy=busy)

    async def _found(self, where: str, *values: Value) -> list[Kept]:
        return [_kept(row) for row in await self._store.rows(_COLUMNS + where, *values)]

    async def _busy(self, kept: Kept, person: str) -> bool:
        """Whether either of the two is in another talk, on whichever side."""
        chat = await self._chats.of(kept.mentor)
        keys = [key for key in (person, chat.key if chat else "") if key]
        for key in keys:
            other = await self.open_of(key)
            if other and other.request != kept.request:
                return True
        return False

    # ── yes ────────────────────────────────────────────────────────────────────────────────────

    async def agreed(
        self, request: Request, side: Side, now: float, key: str = "", *, told: bool = True
    ) -> tuple[list[Write], bool]:
        """One side says yes, the person in the chat `key`; and whether the talk is open by that.
        Unless the other is `told` already, they are told that they are asked; and that it is open."""
        if request.wishes.meet != "write" or await self._chats.of(request.mentor) is None:
            return [], False
        kept = await self.get(request.id) or Kept(request.id, request.mentor)
        person = await self._person(kept, key) if side == "person" else kept.person
        if side == "person" and not person.key:
            return [], False
        talk = kept.talk if kept.mentor == request.mentor else Talk()
        after = rules.agrees(talk, side, now, busy=await self._busy(kept, person.key))
        if (after.state, after.yes) == (talk.state, talk.yes):
            return [], False  # said before: the other was told, and is not pushed
        now_kept = Kept(request.id, request.mentor, kept.version + 1, after, person)
        out = [_keep(now_kept)]
        if after.state == "open":
            out += await self._tell(now_kept, rules.other(side), "open", now)
        elif not told:
            out += await self._tell(now_kept, rules.other(side), "asked", now)
        return out, after.state == "open"

    async def _person(self, kept: Kept, key: str) -> Reach:
        rows = await self._store.rows(
            "SELECT channel, address FROM claims WHERE key = ? AND id = ?", key, kept.request
        )
        there = [Reach(key, text(row[0]), blob(row[1])) for row in rows if row[0] in CARRY]
        return there[0] if there else Reach("", "", b"")

    # ── while it goes on ───────────────────────────────────────────────────────────────────────

    async def passed_on(
        self, key: str, words: str, name: str, now: float, *, danger: bool
    ) -> tuple[Write, ...]:
        """What somebody said, on its way to the other; nothing where they are in no talk. `name` is
        their message's; `danger` that it rang."""
        kept = await self.open_of(key)
        after = rules.speaks(kept.talk, now) if kept else None
        if kept is None or after is None:
            return ()
        kind = "danger" if danger and kept.side(key) == "person" else "words"
        return (
            *await self._tell(kept, rules.other(kept.side(key)), kind, now, words, name),
            Write("UPDATE talks SET since = ? WHERE request = ?", (after.since, kept.request)),
            # Whoever is in a talk is here, though they say nothing to the program.
            Write("UPDATE conversations SET at = ? WHERE key = ?", (now, key)),
        )

    async def gave(self, key: str, body: bytes, now: float) -> list[Write]:
        """How somebody can be reached, sealed. When the other gave it too, both get it, and it is
        erased in the same commit."""
        kept = await self.open_of(key)
        if kept is None or not body:
            return []
        side = kept.side(key)
        after = rules.gives(kept.talk, side)
        mine, bump = f"{side}_gave", "version = version + 1 WHERE request = ? AND version = ?"
        if not rules.both_gave(after):
            write = Write(
                f"UPDATE talks SET {mine} = ?, {bump}",  # noqa: S608 - one of two names
                (body, kept.request, kept.version),
                1,
            )
            asked = side in kept.talk.gave  # told once, and never pushed
            other = rules.other(side)
            return [write, *(() if asked else await self._tell(kept, other, "may-share", now))]
        theirs = kept.given[SIDES.index(rules.other(side))]
        erased = Write(
            f"UPDATE talks SET person_gave = NULL, mentor_gave = NULL, {bump}",  # noqa: S608
            (kept.request, kept.version),
            1,
        )
        return [
            erased,
            *await self._tell(kept, rules.other(side), "given", now, self._seal.open(body)),
            *await self._tell(kept, side, "given", now, self._seal.open(theirs)),
        ]

    # ── the end ────────────────────────────────────────────────────────────────────────────────

    async def left(self, key: str, now: float) -> list[Write]:
        """Whoever has this chat ends the talk they are in; the other is told."""
        kept = await self.open_of(key)
        if kept is None:
            return []
        told = await self._tell(kept, rules.other(kept.side(key)), "ended", now, "them")
        return [_end(kept, now), *told]

    async def not_now(self, request: str, side: Side, now: float) -> None:
        """A talk that one was asked for, and does not want now: whoever asked is told kindly."""
        kept = await self.get(request)
        if kept and kept.talk.state == "asked" and kept.talk.yes == (rules.other(side),):
            told = await self._tell(kept, rules.other(side), "ended", now, "later")
            await self._written([_end(kept, now), *told])

    async def over(self, request: str, by: str, now: float) -> list[Write]:
        """The request has ended or goes on with somebody else. Whoever was in the talk is told once,
        but for who did it (`by`, a role), who has been told by what they did."""
        kept = await self.get(request)
        if kept is None:
            return []
        out = [Write("DELETE FROM talks WHERE request = ?", (request,))]
        for side in SIDES if kept.talk.state == "open" else ():
            if side != by:
                # A name that says nothing: the request may be one that is forgotten.
                out += await self._tell(kept, side, "ended", now, "request", fresh(), by_day=by == "clock", lasting=True)  # fmt: skip
        return out

    async def unlinked(self, mentor: str, now: float) -> list[Write]:
        """A mentor can't be written to any more: their talk ends, and their chat is nobody's."""
        out: list[Write] = []
        for kept in await self._found("mentor = ? AND state <> 'ended'", mentor):
            out.append(_end(kept, now))
            if kept.talk.state == "open":
                out += await self._tell(kept, "person", "ended", now, "them")
        return [*out, *self._chats.unlinked(mentor, 1)]

    async def tend(self, now: float) -> None:
        """End what has been silent for a day. Both are told, or who waited for a yes."""
        old = await self._found("state <> 'ended' AND since <= ?", now - rules.SILENT_AFTER)
        for kept in old:
            if rules.due(kept.talk, now):
                is_open = kept.talk.state == "open"
                out = [_end(kept, now)]
                for side in kept.talk.yes:
                    why = "silence" if is_open else "unanswered"
                    out += await self._tell(kept, side, "ended", now, why, by_day=True)
                await self._written(out)

    async def _written(self, writes: list[Write]) -> None:
        try:
            await self._store.write(*writes)
        except Conflict:
            return  # something happened to it meanwhile, which is newer than this

    # ── what is sent ───────────────────────────────────────────────────────────────────────────

    async def _tell(
        self,
        kept: Kept,
        side: Side,
        kind: str,
        now: float,
        words: str = "",
        name: str = "",
        *,
        by_day: bool = False,
        lasting: bool = False,
    ) -> list[Write]:
        """Tell one side something, where they can be told. `lasting` is told though the request is
        erased meanwhile."""
        if kind == "asked" and side == "person":  # as of all that becomes of their request
            return await news_of(self._store, self._seal, kept.request, f"t{kept.version}", now)
        reach = await self._reach(kept, side)
        if reach is None:
            return []
        body = saying(kind, "" if lasting else kept.request, words)
        send = news if by_day or kind == "asked" else at_once
        told = name if lasting else f"{kept.request}-{name or kept.version}-{kind}-{side}"
        sealed = self._seal.seal(body)
        return [send(told, reach.key, reach.channel, reach.address, sealed, now)]

    async def _reach(self, kept: Kept, side: Side) -> Reach | None:
        if side == "person":
            return kept.person if kept.person.key else None
        chat = await self._chats.of(kept.mentor)
        return Reach(chat.key, chat.channel, chat.address) if chat else None


def offered(chats: Iterable[Reach], seal: Seal, request: Request, now: float) -> list[Write]:
    """A request that is offered to mentors who can be written to: each is asked, by day."""
    body = saying("offer", request.id)
    return [
        news(f"{request.id}-{request.version}-{c.key[-12:]}", c.key, c.channel, c.address, seal.seal(body), now)
        for c in chats
    ]  # fmt: skip


def _keep(kept: Kept) -> Write:
    talk, person = kept.talk, kept.person
    values = (
        kept.request,
        kept.mentor,
        talk.state,
        kept.version,
        talk.since,
        " ".join(talk.yes),
        person.key,
        person.channel,
        person.address or None,
    )
    return Write(_KEEP, values, 1)


def _end(kept: Kept, now: float) -> Write:
    return Write(_END, (now, kept.request, kept.version), 1)


def _kept(row: tuple[Value, ...]) -> Kept:
    given = (blob(row[9]), blob(row[10]))
    yes, gave = text(row[5]).split(), [s for s, one in zip(SIDES, given, strict=True) if one]
    state = text(row[2])
    talk = Talk(
        "open" if state == "open" else "asked" if state == "asked" else "ended",
        number(row[4]),
        tuple(side for side in SIDES if side in yes),
        tuple(gave),
    )
    person = Reach(text(row[6]), text(row[7]), blob(row[8]))
    return Kept(text(row[0]), text(row[1]), int(number(row[3])), talk, person, given)
