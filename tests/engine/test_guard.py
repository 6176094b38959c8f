"""The guard: what must fire, what must stay quiet, and how long it may take."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.load import Loaded
from bot.engine.content import Content
from bot.engine.guard import FLOOR, QUIET, AlarmPhrase, Guard, Lexicon
from bot.engine.model import CATEGORIES, Alarm
from bot.engine.net import pieces_of, shortest
from bot.language.likeness import learn

PHRASES = Path(__file__).parent.parent / "phrases"


def rows(name: str) -> list[tuple[str, ...]]:
    lines = (PHRASES / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("category", "level", "text"), rows("alarms.tsv"))
def test_must_fire(content: Content, category: str, level: str, text: str) -> None:
    alarm = content.guard.hear(text)
    assert alarm is not None
    # What a phrase asks about gently, the second opinion may call for the screen.
    assert (alarm.category, alarm.level) in {(category, level), (category, "escalate")}


@pytest.mark.parametrize("text", [text for (text,) in rows("quiet.tsv")])
def test_must_stay_quiet(content: Content, text: str) -> None:
    assert content.guard.hear(text) is None


def test_every_category_is_tested_in_both_languages() -> None:
    table = rows("alarms.tsv")
    assert {category for category, _, _ in table} == set(CATEGORIES)
    assert {level for _, level, _ in table} == {"escalate", "check_in"}


# ── every phrase, in every disguise ────────────────────────────────────────────────────────────

AROUND = "so today was long and i had chow and then group and mail and nothing for me and then "


def disguises(said: str) -> dict[str, str]:
    long = max(said.split(), key=len)
    typo = said
    if len(long) >= 6 and long.isalpha():
        middle = len(long) // 2
        typo = said.replace(long, long[:middle] + long[middle + 1 :], 1)
    return {
        "alone": said,
        "in the middle": f"{AROUND}{said} anyway whats for chow",
        "after many words": AROUND * 15 + said,
        "in capitals": said.upper(),
        "mistyped": typo,
        "spaced": "   ".join(said.split()),
        "over lines": "\n".join(said.split()),
    }


def test_every_phrase_fires_in_every_disguise(shipped: Loaded) -> None:
    guard = shipped.content.guard
    silent: list[str] = []
    for phrase in shipped.knowledge.alarms:
        said = shortest(phrase.pattern, shipped.knowledge.groups)
        for name, text in disguises(said).items():
            if phrase.pattern.startswith("=") and name in {"in the middle", "after many words"}:
                continue  # it says something by itself, and little among other words
            # A misspelt short phrase may be another word; what is heard is still heard.
            if guard.hear(text) is None and not (name == "mistyped" and len(said) < 12):
                silent.append(f"{phrase.category}: {name}: {text[-80:]}")
    # Dropping a letter makes another real word of a few (`bleed`, `bled`): no more than that.
    mistyped = [line for line in silent if ": mistyped: " in line]
    assert [line for line in silent if line not in mistyped] == []
    assert len(mistyped) <= len(shipped.knowledge.alarms) * 0.03, mistyped


def test_a_phrase_for_short_messages_leaves_long_ones_to_the_second_opinion() -> None:
    phrase = AlarmPhrase("= bad batch", "overdose", "escalate", "imminent", "en")
    opinion = learn(
        [("they play cards on fridays", QUIET), ("he will not wake up", "overdose imminent")]
    )
    alone, guard = Guard(Lexicon(phrases=(phrase,))), Guard(Lexicon(phrases=(phrase,)), opinion)
    short, long = "got a bad batch help me", "she plays cards and baked a bad batch on fridays"
    assert [bool(one.hear(short)) for one in (alone, guard)] == [True, True]
    assert [bool(one.hear(long)) for one in (alone, guard)] == [True, False]


def test_the_second_opinion_shows_asks_and_lowers_nothing() -> None:
    """Learnt from a handful of messages: it may raise what the rules say, and leaves what they
    found denied."""
    say = "they all have my letters by friday so it is done"
    calm = "they all have my books by friday so it is fine"
    opinion = learn(
        [
            (say, "suicide imminent"),
            ("nothing here matters to me any more at all", "suicide check-in"),
        ]
        + [(calm, QUIET), ("we play cards by the window on friday nights", QUIET)] * 2
    )
    guard = Guard(
        Lexicon(
            phrases=(
                AlarmPhrase("letters", "suicide", "check_in", "passive", "en"),
                AlarmPhrase("hang", "suicide", "escalate", "active", "en"),
            ),
            rules={"denials": ("not",), "denial_links": ("to", "going")},
        ),
        opinion,
    )

    def heard(text: str) -> str:
        alarm = guard.hear(text)
        return f"{alarm.level} {alarm.screen} {alarm.phrase}".strip() if alarm else "quiet"

    assert heard(say.replace("letters", "notes")) == "escalate imminent"
    assert heard(say) == "escalate imminent"  # raised: the phrase alone asks
    assert heard("letters") == "check_in passive letters"
    assert heard("nothing here matters to me any more at all") == "check_in passive"
    assert heard(calm) == "quiet"
    assert heard(f"i will hang tonight {calm}") == "escalate active hang"  # never lowered
    assert "escalate" not in heard(f"i am not going to hang {say.replace('letters', 'notes')}")


@pytest.mark.parametrize("phrase", FLOOR.phrases, ids=lambda phrase: phrase.pattern)
def test_the_floor_rings_with_no_lexicon_at_all(phrase: AlarmPhrase) -> None:
    alarm = Guard().hear(shortest(phrase.pattern, {}))
    assert alarm is not None
    assert alarm.level == "escalate"


def test_a_lexicon_can_add_to_the_floor_but_take_nothing_away() -> None:
    silenced = Guard(Lexicon(quiet=(), phrases=()))
    assert silenced.hear("i want to kill myself") is not None


# ── the rules ──────────────────────────────────────────────────────────────────────────────────


def level(guard: Guard, text: str) -> str:
    alarm = guard.hear(text)
    return alarm.level if alarm else "quiet"


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("i am not suicidal", "quiet"),
        ("no im not suicidal just tired", "quiet"),
        ("I'm not suicidal but i dont see the point", "check_in"),
        ("im not gonna kill myself... today", "check_in"),
        ("I'm not suicidal. I am going to hang myself.", "escalate"),
        ("i dont care about chow i want to die", "escalate"),
        ("i dont want to live", "escalate"),
        ("i dont want to kill myself", "quiet"),
        ("no me quiero matar", "quiet"),
        ("no quiero vivir", "escalate"),
        ("no puedo mas me quiero matar", "escalate"),
    ],
)
def test_denials(content: Content, text: str, heard: str) -> None:
    assert level(content.guard, text) == heard


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("just killing time til count", "quiet"),
        ("dying to see my kids", "quiet"),
        ("killing time and then i will kill myself", "escalate"),
        ("im dying to see my kids before i kill myself tonight", "escalate"),
        ("im going to hang out in the dayroom", "quiet"),
        ("im going to hang myself in the dayroom", "escalate"),
    ],
)
def test_an_idiom_exempts_a_phrase_and_a_second_cue_voids_it(
    content: Content, text: str, heard: str
) -> None:
    assert level(content.guard, text) == heard


def test_the_past_gets_a_check(content: Content) -> None:
    alarm = content.guard.hear("i tried to kill myself in 2015")
    assert alarm is not None
    assert (alarm.level, alarm.screen) == ("check_in", "past")
    now = content.guard.hear("i tried to kill myself in 2015 and tonight i will do it")
    assert now is not None
    assert now.level == "escalate"


@pytest.mark.parametrize(
    "text", ["my cellie wants to kill himself", "my son wants to die", "mi hermano se quiere matar"]
)
def test_somebody_else_in_danger(content: Content, text: str) -> None:
    alarm = content.guard.hear(text)
    assert alarm is not None
    assert (alarm.level, alarm.screen) == ("escalate", "someone-else")


def test_the_most_urgent_of_several_is_answered(content: Content) -> None:
    both = content.guard.hear("i want to die i took all my pills and he is not breathing")
    assert both is not None
    assert both.category == "overdose"


def test_an_alarm_carries_the_authors_phrase_and_never_what_was_typed(content: Content) -> None:
    alarm = content.guard.hear("xyzzy i wanna kil my self plugh")
    assert isinstance(alarm, Alarm)
    assert "xyzzy" not in repr(alarm)
    assert "plugh" not in repr(alarm)


# ── how phrases are written ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("want to (die|end it", "not closed"),
        ("want to die)", "too many"),
        ("die|live", "inside brackets"),
        ("... die", "begins and ends"),
        ("die ...", "begins and ends"),
        ("[maybe]", "may be missing"),
        ("<pills", "not closed"),
        ("", "may be missing"),
    ],
)
def test_a_phrase_that_can_not_be_read_says_why(pattern: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        pieces_of(pattern)


def test_phrases_that_begin_alike_stay_apart() -> None:
    # `a (b|c) d` must not let `a b e` ring for `a c e`.
    guard = Guard(
        Lexicon(
            phrases=tuple(
                AlarmPhrase(pattern, "medical", "escalate", "imminent", "en")
                for pattern in ("alpha (bravo|charlie) delta", "alpha bravo echo")
            )
        )
    )
    for text, rings in [
        ("alpha bravo delta", True),
        ("alpha charlie delta", True),
        ("alpha bravo echo", True),
        ("alpha charlie echo", False),
    ]:
        assert (guard.hear(text) is not None) is rings, text


def test_a_gap_passes_over_a_few_words_and_no_more() -> None:
    guard = Guard(
        Lexicon(phrases=(AlarmPhrase("alpha ... omega", "medical", "escalate", "active", "en"),))
    )
    assert guard.hear("alpha omega")
    assert guard.hear("alpha one two three four five omega")
    assert guard.hear("alpha one two three four five six omega") is None


# ── time ───────────────────────────────────────────────────────────────────────────────────────


@given(st.text(max_size=500))
def test_it_never_fails(text: str) -> None:
    Guard().hear(text)


def test_alarms_are_ordered_by_urgency(shipped: Loaded) -> None:
    texts = ["he is not breathing", "i want to kill myself", "im cutting myself again"]
    guard = shipped.content.guard
    heard = [guard.hear(f"{one} and {two}") for one, two in pairwise(texts)]
    assert [alarm.category for alarm in heard if alarm] == ["overdose", "suicide"]
