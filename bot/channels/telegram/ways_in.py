"""How updates come in: by asking (polling) or by being told (a webhook). Either way they are in the
inbox before Telegram hears that we have them."""

import asyncio
import hmac
import json
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.channels.inbox import Inbox, Letter
from bot.channels.telegram.bot import Telegram
from bot.channels.telegram.updates import ALLOWED, seconds_of
from bot.service import PATIENCE
from bot.store import StoreProblem

WAIT = 25  # seconds that Telegram may hold a question for updates
BACKOFF = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds between tries, the last for ever
REMEMBERED = 1000  # alarms that were answered while the store was silent
HEADER = "x-telegram-bot-api-secret-token"

log = logging.getLogger("peerpath.telegram")


class WaysIn:
    """Updates into the inbox. `secret` is the installation's; path and token of the webhook are made
    from it, so they stay the same over restarts and over several workers."""

    def __init__(
        self, telegram: Telegram, inbox: Inbox, secret: bytes, webhook_secret: str = ""
    ) -> None:
        self._telegram, self._inbox = telegram, inbox
        made = hmac.new(secret, b"telegram webhook", sha256).hexdigest()
        self.path = f"/telegram/{made[:24]}"
        self._token = webhook_secret or made[24:]
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._stopping = asyncio.Event()

    # ── keeping ────────────────────────────────────────────────────────────────────────────────

    async def take_in(self, *updates: Mapping[str, Any]) -> None:
        """Keep updates. Raises StoreProblem where the store is silent; whoever is in danger has
        been answered by then all the same."""
        letters = self._telegram.letters(*updates)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._inbox.take_in(*letters)
        except (StoreProblem, TimeoutError, sqlite3.Error, OSError) as error:
            log.error("updates can't be kept: %s", type(error).__name__)
            for letter in letters:
                if letter.urgent and letter.id not in self._answered:
                    await self._answer_at_once(letter)
            raise StoreProblem("the inbox does not answer") from None

    async def _answer_at_once(self, letter: Letter) -> None:
        """Once, though it will be delivered again until it can be kept."""
        try:
            await self._telegram.work(letter)
        except Exception as error:  # noqa: BLE001 - delivered again, and tried again
            log.error("an alarm could not be answered now: %s", type(error).__name__)
            return
        self._answered[letter.id] = None
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)

    # ── being told ─────────────────────────────────────────────────────────────────────────────

    def route(self) -> Route:
        """Where Telegram posts to."""
        return Route(self.path, self._told, methods=["POST"])

    async def _told(self, request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return PlainTextResponse("not for you\n", status_code=403)
        try:
            update = json.loads(await request.body())
        except ValueError:
            update = None
        if not isinstance(update, dict):
            # It would be posted again for ever, and hold up all that comes after it.
            log.error("Telegram posted something that is no update")
            return PlainTextResponse("")
        try:
            await self.take_in(update)
        except Exception as error:  # noqa: BLE001 - posted again, and kept then
            log.error("an update was not taken: %s", type(error).__name__)
            return PlainTextResponse("not now\n", status_code=503)
        return PlainTextResponse("")

    async def register(self, public_url: str) -> None:
        """Tell Telegram where to post, and go on until it knows. At every start: somebody may have
        polled in between, and a webhook that went elsewhere would be silence."""
        bot = self._telegram.app.bot
        url = public_url.rstrip("/") + self.path
        for wait in self._backoff():
            try:
                await self._telegram.introduce()
                await bot.set_webhook(
                    url,
                    secret_token=self._token,
                    allowed_updates=ALLOWED,
                    max_connections=40,
                    drop_pending_updates=False,
                )
            except TelegramError as error:
                log.error("the webhook is not registered: %s", type(error).__name__)
                await self._pause(wait)
            else:
                log.info("Telegram posts to the webhook")
                return

    # ── asking ─────────────────────────────────────────────────────────────────────────────────

    async def poll(self) -> None:
        """Ask for updates until `stop`. The offset moves when they are kept, and only then."""
        bot = self._telegram.app.bot
        await self._begin()
        offset, tries = 0, self._backoff()
        while not self._stopping.is_set():
            try:
                updates = await self._unless_stopped(
                    bot.get_updates(
                        offset=offset,
                        timeout=WAIT,
                        allowed_updates=ALLOWED,
                        read_timeout=WAIT + 10,
                    )
                )
                if updates:
                    await self.take_in(*(update.to_dict() for update in updates))
                    offset = updates[-1].update_id + 1
                tries = self._backoff()
            except RetryAfter as error:
                await self._pause(seconds_of(error))
            except Conflict:
                log.error("somebody else polls with this bot's token, or a webhook is set")
                await self._pause(next(tries))
            except Exception as error:  # noqa: BLE001 - whatever it is, we go on asking
                log.error("no updates for now: %s", type(error).__name__)
                await self._pause(next(tries))

    async def _begin(self) -> None:
        for wait in self._backoff():
            try:
                await self._telegram.introduce()
                await self._telegram.app.bot.delete_webhook(drop_pending_updates=False)
            except TelegramError as error:
                log.error("Telegram can't be reached: %s", type(error).__name__)
                await self._pause(wait)
            else:
                log.info("asking Telegram for updates")
                return

    def stop(self) -> None:
        """Ask no more."""
        self._stopping.set()

    def _backoff(self) -> Any:
        yield from BACKOFF
        while not self._stopping.is_set():
            yield BACKOFF[-1]

    async def _unless_stopped(self, asking: Any) -> Any:
        """The answer, or nothing when we are to stop: Telegram may hold a question for long."""
        asked, stopped = asyncio.ensure_future(asking), asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return await asked if asked.done() else ()
        finally:
            asked.cancel()
            stopped.cancel()
            await asyncio.gather(asked, stopped, return_exceptions=True)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
