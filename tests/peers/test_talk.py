"""The rules of a talk between two people, in bot/peers/talk.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.peers import talk as rules
from bot.peers.life import DAY
from bot.peers.talk import SIDES, Side, Talk, agrees, due, ended, gives, other, speaks, stands

NOW = 1_795_000_000.0
OPEN = Talk("open", NOW, SIDES)


@pytest.mark.parametrize("first", SIDES)
def test_it_opens_when_both_said_yes(first: Side) -> None:
    asked = agrees(Talk(), first, NOW)
    assert asked == Talk("asked", NOW, (first,))
    assert speaks(asked, NOW) is None
    assert agrees(asked, first, NOW) == asked
    assert agrees(asked, other(first), NOW) == OPEN
    assert speaks(OPEN, NOW + 5) == Talk("open", NOW + 5, SIDES)


def test_who_is_in_another_talk_is_asked_anew() -> None:
    asked = agrees(Talk(), "mentor", NOW)
    waits = agrees(asked, "person", NOW + 1, busy=True)
    assert waits == Talk("asked", NOW + 1, ("person",))
    assert stands(waits, "person", busy=True) == "busy"
    assert agrees(waits, "mentor", NOW + 2) == Talk("open", NOW + 2, SIDES)


def test_a_yes_is_for_one_talk() -> None:
    over = ended(OPEN, NOW)
    assert over == Talk(since=NOW)
    assert agrees(over, "person", NOW).state == "asked"
    assert ended(over, NOW + 1) == over


def test_a_day_of_silence_ends_it() -> None:
    for talk in (OPEN, agrees(Talk(), "person", NOW)):
        assert not due(talk, NOW + DAY - 1)
        assert due(talk, NOW + DAY)
    assert not due(ended(OPEN, NOW), NOW + 9 * DAY)


def test_what_was_given_is_handed_over_when_both_gave_it() -> None:
    one = gives(OPEN, "mentor")
    assert not rules.both_gave(one)
    assert not rules.both_gave(gives(one, "mentor"))
    assert rules.both_gave(gives(one, "person"))
    assert ended(one, NOW).gave == ()
    assert gives(agrees(Talk(), "person", NOW), "person").gave == ()


@pytest.mark.parametrize(
    ("talk", "said"),
    [
        (Talk(), "free"),
        (agrees(Talk(), "person", NOW), "me"),
        (agrees(Talk(), "mentor", NOW), "they"),
        (OPEN, "open"),
    ],
)
def test_how_it_stands_for_the_person(talk: Talk, said: str) -> None:
    assert stands(talk, "person") == said


MOVES = st.lists(st.tuples(st.sampled_from(("yes", "give", "end", "speak")), st.sampled_from(SIDES), st.booleans()))  # fmt: skip


@given(MOVES)
def test_nothing_passes_without_two_fresh_yeses(moves: list[tuple[str, Side, bool]]) -> None:
    talk, yes, gave = Talk(), set[Side](), set[Side]()
    for kind, side, busy in moves:
        if kind == "yes":
            if talk.state != "open":
                yes = {side} if busy else {*yes, side}
            talk = agrees(talk, side, NOW, busy=busy)
        elif kind == "give":
            gave |= {side} if talk.state == "open" else set()
            talk = gives(talk, side)
        elif kind == "end":
            talk, yes, gave = ended(talk, NOW), set(), set()
        assert (speaks(talk, NOW) is not None) == (yes == set(SIDES))
        assert set(talk.gave) == gave
