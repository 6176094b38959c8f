"""Updates into turns, replies into messages, through python-telegram-bot.

An update comes out of the inbox, is routed by `process_update`, answered by the service and shown.
Whatever can't be sent now raises Again, and the inbox tries later; what was sent of a reply by then
is not sent once more.
"""

import asyncio
import contextlib
import json
import logging
import os
import sqlite3
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.channels.inbox import Again, Letter
from bot.channels.near import county_at, county_of_zip, is_zip
from bot.channels.person import Person, Persons
from bot.channels.phrases import phrase
from bot.channels.telegram import screens
from bot.channels.telegram.mentor_words import word
from bot.channels.telegram.mentors import Mentors, Shown, is_link
from bot.channels.telegram.pacing import Pacing
from bot.channels.telegram.updates import (
    chat_of,
    language_of,
    message_of,
    nameless,
    seconds_of,
)
from bot.engine.house import LANGUAGES, say
from bot.engine.model import Option, Reply
from bot.mentoring.talks import MARK
from bot.store import StoreProblem, Write

CHANNEL = "telegram"
COMMANDS = ("start", "menu", "help", "language", "privacy", "forget", "stop")
MENTOR = "mentor"  # told only to those it is for, when they link this chat
# A tap on one of these leafs through something: its message becomes the next page. Everything else
# is said in a message of its own, so that a talk can be read from top to bottom.
LEAFING = ("/more/", "/menu", "/back", "/language", "menu/")
UNFIT = ("chat not found", "user is deactivated", "bot can't initiate", "peer_id_invalid")

# python-telegram-bot warns at every RetryAfter until it is asked for timedeltas, which it will give
# everybody one day.
os.environ.setdefault("PTB_TIMEDELTA", "true")

log = logging.getLogger("peerpath.telegram")


class Closed(Exception):
    """Nothing reaches that chat any more."""


@dataclass
class _AtWork:
    """The letter that is being answered, and what went wrong with it."""

    letter: Letter
    trouble: Exception | None = None
    after: tuple[Write, ...] = ()  # to be written when the letter is done: a talk that is over


_AT_WORK: ContextVar[_AtWork] = ContextVar("at_work")


@dataclass
class Telegram:
    """The bot. `base_url` is another Bot API server's address; `sleep` waits between breaths."""

    persons: Persons
    token: str
    base_url: str = ""
    pacing: Pacing = field(default_factory=Pacing)
    sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep
    request: BaseRequest | None = None  # how Telegram is reached, if not by HTTP as usual

    def __post_init__(self) -> None:
        quiet()
        builder = Application.builder().token(self.token).updater(None).rate_limiter(self.pacing)
        if self.request:
            builder = builder.request(self.request)
        else:
            builder = builder.connection_pool_size(64).pool_timeout(30.0)
        if self.base_url:
            base = self.base_url.rstrip("/")
            builder = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
        self.app: Application[Any, Any, Any, Any, Any, Any] = builder.build()
        self._known, self._knowing = False, asyncio.Lock()
        self.mentors = Mentors(self.persons, self.persons.seal)
        self._sent: dict[str, list[int]] = {}  # letter -> ids of what was sent of its reply so far
        self._aside: dict[str, asyncio.Task[None]] = {}  # chat or letter -> what goes on beside
        self._route()

    def _route(self) -> None:
        add, private = self.app.add_handler, filters.ChatType.PRIVATE
        new = filters.UpdateType.MESSAGE
        add(ChatMemberHandler(self._membership, ChatMemberHandler.MY_CHAT_MEMBER))
        add(MessageHandler(~private, self._group))
        add(CallbackQueryHandler(self._tapped))
        add(MessageHandler(filters.UpdateType.EDITED_MESSAGE, self._edited))
        add(MessageHandler(filters.FORWARDED, self._forwarded))
        for name in (*COMMANDS, MENTOR):
            add(CommandHandler(name, self._command, filters=new))
        add(MessageHandler(filters.LOCATION | filters.VENUE, self._location))
        add(MessageHandler(filters.TEXT | filters.CAPTION, self._text))
        add(MessageHandler(filters.VOICE | filters.VIDEO_NOTE | filters.AUDIO, self._voice))
        add(MessageHandler(filters.ALL, self._media))
        add(TypeHandler(Update, self._nothing))
        self.app.add_error_handler(self._trouble)

    # ── in and out of the inbox ────────────────────────────────────────────────────────────────

    def letters(self, *updates: Mapping[str, Any]) -> list[Letter]:
        """Updates as letters for the inbox. What belongs to no chat is left out."""
        out = []
        for update in updates:
            chat = chat_of(update)
            if chat and isinstance(update.get("update_id"), int):
                key = self.persons.service.key(CHANNEL, chat)
                body = json.dumps(nameless(update))
                urgent = self._alarming(update)
                # Another bot counts its updates anew: its numbers are not this one's.
                name = f"{self.token.partition(':')[0]}-{update['update_id']}"
                out.append(Letter(CHANNEL, name, key, body, urgent))
        return out

    async def work(self, letter: Letter) -> tuple[Write, ...]:
        """Answer a letter and send the answer. Raises Again where it could not be sent."""
        at_work = _AtWork(letter)
        _AT_WORK.set(at_work)
        try:
            await self._ready()
            body = json.loads(letter.body)
            if "pick" in body:
                await self._ours(body)
            else:
                update = Update.de_json(body, self.app.bot)
                await self.app.process_update(update)
            if at_work.trouble:
                raise at_work.trouble
        except Closed:
            await self._closed(letter.key)
        except Again:
            raise
        except (Conflict, InvalidToken) as error:
            log.error("Telegram refuses this bot: %s", type(error).__name__)
            raise Again(30.0) from None
        except BadRequest:
            raise  # of ours: tried a few times, then given up
        except NetworkError:
            raise Again from None
        self._sent.pop(letter.id, None)
        return at_work.after

    async def _ready(self) -> None:
        """Telegram is asked who this bot is before it is given anything to do."""
        if not self._known:
            async with self._knowing:
                if not self._known:
                    await self.app.initialize()
                    self._known = True

    async def close(self) -> None:
        """Let go. What breathes stands still."""
        for task in list(self._aside.values()):
            task.cancel()
        await asyncio.gather(*self._aside.values(), return_exceptions=True)
        with contextlib.suppress(TelegramError, RuntimeError):
            await self.app.shutdown()

    async def introduce(self) -> None:
        """Tell Telegram the commands, in both languages. Raises TelegramError."""
        await self._ready()
        await self.is_here()
        for language in ("", *LANGUAGES):
            commands = [
                BotCommand(name, phrase(f"command-{name}", language or "en")) for name in COMMANDS
            ]
            await self.app.bot.set_my_commands(
                commands, scope=BotCommandScopeAllPrivateChats(), language_code=language or None
            )

    async def is_here(self) -> None:
        """Tell the desk what this bot is called, so that mentors can link to it."""
        if self._known:
            with contextlib.suppress(StoreProblem, sqlite3.Error, OSError):
                chats, name = self.persons.service.requests.chats, self.app.bot.username
                await chats.running(CHANNEL, name, self.persons.now())

    async def _closed(self, key: str) -> None:
        talks = self.persons.service.requests.talks
        await self.persons.close(key, *await talks.left(key, self.persons.now()))

    async def _trouble(self, _update: object, context: Any) -> None:
        """process_update hands errors here; they are raised again where the inbox sees them."""
        _AT_WORK.get().trouble = context.error

    # ── what may come ──────────────────────────────────────────────────────────────────────────

    async def _text(self, update: Update, _context: Any) -> None:
        message, at_work = message_of(update), _AT_WORK.get()
        text = message.text or message.caption or ""
        if not await self.mentors.talking(at_work.letter.key) or self.mentors.for_us(text):
            await self._say(update, text=text)
        elif message.text is None:
            await self._unless_alarming(update, "only-words")
        else:
            on = await self.mentors.passes_on(at_work.letter.key, text, at_work.letter.id)
            if self.mentors.rings(text) or not on:  # or it ended this very moment
                await self._say(update, text=text, also=on)
            else:
                at_work.after = on

    async def _command(self, update: Update, _context: Any) -> None:
        words = (message_of(update).text or "").lstrip("/")
        name, _, rest = words.partition(" ")
        name = name.partition("@")[0].lower()
        link = name == "start" and is_link(rest)  # made by chance, it says nothing
        if self.persons.alarms(rest) and not link:
            await self._say(update, text=rest)
        elif name == "start":
            key = _AT_WORK.get().letter.key
            await self.persons.reopen(key)
            if link:
                chat, hint = message_of(update).chat_id, language_of(update)
                linked = await self.mentors.started(key, CHANNEL, chat, rest, hint)
                await self._out(chat, linked)
            else:
                await self._say(update, silent=True)
        elif name == MENTOR:
            home = await self.mentors.home(_AT_WORK.get().letter.key, language_of(update))
            await self._follow(update, home)
        else:
            await self._say(update, picked=f"/{name}", stop=name == "stop")

    async def _tapped(self, update: Update, _context: Any) -> None:
        tapped = update.callback_query
        if tapped is None:
            return
        with contextlib.suppress(BadRequest):  # “query is too old”: then nobody waits for it
            await self._call(self.app.bot.answer_callback_query, tapped.id)
        if update.effective_chat is None or update.effective_chat.type != "private":
            return
        key = _AT_WORK.get().letter.key
        if (tapped.data or "").startswith(MARK):
            pressed = await self.mentors.pressed(key, tapped.data or "", language_of(update))
            await self._follow(update, pressed, tapped)
            return
        person = await self.persons.of(key)
        option = screens.option_of(tapped.data or "", person.conversation.offered)
        await self._say(update, picked=option, tapped=tapped)

    async def _follow(
        self, update: Update, shown: Shown, tapped: CallbackQuery | None = None
    ) -> None:
        """What a mentor's press leads to."""
        if shown.pick:
            await self._say(update, picked=shown.pick, tapped=tapped)
        elif update.effective_chat:
            await self._out(update.effective_chat.id, shown.messages, tapped)

    async def _location(self, update: Update, _context: Any) -> None:
        if await self.mentors.talking(_AT_WORK.get().letter.key):
            await self._kindly(update, "only-words")
            return
        message = message_of(update)
        place = message.location or (message.venue.location if message.venue else None)
        content = self.persons.service.content
        county = county_at((place.latitude, place.longitude), content.areas) if place else ""
        await self._near(update, county)

    async def _near(self, update: Update, county: str) -> None:
        person = await self.persons.of(_AT_WORK.get().letter.key)
        if not self.persons.asks_area(person.conversation):
            await self._kindly(update, "place-unasked")
        elif not county:
            await self._kindly(update, "place-unknown")
        else:
            await self._say(update, picked=f"{person.conversation.place}/{county}")

    async def _edited(self, update: Update, _context: Any) -> None:
        await self._unless_alarming(update, "edited")

    async def _forwarded(self, update: Update, _context: Any) -> None:
        await self._unless_alarming(update, "forwarded")

    async def _voice(self, update: Update, _context: Any) -> None:
        await self._unless_alarming(update, "voice")

    async def _media(self, update: Update, _context: Any) -> None:
        await self._unless_alarming(update, "media")

    async def _unless_alarming(self, update: Update, kind: str) -> None:
        """A kind word about what can't be answered. Words of danger are heard all the same."""
        message = message_of(update)
        text = message.text or message.caption or ""
        if self.persons.alarms(text):
            await self._say(update, text=text)
        elif await self.mentors.talking(_AT_WORK.get().letter.key):
            await self._kindly(update, "only-words")
        else:
            await self._kindly(update, kind)

    async def _group(self, update: Update, _context: Any) -> None:
        """One polite line, once; again only to somebody in danger."""
        message = update.effective_message
        key = _AT_WORK.get().letter.key
        text = (message.text or message.caption or "") if message else ""
        danger = self.persons.alarms(text)
        if message and (danger or not await self.persons.stopped(key)):
            words = phrase("group", language_of(update))
            await self._send(message.chat_id, screens.Message(words), urgent=danger)
            await self.persons.close(key)

    async def _membership(self, update: Update, _context: Any) -> None:
        """Blocked, opened again, or put into a group."""
        change = update.my_chat_member
        if change is None:
            return
        key = _AT_WORK.get().letter.key
        if change.new_chat_member.status in {"kicked", "left"}:
            await self._closed(key)
        elif change.chat.type == "private":
            await self.persons.reopen(key)
        elif not await self.persons.stopped(key):
            await self._send(change.chat.id, screens.Message(phrase("group", language_of(update))))
            await self.persons.close(key)

    async def _nothing(self, _update: Update, _context: Any) -> None:
        """Whatever else Telegram may think of."""

    # ── what is answered ───────────────────────────────────────────────────────────────────────

    async def _say(
        self,
        update: Update,
        *,
        text: str = "",
        picked: str = "",
        silent: bool = False,
        stop: bool = False,
        tapped: CallbackQuery | None = None,
        also: tuple[Write, ...] = (),
    ) -> None:
        """Answer. `also` carries the words to somebody else as well, in the same commit."""
        letter = _AT_WORK.get().letter
        if is_zip(text):
            # Not asked for, it is no answer to anything, and is not read as one.
            await self._near(update, county_of_zip(text, self.persons.service.content.areas))
            return
        chat = update.effective_chat
        if chat is None:
            return
        person = Person(CHANNEL, letter.key, str(chat.id), language_of(update), writes=True)
        turn = f"tg-{letter.id}"
        answer = await self.persons.answer(
            person, turn, text=text, picked=picked, silent=silent, stop=stop, also=also
        )
        more = (*answer.more, *((word("passed-on", answer.reply.language),) if also else ()))
        await self._show(chat.id, answer.reply, more, tapped)
        _AT_WORK.get().after = self.persons.over(person, turn, answer)

    async def _ours(self, body: Mapping[str, Any]) -> None:
        """Something that we start: a reminder that is due, or news."""
        letter = _AT_WORK.get().letter
        person = Person(CHANNEL, letter.key, str(body["to"]), "", writes=True)
        if await self.persons.stopped(letter.key):
            return
        if str(body["pick"]).startswith(MARK):
            await self._out(int(body["to"]), await self.mentors.ours(letter.key, body["pick"]))
            return
        answer = await self.persons.answer(person, f"ours-{letter.id}", picked=str(body["pick"]))
        await self._show(int(body["to"]), answer.reply, answer.more)

    async def _kindly(self, update: Update, kind: str) -> None:
        """Words of the channel's own, with the ways on."""
        person = await self.persons.of(_AT_WORK.get().letter.key)
        language = person.conversation.language or language_of(update) or "en"
        options = tuple(Option(f"/{name}", say(name, language)) for name in ("help", "menu"))
        reply = Reply((phrase(kind, language),), options, language=language)
        await self._show(message_of(update).chat_id, reply, ())

    async def _show(
        self,
        chat: int,
        reply: Reply,
        more: tuple[str, ...],
        tapped: CallbackQuery | None = None,
    ) -> None:
        """Send a reply, as far as it was not sent before."""
        letter = _AT_WORK.get().letter
        self._still(str(chat))
        shown = screens.messages(reply, more)
        if not reply.over and (
            rows := await self.mentors.back(
                letter.key, [o.id for o in reply.options], reply.language
            )
        ):
            shown[-1] = replace(shown[-1], rows=(*shown[-1].rows, *rows))
        calm = len(shown) == 1 and not reply.urgent and not self._sent.get(letter.id)
        leafing = tapped is not None and (tapped.data or "").startswith(LEAFING)
        if tapped and calm and leafing and await self._replaced(tapped, shown[0]):
            return
        sent = await self._out(chat, shown, tapped, urgent=reply.urgent)
        for number, message in enumerate(shown):
            if message.pace:
                self._beside(str(chat), self._breathe(chat, sent[number], message, reply.language))

    async def _out(
        self,
        chat: int,
        shown: Sequence[screens.Message],
        tapped: CallbackQuery | None = None,
        *,
        urgent: bool = False,
    ) -> list[int]:
        """Send messages, as far as they were not sent before; the ids of all of them."""
        letter = _AT_WORK.get().letter
        sent = self._sent.setdefault(letter.id, [])
        for message in shown[len(sent) :]:
            sent.append(await self._send(chat, message, urgent=urgent))
        if tapped:
            self._beside(f"mark-{letter.id}", self._mark(tapped))
        return sent

    async def _send(self, chat: int, message: screens.Message, *, urgent: bool = False) -> int:
        words = {"text": message.text, "entities": _entities(message)}
        try:
            sent = await self._call(
                self.app.bot.send_message,
                chat_id=chat,
                **words,
                reply_markup=_keyboard(message),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                rate_limit_args=urgent,
            )
        except BadRequest as error:
            if "entit" not in str(error).lower():
                raise
            # Refused for its bold marks: better plain than not at all.
            sent = await self._call(
                self.app.bot.send_message,
                chat_id=chat,
                text=message.text,
                reply_markup=_keyboard(message),
                rate_limit_args=urgent,
            )
        return int(sent.message_id)

    async def _replaced(self, tapped: CallbackQuery, message: screens.Message) -> bool:
        """Whether the tapped message could become the answer."""
        old = tapped.message
        if not isinstance(old, Message):  # too old for Telegram to let us
            return False
        try:
            await self._call(
                self.app.bot.edit_message_text,
                text=message.text,
                chat_id=old.chat_id,
                message_id=old.message_id,
                entities=_entities(message),
                reply_markup=_keyboard(message),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except BadRequest as error:
            return "not modified" in str(error).lower()  # it says so already
        return True

    async def _mark(self, tapped: CallbackQuery) -> None:
        """Under the question, what was tapped, in place of the buttons."""
        old = tapped.message
        if not isinstance(old, Message) or not old.text or not old.reply_markup:
            return
        buttons = [button for row in old.reply_markup.inline_keyboard for button in row]
        label = next((b.text for b in buttons if b.callback_data == tapped.data), "")
        text = f"{old.text}\n\n▸ {label}"
        if label and len(text) < screens.LONGEST:
            with contextlib.suppress(TelegramError):  # a nicety
                await self.app.bot.edit_message_text(
                    text, old.chat_id, old.message_id, entities=old.entities
                )

    async def _breathe(
        self, chat: int, number: int, message: screens.Message, language: str
    ) -> None:
        """Breathe along by edits, one a phase. Where Telegram says it is too fast, one is left
        out; at the end the words stand there as they were sent."""
        if message.pace is None:
            return
        try:
            for words, seconds in screens.breaths(message.pace, language):
                wait = float(seconds)
                try:
                    await self.app.bot.edit_message_text(words, chat, number)
                except RetryAfter as error:
                    wait = max(wait, seconds_of(error))
                await self.sleep(wait)
            await self.app.bot.edit_message_text(message.text, chat, number)
        except TelegramError:
            return  # the words stand there in any case

    def _beside(self, name: str, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._aside[name] = task
        task.add_done_callback(
            lambda done: self._aside.pop(name) if self._aside.get(name) is done else None
        )

    def _still(self, chat: str) -> None:
        """Somebody who goes on has breathed enough."""
        if task := self._aside.get(chat):
            task.cancel()

    async def _call(
        self, ask: Callable[..., Coroutine[Any, Any, Any]], *args: Any, **more: Any
    ) -> Any:
        """Ask Telegram for something. Raises Again, Closed, or what is wrong with the question."""
        try:
            return await ask(*args, **more)
        except RetryAfter as error:
            raise Again(seconds_of(error)) from None
        except Forbidden:
            raise Closed from None
        except BadRequest as error:
            if any(words in str(error).lower() for words in UNFIT):
                raise Closed from None
            raise

    # ── danger ─────────────────────────────────────────────────────────────────────────────────

    def _alarming(self, update: Mapping[str, Any]) -> bool:
        """Whether this goes before other people's messages."""
        tapped = update.get("callback_query")
        if isinstance(tapped, dict):
            data = str(tapped.get("data", ""))
            return data == "/help" or data.startswith("/alarm/")
        message = update.get("message") or update.get("edited_message") or {}
        text = str(message.get("text") or message.get("caption") or "")
        return text.lower().startswith("/help") or self.persons.alarms(text)


def quiet() -> None:
    """These write addresses with the bot's token in them, or whole updates, into the log."""
    for name in ("httpx", "httpcore", "telegram", "telegram.ext"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _entities(message: screens.Message) -> list[MessageEntity]:
    return [MessageEntity(MessageEntity.BOLD, at, length) for at, length in message.bold]


def _keyboard(message: screens.Message) -> InlineKeyboardMarkup | None:
    if not message.rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in message.rows]
    )  # fmt: skip
