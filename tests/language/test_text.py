"""One way to compare words, for everyone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.text import (
    fold,
    guess_language,
    hear,
    plain_words,
    sounds,
    squeeze,
    unleet,
)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("¿Dónde?", "donde"),
        ("I don’t  KNOW", "i dont know"),
        ("  c/o's  note\n", "c os note"),
        ("ﬁne", "fine"),
        ("𝐡𝐞𝐥𝐩", "help"),
        ("he\u200blp", "help"),
        ("señor José", "senor jose"),
        ("my 💊 and a 🔫", "my pills and a gun"),
        ("", ""),
        ("!!!", ""),
    ],
)
def test_fold(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_chat_spelling_is_written_out() -> None:
    assert plain_words("need sum1 2 talk 2") == ("need", "someone", "to", "talk", "to")
    assert plain_words("imma do it 2nite") == ("i", "am", "going", "to", "do", "it", "tonight")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("k i l l", ["kill"]),
        ("k.i.l.l", ["kill"]),
        ("k-i-l-l", ["kill"]),
        ("k!ll", ["kill"]),
        ("$uicide", ["suicide"]),
        ("i just really want 2", ["i", "want", "to"]),
        ("a i", ["a", "i"]),
    ],
)
def test_hearing_puts_words_back_together(typed: str, words: list[str]) -> None:
    assert [word.text for word in hear(typed)] == words


def test_hearing_knows_where_clauses_and_sentences_end() -> None:
    words = {word.text: word for word in hear("I am fine, but he left. Now what?")}
    assert words["fine"].clause != words["left"].clause
    assert words["fine"].sentence == words["left"].sentence
    assert words["now"].sentence != words["left"].sentence


@given(st.text(max_size=300))
def test_hearing_never_fails(text: str) -> None:
    for word in hear(text):
        assert word.text


def test_letters_held_down() -> None:
    assert set(squeeze("killll")) == {"kill", "kil"}
    assert "die" in squeeze("diiiie")
    assert squeeze("kill") == ()


def test_digits_in_words() -> None:
    assert "kill" in unleet("k1ll")
    assert "suicide" in unleet("su1c1de")
    assert unleet("988") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("aserlo", "hacerlo"), ("boy", "voy"), ("kiero", "quiero"), ("ahorcar", "aorcar")],
)
def test_spanish_written_by_ear(one: str, other: str) -> None:
    assert sounds(one) == sounds(other)


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("quiero morirme", "es"),
        ("no puedo dormir con la luz", "es"),
        ("donde saco mi id", "es"),
        ("i cant sleep", "en"),
        ("where do i get my id", "en"),
        ("LA", ""),
        ("El Monte", ""),
        ("Los Angeles", ""),
        ("no", ""),
        ("k", ""),
        ("1", ""),
        ("", ""),
    ],
)
def test_language_of_a_message(typed: str, language: str) -> None:
    assert guess_language(typed) == language
