"""Requests, when processes are killed (SIGKILL) in the midst of moves, on every store that lasts.

Two processes work over one store, each with people who ask, mentors who answer several at once, and
a clock. They are killed one after the other, and others take their place. The model is what they
said: each try is acknowledged, refused, or was in the air when its process died. So afterwards

- what was acknowledged is there, once; what was refused is not; what was in the air, once at most;
- nothing is half done: each request stands where its moves lead, they are counted, it can be found
  again, and what has ended holds no words;
- nobody carries more than they can, and the audit log is whole.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from threading import Thread

import pytest

from bot.mentoring.audit import Audit
from bot.mentoring.people import People
from bot.mentoring.requests import Requests
from bot.peers import life
from bot.peers.model import CARRIED, By, Mentor, Move, Request
from bot.store import Store, open_store
from tests.mentoring.desk import CAPACITY, MENTORS, NOON, SECRET

pytestmark = pytest.mark.kill

ROOT = Path(__file__).resolve().parents[2]
KILLS = 4
SAID = 120  # lines between one kill and the next


class Process:
    """One of them, and all it said."""

    def __init__(self, url: str, number: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.mentoring.desk", url, str(number)],
            stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        self.said: list[str] = []
        self._reading = Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout
        self.said.extend(iter(self._process.stdout.readline, ""))

    async def has_said(self, lines: int) -> None:
        while len(self.said) < lines:
            assert self._process.poll() is None, self.said[-3:]
            await asyncio.sleep(0.005)

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reading.join()
        assert self._process.stdout
        self._process.stdout.close()


def outcomes(said: Iterable[str]) -> dict[str, Counter[str]]:
    """What became of each thing that one process tried: done, refused, or unknown."""
    tried: dict[str, str] = {}
    found: dict[str, Counter[str]] = {}
    for line in said:
        if not line.endswith("\n"):
            continue  # killed in the middle of a line
        word, _, rest = line.strip().partition(" ")
        number, _, what = rest.partition(" ")
        if word == "try":
            tried[number] = what
        elif word == "did":
            found.setdefault(tried.pop(number), Counter())[what] += 1
    for what in tried.values():
        found.setdefault(what, Counter())["unknown"] += 1
    return found


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_killed_in_the_midst_of_moves(store_url: str) -> None:
    everything = asyncio.run(work(store_url))
    told: dict[str, Counter[str]] = {}
    for process in everything:
        for what, counts in outcomes(process.said).items():
            told.setdefault(what, Counter()).update(counts)
    # A file that another process holds for seconds is a slow machine; a circle would be our fault.
    assert not [line for process in everything for line in process.said if "Deadlock" in line]
    assert sum(counts["done"] for counts in told.values()) > SAID
    assert sum(counts["unknown"] for counts in told.values()), "nothing was in the air"
    asyncio.run(look(store_url, told))


async def work(url: str) -> list[Process]:
    store = open_store(url)
    await store.open()
    requests = Requests(store, SECRET)
    people = People(store, Audit(store, SECRET), requests)
    for one in MENTORS:
        mentor = Mentor(one, one, frozenset({"prison"}), capacity=CAPACITY)
        await people.keep("kim", mentor, NOON)
    await store.close()
    everything = [Process(url, number) for number in range(2)]
    working = list(everything)
    try:
        for kill in range(KILLS):
            victim = working.pop(0)
            await victim.has_said(SAID + 17 * kill)
            victim.kill()
            everything.append(Process(url, len(everything)))
            working.append(everything[-1])
        await working[-1].has_said(SAID)  # what they left behind holds nobody up
    finally:
        for process in working:
            process.kill()
    return everything


async def look(url: str, told: dict[str, Counter[str]]) -> None:
    store = open_store(url)
    await store.open()
    try:
        kept = await moves_of(store)
        for what, counts in told.items():
            least, most = counts["done"], counts["done"] + counts["unknown"]
            assert least <= kept[what] <= most, (what, counts, kept[what])
        assert set(kept) <= set(told)  # nothing that nobody did
        await nothing_is_half_done(store)
        assert await Audit(store, SECRET).check() == []
        assert await store.check() == []
    finally:
        await store.close()


async def moves_of(store: Store) -> Counter[str]:
    """What is kept, in the words of the processes."""
    rows = await store.rows("SELECT kind, request, by_id FROM moves WHERE role = 'mentor'")
    kept = Counter(f"move {kind} {one} {by}" for kind, one, by in rows)
    rows = await store.rows(
        "SELECT m.kind, c.key FROM moves AS m JOIN claims AS c ON c.id = m.request "
        "WHERE m.role = 'person'"
    )
    kept.update(f"{kind} {key}" for kind, key in rows)
    rows = await store.rows("SELECT who FROM audit WHERE what LIKE 'mentor-%' AND number > ?", 3)
    kept.update(f"audit {who}" for (who,) in rows)
    return kept


async def nothing_is_half_done(store: Store) -> None:
    requests = Requests(store, SECRET)
    counted: Counter[str] = Counter()
    carried: Counter[str] = Counter()
    rows = await store.rows("SELECT id, state, version, words, claim FROM requests")
    assert rows
    for one, state, version, words, claim in rows:
        request = await requests.get(str(one))
        assert request
        assert (request.state, request.version) == (state, version)
        assert claim
        moves = await store.rows(
            "SELECT number, at, kind, role, by_id, mentors, why FROM moves "
            "WHERE request = ? ORDER BY number",
            one,
        )
        assert [row[0] for row in moves] == list(range(request.version + 1))
        at = request.asked_at
        replayed = Request(request.id, "asked", 0, at, at, at, request.wishes)
        counted[str(moves[0][2])] += 1
        for _, at, kind, role, by, mentors, why in moves[1:]:
            move = Move(kind, By(role, by), at, tuple(str(mentors).split()), why)
            after = life.after(replayed, move)
            assert isinstance(after, Request), (kind, replayed)
            replayed = after
            counted[str(kind)] += 1
        assert replayed == request
        assert (words is None) == life.ends(request)
        if request.state in CARRIED:
            carried[request.mentor] += 1
    assert all(count <= CAPACITY for count in carried.values()), carried
    notes = await store.rows(
        "SELECT id, SUM(count) FROM notes WHERE kind = 'mentoring' GROUP BY id"
    )
    assert {str(kind): int(count) for kind, count in notes} == counted
    claims = await store.rows("SELECT id FROM claims")
    assert sorted(claims) == sorted((row[0],) for row in rows)
    codes = await store.rows("SELECT key FROM drafts WHERE name = 'code'")
    assert len(codes) == len(rows)
