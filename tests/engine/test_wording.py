"""Words in a person's language, with the blanks filled in, and cards that show no wrong number."""

from datetime import date

import pytest

from bot.engine.finder import Wanted, find
from bot.engine.house import _WORDS, LANGUAGES, say
from bot.engine.model import (
    INSIDE,
    OUTSIDE,
    Facility,
    Line,
    Location,
    Phone,
    Resource,
    Text,
)
from bot.engine.wording import Voice, Words

PRISON = Facility(
    "prison", Text("p", "A prison"), "prison", {"call_button": Text("p.call_button", "red button")}
)


def voice(setting: str, facility: Facility | None = None, language: str = "en") -> Voice:
    words = Words({"es": {"hello": "Hola, usa el {call_button}.", "p.call_button": "botón rojo"}})
    return Voice(words, language, setting, facility, {"before": "8"}, {"prison": PRISON})


def test_translation_and_blanks() -> None:
    hello = Text("hello", "Hi, use the {call_button}.")
    assert voice("prison", PRISON).text(hello) == "Hi, use the red button."
    assert voice("prison", PRISON, "es").text(hello) == "Hola, usa el botón rojo."
    assert voice("prison").text(hello) == "Hi, use the call button."
    assert voice("prison").text(Text("x", "From {before} on {nothing}.")) == "From 8 on ."


@pytest.mark.parametrize("words", ["{", "}", "{}", "a { b", "a } b", "{before", "{{before}}"])
def test_odd_braces_never_fail(words: str) -> None:
    voice("prison").fill(words)


def test_lines_by_setting() -> None:
    lines = (
        Line(Text("a", "Ask at the {call_button}.\n\nIn two bubbles."), INSIDE),
        Line(Text("b", "Call."), OUTSIDE),
        Line(Text("c", "Good.")),
    )
    assert voice("jail").lines(lines) == ["Ask at the red button.", "In two bubbles.", "Good."]
    assert voice("family").lines(lines) == ["Call.", "Good."]
    # Somebody who'd rather not say is told both, each with the words of its own place.
    assert voice("").lines(lines) == [
        "If you are in prison or jail:",
        "Ask at the red button.",
        "In two bubbles.",
        "If you are out, or family:",
        "Call.",
        "Good.",
    ]


def resource(**more: object) -> Resource:
    base: dict[str, object] = {
        "id": "line",
        "name": "A line",
        "description": Text("d", "They listen."),
        "topics": ("crisis.suicide",),
        "settings": INSIDE | OUTSIDE,
        "areas": ("california",),
        "languages": ("en",),
        "sources": ("a page",),
        "assured_date": date(2026, 11, 22),
        "phones": (Phone("800-555-0100"), Phone("555-01", "text")),
        "from_inside": Text("f", "Ask your counselor."),
        "url": "line.example",
    }
    return Resource(**(base | more))  # type: ignore[arg-type]


def values(voice: Voice, one: Resource) -> str:
    card = voice.card(one, 2026)
    return " ".join([card.about, *(fact.value for fact in card.facts), card.checked])


def test_no_number_and_no_page_from_inside_unless_the_facility_can_dial_it() -> None:
    shown = values(voice("prison", PRISON), resource())
    assert "800-555-0100" not in shown
    assert "line.example" not in shown
    assert "Ask your counselor." in shown
    dialling = Facility("x", Text("x", "X"), "prison", {}, frozenset({"line"}))
    assert "800-555-0100" in values(voice("prison", dialling), resource())


def test_outside_the_number_and_not_the_way_from_inside() -> None:
    shown = values(voice("community"), resource())
    assert "800-555-0100" in shown
    assert "Ask your counselor." not in shown


def test_whose_it_is_how_to_write_and_the_nearest_places() -> None:
    places = tuple(Location(f"{number} A Street") for number in (1, 1, 2, 3))
    one = resource(organization="Our House", email="a@example.org", locations=places)
    card = voice("community").card(one, 2026)
    assert card.name == "A line (Our House)"
    assert "1 A Street; 2 A Street" in values(voice("community"), one)
    assert "a@example.org" in values(voice("community"), one)
    assert "a@example.org" not in values(voice("prison", PRISON), one)
    assert voice("family").card(resource(organization="A line"), 2026).name == "A line"


def test_when_it_was_checked_is_always_shown() -> None:
    assert "2026-11-22" in values(voice("community"), resource())
    assert "nobody has called" in values(voice("community"), resource())
    assert "from 2015" in values(voice("community"), resource(source_date="2015-03"))
    assert "from 2025" not in values(voice("community"), resource(source_date="2025"))


def test_what_can_be_used_from_where() -> None:
    inside_nothing = resource(from_inside=None)
    assert not voice("prison", PRISON).can_use(inside_nothing)
    assert voice("community").can_use(inside_nothing)
    assert not voice("jail").can_use(resource(settings=frozenset({"prison"})))


def test_near_before_far_and_ones_own_language_first() -> None:
    near = resource(id="near", areas=("fresno",))
    state = resource(id="state")
    wide = resource(id="wide", areas=("national",))
    elsewhere = resource(id="elsewhere", areas=("kern",))
    spanish = resource(id="spanish", languages=("en", "es"))
    wanted = Wanted(frozenset({"crisis.suicide"}), "community", "fresno", "es")
    found = find([wide, state, elsewhere, near, spanish], wanted, lambda _: True)
    assert [one.id for one in found] == ["near", "spanish", "state", "wide"]


def test_nothing_of_another_topic_or_setting() -> None:
    wanted = Wanted(frozenset({"reentry.id"}), "community", "", "en")
    assert find([resource()], wanted, lambda _: True) == []
    wanted = Wanted(frozenset({"crisis.suicide"}), "community", "", "en")
    assert find([resource(settings=INSIDE)], wanted, lambda _: True) == []
    assert find([resource()], wanted, lambda _: False) == []


@pytest.mark.parametrize("key", _WORDS)
def test_the_programs_own_words_are_there_in_every_language(key: str) -> None:
    english, spanish = _WORDS[key]
    assert english
    assert spanish
    assert english.count("{") == spanish.count("{")
    names = ("title", "low", "high", "rounds", "date", "year", "area", "name", "before", "after")
    blanks = dict.fromkeys(names, "x")
    for language in LANGUAGES:
        assert say(key, language, **blanks)
