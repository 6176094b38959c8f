"""Two people who write to each other through the bot, in Telegram: whole stories, both languages."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.phrases import phrase
from bot.channels.telegram.mentor_words import word
from bot.channels.telegram.mentors import HUB
from bot.engine.content import Content
from bot.peers.life import HOUR
from bot.peers.model import By
from bot.store import Store
from tests.channels.street import ANA, ANN, BEN, CALLED, LUZ, Street, street
from tests.mentoring.house import everything

MARK = "xyzzy"


@pytest.fixture
async def here(content: Content, memory: Store) -> AsyncIterator[Street]:
    async with street(content, memory) as one:
        yield one


@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_whole_story(here: Street, language: str) -> None:
    """Offered, declined, offered to another, accepted; both write, one is in danger, both share who they
    are, and it ends."""
    en = language == "en"
    mentor, first = (ANN, BEN) if en else (BEN, ANN)
    await here.hires(first, mentor)
    one = await here.asks(ANA, language, words=f"no se que hacer {MARK}")
    assert MARK not in here.received(mentor) + here.received(first)
    await here.taps(first, "Esta vez no" if en else "Not this one")
    await here.taps(first, "Otra razón" if en else "Another reason")
    await here.taps(mentor, "Yes, I will" if en else "Sí, voy yo")
    agreement = here.last(ANA)
    assert (
        "I still read each message for danger" if en else "leo cada mensaje por si hay"
    ) in agreement
    assert ("end it any time" if en else "terminar cuando quiera") in agreement

    # Nothing is passed on before the person said yes.
    early = "can you hear me" if en else "hola me escuchas"
    await here.says(mentor, early)
    assert early not in here.received(ANA)
    said = await here.taps(ANA, "Yes, let's write" if en else "Sí, vamos a escribir")
    assert ("You two are in your talk now" if en else "Ya están en su plática") in said
    assert ("They said yes" if en else "Dijo que sí") in here.last(mentor)
    await here.taps(mentor, "Write now" if en else "Escribir ahora")

    assert await here.says(ANA, "I got out on friday" if en else "salí el viernes", language) == ""
    label = word("from-person", language)
    assert here.last(mentor) == f"{label}\n" + ("I got out on friday" if en else "salí el viernes")
    assert await here.says(mentor, "*welcome* home" if en else "*bienvenida* a casa") == ""
    assert here.last(ANA) == word("from-mentor", language) + "\n" + ("*welcome* home" if en else "*bienvenida* a casa")  # fmt: skip
    here.knows_nothing_of(ANA, mentor)
    here.knows_nothing_of(mentor, ANA)

    # A crisis: the screen at once, the message as well, a note for the mentor.
    danger = "i want to kill myself" if en else "quiero matarme"
    said = await here.says(ANA, danger, language)
    assert said.startswith("🔴")
    assert "988" in said or "911" in said
    assert word("passed-on", language) in said
    texts = here.api.texts(mentor)
    assert texts[-2] == f"{label}\n{danger}"
    assert texts[-1] == word("danger", language).replace("*", "")
    assert here.api.labels(mentor) == [
        word("danger-card", language),
        word("ask-supervision", language),
    ]
    # What they answer then is for the program; one tap leads back.
    count = len(here.api.of(mentor))
    assert await here.says(ANA, "no", language)
    assert len(here.api.of(mentor)) == count
    assert word("to-talk", language) in here.api.labels(ANA)
    await here.taps(ANA, word("to-talk", language))
    assert await here.says(ANA, "im here", language) == ""
    assert here.last(mentor) == f"{label}\nim here"
    assert await here.taps(mentor, word("ask-supervision", language))
    assert [asked.mentor for asked in await here.people.supervision()] == [here.mentors[mentor]]
    await here.picks(mentor, "/to/guide/danger")
    await here.taps(mentor, word("to-talk", language))

    # Who they are: the mentor would, the person too; then both get it, and it is gone here.
    await here.taps(mentor, "Share how to reach me" if en else "Decir cómo comunicarse conmigo")
    await here.says(mentor, f"{CALLED[mentor]} 555 0199 {MARK}")
    await here.taps(mentor, "Yes, share it" if en else "Sí, compartirlo")
    assert word("may-share", language) in here.api.texts(ANA)
    here.knows_nothing_of(ANA, mentor)
    assert MARK not in await everything(here.store)
    await here.taps(ANA, word("share", language))
    said = await here.says(ANA, f"{CALLED[ANA]} 555 0133", language)
    assert f"{CALLED[ANA]} 555 0133" in said  # seen before it is shared
    assert "0133" not in here.received(mentor)
    await here.taps(ANA, "Yes, share it" if en else "Sí, compartirlo")
    assert f"{CALLED[mentor]} 555 0199" in here.last(ANA)
    assert f"{CALLED[ANA]} 555 0133" in here.last(mentor)
    rows = await here.store.rows("SELECT person_gave, mentor_gave FROM talks")
    assert [tuple(row) for row in rows] == [(None, None)]

    # The end.
    await here.taps(ANA, "End this talk" if en else "Terminar esta plática")
    assert word("ended-them", language) in here.api.texts(mentor)
    await here.says(mentor, "one more thing")
    assert "one more thing" not in here.received(ANA)
    assert MARK not in await everything(here.store)
    rows = await here.store.rows(
        "SELECT 1 FROM inbox WHERE state <> 'waiting' AND body IS NOT NULL"
    )
    assert rows == []
    assert (await here.requests.get(one)).state == "met"  # type: ignore[union-attr]


async def test_menu_help_and_stop_keep_their_meaning(here: Street) -> None:
    await here.hires(ANN)
    await here.talk()
    count = len(here.api.of(ANN))
    assert await here.says(ANA, "menu")
    assert "⇄ Back to our talk" in here.api.labels(ANA)
    assert await here.says(ANA, "cant sleep")  # they are with the program now
    assert len(here.api.of(ANN)) == count
    await here.taps(ANA, "⇄ Back to our talk")
    assert await here.place(ANA) == HUB
    said = await here.says(ANA, "help")
    assert "911" in said
    assert here.api.texts(ANN)[-2].endswith("\nhelp")
    await here.taps(ANA, "⇄ Back to our talk")
    assert await here.says(ANA, "thanks, bye") == ""  # said to the other, not to the program
    assert here.last(ANN).endswith("thanks, bye")
    said = await here.says(ANA, "STOP")
    assert "won't write to you first" in said
    assert "has ended" in here.last(ANN)
    count = len(here.api.of(ANA))
    await here.says(ANN, "hello?")
    assert len(here.api.of(ANA)) == count


async def test_the_guard_reads_the_mentor_too(here: Street) -> None:
    await here.hires(ANN)
    await here.talk()
    said = await here.says(ANN, "are you thinking about killing yourself?")
    assert said.startswith("🔴")
    assert here.last(ANA).endswith("are you thinking about killing yourself?")
    assert word("danger", "en").replace("*", "") not in here.api.texts(ANA)
    await here.taps(ANN, "⇄ Back to our talk")
    assert await here.says(ANN, "i am here") == ""


PICTURE = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]


@pytest.mark.parametrize(
    "parts",
    [
        {"photo": PICTURE},
        {"photo": PICTURE, "caption": "me and my kids"},
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
        {"contact": {"phone_number": "+15555550100", "first_name": "Anastasia"}},
        {"location": {"latitude": 37.8044, "longitude": -122.2712}},
        {"text": "see", "forward_origin": {"type": "hidden_user", "sender_user_name": "X", "date": 1}},
    ],
)  # fmt: skip
async def test_only_words_are_passed_on_and_it_is_said(here: Street, parts: dict[str, Any]) -> None:
    await here.hires(ANN)
    await here.talk()
    count = len(here.api.of(ANN))
    here.api.sends(ANA, **parts)
    await here.phone.answered_after(1)
    await here.delivered()
    assert len(here.api.of(ANN)) == count
    assert here.last(ANA) == phrase("only-words", "en")


async def test_danger_under_a_picture_is_heard(here: Street) -> None:
    await here.hires(ANN)
    await here.talk()
    here.api.sends(ANA, photo=PICTURE, caption="i want to kill myself")
    await here.phone.answered_after(1)
    assert here.last(ANA).startswith("🔴")


async def test_a_long_message_arrives_whole(here: Street) -> None:
    await here.hires(ANN)
    await here.talk()
    words = "we went on and on about cars. " * 136 + "😀 end"
    count = len(here.api.of(ANA))
    await here.says(ANN, words)
    texts = here.api.texts(ANA)[count:]
    assert len(texts) == 2
    assert " ".join(texts).split() == ["Your", "mentor:", *words.split()]


async def test_nobody_is_moved_by_the_other_and_answers_by_a_tap(here: Street) -> None:
    await here.hires(ANN)
    await here.talk()
    await here.says(ANN, "menu")
    place = await here.place(ANN)
    await here.says(ANA, "are you there?")
    assert await here.place(ANN) == place
    assert here.api.labels(ANN) == ["Answer"]
    count = len(here.api.of(ANA))
    await here.says(ANN, "cant sleep")  # to the program, not to her
    assert len(here.api.of(ANA)) == count
    await here.taps(ANN, "Answer")
    await here.says(ANN, "yes, here")
    assert here.last(ANA).endswith("yes, here")


async def test_talks_go_on_at_night_and_news_does_not(here: Street) -> None:
    await here.hires(ANN)
    await here.talk()
    here.now += 11 * HOUR
    await here.says(ANA, "the moon is out")
    assert here.last(ANN).endswith("the moon is out")


async def test_a_day_of_silence_ends_it_and_both_hear_it_once(here: Street) -> None:
    await here.hires(ANN)
    await here.talk()
    await here.says(ANA, "see you")
    await here.later(23)
    assert word("ended-silence", "en") not in here.api.texts(ANA)
    await here.later(2)
    await here.later(1)
    for chat in (ANA, ANN):
        assert here.api.texts(chat).count(word("ended-silence", "en")) == 1
    # They begin again, from either side.
    await here.picks(ANA, "/to/mentor/check")
    await here.taps(ANA, "Yes, ask them")
    assert "would like to write" in here.last(ANN)
    await here.taps(ANN, "Yes, write with them")
    assert "They said yes" in here.last(ANA)
    await here.taps(ANA, "Write now")
    await here.says(ANA, "hi again")
    assert here.last(ANN).endswith("hi again")
    await here.taps(ANN, "End this talk")
    await here.phone.say(ANN, "/mentor")
    assert "I tell you when they say yes" in await here.taps(ANN, "Write with them")
    assert "Shall we start?" in here.last(ANA)
    count = len(here.api.of(ANA))
    [request] = await here.requests.open()
    await here.picks(ANN, f"~write/{request.id}")
    await here.later()
    assert len(here.api.of(ANA)) == count  # asked once, and not pushed


async def test_not_now_is_told_kindly_and_no_answer_after_a_day(here: Street) -> None:
    await here.hires(ANN)
    await here.asks(ANA)
    await here.taps(ANN, "Yes, I will")
    await here.later(25)
    assert word("ended-unanswered", "en") in here.api.texts(ANN)
    await here.picks(ANA, "/to/mentor/check")
    await here.taps(ANA, "Yes, ask them")
    await here.taps(ANN, "Not now")
    assert word("ended-later", "en") in here.api.texts(ANA)
    assert "old" not in await here.picks(ANN, "~later/nobody")


async def test_one_talk_at_a_time(here: Street) -> None:
    await here.hires(ANN)
    await here.talk(ANA)
    here.now += 60
    await here.asks(LUZ)
    await here.taps(ANN, "Yes, I will")
    assert "Nobody can be in two talks" in here.last(LUZ)
    await here.taps(LUZ, "Yes, tell them")
    await here.says(LUZ, f"secret of luz {MARK}")
    assert MARK not in here.received(ANN)
    assert "One at a time" in await here.taps(ANN, "Yes, write with them")
    await here.taps(ANN, "⇄ Back to our talk")
    await here.says(ANN, "still with ana")
    assert here.last(ANA).endswith("still with ana")
    assert "still with" not in here.received(LUZ)
    home = await here.phone.say(ANN, "/mentor")
    assert "You two are writing now" in home
    assert "They would like to write with you" in home
    await here.taps(ANN, "Write with them")  # the newest: with luz
    [luz] = await here.store.rows("SELECT request FROM talks WHERE state = 'asked'")
    await here.taps(ANN, "End that one, write with them")
    await here.picks(ANN, f"~swap/{luz[0]}")  # pressed twice, it is done once
    assert "has ended" in here.last(ANA)
    await here.taps(LUZ, "Write now")
    await here.says(ANN, "hello luz")
    assert here.last(LUZ).endswith("hello luz")
    assert "hello luz" not in here.received(ANA)


@pytest.mark.parametrize("way", ["close", "hand-back", "cancel", "switch", "retired", "unlinked", "stopped"])  # fmt: skip
async def test_the_end_of_the_request_ends_the_talk(here: Street, way: str) -> None:
    await here.hires(ANN)
    one = await here.talk()
    mentor = By("mentor", here.mentors[ANN])
    match way:
        case "close" | "hand-back":
            await here.moves(way, one, mentor, "full" if way == "hand-back" else "")
            told, not_told = [ANA], [ANN]
        case "cancel" | "switch":
            await here.picks(ANA, "/to/mentor/check")
            await here.picks(ANA, f"mentor/check/{'cancel/yes' if way == 'cancel' else 'together/switch'}")  # fmt: skip
            told, not_told = [ANN], [ANA]
        case "retired":
            await here.people.retire("kim", here.mentors[ANN], here.now)
            told, not_told = [ANA, ANN], []
        case "unlinked":
            await here.people.unlink("annabeth", here.mentors[ANN], here.now)
            told, not_told = [ANA], []
        case _:
            here.api.blocked.add(ANN)
            await here.says(ANA, "are you there?")
            told, not_told = [ANA], []
    await here.delivered()
    await here.later()
    for chat in told:
        assert sum("has ended" in text for text in here.api.texts(chat)) == 1, chat
    for chat in not_told:
        assert not [text for text in here.api.texts(chat) if "has ended" in text], chat
    before = len(here.api.of(ANN))
    await here.says(ANA, f"anybody {MARK}")
    assert MARK not in here.received(ANN)
    assert len(here.api.of(ANN)) == before
    assert await here.requests.talks.open_of(here.key(ANA)) is None


async def test_forget_me_leaves_nothing_and_the_other_hears_that_it_ended(here: Street) -> None:
    await here.hires(ANN)
    one = await here.talk()
    await here.taps(ANA, "Share how to reach me")
    await here.says(ANA, f"Anastasia {MARK}")
    await here.taps(ANA, "Yes, share it")
    await here.phone.say(ANA, f"on its way {MARK}")  # waits to be sent
    assert "erased" in await here.phone.say(ANA, "forget me")
    kept = await everything(here.store)
    for trace in (one, MARK, here.key(ANA), str(ANA), "Anastasia"):
        assert trace not in kept, trace
    await here.delivered()
    kept = await everything(here.store)
    for trace in (one, MARK, here.key(ANA)):
        assert trace not in kept, trace
    assert "on its way" not in here.received(ANN)
    assert sum("has ended" in text for text in here.api.texts(ANN)) == 1


async def test_an_old_button_of_a_talk_shares_nothing(here: Street) -> None:
    await here.hires(ANN)
    await here.talk()
    await here.taps(ANN, "End this talk")
    said = await here.picks(ANA, "mentor/talk/on/share")
    assert "not writing now" in said
    assert "locked up" not in await here.says(ANA, "Anastasia")
    await here.picks(ANA, "mentor/talk/show/share")
    assert await here.store.rows("SELECT 1 FROM talks WHERE person_gave IS NOT NULL") == []


async def test_a_changed_message_is_not_passed_on(here: Street) -> None:
    await here.hires(ANN)
    await here.talk()
    edited = here.api.message(ANA, text="i meant something else", edit_date=1)
    here.api.update(ANA, edited_message=edited)
    await here.phone.answered_after(1)
    await here.delivered()
    assert "something else" not in here.received(ANN)
    assert here.last(ANA) == phrase("only-words", "en")


async def test_nothing_of_a_talk_is_logged(here: Street, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        await here.hires(ANN)
        await here.talk()
        await here.says(ANA, f"hello {MARK}")
        await here.says(ANN, f"hello {MARK}")
        await here.says(ANA, f"i want to die {MARK}")
    assert MARK not in caplog.text
    for chat in (ANA, ANN):
        assert str(chat) not in caplog.text
