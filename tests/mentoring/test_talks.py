"""Talks and chats of mentors at rest, on every store."""

import asyncio
import logging
from dataclasses import replace

import pytest

from bot.channels.inbox import Again
from bot.channels.person import Answered, Person, Persons
from bot.engine.content import Content
from bot.engine.model import Act
from bot.mentoring.chats import LASTS
from bot.mentoring.news import reached
from bot.mentoring.talks import said
from bot.peers.life import DAY, Refused
from bot.peers.model import By, Mentor, Move
from bot.store import Conflict, Store, StoreProblem, Taken, Write
from tests.mentoring.house import BEN, House, everything

OUTSIDE = frozenset({"community"})
ANN = Mentor("", "Ann", OUTSIDE, ("en", "es"), frozenset({"loss"}))
MARK = "xyzzy"


@pytest.fixture
async def house(store: Store, content: Content) -> House:
    one = await House(content, store).staffed(ANN, replace(BEN, settings=OUTSIDE))
    for name in ("Ann", "Ben"):
        await one.accounts.add("kim", name, "mentor", one.now, one.mentors[name])
        await links(one, name)
    return one


async def links(house: House, name: str, key: str = "") -> bool:
    secret = await house.requests.chats.new_link(house.mentors[name], house.now)
    address = house.requests.seal.seal("77")
    return await house.people.link(key or f"chat-{name}", "telegram", address, secret, house.now)


async def does(house: House, key: str, *acts: Act) -> None:
    """What a turn of this chat decides."""
    for act in acts:
        writes = await house.requests.writes(key, [act], house.now, lambda _: True)
        await house.store.write(*writes)


async def asks(house: House, key: str, channel: str = "telegram") -> str:
    await does(
        house, key, Act("ask", answers={"about": "loss", "meet": "write"}, setting="community")
    )
    await house.store.write(reached(key, channel, house.requests.seal.seal("11")))
    rows = await house.store.rows("SELECT id FROM claims WHERE key = ?", key)
    return str(rows[0][0])


async def talk(house: House, key: str = "p", name: str = "Ann") -> str:
    one = await asks(house, key)
    await house.by(name, "accept", one)
    await does(house, key, Act("talk"))
    return one


async def sent(house: House) -> list[tuple[str, str, str]]:
    """What waits to be sent: to whom, its kind, its words."""
    rows = await house.store.rows("SELECT key, body FROM outbox ORDER BY due, id")
    out = []
    for key, body in rows:
        opened = house.requests.seal.open(bytes(body))  # type: ignore[arg-type]
        kind, _, words = said(opened) if opened.startswith("~") else (opened, "", "")
        out.append((str(key), kind, words))
    return out


async def test_from_the_offer_to_the_end(house: House) -> None:
    one = await asks(house, "p")
    assert sorted(await sent(house)) == [("chat-Ann", "offer", ""), ("chat-Ben", "offer", "")]
    await house.by("Ann", "accept", one)
    facts = await house.requests.facts("p", "", house.now)
    assert (facts.talk, facts.request and facts.request.state) == ("they", "writes")
    assert facts.request
    assert facts.request.mentor == ""  # no name before both want it
    assert await house.requests.talks.passed_on("p", MARK, "1", house.now, danger=False) == ()
    await does(house, "p", Act("talk"))
    assert (await house.requests.facts("p", "", house.now)).talk == "open"
    assert (await house.requests.facts("chat-Ann", "", house.now)).talk == "open"
    assert (await house.requests.get(one)).state == "met"  # type: ignore[union-attr]
    for key, danger in (("p", True), ("chat-Ann", True)):
        writes = await house.requests.talks.passed_on(key, MARK, key, house.now, danger=danger)
        await house.store.write(*writes)
        await house.store.write(*writes)  # the same message once more is the same message
    out = await sent(house)
    assert out.count(("chat-Ann", "danger", MARK)) == 1
    assert out.count(("p", "words", MARK)) == 1
    assert MARK not in await everything(house.store)
    await does(house, "chat-Ann", Act("end-talk"))
    assert ("p", "ended", "them") in await sent(house)
    await does(house, "p", Act("end-talk"))
    assert ("chat-Ann", "ended", "them") not in await sent(house)


async def test_what_was_given_is_handed_over_in_one_commit_and_erased(house: House) -> None:
    await talk(house)
    await does(house, "p", Act("draft", name="reach", words=f"Ana {MARK}"), Act("share"))
    assert ("chat-Ann", "may-share", "") in await sent(house)
    await does(house, "p", Act("draft", name="reach", words="Ana 1"), Act("share"))  # thought anew
    out = await sent(house)
    assert out.count(("chat-Ann", "may-share", "")) == 1
    assert not [one for one in out if one[1] == "given"]
    await does(house, "chat-Ann", Act("draft", name="reach", words="Ann 2"), Act("share"))
    out = await sent(house)
    assert [one for one in out if one[1] == "given"] == [("chat-Ann", "given", "Ana 1"), ("p", "given", "Ann 2")]  # fmt: skip
    rows = await house.store.rows("SELECT person_gave, mentor_gave FROM talks")
    assert [tuple(row) for row in rows] == [(None, None)]
    assert await house.store.rows("SELECT 1 FROM drafts WHERE name = 'reach'") == []


async def test_both_share_at_the_same_moment(house: House) -> None:
    await talk(house)
    for key in ("p", "chat-Ann"):
        await does(house, key, Act("draft", name="reach", words=f"of {key}"))

    async def shares(key: str) -> None:
        while True:
            try:
                await does(house, key, Act("share"))
            except Conflict:
                continue
            return

    await asyncio.gather(shares("p"), shares("chat-Ann"))
    given = [one for one in await sent(house) if one[1] == "given"]
    assert sorted(given) == [("chat-Ann", "given", "of p"), ("p", "given", "of chat-Ann")]


async def test_two_people_say_yes_to_one_mentor_at_the_same_moment(house: House) -> None:
    for key in ("p", "q"):
        one = await asks(house, key)
        await house.requests.assign(one, house.mentors["Ann"], By("coordinator", "kim"), house.now)
        await house.by("Ann", "accept", one)

    async def agrees(key: str) -> None:
        while True:
            try:
                await does(house, key, Act("talk"))
            except Conflict:
                continue
            return

    await asyncio.gather(agrees("p"), agrees("q"))
    rows = await house.store.rows("SELECT state FROM talks ORDER BY state")
    assert [row[0] for row in rows] == ["asked", "open"]
    waiting = [key for key in ("p", "q") if await house.requests.talks.open_of(key) is None]
    assert (await house.requests.facts(waiting[0], "", house.now)).talk == "busy"


async def test_a_day_of_silence_ends_it_once(house: House) -> None:
    await talk(house)
    house.now += DAY - 1
    await asyncio.gather(house.later(0), house.later(0))
    assert not [one for one in await sent(house) if one[1] == "ended"]
    house.now += 1
    await asyncio.gather(house.later(0), house.later(0))
    ended = [one for one in await sent(house) if one[1] == "ended"]
    assert sorted(ended) == [("chat-Ann", "ended", "silence"), ("p", "ended", "silence")]


@pytest.mark.parametrize(
    "kind", ["close", "hand-back", "coordinator", "cancel", "switch", "retire"]
)
async def test_the_end_of_the_request_is_the_end_of_the_talk(house: House, kind: str) -> None:
    one = await talk(house)
    match kind:
        case "close" | "hand-back":
            await house.by("Ann", kind, one, "full" if kind == "hand-back" else "")
        case "coordinator":
            await house.requests.move(one, Move("hand-back", By("coordinator", "kim"), house.now))
        case "cancel" | "switch":
            await does(house, "p", Act(kind))
        case _:
            await house.people.retire("kim", house.mentors["Ann"], house.now)
    told = [who for who, what, _ in await sent(house) if what == "ended"]
    expects = {
        "close": ["p"], "hand-back": ["p"], "coordinator": ["chat-Ann", "p"], "cancel": ["chat-Ann"],
        "switch": ["chat-Ann"], "retire": ["chat-Ann", "p"],
    }  # fmt: skip
    assert sorted(told) == expects[kind]
    assert await house.store.rows("SELECT 1 FROM talks") == []


async def test_forget_me_leaves_nothing_of_a_talk(house: House) -> None:
    one = await talk(house)
    await does(house, "p", Act("draft", name="reach", words=MARK), Act("share"))
    writes = await house.requests.talks.passed_on("p", MARK, "1", house.now, danger=False)
    await house.store.write(*writes)
    asker = house.person("p")
    asker.key = "p"
    assert "erased" in await asker.says("forget me")
    kept = await everything(house.store)
    assert one not in kept
    assert [o for o in await sent(house) if o[0] == "chat-Ann"] == [
        ("chat-Ann", "ended", "request")
    ]
    assert await house.store.rows("SELECT 1 FROM talks") == []
    assert await house.store.rows("SELECT 1 FROM outbox WHERE key = 'p'") == []


async def test_a_mentor_who_is_forgotten_is_unlinked_and_idling_unlinks_nobody(
    house: House,
) -> None:
    await talk(house)
    await house.service.forget("chat-Ann")  # their own talk with the program lay still for a month
    assert await house.requests.chats.mentor_of("chat-Ann") == house.mentors["Ann"]
    mentor = house.person("ann")
    mentor.key = "chat-Ann"
    await mentor.says("forget me")
    assert await house.requests.chats.mentor_of("chat-Ann") == ""
    assert ("p", "ended", "them") in await sent(house)


WAYS_OUT = ("stop", "forget me")  # typed in a mentor's chat, either unlinks it


async def silent(*_writes: object) -> None:
    """A store that keeps nothing."""
    raise StoreProblem("not now")


async def leaves(house: House, words: str) -> Answered:
    """Ann types something in her chat, while nothing can be written but by the turn's commit."""
    persons = Persons(house.service, house.requests.seal, lambda: house.now)
    mentor = Person("telegram", "chat-Ann", "77", "en", writes=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.store, "write", silent)
        return await persons.answer(mentor, "a turn", text=words)


async def unlinked(house: House) -> int:
    """How often the log, which is whole, says that a chat was unlinked."""
    assert await house.audit.check() == []
    entries = await house.audit.entries()
    return sum((one.who, one.what) == ("ann", "chat-unlinked") for one in entries)


@pytest.mark.parametrize("words", WAYS_OUT)
async def test_a_mentors_way_out_is_one_commit_with_its_row_in_the_log(
    house: House, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "peerpath.audit")
    await talk(house)
    await leaves(house, words)
    assert await house.requests.chats.mentor_of("chat-Ann") == ""
    assert await unlinked(house) == 1
    assert (await house.audit.entries())[0].mark in caplog.messages[-1]  # each new head is logged
    assert [one for one in await sent(house) if one[1] == "ended"] == [("p", "ended", "them")]
    assert not [one for one in await sent(house) if one[0] == "chat-Ann"]
    await leaves(house, words)
    assert await unlinked(house) == 1


@pytest.mark.parametrize("words", WAYS_OUT)
async def test_a_mentors_way_out_that_is_not_kept_changes_nothing(
    house: House, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk(house)
    before = await sent(house)
    monkeypatch.setattr(house.store, "commit", silent)
    with pytest.raises(Again):
        await leaves(house, words)
    assert await house.requests.chats.mentor_of("chat-Ann") == house.mentors["Ann"]
    assert await unlinked(house) == 0
    assert await sent(house) == before
    assert await house.requests.talks.open_of("p") is not None


@pytest.mark.parametrize("words", WAYS_OUT)
async def test_a_mentors_way_out_while_staff_write_in_the_log(
    house: House, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk(house)
    commit, write, overtaken = house.store.commit, house.store.write, []

    async def another_first(taken: Taken) -> None:
        if not overtaken:
            overtaken.append(taken)
            monkeypatch.setattr(house.store, "write", write)
            await house.audit.record("kim", "signed-in", "", house.now)
        await commit(taken)

    monkeypatch.setattr(house.store, "commit", another_first)
    await leaves(house, words)
    assert overtaken
    assert await unlinked(house) == 1
    assert await house.requests.chats.mentor_of("chat-Ann") == ""


async def test_a_mentor_who_writes_with_another_as_a_person_says_stop(house: House) -> None:
    await talk(house, "chat-Ann", "Ben")
    await leaves(house, "stop")
    assert await unlinked(house) == 1
    assert await house.requests.talks.open_of("chat-Ben") is None
    assert ("chat-Ben", "ended", "them") in await sent(house)


async def test_unlinked_twice_at_the_same_moment_is_unlinked_once(house: House) -> None:
    ann = house.mentors["Ann"]
    await asyncio.gather(*(house.people.unlink("ann", ann, house.now) for _ in range(3)))
    assert await unlinked(house) == 1


async def test_who_does_not_write_from_here_is_sent_to_where_they_can(house: House) -> None:
    one = await asks(house, "p", "sms")
    await house.by("Ann", "accept", one)
    assert (await house.requests.facts("p", "", house.now)).talk == "elsewhere"
    await does(house, "p", Act("talk"))
    assert (await house.requests.facts("p", "", house.now)).talk == "elsewhere"
    assert (await house.requests.facts("a-kiosk", "", house.now)).talk == "none"


async def test_two_open_one_link_at_the_same_moment(house: House) -> None:
    secret = await house.requests.chats.new_link(house.mentors["Ann"], house.now)
    done = await asyncio.gather(
        *(house.people.link(key, "telegram", b"x", secret, house.now) for key in ("one", "two"))
    )
    assert sorted(done) == [False, True]
    house.now += LASTS
    assert not await house.people.link("three", "telegram", b"x", secret, house.now)


async def test_a_mentor_who_cannot_be_written_to_says_no_yes_to_writing(house: House) -> None:
    one = await asks(house, "p")
    await house.store.write(Write("DELETE FROM mentor_chats WHERE key = 'chat-Ann'"))
    refused = await house.by("Ann", "accept", one)
    assert getattr(refused, "code", "") == "no-chat"
    await house.later(0)
    assert (await house.requests.get(one)).offered == (house.mentors["Ben"],)  # type: ignore[union-attr]


async def test_two_yeses_to_writing_for_one_place(house: House) -> None:
    first, second = await asks(house, "p"), await asks(house, "q")
    ann = await house.people.get(house.mentors["Ann"])
    assert ann is not None
    await house.people.keep("kim", replace(ann, capacity=1), house.now)
    done = await asyncio.gather(*(house.by("Ann", "accept", one) for one in (first, second)))
    assert [getattr(one, "code", "") for one in done if isinstance(one, Refused)] == ["full"]
    carried = [one for one in await house.requests.open() if one.mentor == ann.id]
    assert len(carried) == 1
    [row] = await house.store.rows("SELECT request FROM talks")  # the yes that counted, no other
    assert row[0] == carried[0].id


async def test_kept_apart_holds_for_writing_and_is_forgotten_with_the_talk(house: House) -> None:
    one = await asks(house, "p")
    await house.people.not_this_mentor("kim", one, house.mentors["Ben"], house.now)
    assert (await house.requests.get(one)).offered == (house.mentors["Ann"],)  # type: ignore[union-attr]
    assert house.mentors["Ben"] in (await house.requests.facts("p", "", house.now)).apart
    by = By("coordinator", "kim")
    asked = await house.requests.assign(one, house.mentors["Ben"], by, house.now)
    assert asked == Refused("kept-apart")
    await house.by("Ann", "accept", one)
    await does(house, "p", Act("talk"), Act("draft", name="reach", words=MARK), Act("share"))
    assert (await house.requests.facts("p", "", house.now)).talk == "open"
    await does(house, "p", Act("forget"))
    assert await house.people.apart() == []
    for table, column in (("keep_separate_of", "owner"), ("claims", "key"), ("talks", "key")):
        assert await house.store.rows(f"SELECT {column} FROM {table}") == []
    kept = await everything(house.store)
    assert one not in kept
    assert MARK not in kept


async def test_who_is_kept_apart_meanwhile_says_no_yes_to_writing(house: House) -> None:
    one = await asks(house, "p")
    ask = Write("UPDATE requests SET who = 'called' WHERE id = ?", (one,))
    apart = Write("INSERT INTO keep_separate VALUES ('k', ?, 'called', '', NULL, 0)", (house.mentors["Ann"],))  # fmt: skip
    await house.store.write(ask, apart)
    assert await house.by("Ann", "accept", one) == Refused("not-now")
    assert await house.store.rows("SELECT 1 FROM talks") == []
