"""Steps that pick from a list, take words, open a code and have something done: words in, words out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.load import Loaded
from bot.engine.content import Content
from bot.engine.conversation import LONGEST_WORDS, respond
from bot.engine.model import (
    ACTS,
    SEALED,
    Ask,
    Conversation,
    Facts,
    Outcome,
    Standing,
    Turn,
)
from bot.mentoring.requests import ANSWERS
from bot.peers.model import EXPERIENCES, GENDERS, HOURS, KINDS, MEETINGS, Mentor, Wishes
from bot.peers.roster import Mentors
from bot.store.base import encode

MARK = "xyzzy plugh"
FLOW = """
title: Example
owner: Us
reviewed: 2026-11-22
first: start
steps:
  start:
    route: {by: mentors, none: alone, otherwise: pick}
  alone: {say: Nobody is here., end: true}
  pick:
    ask: Whom?
    pick: {from: mentors, saves: mentor}
    choices: {any: {label: Anybody, sets: {mentor: none}, go: write}}
    go: write
  write:
    ask: Tell me about {mentor}.
    words: {saves: words}
    choices: {none: {label: No words, go: shown}}
    go: shown
  shown:
    say: "You wrote: {words}. You wish for: {wishes}."
    ask: Send it?
    choices: {send: {label: Send it, go: send}, again: {label: Other words, go: write}}
  send: {do: ask, go: sent}
  sent: {say: "Your words are {code}.", end: true}
  code:
    ask: Three words?
    code: {wrong: wrong, slow: slow}
    go: state
  wrong: {say: Not those., go: code}
  slow: {say: Wait., end: true}
  state:
    route: {by: request, accepted: yes-said, otherwise: none-said}
  yes-said: {say: "{mentor} said yes.", end: true}
  none-said: {say: Nothing yet., end: true}
  open: {ask: Open?, choices: {"yes": {label: Open it, go: code}}}
moved: {old: open}
"""
ANN = Mentor("m-ann", "Ann Lee", frozenset({"prison"}), ("en",), frozenset({"loss"}))
PERSON = Conversation(setting="prison", last_turn="0")

MakeContent = Callable[[Mapping[str, str]], Loaded]


@pytest.fixture
def content(make_content: MakeContent) -> Content:
    loaded = make_content({"flows/example.yaml": FLOW})
    return replace(loaded.content, roster=Mentors((ANN,)))


def turn(
    content: Content, before: Conversation, facts: Facts | None = None, **given: str
) -> Outcome:
    return respond(content, before, Turn("1", facts=facts, **given))  # type: ignore[arg-type]


def at(place: str) -> Conversation:
    return replace(PERSON, place=f"example/{place}")


def test_with_nobody_there_the_flow_says_so(content: Content) -> None:
    bare = turn(replace(content, roster=Content().roster), PERSON, picked="/to/example")
    assert bare.reply.says == ("Nobody is here.",)


def test_mentors_are_offered_by_name_with_the_reason(content: Content) -> None:
    out = turn(content, PERSON, picked="/to/example")
    assert [option.label for option in out.reply.options] == ["Ann Lee", "Anybody"]
    assert out.reply.says == ("- *Ann Lee:* Has room for one more.",)
    assert out.wants


def test_somebody_to_be_kept_apart_from_is_not_there(content: Content) -> None:
    out = turn(content, PERSON, Facts(apart=frozenset({"m-ann"})), picked="/to/example")
    assert [option.label for option in out.reply.options] == ["Anybody"]
    assert "Nobody who fits is free" in out.reply.says[0]
    old = turn(content, at("pick"), Facts(apart=frozenset({"m-ann"})), picked="example/pick/m-ann")
    assert old.conversation.place == "example/pick"


@pytest.mark.parametrize("typed", ["Ann Lee", "ann", "1", "an lee"])
def test_a_mentor_is_picked_by_name_or_number(content: Content, typed: str) -> None:
    first = turn(content, PERSON, picked="/to/example")
    out = turn(content, first.conversation, text=typed)
    assert out.reply.asks == ("Tell me about Ann Lee.",)
    assert out.conversation.answers["example.mentor"] == "m-ann"


def test_words_go_into_an_act_and_nowhere_else(content: Content) -> None:
    out = turn(content, at("write"), text=f"well, {MARK} no words really, 2")
    [act] = out.acts
    assert (act.kind, act.name, act.words) == ("draft", "words", f"well, {MARK} no words really, 2")
    assert MARK not in repr(out.acts)
    kept = encode(out.conversation) + encode(out.reply)
    assert MARK.encode() not in kept
    assert MARK not in str(out.notes) + str(out.heard)
    assert SEALED in out.reply.says[0]


def test_a_choice_beside_the_words_takes_back_what_was_written(content: Content) -> None:
    written = turn(content, at("write"), text=MARK)
    out = turn(content, replace(written.conversation, place="example/write"), text="no words")
    [act] = out.acts
    assert (act.kind, act.name, act.words) == ("draft", "words", "")
    assert SEALED not in out.reply.says[0]


def test_words_that_are_too_long_are_asked_for_again(content: Content) -> None:
    out = turn(content, at("write"), text="word " * (LONGEST_WORDS // 5 + 1))
    assert out.acts == ()
    assert out.conversation.place == "example/write"
    assert "600 letters" in out.reply.says[0]


def test_commands_and_alarms_come_before_words(content: Content) -> None:
    assert turn(content, at("write"), text="stop").reply.over
    assert turn(content, at("write"), text="help now").reply.urgent
    alarm = turn(content, at("write"), text="i want to kill myself")
    assert alarm.reply.urgent
    assert alarm.acts == ()


def test_what_is_done_is_an_act_with_the_answers_of_the_flow(content: Content) -> None:
    before = replace(at("shown"), answers={"example.mentor": "m-ann", "other.about": "loss"})
    out = turn(content, before, text="send it")
    [act] = out.acts
    assert (act.kind, act.setting, dict(act.answers)) == ("ask", "prison", {"mentor": "m-ann"})
    assert SEALED in out.reply.says[0]


def test_nothing_is_said_to_be_done_when_nothing_can_be(content: Content) -> None:
    out = turn(content, at("shown"), Facts(silent=True), text="send it")
    assert out.acts == ()
    assert "Nothing was sent" in out.reply.says[0]
    assert out.reply.options


@pytest.mark.parametrize(
    ("claim", "says"), [("wrong", "Not those."), ("slow", "Wait."), ("found", "Ann said yes.")]
)
def test_three_words_open_what_the_store_says(content: Content, claim: str, says: str) -> None:
    first = turn(content, at("code"), text="river table moon")
    assert first.wants
    assert first.claim == "river table moon"
    assert "river" not in repr(first)
    facts = Facts(claim=claim, request=Standing("accepted", "Ann"))
    out = turn(content, at("code"), facts, text="river table moon")
    assert out.reply.says[0] == says
    assert [act.kind for act in out.acts] == (["claim"] if claim == "found" else [])
    assert b"river" not in encode(out.conversation) + encode(out.reply)


def test_the_shipped_form_saves_what_matching_knows(shipped: Loaded) -> None:
    known = {
        "about": {*EXPERIENCES, "none"},
        "kind": {*KINDS, "any"},
        "language": {"en", "es", "any"},
        "gender": {*GENDERS, "any"},
        "hours": {*HOURS, "any"},
        "meet": set(MEETINGS),
    }
    seen: dict[str, set[str]] = {name: set() for name in known}
    for step in shipped.content.flows["mentor/ask"].steps.values():
        choices = getattr(step.next, "choices", ())
        for choice in choices if isinstance(step.next, Ask) else ():
            for name, value in choice.sets.items():
                if name in known:
                    seen[name].add(value)
    assert seen == known
    assert Wishes.of({"about": "none", "kind": "any"}, "prison", "en") == Wishes("prison")


def test_every_act_is_described_for_authors_and_every_answer_has_a_step(shipped: Loaded) -> None:
    readme = (Path(__file__).resolve().parents[2] / "flows" / "README.md").read_text("utf-8")
    for act in ACTS:
        assert f"`{act}`" in readme or f"do: {act}" in readme, act
    for answer in ANSWERS:
        assert f"mentor/check/message-{answer}" in shipped.content.flows["mentor/check"].steps
