"""Text messages: what a carrier asks for, what fits, what is heard, over HTTP."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.channels.inbox import Inbox
from bot.channels.person import Persons
from bot.channels.phrases import phrase
from bot.channels.sms import Account
from bot.channels.sms import line as line_module
from bot.channels.sms.line import Line, signature
from bot.channels.sms.texts import BASIC, page, segments, texts
from bot.channels.splitting import pieces, utf16
from bot.engine.content import Content
from bot.engine.model import Option, Reply
from bot.sealing import Seal
from bot.service import Service
from bot.store import Store, Write, open_store
from bot.store.outbox import reminder
from tests.channels.phones import settled
from tests.channels.test_telegram import everywhere

SECRET, TOKEN, URL = b"a secret of the tests", "the carrier's token", "https://peer.example"
ANA = "+15555550100"
TYPED = "xyzzy-what-a-person-typed"


@dataclass
class Carrier:
    """A carrier: posts as Twilio does, and has an API."""

    client: httpx.AsyncClient
    line: Line
    sent: list[tuple[str, str]] = field(default_factory=list)
    refuse: list[httpx.Response] = field(default_factory=list)
    count: int = 0
    task: "asyncio.Task[None] | None" = None  # the inbox, at work

    async def post(
        self, words: str, sender: str = ANA, sid: str = "", **more: str
    ) -> httpx.Response:
        self.count += 1
        form = {
            "MessageSid": sid or f"SM{self.count:032d}", "From": sender, "To": "+15555550199",
            "Body": words, "NumMedia": "0", **more,
        }  # fmt: skip
        signed = signature(f"{URL}/sms", form, TOKEN)
        return await self.client.post("/sms", data=form, headers={"X-Twilio-Signature": signed})

    async def say(self, words: str, sender: str = ANA, **more: str) -> list[str]:
        answer = await self.post(words, sender, **more)
        assert answer.status_code == 200
        return [unescape(m) for m in re.findall("<Message>(.*?)</Message>", answer.text, re.DOTALL)]

    def api(self, request: httpx.Request) -> httpx.Response:
        if self.refuse:
            return self.refuse.pop(0)
        form = dict(httpx.QueryParams(request.content.decode()))
        assert request.url.path == "/2010-04-01/Accounts/AC1/Messages.json"
        assert request.headers["authorization"].startswith("Basic ")
        assert len(form["Body"]) <= 1600
        self.sent.append((form["To"], form["Body"]))
        return httpx.Response(201, json={"sid": "SM1", "status": "queued"})


@pytest.fixture
async def carrier(content: Content, memory: Store) -> AsyncIterator[Carrier]:
    """Answers come back as TwiML."""
    async for one in a_carrier(content, memory, Account(TOKEN)):
        yield one


@pytest.fixture
async def sending(content: Content, memory: Store) -> AsyncIterator[Carrier]:
    """Answers go through the API."""
    account = Account(TOKEN, "AC1", "+15555550199", "https://api.example")
    async for one in a_carrier(content, memory, account):
        yield one


async def a_carrier(content: Content, store: Store, account: Account) -> AsyncIterator[Carrier]:
    line = Line(Persons(Service(content, store, SECRET), Seal(SECRET)), account, URL)
    app = httpx.ASGITransport(Starlette(routes=[line.route()]))
    carrier = Carrier(httpx.AsyncClient(transport=app, base_url="http://inside"), line)
    await line.client.aclose()
    line.client = httpx.AsyncClient(transport=httpx.MockTransport(carrier.api))
    inbox = Inbox(store, Seal(SECRET), {"sms": line.work})
    if account.can_send:
        line.inbox = inbox
    task = carrier.task = asyncio.create_task(inbox.run())
    yield carrier
    inbox.stop()
    with contextlib.suppress(asyncio.CancelledError):  # a test may have let it crash
        await asyncio.wait_for(task, 10)
    await line.close()
    await carrier.client.aclose()


async def at_home(carrier: Carrier, sender: str = ANA) -> None:
    await carrier.say("hello", sender)
    await carrier.say("menu", sender)


# ── what fits ──────────────────────────────────────────────────────────────────────────────────


def test_segments_are_counted_as_carriers_do() -> None:
    assert [segments("a" * n) for n in (1, 160, 161, 306, 307)] == [1, 1, 2, 2, 3]
    assert [segments("á" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert segments("ñ¿é" * 53) == 1  # these are of the alphabet
    assert segments("€" * 80) == 1
    assert segments("€" * 81) == 2
    assert segments("a" * 152 + "€" + "a" * 10) == 2
    assert segments("😀" * 35) == 1
    assert segments("😀" * 36) == 2


@given(st.text(alphabet=st.sampled_from(sorted(BASIC) + list("€[á😀“ .\n")), max_size=3000))
def test_pieces_fit_and_lose_nothing(words: str) -> None:
    cut = list(pieces(words, 6, segments))
    assert all(segments(piece) <= 6 and piece.strip() == piece and piece for piece in cut)
    assert "".join("".join(cut).split()) == "".join(words.split())


@given(st.text(max_size=6000), st.integers(20, 4096))
def test_pieces_of_utf16_fit_and_lose_nothing(words: str, most: int) -> None:
    cut = list(pieces(words, most, utf16))
    assert all(utf16(piece) <= most and piece for piece in cut)
    assert "".join("".join(cut).split()) == "".join(words.split())


def test_a_cut_is_at_the_end_of_a_sentence() -> None:
    words = "One sentence is here. " * 30
    assert all(piece.endswith(".") for piece in pieces(words, 100))


def test_curly_marks_cost_no_segments() -> None:
    (said,) = texts(Reply(("It’s “here” — and that’s it…",)))
    assert said == "It's \"here\" - and that's it..."


def test_a_turn_has_a_ceiling_and_says_that_there_is_more() -> None:
    messages = texts(Reply(tuple(f"Sentence {n} of many that are said." for n in range(120))))
    shown = page(messages, 0, "en")
    assert len(shown) < len(messages)
    assert sum(map(segments, shown)) <= 11
    assert shown[-1].endswith(phrase("sms-more", "en"))
    assert page(messages, 0, "en", whole=True) == messages
    rest = page(messages, len(shown), "en")
    assert rest[0] == messages[len(shown)] or rest[0].startswith(messages[len(shown)])


def test_options_are_numbered_and_scales_are_not() -> None:
    (said,) = texts(Reply(("Hi",), (Option("a", "One"), Option("b", "Two"))))
    assert said.endswith("1 One\n2 Two\nReply with a number.")
    (said,) = texts(
        Reply(("Hi",), tuple(Option(str(n), str(n)) for n in range(11)), scale=True, language="es")
    )
    assert said.endswith("Contesta con un número de 0 a 10.")


# ── in and out ─────────────────────────────────────────────────────────────────────────────────


async def test_a_talk_by_numbers(carrier: Carrier) -> None:
    assert "English" in "\n".join(await carrier.say("hi"))
    assert "computer program" in "\n".join(await carrier.say("1"))
    assert await carrier.say("3")
    assert "sleep" in "\n".join(await carrier.say("cant sleep")).lower()


async def test_an_unsigned_message_is_not_heard(carrier: Carrier) -> None:
    form = {"MessageSid": "SM1", "From": ANA, "Body": "menu"}
    for head in ({}, {"X-Twilio-Signature": "bm8="}):
        answer = await carrier.client.post("/sms", data=form, headers=head)
        assert answer.status_code == 403
    signed = signature(f"{URL}/sms", {**form, "Body": "other"}, TOKEN)
    head = {"X-Twilio-Signature": signed}
    assert (await carrier.client.post("/sms", data=form, headers=head)).status_code == 403
    assert await everywhere(carrier.line.persons.service.store, "sms-") == []


def test_the_signature_is_the_carriers() -> None:
    # The example of the carrier's own documentation (twilio.com/docs/usage/security).
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234",
        "From": "+14158675309", "To": "+18005551212",
    }  # fmt: skip
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature(url, form, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


async def test_a_message_delivered_again_is_the_same_turn(carrier: Carrier) -> None:
    await at_home(carrier)
    first = await carrier.say("cant sleep", sid="SMsame")
    assert await carrier.say("cant sleep", sid="SMsame") == first
    counts = await carrier.line.persons.service.store.counts()
    assert sum(n for (_, kind, _), n in counts.items() if kind == "turn") == 3


async def test_through_the_api_it_is_kept_before_it_is_acknowledged(sending: Carrier) -> None:
    sending.refuse = [httpx.Response(503), httpx.Response(429, headers={"retry-after": "1"})]
    for _ in range(2):
        answer = await sending.post("hello", sid="SMsame")
        assert "<Message>" not in answer.text
    await settled(inbox_of(sending))
    assert [to for to, _ in sending.sent] == [ANA]
    assert "English" in sending.sent[0][1]


def inbox_of(carrier: Carrier) -> Inbox:
    assert carrier.line.inbox
    return carrier.line.inbox


async def test_a_long_answer_is_sent_once_though_the_carrier_stumbles(sending: Carrier) -> None:
    await sending.post("hello")
    await sending.post("1")
    await settled(inbox_of(sending))
    before = len(sending.sent)
    await sending.post("forget me")
    await settled(inbox_of(sending))
    said = "\n".join(words for _, words in sending.sent[before:])
    assert "Delete the talk on your phone" in said
    assert "Erased: where you were" in said


async def test_a_number_that_cannot_be_reached_is_closed(sending: Carrier) -> None:
    sending.refuse = [httpx.Response(400, json={"code": 21610})]
    await sending.post("hello")
    await settled(inbox_of(sending))
    persons = sending.line.persons
    assert await persons.stopped(persons.service.key("sms", ANA))


async def test_more_goes_on_where_it_ended_and_twice_delivered_is_once(carrier: Carrier) -> None:
    await carrier.say("hola")
    await carrier.say("español")
    await carrier.say("3")
    await carrier.say("primeros días afuera")
    said = await carrier.say("lista")
    said = await carrier.say("quien puede ver esto")
    assert said[-1].endswith(phrase("sms-more", "es"))
    rest = await carrier.say("MÁS", sid="SMmore")
    assert rest
    assert rest != said
    assert await carrier.say("MÁS", sid="SMmore") == rest
    for _ in range(9):
        if not rest[-1].endswith(phrase("sms-more", "es")):
            break
        rest = await carrier.say("mas")
    assert phrase("sms-pick", "es") in rest[-1]


# ── STOP, START, HELP ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["en", "es"])
async def test_stop_start_and_help(carrier: Carrier, language: str) -> None:
    for number, word in enumerate(line_module.STOP[language]):
        sender = f"{ANA}{number}"
        (said,) = await carrier.say(f"{word.upper()}.", sender)
        assert said == phrase("sms-stopped", language).replace("’", "'")
        assert await carrier.say(word, sender) == []
        (said,) = await carrier.say("need a bed", sender)
        assert "START" in said or "EMPEZAR" in said
        again = await carrier.say(line_module.START[language][0].upper(), sender)
        assert phrase("sms-started", language) == again[0]
        assert len(again) > 1
        assert len(await carrier.say("menu", sender)) >= 1
    said = "\n".join(await carrier.say(line_module.HELP[language][0]))
    assert "STOP" in said or "ALTO" in said
    assert "988" in said


def test_what_carriers_ask_for_takes_one_segment_or_two() -> None:
    for key in ("sms-help", "sms-stopped", "sms-started", "sms-still-stopped"):
        for language in ("en", "es"):
            assert segments(phrase(key, language)) <= 2, key


@pytest.mark.parametrize(
    "words", ["STOP i want to kill myself", "alto, quiero matarme", "stop i want to die tonight"]
)
async def test_danger_is_heard_in_an_answer_to_stop_and_after_it(
    carrier: Carrier, words: str
) -> None:
    await at_home(carrier)
    service = carrier.line.persons.service
    await service.store.write(reminder(service.key("sms", ANA), "sms", b"", "menu", b"", 0.0))
    assert "988" in "\n".join(await carrier.say(words))
    assert await service.store.rows("SELECT 1 FROM outbox") == []  # STOP was said all the same
    await carrier.say("STOP")
    assert "988" in "\n".join(await carrier.say("i want to kill myself"))


@pytest.mark.parametrize("words", ["STOP", "forget me", "bye"])
async def test_a_crash_between_erasing_a_talk_and_its_goodbye_changes_nothing(
    content: Content, lasting: Store, words: str
) -> None:
    """The first process dies while the carrier does not answer; the next one says what was to be
    said, to somebody it knows nothing of any more."""
    store = lasting
    account = Account(TOKEN, "AC1", "+15555550199", "https://api.example")
    said = []
    for number, crash in (("+15555550101", False), ("+15555550102", True)):
        async for carrier in a_carrier(content, store, account):
            for before in ("hello", "1", "3", "cant sleep"):
                await carrier.post(before, number, sid=f"SM-{before}-{number}")
                await settled(inbox_of(carrier))
            already, key = len(carrier.sent), carrier.line.persons.service.key("sms", number)
            if crash:
                carrier.line.client = httpx.AsyncClient(transport=httpx.MockTransport(never))
            await carrier.post(words, number, sid=f"SM-{words}-{number}")
            if not crash:
                await settled(inbox_of(carrier))
                said.append([body for _, body in carrier.sent[already:]])
                continue
            while (await carrier.line.persons.of(key)).version:  # noqa: ASYNC110 - a poll
                await asyncio.sleep(0.01)
            carrier.task.cancel()  # no more of this one is written
    assert await waiting(store) == 1
    print(
        "BODY",
        [
            Seal(SECRET).open(bytes(r[0]))
            for r in await store.rows("SELECT body FROM inbox WHERE state = 'waiting'")
        ],
    )
    await store.write(Write("UPDATE tending SET until = 0"))  # as when its lease is over
    async for carrier in a_carrier(content, store, account):
        await settled(inbox_of(carrier))
        said.append([body for _, body in carrier.sent])
    assert said[0] == said[1]
    assert said[0]
    assert await waiting(store) == 0


@pytest.fixture
async def lasting(store_url: str) -> AsyncIterator[Store]:
    store = open_store(store_url)
    await store.open()
    yield store
    await store.close()


async def never(_request: httpx.Request) -> httpx.Response:
    await asyncio.Event().wait()
    raise AssertionError


async def waiting(store: Store) -> int:
    return len(await store.rows("SELECT number FROM inbox WHERE state = 'waiting'"))


async def test_a_longer_message_with_stop_in_it_stops_nothing(carrier: Carrier) -> None:
    await at_home(carrier)
    await carrier.say("i cant stop using")
    persons = carrier.line.persons
    assert not await persons.stopped(persons.service.key("sms", ANA))


async def test_a_picture_gets_a_kind_answer(carrier: Carrier) -> None:
    (said,) = await carrier.say("", NumMedia="1")
    assert "pictures" in said


async def test_a_zip_code_is_a_place_here_too(carrier: Carrier) -> None:
    await carrier.say("hello")
    await carrier.say("english")
    await carrier.say("3")
    said = await carrier.say("i need a bed tonight")
    persons = carrier.line.persons
    key = persons.service.key("sms", ANA)
    for _ in range(8):
        if persons.asks_area((await persons.of(key)).conversation):
            break
        said = await carrier.say("1")
    assert "ZIP" in "\n".join(said)
    await carrier.say("93721")
    assert (await persons.of(key)).conversation.area == "fresno"


async def test_neither_words_nor_numbers_are_kept_or_logged(
    carrier: Carrier, sending: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    for one in (carrier, sending):
        await one.post(f"{TYPED} cant sleep")
        if one.line.inbox:
            await settled(one.line.inbox)
        store: Any = one.line.persons.service.store
        for words in (TYPED, ANA, "5555550100", "SM000"):
            assert await everywhere(store, words) == []
    for words in (TYPED, ANA, TOKEN):
        assert words not in caplog.text


@pytest.mark.parametrize("words", ["i want to kill myself", "STOP i want to kill myself"])
async def test_danger_is_heard_though_the_store_is_dead(
    carrier: Carrier, sending: Carrier, words: str
) -> None:
    await carrier.line.persons.service.store.close()
    for one in (carrier, sending):
        assert "988" in "\n".join(await one.say(words))
    assert (await sending.post("menu")).status_code == 503  # and delivered again
    assert await carrier.say("menu")  # there is no other way to answer, so now
