"""YAML as located text: nothing converted, nothing lost, everything with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.located import Scalar, Sequence, Table, read
from bot.content.problems import Mark, Problem


def only(text: str) -> tuple[object, list[Problem]]:
    problems: list[Problem] = []
    return read(text, "x.yaml", problems), problems


@pytest.mark.parametrize(
    "value", ["no", "yes", "on", "12:30", "0777", "1e3", "2026-11-22", "~", "null"]
)
def test_every_scalar_is_the_text_that_stands_there(value: str) -> None:
    root, problems = only(f"key: {value}\n")
    assert isinstance(root, Table)
    scalar = root.values["key"]
    assert isinstance(scalar, Scalar)
    assert scalar.text == value
    assert problems == []


def test_marks_count_from_one() -> None:
    root, _ = only("a: 1\nb:\n  - x\n  - {c: y}\n")
    assert isinstance(root, Table)
    assert root.keys["b"] == Mark("x.yaml", 2, 1)
    items = root.values["b"]
    assert isinstance(items, Sequence)
    assert items.items[0].at == Mark("x.yaml", 3, 5)


def test_a_repeated_key_is_told_and_the_first_kept() -> None:
    root, problems = only("a: 1\nb: 2\na: 3\n")
    assert isinstance(root, Table)
    first = root.values["a"]
    assert isinstance(first, Scalar)
    assert first.text == "1"
    assert [(p.code, p.at.line) for p in problems] == [("C002", 3)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b: c\n", 1),
        ("a: 1\n\tb: 2\n", 2),
        ("a: [1, 2\n", 2),
        ('a: "x\n', 2),
        ("a: *b\n", 1),
        ("a: &x 1\nb: *x\n", 2),
        ("a: %\n", 1),
        ("? [1]\n: 2\n", 1),
    ],
)
def test_what_can_not_be_read_says_where(text: str, line: int) -> None:
    _, problems = only(text)
    assert problems
    assert abs(problems[0].at.line - line) <= 1
    assert problems[0].message.endswith(".")


def test_an_empty_file_is_nothing() -> None:
    assert only("") == (None, [])
    assert only("# only a comment\n") == (None, [])


def test_deep_nesting_is_a_problem_and_no_crash() -> None:
    _, problems = only("[" * 5000 + "]" * 5000)
    assert problems


@given(st.text(max_size=200))
def test_any_text_is_read_or_told(text: str) -> None:
    root, problems = only(text)
    assert root is None or not isinstance(root, str)
    for problem in problems:
        assert problem.message
