"""The life of a request on every store, against what life.py says, with mentors, the person, the
coordinator and two clocks all at once.

What must hold after whatever happens: the log is whole and leads to the state that is kept; nobody
carries more than they can, but what they were asked by hand; nobody is asked whom staff keep apart
(by the person's name, or by their chat), who rests or who has left; and what has ended holds no
words. test_killed.py does the same to processes that are killed.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.engine.model import Act
from bot.mentoring.audit import Audit
from bot.mentoring.people import People
from bot.mentoring.requests import Requests
from bot.peers import life
from bot.peers.model import CARRIED, UNMATCHED, By, Mentor, Move, Request
from bot.store import Store, open_store

SECRET = b"a secret of the tests"
START = 1_795_000_000.0
TABLES = (
    "mentors",
    "requests",
    "moves",
    "claims",
    "drafts",
    "tries",
    "keep_separate",
    "audit",
    "keep_separate_of",
    "audit_head",
)
T = TypeVar("T")
PEOPLE = ("ana", "bob", "cy", "dee")
LIVED = ("loss", "recovery", "family")


NTH = st.integers(0, 11)  # one of those that are there then
ANSWERS = st.sampled_from(("accept", "decline", "meet", "close", "hand-back"))


def nth(those: Sequence[T], number: int) -> T:
    """What is drawn must not hang on what a race left."""
    return those[number % len(those)]


def machine(url: str) -> type[RuleBasedStateMachine]:
    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.runner = asyncio.Runner()
            self.store: Store = open_store(url)
            self.do(self.store.open())
            self.requests = Requests(self.store, SECRET)
            self.audit = Audit(self.store, SECRET)
            self.people = People(self.store, self.audit, self.requests)
            self.now = START
            self.apart: set[tuple[str, str]] = set()  # mentor, person: by their name
            self.unnamed: set[tuple[str, str]] = set()  # and by their chat
            self.room: dict[str, int] = {}  # the most a mentor could ever carry

        def do(self, awaited):  # noqa: ANN001, ANN202
            return self.runner.run(awaited)

        async def _empty(self) -> None:
            from bot.store import Write

            await self.store.write(*(Write(f"DELETE FROM {table}") for table in TABLES))

        @initialize(capacities=st.lists(st.integers(1, 3), min_size=2, max_size=4))
        def people_there(self, capacities: list[int]) -> None:
            self.do(self._empty())
            for number, capacity in enumerate(capacities):
                mentor = Mentor(
                    f"m-{number}", f"M{number}", frozenset({"prison"}), ("en", "es")[: number % 2 + 1],
                    frozenset(LIVED[number % 3 :]), capacity=capacity,
                )  # fmt: skip
                kept = self.do(self.people.keep("kim", mentor, self.now))
                self.room[kept.id] = capacity

        def teardown(self) -> None:
            self.do(self.store.close())
            self.runner.close()

        # ── what people do ─────────────────────────────────────────────────────────────────────

        async def _act(self, person: str, kind: str, **answers: str) -> None:
            key = f"telegram-{person}"
            acts = [Act(kind, answers=answers, setting="prison")]
            if kind == "ask":
                drafts = [
                    Act("draft", name="words", words="hey"),
                    Act("draft", name="found", words=person),
                ]
                await self.store.write(
                    *await self.requests.writes(key, drafts, self.now, lambda _: True)
                )
            await self.store.write(*await self.requests.writes(key, acts, self.now, lambda _: True))

        @rule(
            person=st.sampled_from(PEOPLE),
            about=st.sampled_from(("", *LIVED)),
            language=st.sampled_from(("", "es")),
            others=st.sampled_from(("yes", "no")),
            mentor=NTH,
        )
        def asks(self, person: str, about: str, language: str, others: str, mentor: int) -> None:
            picked = nth(["", *(m.id for m in self._mentors())], mentor)
            self.do(
                self._act(
                    person, "ask", about=about, language=language, mentor=picked, others=others
                )
            )

        @rule(
            person=st.sampled_from(PEOPLE),
            kind=st.sampled_from(("cancel", "anyone", "switch", "unsay", "renew")),
        )
        def changes(self, person: str, kind: str) -> None:
            self.do(self._act(person, kind))

        @precondition(lambda self: self._open())
        @rule(request_=NTH, answers=st.lists(st.tuples(ANSWERS, NTH), min_size=1, max_size=4))
        def mentors_at_once(self, request_: int, answers: list[tuple[str, int]]) -> None:
            """Several of them answer for the same request at the same moment."""
            request = nth(self._open(), request_)
            mentors = self._mentors()
            moves = [(kind, nth(mentors, one).id) for kind, one in answers]

            async def race() -> list[Request | life.Refused]:
                return await asyncio.gather(
                    *(
                        self.requests.move(
                            request.id,
                            Move(
                                kind,
                                By("mentor", one),
                                self.now,
                                why="full" if kind in {"decline", "hand-back"} else "",
                            ),
                        )
                        for kind, one in moves
                    )
                )

            before = Counter(self._log(request.id))
            results = self.do(race())
            added = Counter(self._log(request.id)) - before
            made = Counter(
                (kind, one)
                for (kind, one), result in zip(moves, results, strict=True)
                if isinstance(result, Request)
            )
            assert +Counter({k: n for k, n in added.items() if k[1]}) == made
            assert sum(n for (kind, _), n in made.items() if kind == "accept") <= 1

        @precondition(lambda self: self._open())
        @rule(mentor=NTH)
        def yes_to_all(self, mentor: int) -> None:
            """One mentor, at the same moment, in two windows: the places they have are given once."""
            asked = {one for request in self._open() for one in request.offered}
            one = nth(sorted(asked or {m.id for m in self._mentors()}), mentor)
            offers = [request for request in self._open() if one in request.offered]
            before = self._carried(one)
            left = max(0, self._mentor(one).capacity - before)

            async def race() -> list[Request | life.Refused]:
                move = Move("accept", By("mentor", one), self.now)
                return await asyncio.gather(
                    *(self.requests.move(request.id, move) for request in offers * 2)
                )

            results = self.do(race())
            said = [result.code for result in results if isinstance(result, life.Refused)]
            assert set(said) <= {"full", "too-late"}, said
            given = self._carried(one) - before
            by_hand = sum(request.by_hand for request in offers)
            assert given == sum(isinstance(result, Request) for result in results)
            assert min(left, len(offers)) <= given <= min(left + by_hand, len(offers))

        @rule(mentor=NTH, capacity=st.integers(1, 3))
        def can_carry(self, mentor: int, capacity: int) -> None:
            one = nth([m for m in self._mentors() if not m.retired], mentor)
            self.do(self.people.keep("kim", replace(one, capacity=capacity), self.now))
            self.room[one.id] = max(self.room[one.id], capacity)

        @precondition(lambda self: self._open())
        @rule(request_=NTH, mentor=NTH)
        def asked_by_hand(self, request_: int, mentor: int) -> None:
            request = nth(self._open(), request_)
            free = [m for m in self._mentors() if m.takes]
            if not free:
                return
            one = nth(free, mentor).id
            by = By("coordinator", "kim")
            moved = self.do(self.requests.assign(request.id, one, by, self.now))
            if (one, self._person_of(request)) in self.apart | self.unnamed:
                assert moved == life.Refused("kept-apart")
            else:
                assert isinstance(moved, Request)
                assert moved.offered == (one,)

        @rule(hours=st.sampled_from((1, 25, 49, 24 * 8, 24 * 31)))
        def time_goes_by(self, hours: int) -> None:
            """And two processes look at the same moment what is due."""
            self.now += hours * life.HOUR

            async def both() -> None:
                await asyncio.gather(self.requests.tend(self.now), self.requests.tend(self.now))

            self.do(both())
            for request in self._open():
                assert life.due(request, self.now) == ""

        @rule(mentor=NTH, paused=st.booleans())
        def rests(self, mentor: int, paused: bool) -> None:
            one = nth(self._mentors(), mentor)
            self.do(self.people.pause("kim", one.id, self.now, paused=paused))

        @precondition(lambda self: sum(not m.retired for m in self._mentors()) > 1)
        @rule(mentor=NTH)
        def retires(self, mentor: int) -> None:
            one = nth(self._mentors(), mentor)
            self.do(self.people.retire("kim", one.id, self.now))

        @rule(mentor=NTH, person=st.sampled_from(PEOPLE))
        def kept_apart(self, mentor: int, person: str) -> None:
            one = nth(self._mentors(), mentor)
            self.do(self.people.keep_apart("kim", one.id, person, "", self.now))
            self.apart.add((one.id, person))
            self.do(self.requests.tend(self.now))

        @precondition(lambda self: self._open())
        @rule(request_=NTH, mentor=NTH)
        def not_this_mentor(self, request_: int, mentor: int) -> None:
            request = nth(self._open(), request_)
            one = nth(self._mentors(), mentor).id
            done = self.do(self.people.not_this_mentor("kim", request.id, one, self.now))
            assert isinstance(done, Request) == (request.state in UNMATCHED)
            if isinstance(done, Request):
                self.unnamed.add((one, self._person_of(request)))

        @rule(person=st.sampled_from(PEOPLE))
        def forgets(self, person: str) -> None:
            self.do(self._act(person, "forget"))
            self.unnamed = {pair for pair in self.unnamed if pair[1] != person}
            owners = self.do(self.store.rows("SELECT owner FROM keep_separate_of"))
            assert (f"telegram-{person}",) not in owners

        # ── what has to hold ───────────────────────────────────────────────────────────────────

        def _mentors(self) -> list[Mentor]:
            return self.do(self.people.all())

        def _mentor(self, one: str) -> Mentor:
            return next(mentor for mentor in self._mentors() if mentor.id == one)

        def _carried(self, one: str) -> int:
            return sum(o.mentor == one and o.state in CARRIED for o in self._open())

        def _open(self) -> list[Request]:
            return sorted(self.do(self.requests.open()), key=self._person_of)

        def _log(self, one: str) -> list[tuple[str, str]]:
            rows = self.do(
                self.store.rows(
                    "SELECT kind, by_id, role FROM moves WHERE request = ? ORDER BY number", one
                )
            )
            return [(str(kind), str(by) if role == "mentor" else "") for kind, by, role in rows]

        @invariant()
        def the_log_leads_to_the_state(self) -> None:
            rows = self.do(self.store.rows("SELECT id, version, body, state, words FROM requests"))
            for one, version, body, state, words in rows:
                request = self.do(self.requests.get(str(one)))
                assert request is not None
                assert (request.version, request.state) == (version, state), body
                moves = self.do(
                    self.store.rows(
                        "SELECT number, at, kind, role, by_id, mentors, why FROM moves "
                        "WHERE request = ? ORDER BY number",
                        one,
                    )
                )
                assert [row[0] for row in moves] == list(range(request.version + 1))
                replayed = Request(
                    request.id, "asked", 0, request.asked_at, request.asked_at, request.asked_at,
                )  # fmt: skip
                for _, at, kind, role, by, mentors, why in moves[1:]:
                    move = Move(kind, By(role, by), at, tuple(str(mentors).split()), why)
                    after = life.after(replayed, move)
                    assert isinstance(after, Request), (kind, replayed)
                    replayed = after
                assert (replayed.state, replayed.mentor, replayed.offered, replayed.passed) == (
                    request.state, request.mentor, request.offered, request.passed,
                )  # fmt: skip
                if life.ends(request):
                    assert words is None

        @invariant()
        def nobody_carries_too_much_or_is_asked_wrongly(self) -> None:
            mentors = {mentor.id: mentor for mentor in self._mentors()}
            carried: Counter[str] = Counter()
            for request in self._open():
                if request.state in CARRIED:
                    carried[request.mentor] += not request.by_hand
                    assert not mentors[request.mentor].retired
                for one in request.offered:
                    assert mentors[one].takes
                    person = self._person_of(request)
                    assert (one, person) not in self.apart | self.unnamed
                    carried[one] += not request.by_hand
            for one, count in carried.items():
                assert count <= self.room[one], (one, count)

        def _person_of(self, request: Request) -> str:
            rows = self.do(self.store.rows("SELECT key FROM claims WHERE id = ?", request.id))
            return str(rows[0][0]).removeprefix("telegram-")

        @invariant()
        def the_audit_log_is_whole(self) -> None:
            assert self.do(self.audit.check()) == []

    return Life


def test_whatever_happens(store_url: str) -> None:
    run_state_machine_as_test(
        machine(store_url),
        settings=settings(max_examples=15, stateful_step_count=25, deadline=None),
    )


async def test_of_two_yeses_for_one_place_one_wins(store_url: str) -> None:
    """From two processes, and again and again: which is first is up to the store."""
    stores = [open_store(store_url)]
    await stores[0].open()
    if store_url != "memory:":
        stores.append(open_store(store_url))
        await stores[1].open()
    desks = [Requests(store, SECRET) for store in stores]
    people = People(stores[0], Audit(stores[0], SECRET), desks[0])
    mentor = Mentor("m-1", "Ann", frozenset({"prison"}), capacity=2)
    try:
        for number in range(12):
            await people.keep("kim", mentor, START)
            for one in "ab":
                acts = [Act("ask", setting="prison")]
                writes = await desks[0].writes(f"telegram-{one}{number}", acts, START, str)
                await stores[0].write(*writes)
            await people.keep("kim", replace(mentor, capacity=1), START)
            first, second = await desks[0].open()
            assert first.offered == second.offered == ("m-1",)
            yes = Move("accept", By("mentor", "m-1"), START)
            results = await asyncio.gather(
                desks[0].move(first.id, yes), desks[-1].move(second.id, yes)
            )
            assert life.Refused("full") in results
            assert [o.state for o in await desks[0].open()].count("accepted") == 1
            # But what the coordinator asks by hand they may carry.
            left = next(o for o in await desks[0].open() if o.state == "offered")
            by = By("coordinator", "kim")
            assert await desks[0].move(left.id, yes) == life.Refused("full")
            assert isinstance(await desks[0].assign(left.id, "m-1", by, START), Request)
            assert isinstance(await desks[0].move(left.id, yes), Request)
            for request in await desks[0].open():
                await desks[0].move(request.id, Move("close", by, START))
    finally:
        for store in stores:
            await store.close()
