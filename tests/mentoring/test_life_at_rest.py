"""The life of a request on every store, against what life.py says, with mentors, the person, the
coordinator and two clocks all at once.

What must hold after whatever happens: the log is whole and leads to the state that is kept; nobody
carries more than they can; nobody is asked whom staff keep apart, who rests or who has left; and
what has ended holds no words.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
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
from bot.peers.model import CARRIED, By, Mentor, Move, Request
from bot.store import Store, open_store

SECRET = b"a secret of the tests"
START = 1_795_000_000.0
TABLES = ("mentors", "requests", "moves", "claims", "drafts", "tries", "keep_separate", "audit")
PEOPLE = ("ana", "bob", "cy", "dee")
LIVED = ("loss", "recovery", "family")
ROOT = Path(__file__).resolve().parents[2]


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
            self.apart: set[tuple[str, str]] = set()  # mentor, person

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
                    "", f"M{number}", frozenset({"prison"}), ("en", "es")[: number % 2 + 1],
                    frozenset(LIVED[number % 3 :]), capacity=capacity,
                )  # fmt: skip
                self.do(self.people.keep("kim", mentor, self.now))

        def teardown(self) -> None:
            self.do(self.store.close())
            self.runner.close()

        # ── what people do ─────────────────────────────────────────────────────────────────────

        async def _act(self, person: str, kind: str, **answers: str) -> None:
            key = f"kiosk-{person}"
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
            data=st.data(),
        )
        def asks(self, person: str, about: str, language: str, others: str, data) -> None:  # noqa: ANN001
            picked = data.draw(st.sampled_from(["", *(m.id for m in self._mentors())]))
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
        @rule(data=st.data())
        def mentors_at_once(self, data) -> None:  # noqa: ANN001
            """Several of them answer for the same request at the same moment."""
            request = data.draw(st.sampled_from(self._open()))
            ids = [mentor.id for mentor in self._mentors()]
            moves = data.draw(
                st.lists(
                    st.tuples(
                        st.sampled_from(("accept", "decline", "meet", "close", "hand-back")),
                        st.sampled_from(ids),
                    ),
                    min_size=1,
                    max_size=4,
                )
            )

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

        @rule(hours=st.sampled_from((1, 25, 49, 24 * 8, 24 * 31)))
        def time_goes_by(self, hours: int) -> None:
            """And two processes look at the same moment what is due."""
            self.now += hours * life.HOUR

            async def both() -> None:
                await asyncio.gather(self.requests.tend(self.now), self.requests.tend(self.now))

            self.do(both())
            for request in self._open():
                assert life.due(request, self.now) == ""

        @rule(data=st.data(), paused=st.booleans())
        def rests(self, data, paused: bool) -> None:  # noqa: ANN001
            one = data.draw(st.sampled_from(self._mentors()))
            self.do(self.people.pause("kim", one.id, self.now, paused=paused))

        @precondition(lambda self: sum(not m.retired for m in self._mentors()) > 1)
        @rule(data=st.data())
        def retires(self, data) -> None:  # noqa: ANN001
            one = data.draw(st.sampled_from(self._mentors()))
            self.do(self.people.retire("kim", one.id, self.now))

        @rule(data=st.data(), person=st.sampled_from(PEOPLE))
        def kept_apart(self, data, person: str) -> None:  # noqa: ANN001
            one = data.draw(st.sampled_from(self._mentors()))
            self.do(self.people.keep_apart("kim", one.id, person, "", self.now))
            self.apart.add((one.id, person))
            self.do(self.requests.tend(self.now))

        # ── what has to hold ───────────────────────────────────────────────────────────────────

        def _mentors(self) -> list[Mentor]:
            return self.do(self.people.all())

        def _open(self) -> list[Request]:
            return self.do(self.requests.open())

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
                    carried[request.mentor] += 1
                    assert not mentors[request.mentor].retired
                for one in request.offered:
                    assert mentors[one].takes
                    person = self._person_of(request)
                    assert (one, person) not in self.apart
                    carried[one] += 1
            for one, count in carried.items():
                assert count <= mentors[one].capacity, (one, count)

        def _person_of(self, request: Request) -> str:
            rows = self.do(self.store.rows("SELECT key FROM claims WHERE id = ?", request.id))
            return str(rows[0][0]).removeprefix("kiosk-")

        @invariant()
        def the_audit_log_is_whole(self) -> None:
            assert self.do(self.audit.check()) == []

    return Life


def test_whatever_happens(store_url: str) -> None:
    run_state_machine_as_test(
        machine(store_url),
        settings=settings(max_examples=12, stateful_step_count=20, deadline=None),
    )


FEED = """
import asyncio, sys
from bot.engine.model import Act
from bot.mentoring.requests import Requests
from bot.peers.model import By, Move
from bot.store import open_store

async def main(url):
    store = open_store(url)
    await store.open()
    requests = Requests(store, b"a secret of the tests")
    number = 0
    while True:
        number += 1
        key, now = f"kiosk-{sys.argv[2]}-{number}", 1_795_000_000.0 + number
        acts = [Act("ask", setting="prison")]
        await store.write(*await requests.writes(key, acts, now, lambda _: True))
        [row] = await store.rows("SELECT id FROM claims WHERE key = ?", key)
        print("asked", row[0], flush=True)
        for kind in ("accept", "meet", "close"):
            await requests.move(row[0], Move(kind, By("mentor", "m-1"), now))
            print(kind, row[0], flush=True)

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.kill
def test_killed_in_the_middle_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    acknowledged: list[tuple[str, str]] = []

    async def mentor_there() -> None:
        store = open_store(url)
        await store.open()
        requests = Requests(store, SECRET)
        people = People(store, Audit(store, SECRET), requests)
        await people.keep("kim", Mentor("m-1", "M", frozenset({"prison"}), capacity=9), START)
        await store.close()

    asyncio.run(mentor_there())
    for round_ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", FEED, url, str(round_)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        for count, line in enumerate(process.stdout):
            kind, _, one = line.strip().partition(" ")
            acknowledged.append((kind, one))
            if count == 40:
                os.kill(process.pid, signal.SIGKILL)
                break
        rest = process.stdout.read().split()
        acknowledged += list(zip(rest[::2], rest[1::2], strict=False))
        process.wait()
        process.stdout.close()

    async def look() -> None:
        store = open_store(url)
        await store.open()
        rows = await store.rows("SELECT kind, request FROM moves")
        kept = Counter((str(kind), str(one)) for kind, one in rows)
        for kind, one in acknowledged:
            assert kept[{"asked": "ask"}.get(kind, kind), one] == 1
        assert await store.check() == []
        await store.close()

    assert len(acknowledged) > 100
    asyncio.run(look())
