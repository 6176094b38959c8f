"""Rows and holders are found by digests, and what happens where two strings have one."""

import pickle
import subprocess
import sys
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.vectors import word_vectors
from bot.engine.matcher import Matcher
from bot.engine.model import Text, Topic
from bot.language.likeness import learn
from bot.language.rows import Holders, Rows
from bot.language.spelling import Speller

# Two words with one digest.
ONE, OTHER = "plumless", "buckeroo"


@given(st.lists(st.text(max_size=8)), st.lists(st.text(max_size=8)))
def test_every_string_has_its_row_and_no_other_has_one(put: list[str], others: list[str]) -> None:
    rows = Rows.of(put)
    by_digest = {crc32(each.encode()): each for each in put}
    assert len(rows) == len(by_digest)
    assert (rows.at(put) >= 0).all()
    assert len({*rows.at(put).tolist()}) == len(rows)
    known = [each for each in others if crc32(each.encode()) in by_digest]
    assert len(rows.find(others)) == len(known)


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4)), st.integers(0, 3))
def test_holders_are_found_in_their_order(held: list[list[str]], most: int) -> None:
    found = Holders(held)
    for letter in "abcdefg":
        wanted = [number for number, many in enumerate(held) if letter in many]
        assert found.of_each([letter]) == [wanted]
        assert found.of_each([letter], most) == [wanted[:most]]


def test_with_nothing_put_in_nothing_is_found() -> None:
    assert Rows.of(()).at(["a"]).tolist() == [-1]
    assert Rows.of(["a"]).at(()).tolist() == []
    assert Holders(()).of_each(["a", "b"]) == [[], []]


def test_half_a_character_is_a_string_too() -> None:
    assert Rows.of(["\ud800"]).at(["\ud800", "\udfff"]).tolist() == [0, -1]


def test_they_are_the_same_in_every_process() -> None:
    made = "import sys, pickle; from bot.language.rows import Rows; "
    made += "sys.stdout.buffer.write(pickle.dumps(Rows.of(['a', 'b', 'c'])))"
    kept = subprocess.run([sys.executable, "-c", made], capture_output=True, check=True).stdout
    assert pickle.loads(kept).at(["b"]) == Rows.of(["a", "b", "c"]).at(["b"])


# ── where two strings have one digest ──────────────────────────────────────────────────────────


def test_they_share_a_row() -> None:
    assert len(Rows.of([ONE, OTHER, "sleep"])) == 2
    assert len(Rows.of([ONE]).find([OTHER])) == 1
    assert Holders([[ONE], [OTHER]]).of_each([ONE]) == [[0, 1]]


def test_what_is_learnt_loses_a_word_and_no_more() -> None:
    examples = [(f"{ONE} nights", "sleep"), (f"{OTHER} card", "id"), ("cant sleep", "sleep")]
    read = learn(examples, word_vectors())
    for words, label in (((ONE, "nights"), "sleep"), ((OTHER, "card"), "id")):
        assert read.labels[int(read.of(words).argmax())] == label


def test_a_word_of_a_message_is_not_kept_for_its_digest() -> None:
    read = learn([(f"{ONE} nights", "sleep"), ("my card", "id")])
    read.of((OTHER, "nights"))
    assert OTHER not in repr(vars(read))


def test_a_word_is_mended_to_one_that_is_like_it() -> None:
    assert Speller([[ONE], [OTHER]]).mend(["plumles", "buckaroo"]) == (ONE, OTHER)


@pytest.mark.parametrize(("typed", "topic"), [(ONE, "sleep"), (OTHER, "")])
def test_a_message_is_a_phrase_only_to_the_letter(typed: str, topic: str) -> None:
    topics = [
        Topic("sleep", Text("a", "Sleep"), {"en": (ONE, "cant sleep")}),
        Topic("id", Text("b", "ID"), {"en": ("lost my id",)}),
    ]
    sure = [match.topic for match in Matcher(topics).rank(typed) if match.score == 1.0]
    assert sure == [topic] * bool(topic)
