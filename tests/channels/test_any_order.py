"""Delivered again, delivered late, killed in between: each person has the talk they would have had
without any of it."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.request import BaseRequest

from benchmarks.kill.telegram import Human, _follow
from bot.channels import inbox as inbox_module
from bot.channels.inbox import Inbox
from bot.channels.person import Persons
from bot.channels.telegram.bot import CHANNEL, Telegram
from bot.channels.telegram.pacing import Pacing
from bot.channels.telegram.ways_in import WaysIn
from bot.engine.content import Content
from bot.engine.model import Conversation
from bot.sealing import Seal
from bot.service import Service
from bot.store import Store, open_store
from tests.channels.botapi import TOKEN, BotApi, Refused, _snake, _value
from tests.channels.phones import SECRET, settled

WORDS = ("menu", "1", "2", "back", "cant sleep", "i want to kill myself", "remind me", "no", "zzz")
CHATS = (1001, 1002, 1003)


class Straight(BaseRequest):
    """The server without a wire between, that answers after a few breaths, and now and then not."""

    def __init__(self, api: BotApi, breaths: Callable[[], int]) -> None:
        self.api, self.breaths = api, breaths

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: Any = None, **_: Any
    ) -> tuple[int, bytes]:
        for _breath in range(self.breaths()):
            await asyncio.sleep(0)
        name = url.rpartition("/")[2]
        given = request_data.json_parameters if request_data else {}
        asked = {key: _value(value) for key, value in given.items()}
        try:
            result = getattr(self.api, f"do_{_snake(name)}")(asked)
        except Refused as refused:
            body = {"ok": False, "error_code": refused.code, "description": refused.description}
            return refused.code, json.dumps(body).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()


class House:
    """A bot over a store, that can be killed and started anew over the same one."""

    def __init__(
        self, content: Content, store: Store, api: BotApi, breaths: Callable[[], int]
    ) -> None:
        self.content, self.store, self.api, self.breaths = content, store, api, breaths
        self.start()

    def start(self) -> None:
        service = Service(self.content, self.store, SECRET)
        self.telegram = Telegram(
            Persons(service, Seal(SECRET)),
            TOKEN,
            pacing=Pacing(100_000),
            request=Straight(self.api, self.breaths),
        )
        self.inbox = Inbox(self.store, Seal(SECRET), {CHANNEL: self.telegram.work})
        self.ways_in = WaysIn(self.telegram, self.inbox, SECRET)
        self.running = asyncio.create_task(self.inbox.run())

    async def kill(self) -> None:
        """As hard as a process can be killed from inside: nothing more is sent or written."""
        self.running.cancel()
        with contextlib.suppress(asyncio.CancelledError, BaseExceptionGroup):
            await self.running
        await self.telegram.close()


events = st.lists(
    st.one_of(
        st.tuples(st.just("new"), st.sampled_from(CHATS), st.sampled_from(WORDS)),
        st.tuples(st.just("again"), st.integers(0, 99), st.just("")),
        st.tuples(st.just("kill"), st.integers(0, 30), st.just("")),
        st.tuples(st.just("wait"), st.integers(0, 40), st.just("")),
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(events=events, breaths=st.lists(st.integers(0, 6), min_size=1, max_size=7))
def test_any_order_of_redelivery_and_restart_is_the_same_talk(
    content: Content, events: list[tuple[str, int, str]], breaths: list[int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbox_module, "LEASE", -1.0)  # nobody else lives: what is left over is free
        patch.setattr(inbox_module, "LOOK", 0.005)
        asyncio.run(play(content, events, breaths))


async def play(content: Content, events: list[tuple[str, int, str]], breaths: list[int]) -> None:
    store = open_store("memory:")
    await store.open()
    count = 0

    def next_breaths() -> int:
        nonlocal count
        count += 1
        return breaths[count % len(breaths)]

    api = BotApi()
    people = {chat: Human(chat) for chat in CHATS}
    house = House(content, store, api, next_breaths)
    updates: list[dict[str, Any]] = []
    try:
        for kind, number, words in events:
            if kind == "new":
                name = api.says(number, words)
                people[number].says(content, house.telegram.persons, name, words)
                updates.append({k: v for k, v in api.pending[-1].items() if k != "_chat"})
                await house.ways_in.take_in(updates[-1])
            elif kind == "again" and updates:
                await house.ways_in.take_in(updates[number % len(updates)])
            elif kind in {"kill", "wait"}:
                for _ in range(number):
                    await asyncio.sleep(0)
            if kind == "kill":
                await house.kill()
                house.start()
        await settled(house.inbox)
        for human in people.values():
            key = house.telegram.persons.service.key(CHANNEL, str(human.chat))
            saved = await store.last(key)
            assert saved.version == human.turns
            assert saved.conversation == (human.conversation if human.turns else Conversation())
            answered, _, in_order = _follow(human, api.texts(human.chat))
            assert in_order
            assert answered == len(human.updates)
        states = await store.rows("SELECT state, COUNT(*) FROM inbox GROUP BY state")
        assert states in ([], [("done", len(updates))])
    finally:
        house.inbox.stop()
        await asyncio.wait_for(house.running, 10)
        await house.telegram.close()
        await store.close()
