"""respond(): the rules of guard, place, match, move and speak, on a small content of the test's."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace
from typing import Any

import pytest

from bot.content.load import Loaded
from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import (
    Conversation,
    Heard,
    Note,
    Outcome,
    Return,
    Turn,
)
from bot.engine.walk import MOST_RETURNS
from bot.store.base import decode_conversation, encode

HEAD = "settings: [all]\nowner: Test\nreviewed: 2026-11-22\n"
FILES = {
    "flows/menu.yaml": f"""title: Menu
{HEAD}first: ask
steps:
  ask:
    ask: What do you need?
    choices:
      sleep: {{label: Rest at night, go: coping/sleep}}
      end: {{label: That is all, end: true}}
""",
    "flows/coping/sleep.yaml": f"""title: Rest
topics: [coping.sleep]
{HEAD}first: before
steps:
  before:
    say: Not sleeping is hard.
    ask: From 0 to 10, how tired are you?
    scale: {{from: 0, to: 10, saves: before}}
    go: pick
  pick:
    ask: What keeps you up?
    choices:
      noise: {{label: Noise, also: [snoring], go: noise}}
      mind: {{label: My mind, call: coping/worry, then: after}}
      inside: {{label: The officers, settings: [inside], go: noise}}
    unclear:
      - Please pick one.
      - Really, just one.
      - go: noise
  noise:
    say: {{inside: Roll a towel., outside: Close the window.}}
    go: after
  after:
    ask: And now, from 0 to 10?
    scale: {{saves: after}}
    go: compare
  compare:
    route: {{by: after, than: before, less: better, more: worse, same: same, otherwise: same}}
  better: {{say: "It went from {{before}} to {{after}}.", end: true}}
  same: {{say: Still the same., end: true}}
  worse: {{say: More than before., end: true}}
moved: {{old: pick, coping/naps: before}}
""",
    "flows/coping/worry.yaml": f"""title: Worry
topics: [coping.anxiety]
{HEAD}first: ask
steps:
  ask:
    say: Put it on paper.
    ask: Did you?
    choices:
      done: {{label: Done, end: true}}
""",
    "flows/coping/loop.yaml": f"""title: Loop
{HEAD}first: one
steps:
  one: {{say: Round and round., go: two}}
  two: {{say: And round., go: one}}
""",
    "flows/coping/yard.yaml": f"""title: Yard
{HEAD.replace("[all]", "[inside]")}first: one
steps:
  one: {{say: Walk the yard., end: true}}
""",
    "flows/reentry/county.yaml": f"""title: County
{HEAD}first: ask
steps:
  ask:
    area: true
    choices: {{any: {{label: Anywhere, go: found}}}}
    go: found
  found: {{find: {{topics: [reentry.id]}}, go: bye}}
  bye: {{say: That is what I know., end: true}}
""",
    "knowledge/areas.yaml": "fresno: {name: Fresno, also: [clovis]}\nkern: {name: Kern}\n",
    "knowledge/topics/coping/sleep.yaml": """title: Rest
flow: coping/sleep
phrases: {en: [cant sleep, awake all night], es: [no puedo dormir]}
""",
    "knowledge/topics/coping/anxiety.yaml": """title: Worry
phrases: {en: [so worried, my nerves are bad]}
""",
    "knowledge/topics/reentry/id.yaml": """title: ID
phrases: {en: [need my id, lost papers]}
""",
    "knowledge/topics/reentry/jobs.yaml": """title: Work
phrases: {en: [need a job, work papers]}
""",
    "knowledge/alarms/suicide.yaml": """escalate: {active: {en: [no more of this life]}}
check-in: {passive: {en: [wish i would not wake up]}}
""",
    "knowledge/resources/desk.yaml": """name: The desk
description: They help with papers.
topics: [reentry.id]
settings: [all]
areas: [fresno]
sources: [a page]
assured_date: 2026-11-22
from_inside: Write to them.
""",
}


class Person:
    """Somebody who talks, saved and loaded again between every two turns."""

    def __init__(self, content: Content, **known: Any) -> None:
        self.content = content
        self.conversation = Conversation(**({"language": "en", "setting": "prison"} | known))
        self.number = 0
        self.last: Outcome

    def _take(self, **turn: Any) -> Outcome:
        self.number += 1
        saved = decode_conversation(encode(self.conversation))
        self.last = respond(self.content, saved, Turn(str(self.number), at=1.8e9, **turn))
        self.conversation = self.last.conversation
        return self.last

    def types(self, text: str) -> Outcome:
        return self._take(text=text)

    def taps(self, option: str) -> Outcome:
        return self._take(picked=option)

    def looks(self) -> Outcome:
        return self._take(silent=True)

    @property
    def said(self) -> str:
        return " ".join((*self.last.reply.says, *self.last.reply.asks))

    @property
    def options(self) -> list[str]:
        return [option.id for option in self.last.reply.options]


@pytest.fixture
def small(make_content: Callable[[Mapping[str, str]], Loaded]) -> Content:
    loaded = make_content(FILES)
    assert [p for p in loaded.problems if p.severity == "error"] == []
    return loaded.content


# ── match ──────────────────────────────────────────────────────────────────────────────────────


def test_a_choice_by_id_number_label_other_word_and_typo(small: Content) -> None:
    for taken in ("1", "Noise", "snoring", "noize", "its the snoring that gets me", "two"):
        person = Person(small, place="coping/sleep/pick", offered=("coping/sleep/pick/noise",))
        person.types(taken)
        assert person.conversation.place in {"coping/sleep/after", "coping/sleep/pick"}, taken
        assert (person.conversation.place == "coping/sleep/after") is (taken != "two"), taken
    person = Person(small)
    person.taps("coping/sleep/pick/noise")  # no saved place is needed: the id is the address
    assert person.conversation.place == "coping/sleep/after"


def test_choices_and_words_by_setting(small: Content) -> None:
    inside = Person(small, place="coping/sleep/before")
    inside.types("5")
    assert "coping/sleep/pick/inside" in inside.options
    outside = Person(small, place="coping/sleep/before", setting="community")
    outside.types("5")
    assert "coping/sleep/pick/inside" not in outside.options
    outside.types("noise")
    assert "Close the window." in outside.said
    assert "towel" not in outside.said


def test_a_scale_is_kept_and_compared(small: Content) -> None:
    for before, after, words in (
        ("8", "3", "It went from 8 to 3."),
        ("3", "8", "More"),
        ("5", "5", "same"),
    ):
        person = Person(small, place="coping/sleep/before")
        person.types(f"like a {before}")
        person.taps("coping/sleep/pick/noise")
        person.types(after)
        assert words in person.said
        assert person.last.reply.options


def test_a_scale_asks_again_rather_than_guess(small: Content) -> None:
    person = Person(small, place="coping/sleep/before")
    person.types("somewhere in the middle")
    assert person.conversation.place == "coping/sleep/before"
    assert person.last.reply.scale
    person.types("11")
    assert person.conversation.place == "coping/sleep/before"


def test_an_old_scale_is_forgotten_when_the_flow_begins_anew(small: Content) -> None:
    person = Person(small, place="coping/sleep/before")
    person.types("9")
    assert person.conversation.answers == {"coping/sleep.before": "9"}
    person.types("cant sleep")
    assert person.conversation.answers == {}


def test_call_and_return(small: Content) -> None:
    person = Person(small, place="coping/sleep/pick")
    person.types("my mind")
    assert person.conversation.place == "coping/worry/ask"
    person.types("done")
    assert person.conversation.place == "coping/sleep/after"
    assert person.conversation.way_back == ()


def test_a_topic_in_the_middle_is_followed_and_the_way_back_offered(small: Content) -> None:
    person = Person(small, place="coping/sleep/pick")
    person.types("so worried")
    assert person.conversation.place == "coping/worry/ask"
    person.types("done")
    assert "/to/coping/sleep/pick" in person.options
    person.types("back to rest")
    assert person.conversation.place == "coping/sleep/pick"
    assert person.conversation.way_back == ()


def test_a_detour_inside_a_call_still_ends_where_the_call_came_from(small: Content) -> None:
    person = Person(small, place="coping/sleep/pick")
    person.types("my mind")
    person.types("who can see this")
    person.taps("/to/coping/worry/ask")
    person.types("done")
    assert person.conversation.place == "coping/sleep/after"


def test_did_you_mean_and_none_of_these(small: Content) -> None:
    person = Person(small, place="coping/sleep/pick")
    person.types("papers")
    assert {"/topic/reentry.id", "/topic/reentry.jobs", "/none"} == set(person.options)
    assert person.conversation.place == "coping/sleep/pick"
    person.types("none of these")
    assert "What keeps you up?" in person.said
    person.types("papers")
    person.types("work")
    assert "can't walk you through that yet: Work" in person.said


def test_a_topic_without_a_flow_shows_what_is_known(small: Content) -> None:
    person = Person(small)
    person.types("need my id")
    assert [card.id for card in person.last.reply.resources] == ["desk"]
    assert "/menu" in person.options


def test_the_ladder_of_misses(small: Content) -> None:
    person = Person(small, place="coping/sleep/pick")
    person.types("zzz")
    assert "Please pick one." in person.said
    person.types("zzz")
    assert "Really, just one." in person.said
    person.types("zzz")
    assert person.conversation.place == "coping/sleep/after"
    assert person.conversation.misses == 0


def test_the_programs_own_ladder(small: Content) -> None:
    person = Person(small, place="coping/worry/ask")
    heard = [person.types("zzz").reply.says[0] for _ in range(4)]
    assert len(set(heard[:3])) == 3
    assert "/menu" in person.options
    assert "/help" in person.options
    person.types("done")
    assert person.conversation.misses == 0


def test_a_county_by_name_city_or_typo(small: Content) -> None:
    for typed in ("Fresno", "clovis", "fresnoo", "im in fresno county"):
        person = Person(small, place="reentry/county/ask")
        person.types(typed)
        assert person.conversation.area == "fresno", typed
        assert [card.id for card in person.last.reply.resources] == ["desk"]
    person = Person(small, place="reentry/county/ask")
    person.types("kern")
    assert person.last.reply.resources == ()
    assert "nothing checked" in person.said
    person = Person(small, place="reentry/county/ask")
    person.types("narnia")
    assert "don't know that county" in person.said
    assert person.conversation.place == "reentry/county/ask"


# ── commands ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["help", "Help now", "ayuda", "AYUDA YA", "911", "sos"])
def test_help_is_always_help(small: Content, typed: str) -> None:
    for place in [*(step for flow in small.flows.values() for step in flow.steps), ""]:
        person = Person(small, place=place)
        person.types(typed)
        assert person.last.reply.urgent, (typed, place)
        assert "/alarm/suicide" in person.options


def test_a_choice_can_not_take_help_but_may_take_another_command(
    make_content: Callable[[Mapping[str, str]], Loaded],
) -> None:
    flow = FILES["flows/coping/worry.yaml"].replace(
        "done: {label: Done, end: true}",
        "done: {label: Stop, also: [help], go: ask}\n      more: {label: More, go: ask}",
    )
    content = make_content(FILES | {"flows/coping/worry.yaml": flow}).content
    person = Person(content, place="coping/worry/ask")
    person.types("help")
    assert person.last.reply.urgent
    person = Person(content, place="coping/worry/ask")
    person.types("stop")
    assert not person.last.reply.over


def test_menu_back_start_over_stop(small: Content) -> None:
    person = Person(small)
    person.types("cant sleep")
    person.types("5")
    assert person.conversation.place == "coping/sleep/pick"
    person.types("back")
    assert person.conversation.place == "coping/sleep/before"
    person.types("menu")
    assert person.conversation.place == "menu/ask"
    assert "/to/coping/sleep/before" in person.options
    person.types("start over")
    assert person.conversation.way_back == ()
    person.types("bye")
    assert person.last.reply.over
    assert person.conversation.place == ""


def test_language_any_time_without_losing_the_place(small: Content) -> None:
    person = Person(small, place="coping/sleep/pick")
    person.types("español")
    assert person.last.reply.language == "es"
    assert person.conversation.place == "coping/sleep/pick"
    person.types("english please")
    assert person.last.reply.language == "en"
    person.taps("/language")
    assert {"/language/en", "/language/es"} <= set(person.options)


def test_people_are_answered_in_the_language_they_write(small: Content) -> None:
    person = Person(small, language="")
    person.types("no puedo dormir")
    assert person.last.reply.language == "es"
    person = Person(small, language="", place="reentry/county/ask")
    person.types("fresno")
    assert person.last.reply.language == "en"


def test_forget_me(small: Content) -> None:
    person = Person(small, place="coping/sleep/before", area="kern")
    person.types("7")
    person.types("forget me")
    assert [act.kind for act in person.last.acts] == ["forget"]
    assert person.conversation.answers == {}
    assert person.conversation.area == ""
    assert person.last.reply.over


# ── place ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("place", "lands"),
    [
        ("coping/sleep/old", "coping/sleep/pick"),  # moved
        ("coping/sleep/gone", "coping/sleep/before"),  # deleted: the flow's start
        ("coping/naps/any", "coping/sleep/before"),  # a whole flow moved
        ("coping/nothing/at", "menu/ask"),  # all of it gone
    ],
)
def test_a_place_that_has_gone_lands_kindly(small: Content, place: str, lands: str) -> None:
    person = Person(small, place=place)
    person.types("whatever i typed")
    assert person.conversation.place == lands
    assert Note("landed", place) in person.last.notes
    assert len(person.last.reply.says) >= 1
    person = Person(small, place=place)
    person.taps(f"{place}/choice")
    assert person.conversation.place == lands


def test_a_command_and_a_topic_still_work_from_a_place_that_has_gone(small: Content) -> None:
    person = Person(small, place="coping/nothing/at")
    person.types("so worried")
    assert person.conversation.place == "coping/worry/ask"


def test_a_choice_that_has_gone_asks_again(small: Content) -> None:
    person = Person(small, place="coping/sleep/pick")
    person.taps("coping/sleep/pick/taken-out")
    assert person.conversation.place == "coping/sleep/pick"
    assert "coping/sleep/pick/noise" in person.options


@pytest.mark.parametrize(
    "option",
    [
        "",
        "/",
        "//",
        "/nothing",
        "/to/",
        "/to/x",
        "/topic/x",
        "/alarm/x",
        "x",
        "a/b/c/d",
        "/language/xx",
        "/resume",
        "/none",
        "coping/sleep/before/999",
    ],
)
def test_odd_options_never_fail(small: Content, option: str) -> None:
    for place in ("", "coping/sleep/pick"):
        person = Person(small, place=place)
        person.taps(option)
        assert person.said
        assert person.options


def test_ways_back_to_what_has_gone_are_dropped(small: Content) -> None:
    person = Person(small, way_back=(Return("gone/for/good", offered=True),))
    person.types("menu")
    assert person.conversation.way_back == ()


# ── move ───────────────────────────────────────────────────────────────────────────────────────


def test_a_loop_without_a_person_says_something_kind(small: Content) -> None:
    person = Person(small)
    person.taps("/to/coping/loop")
    assert Note("loop") in person.last.notes
    assert "My mistake" in person.said or "my mistake" in person.said
    assert "/menu" in person.options
    assert len(person.last.reply.says) < 15


def test_a_flow_for_another_setting_says_so(small: Content) -> None:
    person = Person(small, setting="community")
    person.taps("/to/coping/yard")
    assert "made for another place" in person.said
    assert "/menu" in person.options


def test_ways_back_do_not_grow_without_end(small: Content) -> None:
    person = Person(small)
    for number in range(60):
        person.types(("cant sleep", "so worried", "menu", "who can see this")[number % 4])
    assert len(person.conversation.way_back) <= MOST_RETURNS
    assert len(person.conversation.trail) <= 12
    assert len(encode(person.conversation)) < 4000


# ── guard ──────────────────────────────────────────────────────────────────────────────────────


def test_an_alarm_is_answered_first_and_the_talk_offered_again(small: Content) -> None:
    person = Person(small, place="coping/sleep/pick")
    person.types("noise and i want to kill myself")
    assert person.last.reply.urgent
    assert "killing yourself" in person.said
    assert person.conversation.way_back == (Return("coping/sleep/pick", offered=True),)


def test_a_check_in_comes_back_by_itself(content: Content) -> None:
    person = Person(content, place="coping/sleep/ask")
    person.types("wish i wouldnt wake up")
    assert not person.last.reply.urgent
    assert "thinking about suicide" in person.said
    person.types("no")
    assert person.conversation.place.startswith(("coping/sleep", "crisis/"))


def test_said_again_it_is_the_loudest_screen(content: Content) -> None:
    person = Person(content)
    person.types("i want to kill myself")
    assert person.conversation.place == "crisis/suicide/active"
    person.types("yes i want to kill myself")
    assert person.conversation.place == "crisis/suicide/imminent"


@pytest.mark.parametrize(
    ("language", "cry", "goodbye", "thanks", "nonsense", "stays", "route", "question"),
    [
        (
            "en", "i want to kill myself", "goodbye", "thanks", "qwertz asdfgh",
            "Please don't go yet", "call button", "killing yourself right now?",
        ),
        (
            "es", "me quiero matar", "adiós", "gracias", "qwertz asdfgh",
            "no te vayas todavía", "botón de llamada", "en matarte ahora mismo?",
        ),
    ],
)  # fmt: skip
def test_an_open_crisis_question_stays_with_the_way_to_a_human(
    content: Content, language: str, cry: str, goodbye: str, thanks: str, nonsense: str,
    stays: str, route: str, question: str,
) -> None:  # fmt: skip
    person = Person(content, language=language)
    person.types(cry)
    options = person.options
    for text in (goodbye, thanks, goodbye, nonsense):
        person.types(text)
        assert (stays in person.said) == (text == goodbye)
        assert person.said.count(question) == 1
        assert route in person.said
        assert person.last.reply.urgent
        assert not person.last.reply.over
        assert person.options == options
    person.taps("/stop")
    assert person.last.reply.over


def test_out_the_line_to_call_stays_too(content: Content) -> None:
    person = Person(content, setting="community")
    person.types("i want to kill myself")
    for text in ("bye", "thank you", "qwertz asdfgh", "i dont understand"):
        person.types(text)
        assert "call or text 988" in person.said
        assert [card.name for card in person.last.reply.resources] == [
            "988 Suicide & Crisis Lifeline"
        ]


@pytest.mark.parametrize(
    ("place", "lands"),
    [
        ("crisis/suicide/check-in", "crisis/suicide/active"),
        ("crisis/suicide/now", "crisis/suicide/active"),
        ("crisis/suicide/next", "crisis/suicide/active"),
        ("crisis/suicide/imminent", "crisis/suicide/imminent"),
        ("crisis/suicide/someone-else", "crisis/suicide/someone-else"),
        ("crisis/suicide/check-in-someone", "crisis/suicide/check-in-someone"),
        ("crisis/self_harm/active", "crisis/self_harm/active"),
        ("crisis/self_harm/ask-die", "crisis/suicide/active"),
        ("crisis/check-in/ask", "crisis/suicide/active"),
        ("crisis/check-in/you", "crisis/check-in/you"),
        ("crisis/violence/doer", "crisis/violence/doer"),
        ("crisis/medical/nobody", "crisis/medical/nobody"),
    ],
)
@pytest.mark.parametrize(("language", "goodbye"), [("en", "bye"), ("es", "adiós")])
def test_a_goodbye_ends_no_talk_about_danger(
    content: Content, place: str, lands: str, language: str, goodbye: str
) -> None:
    person = Person(content, place=place, language=language)
    person.types(goodbye)
    assert not person.last.reply.over
    assert person.conversation.place == lands
    assert person.options
    for leave in ("stop", "leave", "salir", "forget me", "olvidame"):
        person = Person(content, place=place, language=language)
        person.types(leave)
        assert person.last.reply.over


def test_a_goodbye_inside_a_skill_that_a_crisis_called(content: Content) -> None:
    person = Person(content, place="crisis/suicide/next")
    person.taps("crisis/suicide/next/calm")
    assert not person.conversation.place.startswith("crisis/")
    person.types("goodbye")
    assert person.conversation.place == "crisis/suicide/active"
    assert person.last.reply.urgent


def test_the_help_that_was_asked_for_stays(content: Content) -> None:
    person = Person(content)
    person.types("help")
    options = person.options
    for text in ("bye", "thanks", "qwertz asdfgh"):
        person.types(text)
        assert person.last.reply.urgent
        assert not person.last.reply.over
        assert "call button" in person.said
        assert person.options == options


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "hi", "Hi. I am a computer program that can help you"),
        ("en", "hey", "Hi. I am a computer program that can help you"),
        ("en", "hello", "Hi. I am a computer program that can help you"),
        ("en", "what can you do", "Hi. I am a computer program that can help you"),
        ("en", "who are you", "I am a computer program, not a person."),
        ("en", "are you a real person?", "I am a computer program, not a person."),
        ("en", "thanks, that helped", "You're welcome."),
        ("es", "hola", "Hola. Soy un programa de computadora."),
        ("es", "¿eres una persona de verdad?", "Soy un programa de computadora, no una persona."),
    ],
)
def test_a_greeting_is_answered_and_the_talk_goes_on(
    content: Content, language: str, text: str, said: str
) -> None:
    for place in ("menu/ask", "coping/sleep/before", "crisis/suicide/active"):
        person = Person(content, place=place, language=language)
        person.looks()
        options = person.options
        person.types(text)
        assert person.said.startswith(said)
        assert (person.conversation.place, person.options) == (place, options)
        assert person.last.reply.urgent == place.startswith("crisis/")


def test_elsewhere_a_goodbye_is_one(content: Content) -> None:
    for place in ("", "menu/ask", "coping/sleep/before"):
        person = Person(content, place=place)
        person.types("goodbye")
        assert person.last.reply.over


@pytest.mark.parametrize(
    ("language", "label"), [("en", "That's not what I meant"), ("es", "No quise decir eso")]
)
def test_a_screen_that_misheard_can_be_told_so(content: Content, language: str, label: str) -> None:
    for flow in ("suicide", "self_harm", "violence"):
        for step in ("active", "someone-else", "doer"):
            if not content.step(f"crisis/{flow}/{step}"):
                continue
            person = Person(content, place=f"crisis/{flow}/{step}", language=language)
            person.looks()
            assert label in [option.label for option in person.last.reply.options]
            person.types(label)
            assert person.last.heard == Heard("choice", f"crisis/{flow}/{step}/mistake")
            assert not person.last.reply.urgent
            person.types("i want to kill myself")  # and the guard hears on
            assert person.last.reply.urgent


def test_a_picked_button_is_not_a_message(content: Content) -> None:
    person = Person(content, place="crisis/suicide/active")
    person.taps("crisis/suicide/active/no")
    assert not person.last.reply.urgent


def test_with_no_crisis_flow_there_are_still_ways_on(small: Content) -> None:
    person = Person(small)
    person.types("i want to kill myself")
    assert {"/help", "/menu"} <= set(person.options)
    person = Person(small, place="coping/sleep/pick")
    person.types("wish i wouldnt wake up")
    assert {"/alarm/suicide", "/resume"} <= set(person.options)
    person.types("no")
    assert person.conversation.place == "coping/sleep/pick"


class Broken:
    """A part that fails at whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("secret words of a person")


def test_a_broken_guard_shows_help(small: Content) -> None:
    broken = replace(small, guard=Broken())  # type: ignore[arg-type]
    outcome = respond(broken, Conversation(setting="prison"), Turn("1", "hello there"))
    assert outcome.reply.urgent
    assert "officer" in " ".join(outcome.reply.says)


def test_whatever_breaks_the_alarm_is_answered(small: Content) -> None:
    for part in ("flows", "topics", "resources", "facilities", "areas", "matcher", "words"):
        broken = copy(small)
        object.__setattr__(broken, part, Broken())
        for text, urgent in (("i want to kill myself", True), ("cant sleep", False)):
            outcome = respond(broken, Conversation(setting="prison"), Turn("1", text))
            assert outcome.reply.urgent is urgent, part
            assert outcome.reply.says
            assert "secret" not in repr(outcome)


def test_nothing_but_the_program_itself(content: Content) -> None:
    bare = Content()
    for text in ("i want to kill myself", "quiero morirme"):
        outcome = respond(bare, Conversation(), Turn("1", text))
        assert outcome.reply.urgent
        assert outcome.reply.options
    hello = respond(bare, Conversation(), Turn("1", "hello"))
    assert hello.reply.says
    assert hello.reply.options


# ── speak ──────────────────────────────────────────────────────────────────────────────────────


def test_the_first_words_say_what_this_is(small: Content) -> None:
    person = Person(small)
    person.types("so worried")
    assert "computer program" in person.said
    person.types("done")
    person.types("so worried")
    assert "computer program" not in person.said


def test_a_page_that_is_opened_again_says_the_same(small: Content) -> None:
    person = Person(small, place="coping/sleep/pick", last_turn="0")
    first = person.looks().reply
    assert person.looks().reply == first
    assert "What keeps you up?" in person.said


def test_outcomes_hold_no_word_that_was_typed(content: Content) -> None:
    person = Person(content)
    for text in ("xyzzy cant sleep", "plugh 7", "i want to kill myself xyzzy", "xyzzyplugh"):
        outcome = person.types(text)
        assert "xyzzy" not in repr(outcome)
        assert "plugh" not in repr(outcome)
