"""Claim codes: enough of them, plain, harmless, and compared as people write them."""

import pytest

from bot.content.load import Loaded
from bot.language.text import fold
from bot.peers import codes
from bot.peers.code_words import WORDS


@pytest.mark.parametrize("language", ["en", "es"])
def test_two_thousand_plain_words_that_are_told_apart(language: str) -> None:
    words = WORDS[language]
    assert len(words) >= 2000
    assert len({fold(word) for word in words}) == len(words)
    assert len({fold(word)[:4] for word in words}) == len(words)
    assert all(word.isalpha() and 3 <= len(word) <= 9 for word in words)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_word_alarms_anybody(shipped: Loaded, language: str) -> None:
    guard = shipped.content.guard
    assert [word for word in WORDS[language] if guard.hear(word)] == []


def test_written_as_people_write() -> None:
    secret = b"a secret of sixteen"
    kept = codes.digest(secret, "árbol café luna")
    for typed in ("Arbol cafe luna", "árbol, café y luna", "  ARBOL-CAFÉ-LUNA. "):
        assert codes.digest(secret, typed) == kept
    assert codes.digest(secret, "luna café árbol") != kept
    assert codes.digest(b"another secret of 16", "árbol café luna") != kept


def test_what_is_no_code_opens_nothing() -> None:
    for typed in ("", "two words", "one two three four", "and and and"):
        assert codes.plain(typed) == ""


def test_numbers_become_three_words() -> None:
    assert len(codes.code((0, 2000, 2001), "en").split()) == 3
    assert codes.code((0, 1, 2), "xx") == codes.code((0, 1, 2), "en")


def test_wrong_tries_are_slowed() -> None:
    waits = [codes.wait(wrong) for wrong in range(20)]
    assert waits[:3] == [0, 0, 0]
    assert waits == sorted(waits)
    assert waits[3] >= 15
    assert waits[-1] == codes.LONGEST_WAIT
    assert codes.wait(10**6) == codes.LONGEST_WAIT
