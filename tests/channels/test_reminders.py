"""Reminders that a person asked for: once, in their hours, until they say stop."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import outbox as outbox_module
from bot.channels.outbox import Outbox
from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import Act, Conversation, Remind, Turn
from bot.sealing import Seal
from bot.store import Store, open_store
from bot.store.outbox import CLOSES, OPENS, allowed_at, due_at, news
from tests.channels.botapi import BotApi, serving
from tests.channels.phones import SECRET, Phone, polling, settled
from tests.channels.test_telegram import ANA, BEN, at_home

ZONE = ZoneInfo("America/Los_Angeles")
SEAL = Seal(SECRET)
MONDAY = datetime(2026, 11, 30, 22, 30, tzinfo=ZONE).timestamp()


@pytest.fixture
def api() -> Iterator[BotApi]:
    with serving() as server:
        yield server


class Clock:
    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> float:
        return self.at

    def turn_to(self, days: int, hour: int, minute: int = 1) -> None:
        self.at = due_at(MONDAY, days, hour, ZONE) + 60 * minute


@pytest.fixture
async def phone(api: BotApi, content: Content, memory: Store) -> AsyncIterator[Phone]:
    async with polling(api, content, memory) as running:
        running.telegram.persons.now = Clock()
        yield running


def outbox(phone: Phone) -> Outbox:
    return Outbox(phone.service, phone.inbox, SEAL, phone.telegram.persons.now)


def clock(phone: Phone) -> Clock:
    now = phone.telegram.persons.now
    assert isinstance(now, Clock)
    return now


async def ask_for_tomorrow(phone: Phone, chat: int = ANA) -> None:
    await at_home(phone, chat)
    await phone.say(chat, "remind me")
    await phone.tap(chat, "A reminder")
    assert "9 in the morning" in await phone.tap(chat, "Tomorrow morning")


async def look(phone: Phone, chat: int = ANA) -> list[str]:
    """What is written to somebody by the outbox now."""
    before = len(phone.api.of(chat))
    await outbox(phone).look()
    await settled(phone.inbox)
    return phone.api.texts(chat)[before:]


async def test_a_reminder_comes_once_when_it_is_due(phone: Phone) -> None:
    await ask_for_tomorrow(phone)
    rows = await phone.service.store.rows("SELECT kind, address, body, due FROM outbox")
    ((kind, address, body, due),) = rows
    assert kind == "reminder"
    assert due == due_at(MONDAY, 1, 9, ZONE)
    assert str(ANA).encode() not in bytes(address or b"")  # type: ignore[arg-type]
    assert b"reminders" not in bytes(body or b"")  # type: ignore[arg-type]
    assert await look(phone) == []
    clock(phone).turn_to(1, 9)
    (said,) = await look(phone)
    assert "This is the reminder you asked for" in said
    assert await look(phone) == []
    assert "I'm here when you need me" in await phone.tap(ANA, "Thanks, I've got it")


async def test_a_check_in_is_answered_in_their_own_words(phone: Phone) -> None:
    await at_home(phone)
    await phone.say(ANA, "check in on me")
    await phone.tap(ANA, "Ask me how I am")
    await phone.tap(ANA, "In three days")
    clock(phone).turn_to(3, 11)
    (said,) = await look(phone)
    assert "How is it going?" in said
    assert "help most right now" in await phone.say(ANA, "pretty rough")


async def test_asked_for_twice_it_is_put_off_not_sent_twice(phone: Phone) -> None:
    await ask_for_tomorrow(phone)
    await phone.say(ANA, "remind me")
    await phone.tap(ANA, "A reminder")
    await phone.tap(ANA, "In a week")
    clock(phone).turn_to(1, 9)
    assert await look(phone) == []
    clock(phone).turn_to(7, 9)
    assert len(await look(phone)) == 1


@pytest.mark.parametrize("how", ["/stop", "stop", "/forget", "flow", "blocked"])
async def test_whoever_says_stop_is_left_alone(phone: Phone, how: str) -> None:
    await ask_for_tomorrow(phone)
    if how == "flow":
        await phone.say(ANA, "remind me")
        await phone.tap(ANA, "Stop my reminders")
    elif how == "blocked":
        phone.api.blocked.add(ANA)
        phone.api.says(ANA, "menu")
        await phone.answered_after(1)
        phone.api.blocked.clear()
    else:
        await phone.say(ANA, how)
    clock(phone).turn_to(1, 9)
    assert await look(phone) == []
    assert await phone.service.store.rows("SELECT 1 FROM outbox") == []


async def test_finishing_a_talk_keeps_the_reminder(phone: Phone) -> None:
    await ask_for_tomorrow(phone)
    await phone.tap(ANA, "Finish for now")
    assert not await phone.service.store.rows("SELECT 1 FROM conversations")
    clock(phone).turn_to(1, 9)
    (said,) = await look(phone)
    assert "reminder you asked for" in said


async def test_nobody_is_written_to_at_night(phone: Phone) -> None:
    await ask_for_tomorrow(phone)
    clock(phone).turn_to(1, 23)  # the program was stopped all day
    assert await look(phone) == []
    clock(phone).turn_to(2, 8)
    assert await look(phone) == []
    clock(phone).turn_to(2, 9)
    assert len(await look(phone)) == 1


async def test_news_are_told_once(phone: Phone) -> None:
    store, key = phone.service.store, phone.service.key("telegram", str(BEN))
    await at_home(phone, BEN)
    telling = news(
        "request-1", key, "telegram", SEAL.seal(str(BEN)), SEAL.seal("/to/mentor/status"), MONDAY
    )
    await store.write(telling)
    await store.write(telling)
    clock(phone).turn_to(1, 10)
    assert len(await look(phone, BEN)) >= 1
    assert await look(phone, BEN) == []


async def test_several_processes_send_it_once(
    api: BotApi, content: Content, tmp_path: object
) -> None:
    url = f"sqlite:///{tmp_path}/shared.sqlite3"
    stores = [open_store(url), open_store(url)]
    for one in stores:
        await one.open()
    async with polling(api, content, stores[0]) as first:
        first.telegram.persons.now = Clock()
        await ask_for_tomorrow(first)
        clock(first).turn_to(1, 9)
        before = len(api.of(ANA))
        other = Outbox(
            first.service, type(first.inbox)(stores[1], SEAL, first.inbox.works), SEAL, clock(first)
        )
        other.service.store = stores[0]
        for _ in range(3):
            await outbox(first).look()
            await other.look()
        await settled(first.inbox)
        assert len(api.of(ANA)) == before + 1
    for one in stores:
        await one.close()


async def test_what_another_secret_sealed_is_not_sent(phone: Phone) -> None:
    other = Seal(b"another secret of ours")
    key = phone.service.key("telegram", str(ANA))
    row = news("x", key, "telegram", other.seal(str(ANA)), other.seal("/menu"), MONDAY)
    await phone.service.store.write(row)
    clock(phone).turn_to(1, 10)
    assert await look(phone) == []
    assert await phone.service.store.rows("SELECT 1 FROM outbox") == []


def test_reminders_are_offered_only_where_they_can_be_kept(content: Content) -> None:
    place = "help/reminders/remind/morning"
    for reaches, acts in ((True, ("remind",)), (False, ())):
        turn = Turn("1", at=MONDAY, picked=place, reaches=reaches)
        outcome = respond(content, Conversation(language="en", setting="community"), turn)
        assert tuple(act.kind for act in outcome.acts) == acts
    asked = Turn("1", "remind me", MONDAY)
    outcome = respond(content, Conversation(language="en", setting="community"), asked)
    assert "can't write to you first" in outcome.reply.says[-2]


def test_an_act_says_when_and_what(content: Content) -> None:
    turn = Turn("1", at=MONDAY, picked="help/reminders/remind/morning", reaches=True)
    outcome = respond(content, Conversation(language="en", setting="community"), turn)
    assert outcome.acts == (Act("remind", Remind(1, 9, "help/reminders/due")),)


@given(st.floats(1.7e9, 2.0e9))
def test_the_allowed_moment_is_the_next_in_their_hours(at: float) -> None:
    allowed = allowed_at(at, ZONE)
    local = datetime.fromtimestamp(allowed, ZONE)
    assert OPENS <= local.hour < CLOSES
    assert 0 <= allowed - at <= 86400
    assert allowed_at(allowed, ZONE) == allowed


def test_the_clock_changes_cost_nobody_an_hour() -> None:
    day_before = datetime(2026, 10, 31, 12, tzinfo=ZONE).timestamp()
    due = datetime.fromtimestamp(due_at(day_before, 1, 9, ZONE), ZONE)
    assert (due.day, due.hour) == (1, 9)
    assert outbox_module.LOOK <= 60
