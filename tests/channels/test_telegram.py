"""Telegram, through python-telegram-bot, over real HTTP, against a server as strict as the real one."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.channels.phrases import phrase
from bot.engine.content import Content
from bot.store import Store
from tests.channels.botapi import TOKEN, BotApi, Refused, serving
from tests.channels.phones import Phone, polling, until

TYPED = "xyzzy-what-a-person-typed"
ANA, BEN = 1001, 1002


@pytest.fixture
def api() -> Iterator[BotApi]:
    with serving() as server:
        yield server


@pytest.fixture
async def phone(api: BotApi, content: Content, memory: Store) -> AsyncIterator[Phone]:
    async with polling(api, content, memory) as running:
        yield running


async def at_home(phone: Phone, chat: int = ANA) -> None:
    """Past the welcome, out of prison."""
    await phone.say(chat, "/start")
    await phone.tap(chat, "English")
    await phone.tap(chat, "Out (home, parole, probation)")


async def test_a_talk_by_taps_and_by_words(phone: Phone) -> None:
    assert "Which language" in await phone.say(ANA, "/start")
    hello = await phone.tap(ANA, "English")
    assert "I am a computer program" in hello
    assert "Where are you right now?" in hello
    assert phone.api.labels(ANA)[0] == "1. In prison"
    assert "What" in await phone.tap(ANA, "Out (home, parole, probation)")
    assert phone.api.labels(ANA)
    sleep = await phone.say(ANA, "cant sleeep")
    assert "sleep" in sleep.lower()
    picked = await phone.say(ANA, "1")  # the number of a button works as well
    assert picked


async def test_a_tap_is_marked_and_its_buttons_are_gone(phone: Phone) -> None:
    await at_home(phone)
    await until(lambda: any("▸ 3. Out (home" in text for text in phone.api.texts(ANA)))
    marked = [message for message in phone.api.of(ANA) if "▸" in message["text"]]
    assert len(marked) == 2
    assert not any("reply_markup" in message for message in marked)


async def test_leafing_through_the_menu_changes_one_message(phone: Phone) -> None:
    await at_home(phone)
    await phone.say(ANA, "menu")
    count = len(phone.api.of(ANA))
    label = phone.api.labels(ANA)[0].partition(". ")[2]
    await phone.tap(ANA, label)
    assert len(phone.api.of(ANA)) == count
    assert phone.api.calls("editMessageText")


async def test_the_commands_are_told_in_both_languages(phone: Phone) -> None:
    await until(lambda: len(phone.api.commands) == 3)
    assert set(phone.api.commands) == {"", "en", "es"}
    for language in ("en", "es"):
        commands = {c["command"]: c["description"] for c in phone.api.commands[language]}
        assert set(commands) == {
            "start", "menu", "help", "language", "privacy", "forget", "stop",
        }  # fmt: skip
        assert commands["forget"] == phrase("command-forget", language)


async def test_every_command_answers(phone: Phone) -> None:
    await at_home(phone)
    for command, words in {
        "/help": "911", "/menu": "?", "/language": "Which language", "/privacy": "computer program",
    }.items():  # fmt: skip
        assert words in await phone.say(ANA, command), command


async def test_the_language_of_the_app_is_a_hint(phone: Phone) -> None:
    assert "peligro" in await phone.say(BEN, "/help", "es-MX")
    assert "danger" in await phone.say(ANA, "/help", "fr")


async def test_danger_is_answered_loudly_and_first(phone: Phone) -> None:
    await at_home(phone)
    said = await phone.say(ANA, "i want to kill myself")
    assert said.startswith("🔴")
    assert "988" in said
    spanish = await phone.say(BEN, "quiero morirme", "es")
    assert "matarte" in spanish


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, "listen"),
        ({"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]}, "pictures"),
        ({"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}}, "pictures"),
        ({"contact": {"phone_number": "+15555550100", "first_name": "Ben"}}, "pictures"),
        ({"text": "see this", "forward_origin": {"type": "hidden_user", "sender_user_name": "X", "date": 1}}, "somebody else"),
    ],
)  # fmt: skip
async def test_what_is_no_message_of_theirs_gets_a_kind_answer(
    phone: Phone, parts: dict[str, Any], words: str
) -> None:
    phone.api.sends(ANA, **parts)
    await phone.answered_after(1)
    assert words in phone.api.texts(ANA)[-1]
    assert phone.api.labels(ANA) == ["1. Help now", "2. Menu"]


async def test_danger_is_heard_in_captions_forwards_and_edits(phone: Phone) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "X", "date": 1}
    picture = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    phone.api.sends(ANA, photo=picture, caption="i want to kill myself")
    phone.api.sends(BEN, text="i want to kill myself", forward_origin=origin)
    edited = phone.api.message(1003, text="i want to kill myself", edit_date=1)
    phone.api.update(1003, edited_message=edited)
    phone.api.says(1004, "/menu i want to kill myself")
    await phone.answered_after(4)
    for chat in (ANA, BEN, 1003, 1004):
        assert phone.api.texts(chat)[0].startswith("🔴"), chat


async def test_an_edited_message_is_not_answered_twice(phone: Phone) -> None:
    phone.api.update(ANA, edited_message=phone.api.message(ANA, text="cant sleep", edit_date=1))
    await phone.answered_after(1)
    assert "changed a message" in phone.api.texts(ANA)[0]


async def test_a_group_gets_one_polite_line(phone: Phone) -> None:
    for _ in range(3):
        phone.api.says(-500, "/start")
    await phone.answered_after(3)
    assert phone.api.texts(-500) == [phrase("group", "en")]
    phone.api.says(-500, "i want to kill myself")
    await phone.answered_after(1)
    assert len(phone.api.texts(-500)) == 2
    assert "988" in phone.api.texts(-500)[1]


async def test_a_place_is_used_once_and_not_kept(phone: Phone) -> None:
    await at_home(phone)
    asked = await ask_for_a_bed(phone, ANA)
    assert "ZIP" in asked
    phone.api.sends(ANA, location={"latitude": 37.8044, "longitude": -122.2712})
    await phone.answered_after(1)
    saved = await phone.service.store.last(phone.service.key("telegram", str(ANA)))
    assert saved.conversation.area == "alameda"
    assert not await everywhere(phone.service.store, "37.8")


async def test_a_zip_code_is_a_place(phone: Phone) -> None:
    await at_home(phone)
    await ask_for_a_bed(phone, ANA)
    await phone.say(ANA, "93721")
    saved = await phone.service.store.last(phone.service.key("telegram", str(ANA)))
    assert saved.conversation.area == "fresno"
    assert not await everywhere(phone.service.store, "93721")


async def test_a_place_that_nobody_asked_for_or_knows(phone: Phone) -> None:
    await at_home(phone)
    phone.api.sends(ANA, location={"latitude": 37.8044, "longitude": -122.2712})
    await phone.answered_after(1)
    assert "don't need your location" in phone.api.texts(ANA)[-1]
    await ask_for_a_bed(phone, ANA)
    phone.api.sends(ANA, location={"latitude": 48.85, "longitude": 2.35})
    await phone.answered_after(1)
    assert "California" in phone.api.texts(ANA)[-1]
    assert "California" in await phone.say(ANA, "00001")


async def ask_for_a_bed(phone: Phone, chat: int) -> str:
    """To the question for the county."""
    said = await phone.say(chat, "/menu")
    said = await phone.say(chat, "i need a bed tonight")
    for _ in range(6):
        saved = await phone.service.store.last(phone.service.key("telegram", str(chat)))
        if phone.telegram.persons.asks_area(saved.conversation):
            return said
        said = await phone.tap(chat, phone.api.labels(chat)[0].partition(". ")[2])
    raise AssertionError("nobody asked for the county")


async def test_long_replies_are_split_and_marks_hold(phone: Phone) -> None:
    await at_home(phone)
    await phone.say(ANA, "safety plan")
    for message in phone.api.of(ANA):
        assert "*" not in message["text"]
    assert any(message.get("entities") for message in phone.api.of(ANA))


async def test_breathing_goes_along_by_edits_and_stops_when_they_go_on(phone: Phone) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0.02 if len(pauses) < 8 else 30)

    phone.telegram.sleep = sleep
    await at_home(phone)
    for words in ("breathing", "8", "next", "next", "next"):
        await phone.say(ANA, words)
        if any("Round" in text for text in phone.api.texts(ANA)):
            break
    await until(lambda: len(pauses) >= 8)
    assert min(pauses) >= 1  # seconds between edits
    assert str(ANA) in phone.telegram._aside
    await phone.say(ANA, "/menu")
    await until(lambda: str(ANA) not in phone.telegram._aside)


async def test_too_fast_is_waited_out_and_nothing_is_said_twice(phone: Phone) -> None:
    phone.api.refuse = [Refused(429, "Too Many Requests: retry after 1", retry_after=1)]
    said = await phone.say(ANA, "/start")
    assert "Which language" in said
    assert len(phone.api.of(ANA)) == 1
    assert phone.inbox.counts.again == 1


async def test_a_server_that_stumbles_is_asked_again(phone: Phone) -> None:
    phone.api.refuse = [Refused(502, "Bad Gateway"), Refused(500, "Internal Server Error")]
    assert "Which language" in await phone.say(ANA, "/start")


async def test_bad_marks_cost_the_marks_and_no_words(phone: Phone) -> None:
    phone.api.refuse = [Refused(400, "Bad Request: can't parse entities")]
    assert "Which language" in await phone.say(ANA, "/start")


async def test_who_blocked_us_is_closed_until_they_come_back(phone: Phone) -> None:
    key = phone.service.key("telegram", str(ANA))
    phone.api.blocked.add(ANA)
    phone.api.says(ANA, "/menu")
    await phone.answered_after(1)
    assert await phone.telegram.persons.stopped(key)
    phone.api.blocked.clear()
    assert await phone.say(ANA, "/start")
    assert not await phone.telegram.persons.stopped(key)


async def test_old_taps_are_answered_all_the_same(phone: Phone) -> None:
    await phone.say(ANA, "/start")
    await phone.tap(ANA, "English")
    phone.api.taps(ANA, "In prison", old=True)
    await phone.answered_after(1)
    saved = await phone.service.store.last(phone.service.key("telegram", str(ANA)))
    assert saved.conversation.setting == "prison"


async def test_a_button_of_last_week_still_works(phone: Phone) -> None:
    await at_home(phone)
    await phone.say(ANA, "/privacy")
    number = phone.api.taps(ANA, phone.api.labels(ANA)[0].partition(". ")[2])
    # What Telegram sends of a message that it no longer shows to bots.
    for update in phone.api.pending:
        if update["update_id"] == number:
            old = update["callback_query"]["message"]
            update["callback_query"]["message"] = {
                "chat": old["chat"], "message_id": old["message_id"], "date": 0,
            }  # fmt: skip
    await phone.answered_after(1)
    assert phone.inbox.counts.failed == 0


async def test_forget_deletes_and_says_what(phone: Phone) -> None:
    await at_home(phone)
    await phone.say(ANA, "cant sleep")
    said = await phone.say(ANA, "/forget")
    assert "where you were in the talk" in said
    assert "delete the chat in the app" in said
    key = phone.service.key("telegram", str(ANA))
    store = phone.service.store
    for table in ("conversations", "replies", "acts", "outbox", "stopped"):
        assert not await store.rows(f"SELECT 1 FROM {table} WHERE key = ?", key), table
    assert not await everywhere(store, key)


async def test_stop_finishes_and_says_that_nothing_comes(phone: Phone) -> None:
    await at_home(phone)
    said = await phone.say(ANA, "/stop")
    assert phrase("reminders-stopped", "en") in said
    key = phone.service.key("telegram", str(ANA))
    assert not await phone.service.store.rows("SELECT 1 FROM conversations WHERE key = ?", key)


async def test_the_offset_moves_only_when_updates_are_kept(
    api: BotApi, content: Content, memory: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with polling(api, content, memory) as phone:
        await until(lambda: bool(api.calls("getUpdates")))
        take_in = phone.inbox.take_in

        async def silent(*letters: Any, **more: Any) -> None:
            raise OSError("the disk is full")

        phone.inbox.take_in = silent  # type: ignore[method-assign]
        api.says(ANA, f"cant sleep {TYPED}")
        alarm = api.says(BEN, f"i want to kill myself {TYPED}")
        await until(lambda: bool(api.texts(BEN)), 20)
        assert api.texts(BEN)[0].startswith("🔴")  # heard though nothing could be kept
        assert not api.texts(ANA)
        await until(lambda: api.delivered.count(alarm) > 1, 20)
        assert api.acknowledged == []
        assert len(api.texts(BEN)) == 1
        phone.inbox.take_in = take_in  # type: ignore[method-assign]
        await until(lambda: bool(api.texts(ANA)), 20)
        await until(lambda: api.acknowledged == [7001, 7002], 40)
    assert TYPED not in caplog.text
    assert TOKEN not in caplog.text


async def test_two_pollers_are_told_apart_and_nobody_is_lost(
    api: BotApi, content: Content, memory: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with polling(api, content, memory) as phone:
        await until(lambda: bool(api.calls("getUpdates")))
        await asyncio.sleep(0.1)
        api.polling = "somebody else"
        await until(lambda: "somebody else polls" in caplog.text)
        assert "Which language" in await phone.say(ANA, "/start")


async def test_nothing_typed_and_no_token_is_logged(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await phone.say(ANA, f"{TYPED} cant sleep")
        phone.api.refuse = [Refused(500, "no")]
        await phone.say(ANA, f"{TYPED} menu")
    assert TYPED not in caplog.text
    assert TOKEN not in caplog.text
    assert not await everywhere(phone.service.store, TYPED)
    assert not await everywhere(phone.service.store, "Marisol")


async def everywhere(store: Store, words: str) -> list[str]:
    """The tables in which some words stand."""
    found = []
    for table in ("conversations", "replies", "acts", "notes", "inbox", "outbox", "stopped"):
        rows = await store.rows(f"SELECT * FROM {table}")
        values = [v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row]
        found += [table for value in values if words.encode() in value]
    return found
