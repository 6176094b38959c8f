"""The straight line, with a store that is well, dead, slow or contended."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot import service as service_module
from bot.engine.content import Content
from bot.engine.model import Conversation, Turn
from bot.service import Service
from bot.store import Conflict, Saved, Store, StoreProblem, Taken
from bot.store.sqlite import MemoryStore

NEW = Conversation(language="en", setting="prison")
SECRET = b"a secret of the tests"
TYPED = "xyzzy-what-a-person-typed"


def turn(number: int | str, text: str = "", **more: Any) -> Turn:
    return Turn(str(number), text, 1.8e9, **more)


Opening = Callable[[Any], Awaitable[Any]]


@pytest.fixture
async def opened() -> AsyncIterator[Opening]:
    async with AsyncExitStack() as stack:

        async def opening(store: Any) -> Any:
            await store.open()
            stack.push_async_callback(store.close)
            return store

        yield opening


@pytest.fixture
def service(content: Content, memory: Store) -> Service:
    return Service(content, memory, SECRET)


async def test_a_key_tells_nothing_and_is_the_same_tomorrow(service: Service) -> None:
    key = service.key("sms", "+15555550100")
    assert key.startswith("sms-")
    assert "555" not in key.removeprefix("sms-")[:6] or len(key) > 40
    assert key == service.key("sms", "+15555550100")
    assert key != service.key("telegram", "+15555550100")
    assert key != Service(service.content, service.store, b"another secret").key(
        "sms", "+15555550100"
    )


async def test_a_turn_is_answered_and_kept(service: Service) -> None:
    answer = await service.handle("k", turn(1, "cant sleep"), NEW)
    assert answer.kept
    assert (await service.store.load("k", "2")).conversation.place.startswith("coping/sleep")


async def test_delivered_twice_is_done_once(service: Service) -> None:
    first = await service.handle("k", turn(1, "cant sleep"), NEW)
    again = await service.handle("k", turn(1, "cant sleep"), NEW)
    late = await service.handle("k", turn(1, "something else"), NEW)
    assert first.reply == again.reply == late.reply
    counts = await service.store.counts()
    assert sum(n for (_, kind, _), n in counts.items() if kind == "turn") == 1


async def test_messages_of_one_person_are_answered_in_order(
    service: Service, opened: Opening
) -> None:
    slow = await opened(SlowStore(0.005))
    service = Service(service.content, slow, SECRET)
    texts = ["cant sleep", "menu", "2", "back", "menu"]
    await asyncio.gather(*(service.handle("k", turn(n, text), NEW) for n, text in enumerate(texts)))
    assert [taken.turn for taken in slow.committed] == ["0", "1", "2", "3", "4"]
    assert (await slow.load("k", "x")).conversation.place == "menu/ask"


async def test_people_do_not_wait_for_each_other(service: Service, opened: Opening) -> None:
    service = Service(service.content, await opened(SlowStore(0.05)), SECRET)
    start = asyncio.get_running_loop().time()
    await asyncio.gather(*(service.handle(f"k{n}", turn(1, "menu"), NEW) for n in range(20)))
    assert asyncio.get_running_loop().time() - start < 20 * 0.1


async def test_overtaken_by_another_worker_it_tries_again(
    service: Service, opened: Opening
) -> None:
    contended = await opened(ContendedStore())
    answer = await Service(service.content, contended, SECRET).handle("k", turn(1, "menu"), NEW)
    assert answer.kept
    assert contended.refusals == 2


async def test_overtaken_for_ever_it_answers_without_keeping(
    service: Service, opened: Opening
) -> None:
    contended = await opened(ContendedStore(most=10**6))
    answer = await Service(service.content, contended, SECRET).handle("k", turn(1, "menu"), NEW)
    assert not answer.kept
    assert answer.reply.says or answer.reply.asks


@pytest.mark.parametrize("how", ["raises", "sqlite", "hangs", "hangs at commit"])
async def test_a_dead_or_slow_store_never_silences_the_guard(
    content: Content, how: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(service_module, "PATIENCE", 0.05)
    service = Service(content, DeadStore(how), SECRET)
    with caplog.at_level(logging.DEBUG):
        alarm = await service.handle("k", turn(1, f"{TYPED} i want to kill myself"), NEW)
        spanish = await service.handle("k", turn(2, "quiero morirme"), NEW)
        button = await service.handle("k", turn(3, picked="coping/sleep/ask/noise"), NEW)
        opened = await service.last("k", turn("page", silent=True), NEW)
        await service.forget("k")
    assert alarm.reply.urgent
    assert "killing yourself" in " ".join(alarm.reply.says)
    assert "matarte" in " ".join(spanish.reply.says)
    assert not any(answer.kept for answer in (alarm, spanish, button))
    assert button.reply.says or button.reply.asks
    assert opened.reply.asks
    assert caplog.records
    assert TYPED not in caplog.text
    assert "secret" not in caplog.text


def test_patience_is_two_seconds() -> None:
    assert service_module.PATIENCE == 2.0


async def test_a_talk_that_lay_idle_is_over(service: Service) -> None:
    await service.handle("k", turn(1, "cant sleep"), NEW)
    answer = await service.handle("k", Turn("2", "1", 1.8e9 + 999), NEW, not_before=1.8e9 + 500)
    assert (await service.store.load("k", "x")).version == 1  # begun anew
    assert answer.kept
    opened = await service.last("k", Turn("p", "", 2e9, silent=True), NEW, not_before=1.9e9)
    assert not opened.kept
    assert (await service.store.load("k", "x")).version == 0


async def test_the_content_can_be_swapped_between_turns(service: Service) -> None:
    await service.handle("k", turn(1, "cant sleep"), NEW)
    service.content = Content(digest="empty")
    answer = await service.handle("k", turn(2, "1"), NEW)
    assert answer.kept
    assert answer.reply.options


async def test_locks_are_let_go(service: Service) -> None:
    await asyncio.gather(*(service.handle("k", turn(n, "menu"), NEW) for n in range(5)))
    assert service._locks._held == {}


# ── stores that misbehave ──────────────────────────────────────────────────────────────────────


class SlowStore(MemoryStore):
    def __init__(self, delay: float) -> None:
        super().__init__()
        self.delay = delay
        self.committed: list[Taken] = []

    async def load(self, key: str, turn: str) -> Saved:
        await asyncio.sleep(self.delay)
        return await super().load(key, turn)

    async def commit(self, taken: Taken) -> None:
        await asyncio.sleep(self.delay)
        self.committed.append(taken)
        await super().commit(taken)


@dataclass
class ContendedStore(MemoryStore):
    most: int = 2
    refusals: int = 0
    started: bool = field(default=False)

    def __post_init__(self) -> None:
        super().__init__()

    async def commit(self, taken: Taken) -> None:
        if self.refusals < self.most:
            self.refusals += 1
            raise Conflict("overtaken")
        await super().commit(taken)


class DeadStore(MemoryStore):
    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    async def _fail(self) -> None:
        if self.how == "raises":
            raise StoreProblem("not there")
        if self.how == "sqlite":
            raise sqlite3.OperationalError(f"disk I/O error near '{TYPED}'")
        await asyncio.sleep(3600)

    async def load(self, key: str, turn: str) -> Saved:
        if self.how != "hangs at commit":
            await self._fail()
        return await super().load(key, turn)

    async def last(self, key: str) -> Saved:
        await self._fail()
        return Saved()

    async def commit(self, taken: Taken) -> None:
        await self._fail()

    async def forget(self, key: str) -> None:
        await self._fail()
