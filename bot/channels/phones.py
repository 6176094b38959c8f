"""All that answers phones in one process: an inbox, an outbox, and the channels that are set up."""

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from bot.channels.inbox import Inbox, Work
from bot.channels.outbox import Outbox
from bot.channels.person import KEPT, Persons
from bot.channels.sms import Account
from bot.sealing import Seal
from bot.service import Service
from bot.store import StoreProblem

if TYPE_CHECKING:
    from bot.channels.sms.line import Line
    from bot.channels.telegram.bot import Telegram
    from bot.channels.telegram.ways_in import WaysIn

TELEGRAM, SMS = "telegram", "sms"
SWEEP_EVERY = 3600.0  # seconds between looks for talks that lie still
PATIENCE = 10.0  # seconds that what is being answered has, when the process is to stop

log = logging.getLogger("peerpath")


@dataclass(frozen=True, slots=True)
class Setup:
    """What is known of the channels. Without a token there is no Telegram, without an account no
    SMS. `public_url` is where the world finds us; without it nobody can post to us."""

    telegram_token: str = field(default="", repr=False)
    telegram_api_url: str = ""
    telegram_webhook_secret: str = field(default="", repr=False)
    telegram_per_second: float = 28.0
    sms: Account | None = None
    public_url: str = ""

    @property
    def webhook(self) -> bool:
        """Whether Telegram posts to us; else we ask."""
        return bool(self.telegram_token and self.public_url)


class Phones:
    """The channels of a setup over a service. `secret` is the installation's. Raises ImportError
    where a channel needs an extra that is not installed."""

    def __init__(self, service: Service, secret: bytes, setup: Setup) -> None:
        self.setup, self._service = setup, service
        seal = Seal(secret)
        persons = Persons(service, seal)
        works: dict[str, Work] = {}
        self.inbox = Inbox(service.store, seal, works)
        self.outbox = Outbox(service, self.inbox, seal)
        self.telegram: Telegram | None = None
        self.ways_in: WaysIn | None = None
        self.line: Line | None = None
        # Imported here: whoever has no such channel need not install what it needs.
        if setup.telegram_token:
            from bot.channels.telegram.bot import Telegram as Bot  # noqa: PLC0415
            from bot.channels.telegram.pacing import Pacing  # noqa: PLC0415
            from bot.channels.telegram.ways_in import WaysIn as Ways  # noqa: PLC0415

            pacing = Pacing(setup.telegram_per_second)
            self.telegram = Bot(persons, setup.telegram_token, setup.telegram_api_url, pacing)
            works[TELEGRAM] = self.telegram.work
            self.ways_in = Ways(self.telegram, self.inbox, secret, setup.telegram_webhook_secret)
        if setup.sms and setup.public_url:
            from bot.channels.sms.line import Line as Number  # noqa: PLC0415

            self.line = Number(persons, setup.sms, setup.public_url, self.inbox)
            if setup.sms.can_send:
                works[SMS] = self.line.work
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def routes(self) -> list[Route]:
        """Where others post to."""
        out = [self.ways_in.route()] if self.ways_in and self.setup.webhook else []
        return [*out, self.line.route()] if self.line else out

    def start(self, *, poll: bool = False) -> None:
        """Begin to answer; by asking Telegram for updates if `poll`, else it is told where to post."""
        doing: list[Coroutine[Any, Any, None]] = [
            self.inbox.run(), self.outbox.run(), self._sweep(),
        ]  # fmt: skip
        if self.ways_in and self.setup.webhook:
            doing.append(self.ways_in.register(self.setup.public_url))
        elif self.ways_in and poll:
            doing.append(self.ways_in.poll())
        self._tasks = [asyncio.create_task(one) for one in doing]

    async def stop(self) -> None:
        """Finish what is being answered; all else is kept for the next start."""
        if self.ways_in:
            self.ways_in.stop()
        self.inbox.stop()
        if self._tasks:
            await asyncio.wait(self._tasks[:1], timeout=PATIENCE)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.telegram:
            await self.telegram.close()
        if self.line:
            await self.line.close()

    async def _sweep(self) -> None:
        """Erase talks that nobody came back to."""
        while True:
            if self.telegram:
                await self.telegram.is_here()
            with contextlib.suppress(StoreProblem, sqlite3.Error, OSError):
                for channel in (TELEGRAM, SMS):
                    await self._service.store.forget_idle(time.time() - KEPT, f"{channel}-")
            await asyncio.sleep(SWEEP_EVERY)
