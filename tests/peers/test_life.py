"""Every move from every state by everybody: legal as LEGAL says, or refused and nothing changed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.peers import life
from bot.peers.life import DAY, HOUR, LEGAL, REASONS, Refused, after, due
from bot.peers.model import By, Move, Request, State, Wishes

STATES: tuple[State, ...] = (
    "asked", "offered", "waiting", "accepted", "met", "closed", "cancelled", "expired",
)  # fmt: skip
PERSON, CLOCK, ANN, BEN = By("person"), By("clock"), By("mentor", "m-ann"), By("mentor", "m-ben")


def at(state: State, hours: float = 0.0) -> Request:
    offered = ("m-ann", "m-ben") if state == "offered" else ()
    mentor = "m-ann" if state in {"accepted", "met", "closed"} else ""
    return Request("r", state, 3, 0.0, 0.0, -hours * HOUR, Wishes(), offered, (), mentor)


def move(kind: str, by: By, why: str = "", mentors: tuple[str, ...] = ()) -> Move:
    return Move(kind, by, 5.0, mentors or (("m-ann",) if kind == "offer" else ()), why)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", life.KINDS_OF_MOVE)
@pytest.mark.parametrize("by", [PERSON, CLOCK, ANN, By("coordinator", "kim")], ids=lambda b: b.role)
def test_only_what_the_table_says(state: State, kind: str, by: By) -> None:
    request = at(state)
    why = "full" if by.role == "mentor" and kind in {"decline", "hand-back"} else ""
    moved = after(request, move(kind, by, why))
    roles, to = LEGAL.get((state, kind), (frozenset(), ""))
    if by.role in roles:
        assert isinstance(moved, Request)
        assert moved.state == (to or state)
        assert moved.version == 4
    else:
        assert isinstance(moved, Refused)


def test_what_is_over_stays_over_but_for_asking_again() -> None:
    for state in ("closed", "cancelled"):
        assert not [kind for where, kind in LEGAL if where == state]
    assert [kind for where, kind in LEGAL if where == "expired"] == ["renew"]


def test_a_person_may_always_take_it_back() -> None:
    for state in ("asked", "offered", "waiting", "accepted", "met"):
        moved = after(at(state), move("cancel", PERSON))
        assert isinstance(moved, Request)
        assert moved.state == "cancelled"


def test_a_no_leaves_the_offer_with_the_others_and_the_last_no_sets_it_free() -> None:
    first = after(at("offered"), move("decline", ANN, "full"))
    assert isinstance(first, Request)
    assert (first.state, first.offered, first.passed) == ("offered", ("m-ben",), ("m-ann",))
    last = after(first, move("decline", BEN, "hours"))
    assert isinstance(last, Request)
    assert (last.state, last.offered, last.passed) == ("waiting", (), ("m-ann", "m-ben"))


def test_of_two_who_say_yes_the_second_is_told_that_it_is_too_late() -> None:
    first = after(at("offered"), move("accept", BEN))
    assert isinstance(first, Request)
    assert (first.mentor, first.offered) == ("m-ben", ())
    assert after(first, move("accept", ANN)) == Refused("too-late")


def test_nobody_answers_for_somebody_else() -> None:
    assert after(at("offered"), move("accept", By("mentor", "m-cat"))) == Refused("not-yours")
    assert after(at("accepted"), move("meet", BEN)) == Refused("not-yours")


def test_a_no_has_a_reason_from_the_list_and_never_free_words() -> None:
    assert after(at("offered"), move("decline", ANN)) == Refused("no-reason")
    assert after(at("offered"), move("decline", ANN, "he smells")) == Refused("no-reason")
    assert after(at("waiting"), move("offer", CLOCK, "because")) == Refused("no-reason")
    for why in REASONS:
        assert isinstance(after(at("accepted"), move("hand-back", ANN, why)), Request)


def test_given_back_is_looked_for_anew() -> None:
    back = after(replace(at("met"), told="unmet"), move("hand-back", ANN, "unwell"))
    assert isinstance(back, Request)
    assert (back.state, back.looking, back.passed, back.mentor) == ("waiting", 5.0, ("m-ann",), "")
    assert due(back, 5.0 + 47 * HOUR) == ""


def test_an_offer_to_nobody_is_none() -> None:
    assert after(at("waiting"), Move("offer", CLOCK, 1.0)) == Refused("nobody")


@pytest.mark.parametrize(
    ("request_", "hours", "expected"),
    [
        (at("offered"), 23, ""),
        (at("offered"), 24, "lapse"),
        (at("waiting"), 47, ""),
        (at("waiting"), 48, "tell"),
        (replace(at("waiting"), told="unmatched"), 48, ""),
        (replace(at("waiting"), told="unmatched"), 7 * 24, "expire"),
        (at("offered"), 7 * 24, "expire"),
        (at("accepted"), 13 * 24, ""),
        (at("accepted"), 14 * 24, "tell"),
        (replace(at("accepted"), told="unmet"), 15 * 24, ""),
        (at("met"), 29 * 24, ""),
        (at("met"), 30 * 24, "close"),
        (at("closed"), 900 * 24, ""),
    ],
)
def test_nothing_is_stuck(request_: Request, hours: float, expected: str) -> None:
    assert due(request_, hours * HOUR) == expected


@given(st.sampled_from(STATES), st.floats(0, 400 * DAY))
def test_what_is_due_is_legal_and_comes_to_an_end(state: State, now: float) -> None:
    request: Request | Refused = at(state)
    for _ in range(6):
        assert isinstance(request, Request)
        kind = due(request, now)
        if not kind:
            return
        request = after(request, Move(kind, CLOCK, now))
    raise AssertionError("the clock goes in circles")
