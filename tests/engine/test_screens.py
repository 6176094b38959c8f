"""The locked crisis words: there for everybody, and never a number that may not be dialled."""

import pytest

from bot.content.check_safety import not_ours, numbers_in
from bot.content.grade import too_hard
from bot.engine import screens
from bot.engine.house import LANGUAGES
from bot.engine.model import CATEGORIES, Alarm

EVERY = [
    (language, category, screen)
    for language, of in screens.SCREENS.items()
    for category, screen in of
]


def test_every_language_has_the_same_screens() -> None:
    assert set(screens.SCREENS) == set(LANGUAGES)
    assert set(screens.SCREENS["en"]) == set(screens.SCREENS["es"])
    for name in screens.SCREENS["en"]:
        told = {
            language: [where for where, _ in of[name]] for language, of in screens.SCREENS.items()
        }
        assert set(told["en"]) == set(told["es"]), name


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_danger_has_a_screen_and_a_check_in(category: str) -> None:
    names = {screen for of, screen in screens.SCREENS["en"] if of == category}
    assert names & {"active", "imminent"}
    assert "check-in" in names
    assert all(category in names for names in screens.NAMES.values())


@pytest.mark.parametrize(("language", "category", "screen"), EVERY)
def test_what_people_inside_read(language: str, category: str, screen: str) -> None:
    words = screens.words_of(category, screen, language, "inside")
    assert words
    for said in words:
        assert numbers_in(said) == [], "a number that may not be dialled from inside"


@pytest.mark.parametrize(("language", "category", "screen"), EVERY)
def test_words_are_readable_and_ours(language: str, category: str, screen: str) -> None:
    for where in ("inside", "outside"):
        words = screens.words_of(category, screen, language, where)
        assert all(len(said) < 400 for said in words)
        program = screens.DEFAULT_WORDS["program"][language]
        plain = "\n\n".join(words).replace("{program}", program)
        assert not too_hard(plain, language)
        assert not_ours(plain, language) == []


@pytest.mark.parametrize(("language", "category", "screen"), EVERY)
def test_who_has_not_said_where_they_are_reads_both(
    language: str, category: str, screen: str
) -> None:
    both = set(screens.words_of(category, screen, language, ""))
    for where in ("inside", "outside"):
        assert set(screens.words_of(category, screen, language, where)) <= both


def test_the_crisis_screens_name_a_human_first() -> None:
    inside = ("officer", "{call_button}", "staff")
    outside = ("911", "988")
    for category in CATEGORIES:
        for screen in ("imminent", "active", "someone-else", "doer"):
            if (category, screen) not in screens.SCREENS["en"]:
                continue
            for where, words in (("inside", inside), ("outside", outside)):
                said = " ".join(screens.words_of(category, screen, "en", where))
                reaches = any(word in said for word in words)
                assert reaches or "Get medical help today" in said, (category, screen, where)


def test_a_screen_nobody_wrote_falls_back_to_the_nearest() -> None:
    assert screens.words_of("medical", "someone-else", "en", "inside") == screens.words_of(
        "medical", "imminent", "en", "inside"
    )
    assert screens.words_of("nonsense", "nothing", "xx", "") == screens.words_of(
        "help", "active", "en", ""
    )


def test_which_screen_an_alarm_gets() -> None:
    def screen(level: str, why: str) -> str:
        return screens.screen_of(Alarm("suicide", level, why, "", "en"))  # type: ignore[arg-type]

    assert screen("escalate", "imminent") == "imminent"
    assert screen("check_in", "past") == "check-in-past"
    assert screen("check_in", "someone-else") == "check-in-someone"
    assert screen("check_in", "passive") == "check-in"


@pytest.mark.parametrize(
    ("text", "setting", "far"),
    [
        ("my son overdosed in prison", "family", "first"),
        ("no le dan la insulina a mi hijo", "family", "first"),
        ("heart attack my husband", "family", "last"),
        ("my brother got out of prison and is on the floor", "family", "last"),
        ("my brother overdosed in jail", "community", "first"),
        ("my homie overdosed in his cell", "", "last"),
        ("my homie overdosed in his cell", "prison", ""),
        ("overdosing", "community", ""),
    ],
)
def test_who_tells_of_a_person_inside(text: str, setting: str, far: str) -> None:
    assert screens.far_from(text, setting) == far


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("far", ["first", "last"])
def test_what_to_do_here_is_said_too(language: str, far: str) -> None:
    for of, name in screens.SCREENS[language]:
        here = screens.words_of(of, name, language, "outside")
        assert set(here) <= set(screens.words_of(of, name, language, "outside", far))
        inside = screens.words_of(of, name, language, "inside", far)
        assert inside == screens.words_of(of, name, language, "inside")
        plain = "\n\n".join(screens.words_of(of, name, language, "outside", far))
        assert not too_hard(plain.replace("{program}", ""), language)
