"""Many people who talk at once, and whoever kills the house they talk to."""

import asyncio
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from benchmarks import shipped
from benchmarks.kill.person import Found, Person
from bot.engine.content import Content
from bot.engine.model import Turn
from bot.store.base import decode_conversation, decode_reply

T = TypeVar("T")
COMMITS = 8  # where SQLite's index of a write-ahead log counts them (walformat.html)


class Gone(Exception):
    """The house died before it answered."""


class TooFast(Exception):
    """Not answered yet: wait so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class Visit(Protocol):
    """One person's way to the house. What raises Gone is tried again when the house is back."""

    async def begin(self) -> tuple[str, Sequence[str]]:
        """A new session: its key, and the ids of the options that are shown."""

    def turn(self, picked: str, text: str) -> Turn:
        """The turn that this will be. Said twice, it is the same one."""

    async def say(self, turn: Turn) -> bool:
        """True if it is acknowledged, False if it is answered but was not kept."""

    async def look(self) -> Sequence[str]:
        """The ids of the options that are shown now."""

    async def leave(self) -> None:
        """Nobody comes this way any more."""


class House(Protocol):
    """A process with a store in a file."""

    path: Path  # of the store

    async def start(self) -> None:
        """Until it takes turns."""

    async def kill(self) -> None:
        """SIGKILL, in whatever it is doing."""

    def visit(self) -> Visit:
        """A way for one person after the other."""


@dataclass(frozen=True)
class Plan:
    """What is to be done to the house."""

    turns: int = 10_000
    kills: int = 20  # the last when everybody has finished
    early: int = 2  # kills before it has even started
    people: int = 64  # at once
    seed: int = 0


@dataclass
class Figures:
    """What was found."""

    turns: int = 0  # acknowledged
    kills: int = 0
    caught: int = 0  # turns that were on their way when it was killed …
    done: int = 0  # … of which so many were done by then, though nobody had been told
    again: int = 0  # turns that were sent again
    anew: int = 0  # wishes to be forgotten that were fulfilled before it could be said
    lost: int = 0
    twice: int = 0
    unkept: int = 0  # answered, but not kept
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)  # whatever else is not as it must be

    @property
    def good(self) -> bool:
        return not (self.lost or self.twice or self.unkept or self.faults)


class Ward:
    """The people, the house, and the kills."""

    def __init__(self, house: House, plan: Plan, content: Content) -> None:
        self.house, self.plan, self.content = house, plan, content
        self.chance = random.Random(plan.seed)
        # Words that alarm are a turn of their own each time they are sent, so that none of them
        # is ever taken for a repetition (see Kiosk._turn_id): they can't be followed by an id.
        self.messages = [m for m in shipped.messages() if content.guard.hear(m) is None]
        self.people: list[Person] = []
        self.figures = Figures()
        self._up = asyncio.Event()
        self._starts = 0
        self._under_way = 0

    async def run(self) -> Figures:
        began = time.perf_counter()
        for _ in range(self.plan.early):
            await self._die_young()
        tasks: list[asyncio.Task[None]] = []
        try:
            await self._open()
            tasks = [asyncio.create_task(self._visit(n)) for n in range(self.plan.people)]
            tasks.append(asyncio.create_task(self._kill_now_and_then()))
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.house.kill()
        self.figures.kills += 1
        self._judge()
        self.figures.seconds = time.perf_counter() - began
        return self.figures

    # ── people ─────────────────────────────────────────────────────────────────────────────────

    @property
    def _enough(self) -> bool:
        return self.figures.turns >= self.plan.turns

    async def _visit(self, number: int) -> None:
        visit = self.house.visit()
        chance = random.Random(f"{self.plan.seed}/{number}")
        while not self._enough:
            key, shown = await self._until(visit.begin)
            person = Person(self.content, key, chance)
            self.people.append(person)
            starts = self._starts
            while not (person.finished or self._enough):
                if starts != self._starts and person.done:
                    # As somebody does who saw the page break: what was answered, once more.
                    starts = self._starts
                    self.figures.again += 1
                    await self._said(visit, person.done[-1].turn)
                    await self._look(visit, person)
                turn = visit.turn(*person.words(shown, self.messages))
                person.says(turn)
                await self._said(visit, turn)
                person.acknowledged()
                self.figures.turns += 1
                if not person.gone:
                    shown = await self._look(visit, person)
        await visit.leave()

    async def _said(self, visit: Visit, turn: Turn) -> None:
        """Said, and said again, until it is acknowledged."""
        while True:
            try:
                async with self._through():
                    kept = await visit.say(turn)
            except Gone:
                self.figures.again += 1
                continue
            except TooFast as wait:
                await asyncio.sleep(wait.seconds)
                continue
            if kept:
                return
            self.figures.unkept += 1

    async def _look(self, visit: Visit, person: Person) -> Sequence[str]:
        shown = list(await self._until(visit.look))
        expected = [option.id for option in person.done[-1].outcome.reply.options]
        if shown != expected:
            self.figures.faults.append("shown: another reply than was given")
        return expected

    async def _until(self, ask: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                async with self._through():
                    return await ask()
            except Gone:
                continue

    @asynccontextmanager
    async def _through(self) -> AsyncIterator[None]:
        await self._up.wait()
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    # ── kills ──────────────────────────────────────────────────────────────────────────────────

    async def _die_young(self) -> None:
        starting = asyncio.create_task(self.house.start())
        await asyncio.wait([starting], timeout=self.chance.uniform(0.2, 4.0))
        await self.house.kill()
        await asyncio.gather(starting, return_exceptions=True)
        self.figures.kills += 1

    async def _open(self) -> None:
        await self.house.start()
        self._starts += 1
        self._up.set()

    async def _kill_now_and_then(self) -> None:
        share = self.plan.turns / self.plan.kills
        for number in range(1, self.plan.kills):
            mark = share * (number - self.chance.random() / 2)
            # Nobody whose wish is asked anew is asked a third time: one can't tell it then.
            while self.figures.turns < mark or self._somebody_asks_anew():  # noqa: ASYNC110 - rare
                await asyncio.sleep(0.002)
            await asyncio.sleep(self.chance.random() / 50)
            self._up.clear()
            if number % 3:
                self._await_a_commit()
            await self.house.kill()
            self.figures.kills += 1
            while self._under_way:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.002)
            self._judge()
            await self._open()

    def _somebody_asks_anew(self) -> bool:
        return any(person.anew for person in self.people)

    def _await_a_commit(self) -> None:
        """Until something is committed, or a moment after: a turn that is in the file before
        anybody is told is the one to be caught. Nobody is served meanwhile, they only wait."""
        index = os.open(f"{self.house.path}-shm", os.O_RDONLY)
        try:
            until = time.perf_counter() + 0.05
            seen = os.pread(index, 4, COMMITS)
            while os.pread(index, 4, COMMITS) == seen and time.perf_counter() < until:
                pass
        finally:
            os.close(index)
        time.sleep(self.chance.random() / 2000)

    # ── what is found ──────────────────────────────────────────────────────────────────────────

    def _judge(self) -> None:
        """Compare the file with what was acknowledged. On a copy: to open it is to mend it."""
        figures = self.figures
        with tempfile.TemporaryDirectory() as folder:
            for path in self.house.path.parent.glob(f"{self.house.path.name}*"):
                if not path.name.endswith("-shm"):
                    shutil.copy(path, folder)
            store = Store(Path(folder) / self.house.path.name)
        figures.faults += [f"integrity: {said}" for said in store.unsound]
        counted: Counter[tuple[str, str]] = Counter()
        for person in self.people:
            found = store.of(person.key)
            faults = [] if person.faulty else person.faults(found)
            person.faulty = person.faulty or bool(faults)  # what is wrong is told once
            figures.lost += faults.count("lost")
            figures.twice += faults.count("twice")
            figures.faults += [said for said in faults if said not in {"lost", "twice"}]
            counted += person.counted(found)
            figures.caught += person.pending is not None
            figures.done += person.committed(found)
            figures.anew += person.found(found)
        for note in sorted({*counted, *store.notes}):
            if counted[note] != store.notes[note]:
                said = f"counted: {' '.join(note)} {store.notes[note]} times, not {counted[note]}"
                figures.faults.append(said)


class Store:
    """All that a file holds."""

    def __init__(self, path: Path) -> None:
        self._people: dict[str, Found] = {}
        self.notes: Counter[tuple[str, str]] = Counter()
        with closing(sqlite3.connect(path)) as db:
            self.unsound = [row[0] for row in db.execute("PRAGMA integrity_check")]
            if self.unsound == ["ok"]:
                self.unsound = []
            for key, version, body in db.execute("SELECT key, version, body FROM conversations"):
                found = self._people.setdefault(key, Found())
                found.version, found.conversation = version, decode_conversation(body)
            for key, turn, body in db.execute("SELECT key, turn, body FROM replies"):
                self._people.setdefault(key, Found()).replies[turn] = decode_reply(body)
            for key, turn, number, kind in db.execute("SELECT key, turn, number, kind FROM acts"):
                self._people.setdefault(key, Found()).acts.append((turn, number, kind))
            for kind, name, count in db.execute(
                "SELECT kind, id, sum(count) FROM notes GROUP BY 1, 2"
            ):
                self.notes[kind, name] = count

    def of(self, key: str) -> Found:
        return self._people.get(key) or Found()
