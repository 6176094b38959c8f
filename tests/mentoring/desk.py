"""A process full of people and mentors, to be killed: `python -m tests.mentoring.desk URL NUMBER`.

Whatever it tries it says before, and what came of it after, a line each:

    try 17 move accept 6f0c… m-2        before a move of somebody's
    did 17 done                         it is acknowledged; or `refused`
"""

import asyncio
import itertools
import random
import sys
from collections.abc import Awaitable, Callable
from functools import partial

from bot.engine.model import Act
from bot.mentoring.audit import Audit
from bot.mentoring.people import People
from bot.mentoring.requests import Requests
from bot.peers import life
from bot.peers.model import By, Move, Request
from bot.store import Conflict, Store, StoreProblem, open_store

SECRET = b"a secret of the tests"
NOON = 1_795_000_000.0
MENTORS = ("m-0", "m-1", "m-2")
CAPACITY = 2


class Desk:
    """All of it over one store, at random."""

    def __init__(self, store: Store, number: str) -> None:
        self.store, self.number = store, number
        self.requests = Requests(store, SECRET)
        self.people = People(store, Audit(store, SECRET), self.requests)
        self.chance = random.Random(number)
        self.count = itertools.count()
        self.now = NOON

    async def says(self, what: str, do: Callable[[], Awaitable[object]]) -> None:
        one = next(self.count)
        print("try", one, what, flush=True)
        try:
            done = await do()
        except Conflict:
            done = life.Refused("overtaken")
        print("did", one, "refused" if isinstance(done, life.Refused) else "done", flush=True)

    async def ask(self, person: int) -> None:
        """Somebody asks, thinks better of it, or asks again."""
        for number in itertools.count():
            key = f"telegram-{self.number}-{person}-{number}"
            await self.says(f"ask {key}", partial(self._act, key, "ask"))
            await asyncio.sleep(self.chance.random() / 20)
            if self.chance.random() < 0.3:
                await self.says(f"cancel {key}", partial(self._act, key, "cancel"))

    async def _act(self, key: str, kind: str) -> object:
        draft = Act("draft", name="words", words="hey")
        acts = [Act(kind, setting="prison")]
        if kind == "ask":
            await self._write(key, [draft])
        return await self._write(key, acts)

    async def _write(self, key: str, acts: list[Act]) -> object:
        writes = await self.requests.writes(key, acts, self.now, lambda _: True)
        if not writes:
            return life.Refused("nothing")
        await self.store.write(*writes)
        return None

    async def answer(self, mentor: str) -> None:
        """A mentor answers whatever is theirs, several at the same moment."""
        while True:
            mine = [one for one in await self.requests.open() if mentor in self._of(one)]
            self.chance.shuffle(mine)
            await asyncio.gather(*(self._move(one, mentor) for one in mine[:3]))
            await asyncio.sleep(0.01)

    def _of(self, request: Request) -> tuple[str, ...]:
        return (*request.offered, request.mentor)

    async def _move(self, request: Request, mentor: str) -> None:
        kinds = ("accept", "accept", "decline") if request.state == "offered" else ("meet", "close")
        kind = self.chance.choice(kinds)
        move = Move(kind, By("mentor", mentor), self.now, why="full" if kind == "decline" else "")
        await self.says(
            f"move {kind} {request.id} {mentor}", lambda: self.requests.move(request.id, move)
        )

    async def tend(self) -> None:
        """The clock, and a coordinator who writes in the audit log."""
        while True:
            self.now += life.HOUR
            await self.requests.tend(self.now)
            one = self.chance.choice(MENTORS)
            paused = self.chance.random() < 0.2
            name = f"{self.number}-{next(self.count)}"
            pause = partial(self.people.pause, name, one, self.now, paused=paused)
            await self.says(f"audit {name}", pause)
            await asyncio.sleep(0.02)


async def main(url: str, number: str) -> None:
    store = open_store(url)
    await store.open()
    desk = Desk(store, number)
    print("ready", flush=True)
    async with asyncio.TaskGroup() as group:
        for person in range(4):
            group.create_task(going_on(partial(desk.ask, person)))
        for mentor in MENTORS:
            group.create_task(going_on(partial(desk.answer, mentor)))
        group.create_task(going_on(desk.tend))


async def going_on(do: Callable[[], Awaitable[None]]) -> None:
    """A file that is busy for two seconds is no reason to go home."""
    while True:
        try:
            await do()
        except StoreProblem as problem:
            print("problem", problem, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
