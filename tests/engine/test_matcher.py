"""Free text to a choice, a command or a topic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.content import Content
from bot.engine.house import COMMANDS
from bot.engine.matcher import Matcher
from bot.engine.model import Text, Topic
from bot.engine.typed import asks_for_plan, command, is_sentence, number, pick

CHOICES = {
    "better": ["Better", "mejor", "good"],
    "same": ["The same", "meh", "no change"],
    "worse": ["Worse", "peor", "not good"],
    "yes": ["Yes", "si"],
    "no": ["No"],
}


@pytest.mark.parametrize(
    ("typed", "picked"),
    [
        ("Better", "better"),
        ("better!", "better"),
        ("bettr", "better"),
        ("wrose", "worse"),
        ("i feel worse now", "worse"),
        ("about the same i guess", "same"),
        ("meh", "same"),
        ("MEJOR", "better"),
        ("yes please", "yes"),
        ("no thanks", "no"),
        ("si", "yes"),
        ("not good", "worse"),
        ("im not feeling better", ""),
        ("i know nothing", ""),
        ("better or worse", ""),
        ("", ""),
        ("🙂", ""),
    ],
)
def test_pick(typed: str, picked: str) -> None:
    assert pick(typed, CHOICES) == picked


def test_a_word_of_four_letters_is_not_bent_into_another() -> None:
    assert pick("nose", {"no": ["nope"], "yes": ["yeah"]}) == ""
    assert pick("noep", {"no": ["nope"], "yes": ["yeah"]}) == "no"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2", 2), ("#2", 2), ("2.", 2), ("two", 2), ("dos", 2), ("option 2", 2), ("la segunda", 2),
        ("number three", 3), ("10", 10), ("i am 8", 8), ("22 or 23", None), ("1234", None),
        ("sleep", None), ("", None), ("२", 2),
    ],
)  # fmt: skip
def test_number(typed: str, value: int | None) -> None:
    assert number(typed) == value


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("menu", "menu"), ("MENÚ", "menu"), ("main menue", "menu"), ("go back", "back"),
        ("star over", "start-over"), ("ayuda", "help"), ("HELP!", "help"), ("help nwo", "help"),
        ("stop", "stop"), ("who can see this?", "privacy"), ("quién ve esto", "privacy"),
        ("español", "language/es"), ("forget me", "forget"),
        ("i cant stop", ""), ("stop smoking", ""), ("no menu today", ""), ("backpack", ""),
    ],
)  # fmt: skip
def test_command(typed: str, name: str) -> None:
    assert command(typed) == name


def test_no_two_commands_share_words() -> None:
    phrases = [phrase for many in COMMANDS.values() for phrase in many]
    assert len(phrases) == len(set(phrases))


def topics() -> list[Topic]:
    return [
        Topic("sleep", Text("a", "Sleep"), {"en": ("cant sleep", "the lights keep me up")}),
        Topic("id", Text("b", "ID"), {"en": ("need my id",), "es": ("perdi mi identificacion",)}),
        Topic("none", Text("c", "None"), {"en": ("who won the game", "thank you")}),
    ]


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("cant sleep", "sleep"),
        ("i cant slep at night", "sleep"),
        ("my celly snores and the lights keep me up all night", "sleep"),
        ("perdí mi identificasion", "id"),
        ("so i got out tuesday and its been ok. anyway i need my id. thank you", "id"),
    ],
)
def test_topics_are_found_inside_messages(typed: str, topic: str) -> None:
    ranked = Matcher(topics()).rank(typed)
    assert ranked[0].topic == topic
    assert ranked[0].phrase


def test_what_is_none_of_the_topics_is_left_alone() -> None:
    meant = Matcher(topics()).understand("who won the game")
    assert meant.sure is None
    assert meant.maybe == ()


def test_up_to_three_are_asked_about(content: Content) -> None:
    meant = content.matcher.understand("papers")
    assert meant.sure is None or meant.maybe == ()
    assert len(content.matcher.understand("i need help with my papers and stuff").maybe) <= 3


def test_a_topic_is_sure_only_if_it_knows_the_rarest_word(content: Content) -> None:
    meant = content.matcher.understand("how do i deal with a xylophone")
    assert meant.sure is None


def test_titles_of_topics_lead_to_them(content: Content) -> None:
    """What is shown in "did you mean" can be typed as well."""
    for topic in content.topics.values():
        assert pick(topic.title.source, {topic.id: [topic.title.source]}) == topic.id


@given(st.text(max_size=300))
def test_it_never_fails(text: str) -> None:
    matcher = Matcher(topics())
    matcher.understand(text)
    pick(text, CHOICES)
    command(text)
    number(text)


@pytest.mark.parametrize(
    ("typed", "picked"),
    [
        ("necesito donde vivir", ""),  # `donde` is a word, and no slip of `done`
        ("donde", "done"),  # alone it may be one
        ("im donee with it", "done"),  # no word of anybody's
        ("the crowds get to me", "crowd"),  # but for its ending it is the word
    ],
)
def test_a_real_word_in_a_sentence_is_no_slip_of_another(typed: str, picked: str) -> None:
    choices = {"done": ["done"], "crowd": ["crowd"]}
    real = {"donde", "vivir", "crowds"} if is_sentence(typed) else frozenset[str]()
    assert pick(typed, choices, real=real) == picked


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("safety plan", True), (" Safety  plan. ", True), ("¿Plan de seguridad?", True),
        ("my safety plan", False), ("safety plan please", False), ("safety plan 💊", False),
        ("safety plan lol", False), ("no safety plan", False), ("safety\u200bplan", False), ("", False),
    ],
)  # fmt: skip
def test_only_the_bare_words_ask_for_the_plan(typed: str, asks: bool) -> None:
    assert asks_for_plan(typed) == asks
