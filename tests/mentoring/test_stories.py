"""Whole stories, on every store: from “i wanna talk to somebody” to two people who met."""

import asyncio

import pytest

from bot.channels.person import Answered, Persons
from bot.channels.person import Person as Phone
from bot.engine.content import Content
from bot.mentoring.claims import FREE_OF_ALL
from bot.peers.life import Refused
from bot.peers.model import By, Move, Request
from bot.store import Store, StoreProblem
from tests.mentoring.house import ANN, BEN, House, everything

MARK = "xyzzy"
NAME = "Frobnitz AB1234"


@pytest.fixture
async def house(store: Store, content: Content) -> House:
    return await House(content, store).staffed()


async def only(house: House) -> Request:
    [one] = await house.requests.open()
    return one


async def test_asked_declined_accepted_checked_met_closed(house: House) -> None:
    asker = house.person()
    code = await asker.asks(words=f"my brother died {MARK}", found=NAME)
    request = await only(house)
    assert request.state == "offered"
    assert set(request.offered) == set(house.mentors.values())
    assert isinstance(await house.by("Ben", "decline", request.id, "not_my_story"), Request)

    # The kiosk's talk ends; the next day they come to another kiosk with their three words.
    await house.service.forget(asker.key)
    await house.later(20)
    again = house.person("another window")
    assert "Nobody has said yes so far" in await again.checks(code.upper())
    assert isinstance(await house.by("Ann", "accept", request.id), Request)
    assert await house.requests.words(request.id) == (f"my brother died {MARK}", NAME)
    third = house.person("a third window")
    assert "*Ann* said yes" in await third.checks(code)

    assert isinstance(await house.by("Ann", "meet", request.id), Request)
    assert "You and *Ann* have met" in await third.picks("/to/mentor/check")
    assert isinstance(await house.by("Ann", "close", request.id), Request)
    assert await house.requests.words(request.id) == ("", "")
    assert "This one is finished" in await house.person("a fourth").checks(code)
    rows = await house.store.rows(
        "SELECT kind, role FROM moves WHERE request = ? ORDER BY number", request.id
    )
    assert [tuple(row) for row in rows] == [
        ("ask", "person"),
        ("offer", "clock"),
        ("decline", "mentor"),
        ("accept", "mentor"),
        ("meet", "mentor"),
        ("close", "mentor"),
    ]
    await house.later(31 * 24)
    assert await house.store.rows("SELECT id FROM requests") == []
    assert "don't open anything" in await house.person("a fifth").checks(code)


async def test_what_they_typed_and_their_code_stand_nowhere_in_plain(house: House) -> None:
    asker = house.person()
    code = await asker.asks(words=f"secret {MARK}", found=NAME)
    kept = await everything(house.store)
    for words in (MARK, "Frobnitz", "frobnitz", "AB1234", "ab1234", code):
        assert words not in kept, words
    shown = await house.service.last(asker.key, _opened(house), _nobody())
    assert code in "\n".join(shown.reply.says)


def _opened(house: House):  # noqa: ANN202
    from bot.engine.model import Turn

    return Turn("page", at=house.now, silent=True)


def _nobody():  # noqa: ANN202
    from bot.engine.model import Conversation

    return Conversation(setting="prison", facility="here")


async def test_a_turn_delivered_twice_asks_once_and_shows_the_same_code(house: House) -> None:
    from bot.engine.model import Turn

    asker = house.person()
    await asker.asks()
    first = asker.words
    turn = Turn(f"t{next(asker.turns) - 1}", at=house.now, picked="mentor/ask/confirm/send")
    again = await house.service.handle(asker.key, turn, _nobody())
    assert "\n".join(again.reply.says) in first
    assert len(await house.requests.open()) == 1


async def test_cancelled_midway(house: House) -> None:
    asker = house.person()
    code = await asker.asks(words=MARK)
    request = await only(house)
    await house.by("Ann", "accept", request.id)
    other = house.person("later")
    await other.checks(code)
    assert "taken back" in await other.taps("I want to stop", "Yes, take it back")
    assert await house.requests.open() == []
    assert await house.requests.words(request.id) == ("", "")
    assert await house.by("Ann", "meet", request.id) == Refused("over")


async def test_stopped_before_it_is_sent_leaves_nothing(house: House) -> None:
    asker = house.person()
    await asker.picks("/to/mentor/ask")
    await asker.taps("My family", "Someone who listens", "Either", "It doesn't", "No, that's fine")
    await asker.taps("Any time", "They find me")
    await asker.says(NAME)
    await asker.taps("Not now")
    assert await house.store.rows("SELECT name FROM drafts") == []
    assert await house.requests.open() == []


async def test_a_mentor_retires_with_open_requests(house: House) -> None:
    one, two = house.person("one"), house.person("two")
    code = await one.asks(language="Spanish")  # only Ann
    request = await only(house)
    await house.by("Ann", "accept", request.id)
    await two.asks(mentor="Ann", others="Yes")
    await house.people.retire("kim", house.mentors["Ann"], house.now)
    await house.later(0)
    left = {r.id: r for r in await house.requests.open()}
    assert left[request.id].state == "waiting"  # nobody else speaks Spanish
    other = next(r for r in left.values() if r.id != request.id)
    assert other.offered == (house.mentors["Ben"],)
    assert "I keep looking" in await house.person("later").checks(code)
    await house.later(48)
    assert (await house.requests.get(request.id)).told == "unmatched"  # type: ignore[union-attr]


async def test_two_mentors_accept_at_the_same_moment(house: House) -> None:
    await house.person().asks()
    request = await only(house)
    answers = await asyncio.gather(
        house.by("Ann", "accept", request.id), house.by("Ben", "accept", request.id)
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Request"]
    assert Refused("too-late") in answers
    after = await only(house)
    assert after.state == "accepted"
    rows = await house.store.rows("SELECT by_id FROM moves WHERE kind = 'accept'")
    assert [row[0] for row in rows] == [after.mentor]


async def test_a_crisis_in_the_middle_of_the_form(house: House) -> None:
    asker = house.person()
    await asker.picks("/to/mentor/ask")
    await asker.taps("Losing somebody", "Someone who listens", "Either", "It doesn't")
    await asker.taps("No, that's fine", "Any time", "I'll come", "Whoever is free")
    said = await asker.says("i want to kill myself tonight")
    assert asker.reply is not None
    assert asker.reply.urgent
    assert "killing yourself right now" in said
    assert await house.store.rows("SELECT name FROM drafts") == []
    await asker.picks("/to/mentor/ask/words")  # the way back is to the question, with no words
    await asker.taps("No words", "Send")
    assert (await only(house)).state == "offered"


async def test_silence_is_a_no_and_the_coordinator_and_the_person_are_told(house: House) -> None:
    code = await house.person().asks(mentor="Ann", others="No")
    request = await only(house)
    assert request.offered == (house.mentors["Ann"],)
    await house.later(24)
    assert (await only(house)).state == "waiting"
    await house.later(24)
    assert (await only(house)).told == "unmatched"
    await house.later(5 * 24)
    assert await house.requests.open() == []
    asker = house.person("a week later")
    assert "A week has gone by" in await asker.checks(code)
    assert "three words stay the same" in await asker.taps("Look once more")
    assert (await only(house)).offered == (house.mentors["Ann"],)


async def test_whoever_is_free_instead(house: House) -> None:
    code = await house.person().asks(mentor="Ann", others="No")
    await house.by("Ann", "decline", (await only(house)).id, "full")
    asker = house.person("later")
    await asker.checks(code)
    await asker.taps("Ask whoever is free")
    assert (await only(house)).offered == (house.mentors["Ben"],)


async def test_kept_apart_is_honoured_and_never_shown(house: House) -> None:
    await house.people.keep_apart("kim", house.mentors["Ben"], "AB1234", "", house.now)
    asker = house.person()
    await asker.picks("/to/mentor/ask")
    await asker.taps("Drugs or drinking", "Someone who listens", "Either", "It doesn't matter")
    await asker.taps("No, that's fine", "Any time", "They find me")
    said = await asker.says("Frobnitz, ab1234, C yard")
    assert "Ben" not in said
    assert "Ann" in said
    await asker.picks("mentor/ask/mentors/" + house.mentors["Ben"])  # an older page's button
    await asker.taps("Whoever is free", "No words", "Send")
    assert (await only(house)).offered == (house.mentors["Ann"],)
    assert "AB1234" not in await everything(house.store)


async def test_kept_apart_after_it_was_offered_is_withdrawn(house: House) -> None:
    await house.person().asks(found=NAME)
    await house.people.keep_apart("kim", house.mentors["Ben"], "ab1234", "", house.now)
    await house.later(0)
    assert (await only(house)).offered == (house.mentors["Ann"],)


async def not_ben(house: House) -> None:
    done = await house.people.not_this_mentor(
        "kim", (await only(house)).id, house.mentors["Ben"], house.now
    )
    assert isinstance(done, Request)


async def test_kept_apart_without_a_name_holds_for_what_they_ask_later(house: House) -> None:
    asker = house.person()
    code = await asker.asks()
    request = await only(house)
    assert set(request.offered) == set(house.mentors.values())
    await not_ben(house)
    assert (await only(house)).offered == (house.mentors["Ann"],)
    await house.by("Ann", "decline", request.id, "hours")
    await house.later(24 * 8)  # a week: nobody is found, and they ask to look once more
    assert "Ben" not in await asker.picks("/to/mentor/check")
    other = house.person("another window")
    await other.checks(code)
    await other.taps("Look once more")
    assert (await only(house)).offered == (house.mentors["Ann"],)
    assert await house.requests.assign(
        request.id, house.mentors["Ben"], By("coordinator", "kim"), house.now
    ) == Refused("kept-apart")

    # Taken back, and asked anew in that window: nothing but its key tells that it is them.
    await other.picks("/to/mentor/check")
    await other.taps("Take it back", "Yes, take it back")
    await other.picks("/to/mentor/ask")
    await other.taps("Losing somebody", "Someone who listens", "Either", "It doesn't matter")
    assert "Ben" not in await other.taps("No, that's fine", "Any time", "I'll come to them")
    later = await other.asks()
    assert (await only(house)).offered == (house.mentors["Ann"],)
    # And when that talk is over, the later request knows it by itself.
    await house.service.forget(other.key)
    await house.by("Ann", "decline", (await only(house)).id, "hours")
    await house.later(1)
    assert (await only(house)).offered == ()
    await house.person("a third window").checks(later)
    # Somebody else at the same kiosk is somebody else.
    await house.service.forget(asker.key)
    await house.person("a fourth window").asks()
    assert {one for r in await house.requests.open() for one in r.offered} >= {house.mentors["Ben"]}


async def test_kept_apart_without_a_name_is_taken_off_or_goes_with_forget_me(house: House) -> None:
    before = await everything(house.store)
    asker = house.person()
    code = await asker.asks()
    one = await only(house)
    await not_ben(house)
    [pair] = await house.people.apart()
    assert (pair.mentor, pair.label, pair.unit) == (house.mentors["Ben"], "", "")
    await house.people.together_again("kim", pair.id, house.now)
    assert await house.people.apart() == []
    await not_ben(house)
    other = house.person("another window")
    await other.checks(code)
    await other.says("forget me")
    await house.service.forget(asker.key)
    assert await house.people.apart() == []
    kept = await everything(house.store)
    for trace in (one.id, asker.key, other.key):
        assert trace not in kept, trace
    assert before
    gone = await house.people.not_this_mentor("kim", one.id, house.mentors["Ben"], house.now)
    assert gone == Refused("gone")


async def test_kept_apart_without_a_name_on_a_phone(house: House) -> None:
    persons = Persons(house.service, house.requests.seal, lambda: house.now)
    asker = Phone("telegram", house.service.key("telegram", "77"), "77", "en")
    await ask_by_phone(persons, asker)
    first = await only(house)
    await not_ben(house)
    await persons.answer(asker, "stop", picked="/to/mentor/check")
    await house.by("Ann", "accept", first.id)
    by = By("coordinator", "kim")
    await house.requests.move(first.id, Move("close", by, house.now))
    await house.later(24 * 40)
    assert await house.store.rows("SELECT id FROM requests") == []
    await ask_by_phone(persons, asker)
    assert (await only(house)).offered == (house.mentors["Ann"],)
    await persons.answer(asker, "forget", text="forget me")
    assert asker.key not in await everything(house.store)
    await ask_by_phone(persons, asker, "again")
    assert set((await only(house)).offered) == set(house.mentors.values())


async def test_wrong_words_are_slowed_and_the_right_ones_wait_too(house: House) -> None:
    code = await house.person().asks()
    guesser = house.person("guesser")
    for _ in range(3):
        assert "don't open anything" in await guesser.checks("river table moon")
    assert "Please come back" in await guesser.checks(code)
    house.now += 16
    assert "Each has a day" in await guesser.checks(code)


async def test_many_windows_are_slowed_together(house: House) -> None:
    code = await house.person().asks()
    for number in range(FREE_OF_ALL):
        await house.requests.facts(f"kiosk-{number}", "river table moon", house.now)
    assert "Please come back" in await house.person("one more").checks(code)
    house.now += 16
    assert "Each has a day" in await house.person("and another").checks(code)


async def test_forget_me_leaves_nothing_of_theirs_anywhere(house: House) -> None:
    before = await everything(house.store)
    asker = house.person()
    code = await asker.asks(words=MARK, found=NAME)
    request = await only(house)
    await house.by("Ann", "accept", request.id)
    await asker.picks("/to/help/tell-staff")
    await asker.taps("Yes, it can wait", "How I feel")
    await asker.says(MARK)
    await asker.taps("I'd rather not say", "Send")
    [message] = await house.inbox.waiting()
    other = house.person("another window")
    await other.checks(code)
    said = await other.says("forget me")
    assert "erased" in said
    await house.service.forget(asker.key)  # the first window falls idle
    kept = await everything(house.store)
    for trace in (request.id, MARK, NAME, asker.key, other.key):
        assert trace not in kept, trace
    assert message.id in kept  # told in the other window, whose talk was not asked to be forgotten
    counts = [line for line in kept.splitlines() if line not in before.splitlines()]
    assert await house.store.rows("SELECT id FROM requests") == []
    assert await house.store.rows("SELECT request FROM moves") == []
    assert await house.store.rows("SELECT key FROM claims") == []
    assert not [line for line in counts if "mentor" in line and request.id in line]


async def test_a_message_to_staff_and_its_acknowledgement(house: House) -> None:
    asker = house.person()
    await asker.picks("/to/help/tell-staff")
    assert "Don't write" in asker.words
    await asker.taps("Yes, it can wait", "Mail or property")
    await asker.says(f"my boots {MARK}")
    await asker.says(NAME)
    await asker.taps("Send")
    code = asker.code
    assert MARK not in await everything(house.store)
    [message] = await house.inbox.waiting()
    assert (message.words, message.found, message.about) == (f"my boots {MARK}", NAME, "things")
    later = house.person("later")
    assert "Nobody has marked it as read" in await later.checks(code)
    assert await house.inbox.answer("sue", message.id, message.version, "seen", house.now)
    assert not await house.inbox.answer("joe", message.id, message.version, "seen", house.now)
    assert "marked your message as read" in await later.picks("/to/mentor/check")
    assert await house.inbox.answer("sue", message.id, 1, "planned", house.now)
    assert await house.inbox.waiting() == []
    rows = await house.store.rows("SELECT words, found FROM staff_messages")
    assert [tuple(row) for row in rows] == [(None, None)]


async def test_nothing_is_said_to_be_sent_when_the_store_does_not_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = house.person()
    await asker.picks("/to/mentor/ask")
    await asker.taps("Losing somebody", "Someone who listens", "Either", "It doesn't")
    await asker.taps("No, that's fine", "Any time", "I'll come", "Whoever is free", "No words")

    async def dead(*_: object) -> None:
        raise StoreProblem("dead")

    monkeypatch.setattr(house.store, "commit", dead)
    said = await asker.taps("Send")
    assert "Nothing was sent" in said
    assert "three words are your key" not in said
    assert await house.requests.open() == []


async def test_asking_twice_is_one_request(house: House) -> None:
    asker = house.person()
    await asker.asks()
    assert "Each has a day" in await asker.picks("/to/mentor/ask")
    await asker.picks("mentor/ask/confirm/send")  # an old button
    assert len(await house.requests.open()) == 1


async def test_somebody_else_instead(house: House) -> None:
    asker = house.person()
    await asker.asks(mentor="Ann", others="Yes")
    await house.by("Ann", "accept", (await only(house)).id)
    await asker.picks("/to/mentor/check")
    await asker.taps("Somebody else instead")
    request = await only(house)
    assert (request.mentor, request.offered) == ("", (house.mentors["Ben"],))


async def ask_by_phone(persons: Persons, asker: Phone, turn: str = "") -> Answered:
    taps = (
        "/to/mentor/ask", "mentor/ask/about/loss", "mentor/ask/kind/listen",
        "mentor/ask/language/any", "mentor/ask/gender/any", "mentor/ask/hours/any",
        "mentor/ask/meet/come", "mentor/ask/mentors/anyone", "mentor/ask/words/none",
        "mentor/ask/confirm/send",
    )  # fmt: skip
    answered = await persons.answer(asker, f"0{turn}{persons.now()}", picked="where/ask/prison")
    for number, pick in enumerate(taps):
        answered = await persons.answer(asker, f"t{number}{turn}{persons.now()}", picked=pick)
    return answered


async def test_on_a_phone_the_chat_is_the_key_and_news_arrives_there(house: House) -> None:
    persons = Persons(house.service, house.requests.seal, lambda: house.now)
    asker = Phone("telegram", house.service.key("telegram", "77"), "77", "en")
    answered = await ask_by_phone(persons, asker)
    assert "three words are your key" in "\n".join(answered.reply.says)
    assert await house.store.rows("SELECT id FROM outbox") == []
    await house.by("Ann", "accept", (await only(house)).id)
    [(channel, kind, address, body)] = await house.store.rows(
        "SELECT channel, kind, address, body FROM outbox"
    )
    assert (channel, kind) == ("telegram", "news")
    opened = [house.requests.seal.open(bytes(value)) for value in (address, body)]  # type: ignore[arg-type]
    assert opened == ["77", "/to/mentor/check"]
    told = await persons.answer(asker, "news", picked=opened[1])
    assert "*Ann* said yes" in "\n".join(told.reply.says)
    await persons.answer(asker, "forget", text="forget me")
    kept = await everything(house.store)
    assert asker.key not in kept
    assert await house.requests.open() == []


async def test_a_house_without_mentors_sends_people_to_people(
    store: Store, content: Content
) -> None:
    house = House(content, store)
    await house.later(0)
    asker = house.person()
    assert "Nothing you tap here asks for one" in await asker.picks("/to/mentor/ask")
    assert ANN.name != BEN.name
