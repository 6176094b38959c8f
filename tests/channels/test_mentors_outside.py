"""Mentors outside, in Telegram: linking, offers and answers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.channels import worker
from bot.channels.person import Person
from bot.channels.phrases import phrase
from bot.engine.content import Content, NoMentors
from bot.peers.life import HOUR
from bot.peers.model import By
from bot.store import Store
from tests.channels.phones import until
from tests.channels.street import ANA, ANN, BEN, CALLED, LUZ, MENTORS, Street, street

OFFER = "Somebody asks for a mentor."


@pytest.fixture
async def here(content: Content, memory: Store) -> AsyncIterator[Street]:
    async with street(content, memory) as one:
        yield one


# ── linking ────────────────────────────────────────────────────────────────────────────────────


async def test_a_link_works_once_and_soon_and_keeps_no_name(here: Street) -> None:
    kept = await here.people.keep("kim", MENTORS[ANN], here.now)
    here.mentors[ANN] = kept.id
    await here.accounts.add("kim", "annabeth", "mentor", here.now, kept.id)
    secret = await here.requests.chats.new_link(kept.id, here.now)
    assert len(secret) <= 64  # what Telegram lets a link carry
    here.now += 16 * 60
    assert "does not work any more" in await here.phone.say(ANN, f"/start {secret}")
    secret = await here.requests.chats.new_link(kept.id, here.now)
    assert "linked to your desk" in await here.phone.say(ANN, f"/start {secret}")
    assert "linked to your desk" in await here.phone.say(ANN, f"/start {secret}")  # as if once
    assert "does not work any more" in await here.phone.say(BEN, f"/start {secret}")
    [chat] = (await here.requests.chats.all()).values()
    assert (chat.mentor, chat.key) == (kept.id, here.key(ANN))
    rows = await here.store.rows("SELECT * FROM mentor_chats")
    assert not {str(ANN), secret} & {str(value) for row in rows for value in row}
    log = [(one.who, one.what, one.about) for one in await here.service.audit.entries()]
    assert log.count(("annabeth", "chat-linked", kept.id)) == 1


async def test_a_chat_is_one_mentors_and_a_mentor_has_one_chat(here: Street) -> None:
    await here.hires(ANN, BEN)
    here.mentors[LUZ] = here.mentors[ANN]
    await here.links(LUZ)
    assert await here.requests.chats.mentor_of(here.key(ANN)) == ""
    here.mentors[LUZ] = here.mentors[BEN]
    await here.links(LUZ)
    assert set(await here.requests.chats.all()) == {here.mentors[BEN]}


async def test_a_mentors_chat_is_anybodys_chat_as_well(here: Street) -> None:
    await here.hires(ANN)
    await here.picks(ANN, "where/ask/community")
    assert "sleep" in (await here.phone.say(ANN, "cant sleep")).lower()
    assert "988" in await here.phone.say(ANN, "i want to kill myself")
    assert await here.phone.say(ANN, "/menu")
    assert "walk with nobody" in await here.phone.say(ANN, "/mentor")
    here.api.says(LUZ, "/mentor")  # for anybody else it is about their own request
    await here.phone.answered_after(1)
    assert "walk with nobody" not in here.received(LUZ)


@pytest.mark.parametrize("way", ["chat", "desk", "stop", "forget", "retired"])
async def test_unlinked_everywhere(here: Street, way: str) -> None:
    await here.hires(ANN, BEN)
    await here.asks(ANA)
    assert "asks for a mentor" in here.last(ANN)
    match way:
        case "chat":
            await here.phone.say(ANN, "/mentor")
            await here.taps(ANN, "Unlink this chat")
            assert "unlinked" in await here.taps(ANN, "Yes, unlink")
        case "desk":
            await here.people.unlink("annabeth", here.mentors[ANN], here.now)
        case "stop":
            assert "not linked" in await here.phone.say(ANN, "/stop")
        case "forget":
            assert "this chat is a mentor's" in await here.phone.say(ANN, "/forget")
        case _:
            await here.people.retire("kim", here.mentors[ANN], here.now)
    assert await here.requests.chats.of(here.mentors[ANN]) is None
    await here.later()
    [request] = await here.requests.open()
    assert request.offered == (here.mentors[BEN],)  # who can't be written to is not asked to write
    before = len(here.api.of(ANN))
    await here.asks(LUZ)
    assert len(here.api.of(ANN)) == before
    for word in (here.key(ANN), str(ANN)):
        rows = await here.store.rows("SELECT * FROM mentor_chats")
        assert word not in str(rows)
    # An old button says so kindly, and does nothing.
    said = await here.picks(ANN, f"~yes/{request.id}")
    assert "not linked" in said
    assert not (await here.requests.get(request.id)).mentor  # type: ignore[union-attr]


async def test_a_stopped_account_can_make_no_link(here: Street) -> None:
    await here.hires(ANN)
    secret = await here.requests.chats.new_link(here.mentors[ANN], here.now)
    await here.accounts.stop("kim", "annabeth", here.now)
    assert "does not work" in await here.phone.say(LUZ, f"/start {secret}")


async def test_the_desk_knows_the_bot_by_name_while_it_runs(here: Street) -> None:
    await until(lambda: bool(here.api.calls("deleteWebhook")))
    assert await here.requests.chats.bot("telegram", here.now) == "peerpath_bot"
    assert await here.requests.chats.bot("telegram", here.now + 48 * HOUR) == ""


# ── offers ─────────────────────────────────────────────────────────────────────────────────────


async def test_declined_with_a_reason_offered_to_another_accepted(here: Street) -> None:
    await here.hires(ANN, BEN)
    one = await here.asks(ANA, words="I get out on Friday")
    english, spanish = here.last(ANN), here.last(BEN)
    assert "has come home" in english
    assert "Why you: has come home" in english
    assert "counts as your yes" in english
    assert "Alguien pide un mentor" in spanish
    assert "Friday" not in english  # what they wrote is for whoever says yes, at the desk
    assert here.api.labels(ANN) == ["Yes, I will", "Not this one", "Pause me"]
    assert "Why not?" in await here.taps(ANN, "Not this one")
    assert "I'm not well myself" in here.api.labels(ANN)
    assert "Somebody else is asked" in await here.taps(ANN, "I'm not well myself")
    request = await here.requests.get(one)
    assert request is not None
    assert request.offered == (here.mentors[BEN],)
    assert "Ya es tuya" in await here.taps(BEN, "Sí, voy yo")
    request = await here.requests.get(one)
    assert request is not None
    assert (request.state, request.mentor) == ("accepted", here.mentors[BEN])
    moves = await here.store.rows(
        "SELECT kind, role, by_id, why FROM moves WHERE request = ? ORDER BY number", one
    )
    assert [tuple(row) for row in moves if row[1] == "mentor"] == [
        ("decline", "mentor", here.mentors[ANN], "unwell"),
        ("accept", "mentor", here.mentors[BEN], ""),
    ]
    assert "a mentor said yes" in here.last(ANA)
    here.knows_nothing_of(ANA, BEN)
    here.knows_nothing_of(BEN, ANA)


async def test_two_say_yes_at_the_same_moment(here: Street) -> None:
    await here.hires(ANN, BEN)
    one = await here.asks(ANA)
    here.api.taps(ANN, "Yes, I will")
    here.api.taps(BEN, "Sí, voy yo")
    await here.phone.answered_after(2)
    rows = await here.store.rows("SELECT by_id FROM moves WHERE kind = 'accept'")
    request = await here.requests.get(one)
    assert request is not None
    assert [row[0] for row in rows] == [request.mentor]
    thanked = [chat for chat, id_ in here.mentors.items() if id_ == request.mentor]
    other = BEN if thanked == [ANN] else ANN
    texts = {chat: " ".join(here.api.texts(chat)) for chat in (ANN, BEN)}
    assert "It's yours" in texts[thanked[0]] or "Ya es tuya" in texts[thanked[0]]
    assert "before you" in texts[other] or "antes que tú" in texts[other]


async def test_who_carries_enough_is_told_kindly_and_says_no_from_there(here: Street) -> None:
    await here.hires(ANN)
    one, two = await here.asks(ANA), await here.asks(LUZ)
    kept = await here.people.get(here.mentors[ANN])
    assert kept is not None
    await here.people.keep("kim", replace(kept, capacity=1), here.now)
    assert "It's yours" in await here.picks(ANN, f"~yes/{one}")
    assert "as many people as you can" in await here.picks(ANN, f"~yes/{two}")
    assert here.api.labels(ANN) == ["Not this one"]
    await here.picks(ANN, "/language/es")
    assert "Ya acompañas a todas" in await here.picks(ANN, f"~yes/{two}")
    await here.taps(ANN, "Esta vez no")
    await here.taps(ANN, "Ahora ya acompaño a bastantes")
    request = await here.requests.get(two)
    assert request is not None
    assert (request.mentor, request.passed) == ("", (here.mentors[ANN],))
    # Asked by hand it was talked over, also where they write to each other.
    await here.requests.assign(two, here.mentors[ANN], By("coordinator", "kim"), here.now)
    assert "Ya es tuya" in await here.picks(ANN, f"~yes/{two}")


async def test_stop_says_that_it_unlinks_however_often_it_is_answered(here: Street) -> None:
    await here.hires(ANN)
    persons, mentor = here.phone.telegram.persons, Person("telegram", here.key(ANN), str(ANN), "en")
    first = await persons.answer(mentor, "a turn", text="stop")
    again = await persons.answer(mentor, "a turn", text="stop")  # it could not be sent
    assert first.more == again.more
    assert phrase("desk-unlinked", "en") in first.more
    assert await here.requests.chats.of(here.mentors[ANN]) is None
    log = [one.what for one in await here.service.audit.entries()]
    assert log.count("chat-unlinked") == 1


async def test_an_old_press_and_an_offer_that_is_lost(here: Street) -> None:
    await here.hires(ANN)
    one = await here.asks(ANA)
    here.now += 25 * HOUR
    await here.service.refresh(here.now)  # a day of silence is a no
    for press in ("yes", "why", "met", "gave", "close", "write"):
        said = await here.picks(ANN, f"~{press}/{one}/full")
        assert said, press
        assert "yours now" not in said
    assert (await here.requests.get(one)).mentor == ""  # type: ignore[union-attr]
    for nonsense in ("~yes/nobody", "~", "~what/ever/this/is", "~why/x/not-a-reason"):
        assert await here.picks(ANN, nonsense)


async def test_an_offer_that_no_longer_stands_is_not_delivered(here: Street) -> None:
    await here.hires(ANN)
    await here.later()
    look = here.outbox.look

    async def not_yet() -> None:
        return

    here.outbox.look = not_yet  # type: ignore[method-assign]
    one = await here.asks(ANA)
    await here.picks(ANA, "/to/mentor/check")
    await here.picks(ANA, "mentor/check/cancel/yes")
    here.outbox.look = look  # type: ignore[method-assign]
    await here.delivered()
    assert (await here.requests.get(one)).state == "cancelled"  # type: ignore[union-attr]
    assert OFFER not in here.received(ANN)


async def test_pause_me_and_back_again(here: Street) -> None:
    await here.hires(ANN)
    await here.asks(ANA)
    assert "You rest" in await here.taps(ANN, "Pause me")
    [request] = await here.requests.open()
    assert request.offered == ()
    assert "Good to have you back" in await here.taps(ANN, "I'm back")
    await here.asks(LUZ)
    assert OFFER in here.last(ANN)
    log = [(one.who, one.what) for one in await here.service.audit.entries()]
    assert log.count(("annabeth", "mentor-paused")) == 1
    assert log.count(("annabeth", "mentor-back")) == 1


async def test_offers_wait_for_the_day_and_skip_who_blocked_us(here: Street) -> None:
    await here.hires(ANN, BEN)
    here.api.blocked.add(BEN)
    here.now += 11 * HOUR  # eleven at night
    await here.asks(ANA)
    assert OFFER not in here.received(ANN)
    await here.later(10)
    assert "asks for a mentor" in here.last(ANN)
    assert await here.phone.telegram.persons.stopped(here.key(BEN))


async def test_a_crash_between_taking_a_press_and_answering_does_it_once(here: Street) -> None:
    await here.hires(ANN, BEN)
    one = await here.asks(ANA)
    work, crashed = here.phone.inbox.works["telegram"], []

    async def crashes(letter: object) -> object:
        done = await work(letter)  # type: ignore[arg-type]
        if len(crashed) < 2:
            crashed.append(done)
            raise RuntimeError("the power went")
        return done

    here.phone.inbox.works["telegram"] = crashes  # type: ignore[index]
    said = await here.taps(ANN, "Yes, I will")
    assert len(crashed) == 2
    assert "It's yours now" in said
    assert "before you" not in said
    rows = await here.store.rows(
        "SELECT kind FROM moves WHERE request = ? AND kind = 'accept'", one
    )
    assert len(rows) == 1
    crashed.clear()
    said = await here.picks(BEN, f"~why/{one}/full")
    assert "Alguien" in said or "ahora es distinto" in said
    await here.picks(ANA, "mentor/talk/invited/yes")
    await here.delivered()
    crashed.clear()
    await here.taps(ANN, "Write now")
    crashed.clear()
    await here.phone.say(ANN, "said exactly once")
    assert len(crashed) == 2
    await here.delivered()
    assert here.received(ANA).count("said exactly once") == 1
    crashed.clear()
    await here.phone.say(ANA, "i want to die")
    await here.delivered()
    assert here.received(ANN).count("i want to die") == 1


async def test_who_meets_another_way_is_offered_and_accepted_as_well(here: Street) -> None:
    await here.hires(ANN)
    await here.picks(ANA, "where/ask/community")
    await here.picks(ANA, "/to/mentor/ask")
    for tap in ("about/home", "kind/any", "language/any", "gender/any", "hours/any",
                "write-or-meet/meet", "meet/call"):  # fmt: skip
        await here.picks(ANA, f"mentor/ask/{tap}")
    await here.phone.say(ANA, "555 0100 after six")
    for tap in ("mentors/anyone", "words/none", "confirm/send"):
        await here.picks(ANA, f"mentor/ask/{tap}")
    await here.delivered()
    assert "wants to be called" in here.last(ANN)
    assert "at your desk" in await here.taps(ANN, "Yes, I will")
    assert "555" not in here.received(ANN)
    assert "You walk with somebody" in await here.phone.say(ANN, "/mentor")
    assert "Good that you met" in await here.phone.tap(ANN, "We met")
    assert await here.phone.say(ANN, "/mentor")
    assert "finished" in await here.phone.tap(ANN, "Finished")


async def test_handed_back_in_the_chat(here: Street) -> None:
    await here.hires(ANN, BEN)
    one = await here.talk(ANA, ANN)
    await here.phone.say(ANN, "/mentor")
    assert "Why do you hand it back" in await here.taps(ANN, "Hand back")
    assert "handed back" in await here.taps(ANN, "I carry enough right now")
    request = await here.requests.get(one)
    assert request is not None
    assert request.offered == (here.mentors[BEN],)
    assert "has ended" in " ".join(here.api.texts(ANA))
    assert "Alguien pide un mentor" in here.last(BEN)


async def test_nobody_is_their_own_mentor(here: Street) -> None:
    await here.hires(ANN)
    await here.asks(ANN)
    [request] = await here.requests.open()
    assert request.offered == ()


async def test_writing_is_offered_only_where_it_can_work(here: Street) -> None:
    kept = await here.people.keep("kim", MENTORS[ANN], here.now)
    await here.later()
    await here.picks(ANA, "where/ask/community")
    await here.picks(ANA, "/to/mentor/ask")
    for tap in ("about/home", "kind/any", "language/any", "gender/any"):
        await here.picks(ANA, f"mentor/ask/{tap}")
    assert "find each other" in await here.picks(ANA, "mentor/ask/hours/any")
    here.mentors[ANN] = kept.id
    await here.accounts.add("kim", "annabeth", "mentor", here.now, kept.id)
    await here.links(ANN)
    await here.later()
    assert "through me" in await here.picks(ANA, "mentor/ask/hours/any")


async def test_a_coordinator_asks_only_who_can_write(here: Street) -> None:
    await here.hires(ANN)
    one = await here.asks(ANA)
    other = await here.people.keep("kim", MENTORS[BEN], here.now)
    refused = await here.requests.assign(one, other.id, By("coordinator", "kim"), here.now)
    assert getattr(refused, "code", "") == "no-chat"


async def test_every_button_carries_little_enough(here: Street) -> None:
    await here.hires(ANN)
    await here.talk(ANA, ANN)
    await here.phone.say(ANN, "/mentor")
    await here.taps(ANN, "Hand back")
    for name, asked in here.api.log:
        if name == "sendMessage" and asked.get("reply_markup"):
            for row in asked["reply_markup"]["inline_keyboard"]:
                for button in row:
                    assert 1 <= len(button["callback_data"].encode()) <= 64
    assert CALLED[ANA] not in here.received(ANN)


async def test_a_process_that_only_answers_phones_knows_the_mentors(here: Street) -> None:
    await here.hires(ANN)
    here.service.content = replace(here.service.content, roster=NoMentors())
    keeping = asyncio.create_task(worker._keep_house(here.service))
    await until(lambda: here.service.content.roster.serves("community"))
    keeping.cancel()
