"""What is learnt from examples, and how a text is read with it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.vectors import word_vectors
from bot.language import likeness
from bot.language.likeness import learn
from bot.language.text import plain_words
from bot.language.vectors import NO_VECTORS, Vectors

EXAMPLES = [
    ("cant sleep", "sleep"),
    ("the lights keep me up at night", "sleep"),
    ("no puedo dormir", "sleep"),
    ("lost my id card", "id"),
    ("need a birth certificate", "id"),
    ("perdi mi identificacion", "id"),
    ("who won the game", "none"),
    ("thank you", "none"),
]
READ = learn(EXAMPLES)


def likeliest(text: str) -> str:
    return READ.labels[int(READ.of(plain_words(text)).argmax())]


def test_it_knows_its_examples_and_what_is_like_them() -> None:
    assert [likeliest(text) for text, _ in EXAMPLES] == [label for _, label in EXAMPLES]
    assert likeliest("i cant slep at nite with these lights") == "sleep"
    assert likeliest("identificasion perdida") == "id"


def test_probabilities_add_up() -> None:
    for text in ("cant sleep", "", "zzz qqq", "id " * 500):
        likely = READ.of(plain_words(text))
        assert likely.shape == (3,)
        assert abs(float(likely.sum()) - 1) < 1e-5
        assert (likely >= 0).all()


def test_several_texts_are_read_as_one_by_one() -> None:
    texts = [plain_words(text) for text in ("cant slepe", "my id zzz", "zzz")]
    for one, many in zip(texts, READ.of_each(texts), strict=True):
        assert np.allclose(READ.of(one), many)


def test_the_order_of_examples_changes_nothing_much() -> None:
    turned = learn(EXAMPLES[::-1])
    for text, _ in EXAMPLES:
        assert np.allclose(READ.of(plain_words(text)), turned.of(plain_words(text)), atol=1e-3)


def test_with_many_examples_words_that_stand_apart_make_pairs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # No word of these says anything by itself, nor any two that follow each other.
    told = [
        ("red old dog", "a"),
        ("blue old cat", "a"),
        ("red old cat", "b"),
        ("blue old dog", "b"),
    ]

    def right() -> int:
        read = learn(told * 3)
        return sum(read.labels[int(read.of(tuple(t.split())).argmax())] == x for t, x in told)

    assert right() < 4
    monkeypatch.setattr(likeness, "MANY", 10)
    assert right() == 4


def test_with_nothing_to_learn_it_says_nothing() -> None:
    assert learn([]).of(("sleep",)).shape == (0,)
    assert learn([("cant sleep", "sleep")]).of(("sleep",)).shape == (1,)


def test_words_with_the_same_sense_are_alike() -> None:
    """A word that no example has is read by what it means."""
    table = np.array([[1, 0], [0, 1]], np.float32)
    senses = {"sleep": 0, "slumber": 0, "card": 1, "paper": 1}
    vectors = Vectors(
        table, lambda word: [senses[word]] if word in senses else [], senses.__contains__
    )
    read = learn([("sleep", "rest"), ("card", "papers")], vectors)
    assert read.labels[int(read.of(("slumber",)).argmax())] == "rest"
    assert read.labels[int(read.of(("paper",)).argmax())] == "papers"


def test_the_shipped_vectors_are_there_and_mean_something() -> None:
    vectors = word_vectors()
    assert vectors is not NO_VECTORS
    assert vectors.size == 256

    def alike(one: str, two: str) -> float:
        a, b = vectors.of(one), vectors.of(two)
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    assert alike("doctor", "nurse") > alike("doctor", "bicycle")
    assert alike("mother", "madre") > alike("mother", "ladder")
    assert vectors.is_word("sleep")
    assert not vectors.is_word("slepe")


def test_nothing_that_was_read_is_kept() -> None:
    READ.of(("xyzzyplugh", "sleep"))
    assert "xyzzyplugh" not in repr(vars(READ))


@given(st.text(max_size=400))
def test_it_never_fails(text: str) -> None:
    READ.of(plain_words(text))
