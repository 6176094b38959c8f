"""A phone number at a carrier that speaks as Twilio does: its webhook in, TwiML or its API out.

With an account and a number set, a message is kept in the inbox, acknowledged, and answered through
the API. Without them the answer goes back as TwiML in the webhook's own response, and nothing has
to be kept before it: what is not answered is delivered again.

Who says STOP gets nothing more until START, as carriers ask (CTIA Messaging Principles 5.1). Danger
is heard even then, and in a message that begins with STOP: it is their own message that is answered.
"""

import asyncio
import base64
import contextlib
import hmac
import json
import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha1
from typing import Any
from xml.sax.saxutils import escape

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.inbox import Again, Inbox, Letter
from bot.channels.near import county_of_zip, is_zip
from bot.channels.person import QUIET, Answered, Person, Persons
from bot.channels.phrases import phrase
from bot.channels.sms import Account
from bot.channels.sms.texts import MOST_IN_A_MESSAGE, PLAIN, page, segments, texts
from bot.channels.splitting import pieces
from bot.engine.model import Reply
from bot.language.text import fold, guess_language
from bot.service import PATIENCE
from bot.store import StoreProblem
from bot.store.base import TALK, Write

CHANNEL = "sms"
PATH = "/sms"
# What carriers ask us to honor, in both languages. Whole messages: “I can't stop” stops nothing.
STOP = {
    "en": ("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
           "opt out", "please stop", "stop texting me", "stop messages"),
    "es": ("alto", "parar", "para", "cancelar", "basta", "no mas mensajes", "alto por favor"),
}  # fmt: skip
START = {"en": ("start", "unstop"), "es": ("empezar", "comenzar", "iniciar")}
HELP = {"en": ("help",), "es": ("ayuda",)}
INFO = {"en": ("info",), "es": ("informacion",)}
MORE = {"en": ("more",), "es": ("mas",)}
UNREACHABLE = frozenset({21211, 21408, 21610, 21612, 21614, 30003, 30005, 30006})

_LEAF = """
INSERT INTO leaves (key, turn, asked_by, began, goes_on) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET turn = excluded.turn, asked_by = excluded.asked_by,
began = excluded.began, goes_on = excluded.goes_on
"""

SILENT = (StoreProblem, sqlite3.Error, OSError)  # how a store is; a TimeoutError is an OSError

log = logging.getLogger("peerpath.sms")


class Closed(Exception):
    """Nothing reaches that number any more."""


@dataclass(frozen=True, slots=True)
class Text:
    """One message that came in."""

    id: str  # a digest of the carrier's own
    sender: str
    words: str
    media: int = 0


def signature(url: str, form: Mapping[str, str], token: str) -> str:
    """What a carrier signs a request with (twilio.com/docs/usage/security): the address as we
    configured it, then every field's name and value by name, HMAC-SHA1, base64."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), sha1).digest()).decode()


@dataclass
class Line:
    """The number. `public_url` is our address as the carrier knows it."""

    persons: Persons
    account: Account
    public_url: str
    inbox: Inbox | None = None  # set where answers go through the API
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=20))
    _left: dict[str, list[str]] = field(default_factory=dict)  # letter -> what is still to be sent

    def __post_init__(self) -> None:
        for name in ("httpx", "httpcore"):  # they log addresses
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)

    async def close(self) -> None:
        """Let go."""
        await self.client.aclose()

    # ── in ─────────────────────────────────────────────────────────────────────────────────────

    def route(self) -> Route:
        """Where the carrier posts to."""
        return Route(PATH, self._told, methods=["POST"])

    async def _told(self, request: Request) -> Response:
        form = {
            name: value for name, value in (await request.form()).items() if isinstance(value, str)
        }
        right = signature(self.public_url.rstrip("/") + PATH, form, self.account.token)
        given = request.headers.get("x-twilio-signature", "")
        if not hmac.compare_digest(given.encode(), right.encode()):
            return PlainTextResponse("not for you\n", status_code=403)
        sender, name = form.get("From", ""), form.get("MessageSid", "")
        if not (sender and name):
            log.error("the carrier posted something that is no message")
            return _twiml(())
        media = form.get("NumMedia", "0")
        text = Text(
            self.persons.service.key("message", name),
            sender,
            form.get("Body", ""),
            int(media) if media.isdecimal() else 0,
        )
        if self.inbox and self.account.can_send:
            return await self._keep(text)
        return _twiml(await self._answer(self._person(text.sender), text, must=True))

    async def _keep(self, text: Text) -> Response:
        key = self._person(text.sender).key
        body = json.dumps({"from": text.sender, "words": text.words, "media": text.media})
        letter = Letter(CHANNEL, text.id, key, body, self.persons.alarms(text.words))
        try:
            if self.inbox:
                async with asyncio.timeout(PATIENCE):
                    await self.inbox.take_in(letter)
        except SILENT as error:
            log.error("a message can't be kept: %s", type(error).__name__)
            if letter.urgent:  # heard all the same
                return _twiml(await self._answer(self._person(text.sender), text, must=True))
            return PlainTextResponse("not now\n", status_code=503)
        return _twiml(())

    def _person(self, address: str) -> Person:
        key = self.persons.service.key(CHANNEL, address)
        return Person(CHANNEL, key, address, reaches=self.account.can_send)

    # ── answering ──────────────────────────────────────────────────────────────────────────────

    async def work(self, letter: Letter) -> None:
        """Answer a letter of the inbox through the API. Raises Again."""
        left = self._left.get(letter.id)
        body = json.loads(letter.body)
        if left is None:  # a goodbye that was kept when the talk was erased is said as it is
            left = list(body.get("say", ())) if "say" in body else await self._messages(letter)
            self._left[letter.id] = left
        try:
            while left:
                await self._send(str(body.get("to") or body["from"]), left[0])
                left.pop(0)
        except Closed:
            await self.persons.close(letter.key)
        del self._left[letter.id]

    async def _messages(self, letter: Letter) -> list[str]:
        body = json.loads(letter.body)
        if "pick" not in body:
            text = Text(letter.id, str(body["from"]), str(body["words"]), int(body["media"]))
            return await self._answer(self._person(text.sender), text)
        if await self.persons.stopped(letter.key):
            return []
        person = self._person(str(body["to"]))
        answer = await self.persons.answer(person, f"ours-{letter.id}", picked=str(body["pick"]))
        return texts(answer.reply, answer.more)

    async def _answer(self, person: Person, text: Text, *, must: bool = False) -> list[str]:
        """What is said to a message: carriers' words first, then the talk."""
        words = fold(text.words)
        alarming = self.persons.alarms(text.words)
        language = await self._language(person, text.words)
        also: tuple[Write, ...] = ()
        if said := _one_of(words, STOP):
            if not alarming:
                goodbye = (
                    [] if await self.persons.stopped(person.key) else _own("sms-stopped", said)
                )
                await self.persons.close(person.key, *self._parting(person, text, goodbye))
                return goodbye
        elif words.split(" ", 1)[0] in {*STOP["en"], *STOP["es"]}:
            also = (Write(QUIET, (person.key,)),)  # they said it first, whatever came after
        if said := _one_of(words, START):
            begun = await self.persons.stopped(person.key)
            await self.persons.reopen(person.key)
            person = replace(person, language=said)
            answer = await self._turn(person, text, silent=True, must=must)
            first = _own("sms-started", said) if begun else []
            return [*first, *await self._page(person, text, answer)]
        if said := _one_of(words, INFO):
            return _own("sms-help", said)
        if said := _one_of(words, HELP):
            person = replace(person, language=said)
            answer = await self._turn(person, text, picked="/help", must=must)
            return [*_own("sms-help", said), *texts(answer.reply, answer.more)]
        if not alarming and await self._stopped(person.key):
            return _own("sms-still-stopped", language)
        if _one_of(words, MORE) and (rest := await self._rest(person, text)):
            return rest
        if not words and not alarming:
            return self._kindly("media", language)
        answer = await self._turn(person, text, must=must, also=also)
        return await self._page(person, text, answer)

    async def _turn(
        self,
        person: Person,
        text: Text,
        *,
        picked: str = "",
        silent: bool = False,
        must: bool,
        also: tuple[Write, ...] = (),
    ) -> Answered:
        words = "" if picked or silent else text.words
        if is_zip(words):
            talk = (await self.persons.of(person.key)).conversation
            county = county_of_zip(words, self.persons.service.content.areas)
            if not (county and self.persons.asks_area(talk)):
                kind = "place-unknown" if self.persons.asks_area(talk) else "place-unasked"
                said = phrase(kind, talk.language)
                return Answered(Reply((said,), language=talk.language or "en"))
            words, picked = "", f"{talk.place}/{county}"
        turn = f"sms-{text.id}"
        answer = await self.persons.answer(
            person,
            turn,
            text=words,
            picked=picked,
            silent=silent,
            must=must,
            also=also,
            parting=lambda last: self._parting(person, text, texts(last.reply, last.more)),
        )
        self.persons.over(person, turn, answer)
        return answer

    def _parting(self, person: Person, text: Text, goodbye: list[str]) -> tuple[Write, ...]:
        """A talk that is over is erased, and in the same commit its goodbye is kept until it has
        gone out. Worked out again, after a crash, it would be said to somebody who is not known."""
        erased = tuple(Write(sql, (person.key,)) for sql in TALK)
        if self.inbox is None:
            return erased  # it goes out with the response
        body = json.dumps({"to": text.sender, "say": goodbye})
        return (*erased, self.inbox.answered(CHANNEL, text.id, body))

    async def _language(self, person: Person, words: str) -> str:
        saved = await self.persons.of(person.key)
        return saved.conversation.language or guess_language(words) or "en"

    def _kindly(self, kind: str, language: str) -> list[str]:
        return texts(Reply((phrase(kind, language),), language=language))

    async def _stopped(self, key: str) -> bool:
        """Whether they said STOP. With no store to tell, they wrote first, and are answered."""
        try:
            return await self.persons.stopped(key)
        except SILENT:
            return False

    # ── a page at a time ───────────────────────────────────────────────────────────────────────

    async def _page(self, person: Person, text: Text, answer: Answered) -> list[str]:
        """The first page of an answer. Danger and a goodbye are said whole."""
        messages = texts(answer.reply, answer.more)
        whole = answer.reply.urgent or answer.reply.over
        shown = page(messages, 0, answer.reply.language, whole=whole)
        if len(shown) < len(messages):
            await self._turn_leaf(person.key, text.id, 0, len(shown))
        return shown

    async def _rest(self, person: Person, text: Text) -> list[str]:
        """The next page of the last answer; nothing where all of it was said."""
        rows = await self.persons.service.store.rows(
            "SELECT turn, asked_by, began, goes_on FROM leaves WHERE key = ?", person.key
        )
        saved = await self.persons.of(person.key)
        if not rows or saved.reply is None:
            return []
        turn, by, was, following = rows[0]
        if saved.conversation.last_turn != turn:
            return []
        # Delivered twice, MORE is one MORE.
        start = int((was if by == text.id else following) or 0)
        more: tuple[str, ...] = ()
        if self.persons.asks_area(saved.conversation):
            more = (phrase("near-zip", saved.reply.language),)
        reply = await self.persons.service.filled(person.key, saved.reply)
        messages = texts(reply, more)
        if start >= len(messages):
            return []
        shown = page(messages, start, saved.reply.language)
        await self._turn_leaf(person.key, text.id, start, start + len(shown), str(turn))
        return shown

    async def _turn_leaf(self, key: str, by: str, was: int, following: int, turn: str = "") -> None:
        leaf = Write(_LEAF, (key, turn or f"sms-{by}", by, was, following))
        with contextlib.suppress(*SILENT):  # MORE is then answered as any other word
            await self.persons.service.store.write(leaf)

    # ── out ────────────────────────────────────────────────────────────────────────────────────

    async def _send(self, to: str, words: str) -> None:
        """Raises Again, or Closed where the carrier will not carry it to this number."""
        account = self.account
        try:
            answer = await self.client.post(
                f"{account.api_url.rstrip('/')}/2010-04-01/Accounts/{account.sid}/Messages.json",
                data={"To": to, "From": account.number, "Body": words},
                auth=(account.sid, account.token),
            )
        except httpx.HTTPError:
            raise Again from None
        if answer.is_success:
            return
        if _code(answer) in UNREACHABLE:
            raise Closed
        if answer.status_code == 400:
            log.error("the carrier refused a message: code %s", _code(answer))
            raise ValueError("refused by the carrier")
        wait = answer.headers.get("retry-after", "")
        if answer.status_code in {401, 403}:
            log.error("the carrier does not know this account")
            raise Again(30.0)
        raise Again(float(wait) if wait.isdecimal() else 0.0)


def _code(answer: httpx.Response) -> int:
    try:
        body = answer.json()
    except ValueError:
        return 0
    code = body.get("code") if isinstance(body, dict) else 0
    return code if isinstance(code, int) else 0


def _one_of(words: str, sets: Mapping[str, tuple[str, ...]]) -> str:
    """The language in which a whole message is one of these words."""
    return next((language for language, some in sets.items() if words in some), "")


def _own(key: str, language: str) -> list[str]:
    words = phrase(key, language).translate(PLAIN)
    return list(pieces(words, MOST_IN_A_MESSAGE, segments))


def _twiml(messages: Any) -> Response:
    said = "".join(f"<Message>{escape(words)}</Message>" for words in messages)
    xml = f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}</Response>'
    return Response(xml, media_type="text/xml")
