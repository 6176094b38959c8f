"""What a misspelt word most likely was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.spelling import Speller
from bot.language.text import plain_words

PHRASES = """cant sleep with the lights on
where do i get my id
need my birth certificate
talk to my parole agent
parole denied again
the lights keep me up all night
no puedo dormir
perdi mi identificacion""".splitlines()


def speller(real: str = "") -> Speller:
    return Speller(map(plain_words, PHRASES), frozenset(real.split()).__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cnt slepe", "cnt sleep"),  # three letters are too few to tell
        ("birht certifcate", "birth certificate"),
        ("identificasion", "identificacion"),
        ("prole agnet", "parole agent"),
        ("paroleagent", "parole agent"),
        ("certifi cate", "certificate"),
        ("xylophone", "xylophone"),
        ("my id", "my id"),
        ("", ""),
    ],
)
def test_mend(typed: str, meant: str) -> None:
    assert " ".join(speller().mend(typed.split())) == meant


def test_a_real_word_is_left_alone() -> None:
    assert speller("fights").mend(["fights"]) == ("fights",)
    assert speller().mend(["fights"]) == ("lights",)


def test_the_word_before_decides() -> None:
    two = Speller([["parole", "agent"], ["the", "agenda"]])
    assert two.mend(["parole", "agen"]) == ("parole", "agent")


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=12))
def test_it_never_fails_and_known_words_stay(words: list[str]) -> None:
    known = speller()
    mended = known.mend(words)
    assert known.mend(["sleep", "parole"]) == ("sleep", "parole")
    assert len("".join(mended)) >= 0
    assert all(isinstance(word, str) for word in mended)
