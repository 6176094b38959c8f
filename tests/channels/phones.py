"""A Telegram bot that runs against tests/channels/botapi.py, in the test's own event loop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from bot.channels.inbox import Inbox
from bot.channels.person import Persons
from bot.channels.telegram.bot import CHANNEL, Telegram
from bot.channels.telegram.pacing import Pacing
from bot.channels.telegram.ways_in import WaysIn
from bot.engine.content import Content
from bot.sealing import Seal
from bot.service import Service
from bot.store import Store
from tests.channels.botapi import TOKEN, BotApi

SECRET = b"a secret of the tests"


@dataclass
class Phone:
    """One running bot, and the server it talks to."""

    api: BotApi
    service: Service
    inbox: Inbox
    telegram: Telegram
    ways_in: WaysIn

    async def answered_after(self, count: int, seconds: float = 15.0) -> None:
        """Until the last so many updates are answered."""
        last = range(self.api.next_update - count, self.api.next_update)
        await until(lambda: set(last) <= set(self.api.delivered), seconds)
        await settled(self.inbox, seconds)

    async def say(self, chat: int, text: str, language: str = "en") -> str:
        """Say something; what is answered by then, as one text."""
        return await self._after(chat, lambda: self.api.says(chat, text, language))

    async def tap(self, chat: int, label: str, language: str = "en") -> str:
        return await self._after(chat, lambda: self.api.taps(chat, label, language))

    async def _after(self, chat: int, do: Callable[[], int]) -> str:
        before = {m["message_id"]: m["text"] for m in self.api.of(chat)}
        number = do()
        await until(lambda: number in self.api.delivered)
        # Under polling an update is acknowledged by the next question for more.
        await settled(self.inbox)
        new = [m["text"] for m in self.api.of(chat) if before.get(m["message_id"]) != m["text"]]
        return "\n\n".join(text for text in new if "▸" not in text)


async def until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)


async def settled(inbox: Inbox, seconds: float = 15.0) -> None:
    """Until nothing waits in the inbox, and what is left over has been put away."""
    async with asyncio.timeout(seconds):
        for _ in range(3):
            await asyncio.sleep(0.02)
            while (  # noqa: ASYNC110 - as above
                await inbox.store.rows("SELECT 1 FROM inbox WHERE state = 'waiting' LIMIT 1")
                or inbox._held
            ):
                await asyncio.sleep(0.01)


def a_phone(api: BotApi, content: Content, store: Store, per_second: float = 1000.0) -> Phone:
    service = Service(content, store, SECRET)
    telegram = Telegram(Persons(service, Seal(SECRET)), TOKEN, api.url, Pacing(per_second))
    inbox = Inbox(store, Seal(SECRET), {CHANNEL: telegram.work})
    return Phone(api, service, inbox, telegram, WaysIn(telegram, inbox, SECRET))


@contextlib.asynccontextmanager
async def polling(
    api: BotApi, content: Content, store: Store, per_second: float = 1000.0
) -> AsyncIterator[Phone]:
    """A bot that polls until the block ends."""
    phone = a_phone(api, content, store, per_second)
    tasks = [asyncio.create_task(phone.inbox.run()), asyncio.create_task(phone.ways_in.poll())]
    try:
        yield phone
    finally:
        phone.ways_in.stop()
        phone.inbox.stop()
        await asyncio.wait_for(asyncio.gather(*tasks), 15)
        await phone.telegram.close()
