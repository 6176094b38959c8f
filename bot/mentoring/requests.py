"""Requests for a mentor at rest: asked and changed by the person, moved by mentors and the clock.

What a person asked for is found by their talk (`claims`), or by the three words they were given. A
talk ends when a kiosk falls idle; the request stays. *Forget me* takes both.

Every change is a move of life.py, written with the version it was made from: of two at the same
moment, the second is refused and looks again.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.engine.model import SEALED, Act, Facts, Reply, Standing
from bot.mentoring.apart import KeptApart
from bot.mentoring.chats import Chats
from bot.mentoring.claims import Claims, Harmless
from bot.mentoring.moves import day_of, logged
from bot.mentoring.news import news_of
from bot.mentoring.rows import as_text, blob, counted, fresh, from_text, number, text
from bot.mentoring.talks import Reach, Talks, offered
from bot.peers import fitting, life
from bot.peers.model import CARRIED, OPEN, UNMATCHED, By, Load, Mentor, Move, Request, Wishes
from bot.peers.roster import Mentors
from bot.peers.talk import Side
from bot.sealing import Broken, Seal
from bot.store import Conflict, Store, Write
from bot.store.outbox import unsent

FOUR_WEEKS = 28 * life.DAY
MOST_TRIES = 8  # at a move that is overtaken
DRAFTS = ("words", "found")  # what somebody may have written, to go along with a request
REACH = "reach"  # how to be reached, for whoever they write with
HIDDEN = "(…)"  # where sealed words can't be opened any more

# How a message to staff may stand; the first is how it begins.
ANSWERS = ("sent", "seen", "planned", "elsewhere")

_UPDATE = """
UPDATE requests SET state = ?, version = ?, since = ?, body = ? WHERE id = ? AND version = ?
"""
_TAKE = "UPDATE mentors SET version = version + 1 WHERE id = ? AND version = ?"
_INSERT = "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_UNSAY = "UPDATE requests SET words = NULL, found = NULL WHERE id = ?"
_DRAFT = """
INSERT INTO drafts (key, name, who, body) VALUES (?, ?, ?, ?)
ON CONFLICT (key, name) DO UPDATE SET who = excluded.who, body = excluded.body
"""
_CLAIM = "INSERT INTO claims (key, kind, id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"

NEWS = ("accept", "expire")  # moves that a person behind a phone is told of


class Requests:
    """All requests over a store. `secret` makes digests and seals; times are seconds since 1970."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        ours = hashlib.sha256(b"mentoring\0" + secret).digest()
        self.seal = Seal(secret)
        self.apart, self.claims = KeptApart(store, ours), Claims(store, ours)
        self.chats = Chats(store)
        self.talks = Talks(store, self.seal, self.chats)

    # ── what a turn may know ───────────────────────────────────────────────────────────────────

    async def facts(
        self, key: str, claim: str, now: float, acts: Iterable[Act] = (), unit: str = ""
    ) -> Facts:
        """How somebody's request stands, whom they are not to meet, and what their three words
        open. A wrong code is counted at once. `acts` are those of a first try at this turn: how
        they are found may have been said just now. `unit` is where they said they live."""
        request, message = await self._standing(key)
        talk = await self.talks.stands(key, await self._latest(key))
        opened = "wrong"
        if claim:
            opened = await self.claims.tried(key, claim, now)
            if opened == "found":
                kind, one = await self.claims.of(claim)
                if kind == "request" and (found := await self.get(one)):
                    request = await self._as_standing(found)
                elif kind == "message":
                    message = Standing(await self._message_state(one))
        just_said = " ".join(act.words for act in acts if act.name == "found")
        return Facts(request, message, talk, await self._apart(key, just_said, unit), opened)

    async def _standing(self, key: str) -> tuple[Standing | None, Standing | None]:
        request, message = None, None
        for kind, one in await self._claims(key):
            if kind == "request" and (found := await self.get(one)):
                request = await self._as_standing(found)
            elif kind == "message":
                message = Standing(await self._message_state(one))
        return request, message

    async def _claims(self, key: str) -> list[tuple[str, str]]:
        """What this talk may see, the latest last."""
        rows = await self._store.rows(
            "SELECT kind, id FROM claims WHERE key = ? ORDER BY at, id", key
        )
        return [(text(kind), text(one)) for kind, one in rows]

    async def _latest(self, key: str) -> Request | None:
        """The latest request that this talk may see."""
        mine = [one for of, one in await self._claims(key) if of == "request"]
        return await self.get(mine[-1]) if mine else None

    async def _as_standing(self, request: Request) -> Standing:
        if request.wishes.meet == "write" and request.state in CARRIED:
            return Standing("writes")  # by name they know each other when both want it
        name = ""
        if request.mentor:
            rows = await self._store.rows("SELECT body FROM mentors WHERE id = ?", request.mentor)
            name = from_text(rows[0][0], Mentor).name if rows else ""
        return Standing(request.state, name)

    async def _message_state(self, one: str) -> str:
        rows = await self._store.rows("SELECT state FROM staff_messages WHERE id = ?", one)
        return text(rows[0][0]) if rows else "none"

    async def _apart(self, key: str, just_said: str, unit: str) -> frozenset[str]:
        rows = await self._store.rows("SELECT who FROM drafts WHERE key = ? AND who <> ''", key)
        known = (*(text(row[0]) for row in rows), self.apart.who(just_said))
        return await self.apart.mentors(" ".join(known), unit, key=key)

    # ── what a turn decides ────────────────────────────────────────────────────────────────────

    async def writes(
        self, key: str, acts: Iterable[Act], now: float, harmless: Harmless
    ) -> tuple[Write, ...]:
        """The rows that the acts of a turn lead to, to be committed with it."""
        out: list[Write] = []
        for act in acts:
            match act.kind:
                case "draft":
                    out += self._draft(key, act)
                case "drop":
                    out.append(Write("DELETE FROM drafts WHERE key = ?", (key,)))
                case "ask":
                    out += await self._ask(key, act, now, harmless)
                case "tell-staff":
                    out += await self._tell_staff(key, act, now, harmless)
                case "claim":
                    out += await self._open(key, act, now)
                case "cancel" | "anyone" | "switch" | "unsay" | "renew":
                    out += await self._mine(key, act.kind, now)
                case "talk":
                    if mine := await self._latest(key):
                        out += await self._agreed(mine, "person", now, key)
                case "end-talk":
                    out += await self.talks.left(key, now)
                    out.append(Write("DELETE FROM drafts WHERE key = ? AND name = ?", (key, REACH)))
                case "share":
                    out += await self._share(key, now)
                case "forget":
                    out += await self._erase_all_of(key, now)
                case _:
                    pass
        return tuple(out)

    def _draft(self, key: str, act: Act) -> list[Write]:
        if not act.words:
            return [Write("DELETE FROM drafts WHERE key = ? AND name = ?", (key, act.name))]
        who = self.apart.who(act.words) if act.name == "found" else ""
        return [Write(_DRAFT, (key, act.name, who, self.seal.seal(act.words)))]

    async def _share(self, key: str, now: float) -> list[Write]:
        drafts = await self._drafts(key)
        dropped = Write("DELETE FROM drafts WHERE key = ?", (key,))
        return [dropped, *await self.talks.gave(key, drafts.get(REACH, ("", b""))[1], now)]

    async def _drafts(self, key: str) -> dict[str, tuple[str, bytes]]:
        rows = await self._store.rows("SELECT name, who, body FROM drafts WHERE key = ?", key)
        return {text(name): (text(who), blob(body)) for name, who, body in rows}

    async def _ask(self, key: str, act: Act, now: float, harmless: Harmless) -> list[Write]:
        live, _ = await self._standing(key)
        if live and live.state in OPEN:
            return []  # asked already; two requests would make two mentors wait for one person
        drafts, code = await self._drafts(key), await self.claims.new(act.language, harmless)
        wishes = Wishes.of(act.answers, act.setting, act.language)
        asked = Request(fresh(), "asked", 0, now, now, now, wishes)
        who = drafts.get("found", ("", b""))[0]
        moves = [Move("ask", By("person"), now)]
        apart = await self.apart.mentors(who, wishes.unit, key=key)
        request, made = await self._offered(asked, apart, now, key)
        words, found = (drafts.get(name, ("", b""))[1] or None for name in DRAFTS)
        return [
            Write(
                _INSERT,
                (
                    request.id,
                    request.state,
                    request.version,
                    request.since,
                    as_text(request),
                    self.claims.digest(code),
                    who,
                    words,
                    found,
                ),
                1,
            ),
            *logged(asked, [*moves, *made], first=0),
            *self.apart.follows(key, request.id),
            *await self._told(request, made, now),
            *self._given(key, "request", request.id, code, now),
        ]

    def _given(self, key: str, kind: str, one: str, code: str, now: float) -> list[Write]:
        """What was written is sent; the code stays to be shown as long as this talk goes on."""
        return [
            Write("DELETE FROM drafts WHERE key = ?", (key,)),
            Write(_DRAFT, (key, "code", "", self.seal.seal(code))),
            Write(_CLAIM, (key, kind, one, now)),
        ]

    async def _tell_staff(self, key: str, act: Act, now: float, harmless: Harmless) -> list[Write]:
        drafts, code = await self._drafts(key), await self.claims.new(act.language, harmless)
        words, found = (drafts.get(name, ("", b""))[1] or None for name in DRAFTS)
        one, about = fresh(), act.answers.get("about", "")
        digest = self.claims.digest(code)
        values = (one, ANSWERS[0], 0, now, now, about, digest, words, found)
        return [
            Write("INSERT INTO staff_messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values, 1),
            counted(day_of(now), "staff", "sent"),
            *self._given(key, "message", one, code, now),
        ]

    async def _open(self, key: str, act: Act, now: float) -> list[Write]:
        kind, one = await self.claims.of(act.words)
        if not one:
            return []
        return [
            Write(_CLAIM, (key, kind, one, now)),
            Write("DELETE FROM tries WHERE key = ?", (key,)),
            *self.apart.opened(key, one),
        ]

    async def _mine(self, key: str, kind: str, now: float) -> list[Write]:
        """A person's own move, on the latest request that their talk may see."""
        request = await self._latest(key)
        if request is None:
            return []
        move = Move(kind, By("person"), now)
        after = life.after(request, move)
        if isinstance(after, life.Refused):
            return []  # the flow leads nobody here; an old button may
        moved, made = await self._offered(after, await self._apart_of(request), now)
        return await self._changed(request, moved, [move, *made])

    async def _erase_all_of(self, key: str, now: float) -> list[Write]:
        """Nothing of theirs is left: neither what they asked, nor who was asked for them."""
        out = self.apart.forgotten("", key)
        for kind, one in await self._claims(key):
            if kind == "request":
                out += self.apart.forgotten(one, key)
            table = "requests" if kind == "request" else "staff_messages"
            out += self._erased(table, one) + await self.talks.over(one, "person", now)
        return out

    def _erased(self, table: str, one: str) -> list[Write]:
        return [
            Write(f"DELETE FROM {table} WHERE id = ?", (one,)),  # noqa: S608 - one of two names
            Write("DELETE FROM moves WHERE request = ?", (one,)),
            Write("DELETE FROM claims WHERE id = ?", (one,)),
            *self.apart.erased(one),
            *unsent(one),
        ]

    @staticmethod
    def fills(reply: Reply) -> bool:
        """Whether a reply has a place for a person's own words or their code."""
        return any(SEALED in words for words in (*reply.says, *reply.asks))

    async def fill(self, key: str, reply: Reply) -> Reply:
        """A reply with a person's own words and code in it, where it has a place for them."""
        drafts = await self._drafts(key)

        def opened(name: str) -> str:
            try:
                return self.seal.open(drafts[name][1]) if name in drafts else HIDDEN
            except Broken:
                return HIDDEN

        def filled(words: str) -> str:
            parts = words.split(SEALED)
            return "".join(
                opened(part) if number % 2 else part for number, part in enumerate(parts)
            )

        return replace(
            reply,
            says=tuple(map(filled, reply.says)),
            asks=tuple(map(filled, reply.asks)),
        )

    # ── moves ──────────────────────────────────────────────────────────────────────────────────

    async def get(self, one: str) -> Request | None:
        """A request by its id."""
        rows = await self._store.rows("SELECT body FROM requests WHERE id = ?", one)
        return from_text(rows[0][0], Request) if rows else None

    async def open(self) -> list[Request]:
        """All requests that go on, the longest first."""
        marks = ", ".join("?" for _ in OPEN)
        rows = await self._store.rows(
            f"SELECT body FROM requests WHERE state IN ({marks})",  # noqa: S608 - marks only
            *sorted(OPEN),
        )
        found = [from_text(row[0], Request) for row in rows]
        return sorted(found, key=lambda one: (one.asked_at, one.id))

    async def words(self, one: str) -> tuple[str, str]:
        """What somebody agreed to share, and how they said they are found."""
        rows = await self._store.rows("SELECT words, found FROM requests WHERE id = ?", one)
        if not rows:
            return "", ""
        first, second = (self._opened(blob(value)) for value in rows[0])
        return first, second

    def _opened(self, body: bytes) -> str:
        try:
            return self.seal.open(body) if body else ""
        except Broken:
            return HIDDEN

    async def move(self, one: str, move: Move) -> Request | life.Refused:
        """Make a move, and the offers that follow from it. Of two at once, the second is judged
        by what the first left."""
        for _ in range(MOST_TRIES):
            request = await self.get(one)
            if request is None:
                return life.Refused("gone")
            after = life.after(request, move)
            if isinstance(after, life.Refused):
                return after
            apart, writes = await self._apart_of(request), []
            if move.kind == "accept":
                taken = await self._taken(request, move.by.id, apart)
                if isinstance(taken, life.Refused):
                    return taken
                writes.append(taken)
            moved, made = await self._offered(after, apart, move.at)
            writes += await self._changed(request, moved, [move, *made])
            if move.kind in NEWS:
                writes += await news_of(self._store, self.seal, one, after.version, move.at)
            try:
                await self._store.write(*writes)
            except Conflict:
                continue
            return moved
        return life.Refused("busy")

    async def _taken(
        self, request: Request, mentor: str, apart: frozenset[str]
    ) -> Write | life.Refused:
        """What a mentor's yes takes: a place with them. It is there, and nobody keeps the two apart
        by now. Of two who take it at the same moment, the second finds another version."""
        rows = await self._store.rows("SELECT body, version FROM mentors WHERE id = ?", mentor)
        if not rows or mentor in apart:
            return life.Refused("not-now")
        if not await self._can_write(request, mentor):
            return life.Refused("no-chat")
        # Read after the version: a yes that came in between has raised it.
        carries = sum(o.mentor == mentor and o.state in CARRIED for o in await self.open())
        if not fitting.can_take(from_text(rows[0][0], Mentor), request, carries):
            return life.Refused("full")
        return Write(_TAKE, (mentor, number(rows[0][1])), 1)

    async def writes_with(self, one: str, mentor: str, now: float) -> None:
        """A mentor says yes to a talk with somebody they carry, or asks for one."""
        for _ in range(MOST_TRIES):
            request = await self.get(one)
            if request is None or request.mentor != mentor or request.state not in CARRIED:
                return
            with suppress(Conflict):
                await self._store.write(*await self._agreed(request, "mentor", now))
                return

    async def _agreed(self, request: Request, side: Side, now: float, key: str = "") -> list[Write]:
        """Two who write to each other have met."""
        out, opened = await self.talks.agreed(request, side, now, key, told=False)
        meet = Move("meet", By("mentor", request.mentor), now)
        after = life.after(request, meet)
        if opened and request.state == "accepted" and isinstance(after, Request):
            out += await self._changed(request, after, [meet])
        return out

    async def assign(self, one: str, mentor: str, by: By, now: float) -> Request | life.Refused:
        """The coordinator asks one mentor by hand, whoever had it before. Whom staff keep apart
        stays apart. A mentor who carries all they can may be asked so, and may say yes."""
        for _ in range(MOST_TRIES):
            request = await self.get(one)
            if request is None:
                return life.Refused("gone")
            if mentor in await self._apart_of(request):
                return life.Refused("kept-apart")
            if not await self._can_write(request, mentor):
                return life.Refused("no-chat")
            kinds = {"offered": ("withdraw",), "accepted": ("hand-back",), "met": ("hand-back",)}
            moves = [Move(kind, by, now) for kind in kinds.get(request.state, ())]
            moves.append(Move("offer", by, now, (mentor,)))
            after = request
            for move in moves:
                made = life.after(after, move)
                if isinstance(made, life.Refused):
                    return made
                after = made
            try:
                await self._store.write(*await self._changed(request, after, moves))
            except Conflict:
                continue
            return after
        return life.Refused("busy")

    async def not_with(
        self, request: Request, mentor: str, by: By, now: float
    ) -> list[Write] | life.Refused:
        """What keeps a mentor from the person behind a request, who may have given no name, and
        takes back at once what they were offered."""
        if request.state not in UNMATCHED:
            return life.Refused("not-now")
        writes = self.apart.pair(fresh(), mentor, request.id, now)
        if mentor in request.offered:
            move = Move("withdraw", by, now, (mentor,))
            after = life.after(request, move)
            if isinstance(after, life.Refused):
                return after
            writes += await self._changed(request, after, [move])
        return writes

    async def _apart_of(self, request: Request) -> frozenset[str]:
        rows = await self._store.rows("SELECT who FROM requests WHERE id = ?", request.id)
        who = text(rows[0][0]) if rows else ""
        return await self.apart.mentors(who, request.wishes.unit, request.id)

    async def _can_write(self, request: Request, mentor: str) -> bool:
        return request.wishes.meet != "write" or await self.chats.of(mentor) is not None

    async def _offered(
        self, request: Request, apart: frozenset[str], now: float, key: str = ""
    ) -> tuple[Request, list[Move]]:
        """A request that looks for somebody, offered to whom it fits now; else it waits. Nobody is
        their own mentor: `key` is who asks, where that is not written yet."""
        if request.state not in {"asked", "waiting"}:
            return request, []
        roster = await self.roster(now)
        never = apart | await self.chats.of_whoever_asked(request.id, key)
        chosen = fitting.offer(request, roster.mentors, roster.loads, never)
        if chosen:
            move = Move("offer", By("clock"), now, chosen)
        elif request.state == "asked":
            move = Move("wait", By("clock"), now)
        else:
            return request, []
        after = life.after(request, move)
        if isinstance(after, life.Refused):
            return request, []
        return after, [move]

    async def _told(self, after: Request, moves: Sequence[Move], now: float) -> list[Write]:
        """Mentors who can be written to hear that they are asked."""
        asked = [one for move in moves if move.kind == "offer" for one in move.mentors]
        chats = await self.chats.all() if asked else {}
        to = [chats[one] for one in asked if one in chats and one in after.offered]
        return offered([Reach(c.key, c.channel, c.address) for c in to], self.seal, after, now)

    async def _between(self, before: Request, after: Request, moves: Sequence[Move]) -> list[Write]:
        """What a move does to the talk of the two, if that is how they meet."""
        by, at = moves[0].by.role, moves[0].at
        if before.mentor and (after.mentor != before.mentor or life.ends(after)):
            return await self.talks.over(before.id, by, at)
        if any(move.kind == "accept" for move in moves):
            # The offer said that this counts; and the person hears of it as of every yes.
            return (await self.talks.agreed(after, "mentor", at))[0]
        return []

    async def _changed(self, before: Request, after: Request, moves: Sequence[Move]) -> list[Write]:
        out = [
            Write(
                _UPDATE,
                (
                    after.state,
                    after.version,
                    after.since,
                    as_text(after),
                    before.id,
                    before.version,
                ),
                1,
            )
        ]
        if life.ends(after) or any(move.kind == "unsay" for move in moves):
            out.append(Write(_UNSAY, (before.id,)))
        out += await self._told(after, moves, moves[0].at)
        out += await self._between(before, after, moves)
        return out + logged(before, moves, first=before.version + 1)

    # ── mentors, as matching sees them ─────────────────────────────────────────────────────────

    async def roster(self, now: float) -> Mentors:
        """Who may be asked, with what they carry."""
        rows = await self._store.rows("SELECT body FROM mentors WHERE retired = 0 ORDER BY id")
        chats = await self.chats.all()
        found = (from_text(row[0], Mentor) for row in rows)
        mentors = tuple(replace(one, chat=one.id in chats) for one in found)
        return Mentors(mentors, await self.loads(now) if mentors else {})

    async def loads(self, now: float) -> Mapping[str, Load]:
        """What each mentor carries now, and how lately they were asked."""
        carries: Counter[str] = Counter()
        asked: Counter[str] = Counter()
        for request in await self.open():
            if request.state in CARRIED:
                carries[request.mentor] += 1
            asked.update(request.offered)
        recent: Counter[str] = Counter()
        last: dict[str, float] = {}
        rows = await self._store.rows(
            "SELECT kind, by_id, mentors, at FROM moves WHERE at > ? AND "
            "(kind = 'offer' OR kind = 'accept')",
            now - FOUR_WEEKS,
        )
        for kind, by, mentors, at in rows:
            if text(kind) == "accept":
                recent[text(by)] += 1
            for one in text(mentors).split():
                last[one] = max(last.get(one, 0.0), number(at))
        return {
            one: Load(carries[one], asked[one], recent[one], last.get(one, 0.0))
            for one in {*carries, *asked, *recent, *last}
        }

    # ── the clock ──────────────────────────────────────────────────────────────────────────────

    async def tend(self, now: float) -> int:
        """Make every move that is due, offer what waits, and erase what has long been over. How
        many moves were made. Two that tend at once do nothing twice."""
        made = 0
        for request in await self.open():
            one = request
            while kind := life.due(one, now):
                moved = await self.move(one.id, Move(kind, By("clock"), now))
                if isinstance(moved, life.Refused):
                    break
                made, one = made + 1, moved
            if one.state == "offered" and (wrong := await self._not_to_meet(one)):
                moved = await self.move(one.id, Move("withdraw", By("clock"), now, wrong))
                made, one = made + 1, one if isinstance(moved, life.Refused) else moved
            if one.state in {"asked", "waiting"} and await self._look_again(one, now):
                made += 1
        await self.talks.tend(now)
        await self._erase_old(now - life.FORGOTTEN_AFTER)
        return made

    async def _not_to_meet(self, request: Request) -> tuple[str, ...]:
        """Whom it was offered to before staff kept them apart, or before they could not be written
        to any more."""
        apart = await self._apart_of(request)
        gone = [one for one in request.offered if not await self._can_write(request, one)]
        return tuple(one for one in request.offered if one in apart or one in gone)

    async def _look_again(self, request: Request, now: float) -> bool:
        """Offer it, if somebody is free by now."""
        moved, moves = await self._offered(request, await self._apart_of(request), now)
        if not moves:
            return False
        try:
            await self._store.write(*await self._changed(request, moved, moves))
        except Conflict:
            return False
        return True

    async def _erase_old(self, before: float) -> None:
        for table, states in (
            ("requests", ("closed", "cancelled", "expired")),
            ("staff_messages", ANSWERS[1:]),
        ):
            marks = ", ".join("?" for _ in states)
            rows = await self._store.rows(
                f"SELECT id FROM {table} WHERE since < ? AND state IN ({marks})",  # noqa: S608
                before,
                *states,
            )
            for row in rows:
                await self._store.write(*self._erased(table, text(row[0])))

    # ── a mentor who is not there any more ─────────────────────────────────────────────────────

    async def let_go(self, mentor: str, by: By, now: float, *, carried: bool = True) -> list[Write]:
        """What sets everybody free whom a mentor was asked for, and whom they carry: they are
        offered to others by the next look of the clock."""
        out: list[Write] = []
        for request in await self.open():
            kind = (
                "hand-back"
                if carried and request.mentor == mentor
                else "withdraw"
                if mentor in request.offered
                else ""
            )
            if not kind:
                continue
            mentors = (mentor,) if kind == "withdraw" else ()
            move = Move(kind, by, now, mentors)
            after = life.after(request, move)
            if not isinstance(after, life.Refused):
                out += await self._changed(request, after, [move])
        return out
