"""What is found, for whom, in which order."""

from dataclasses import replace
from datetime import date
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.finder import Wanted, distance, find, is_open, nearest_first
from bot.engine.model import OUTSIDE, Hours, Location, Resource, Text

FRESNO, BAKERSFIELD, OAKLAND = (36.75, -119.77), (35.37, -119.02), (37.80, -122.27)
WANTED = Wanted(frozenset({"reentry.jobs"}), "community", "", "en")
NINE_TO_FIVE = tuple(Hours(day, 540, 1020) for day in range(5))


def resource(name: str, **more: object) -> Resource:
    base: dict[str, object] = {
        "id": name,
        "name": name,
        "description": Text("d", name),
        "topics": ("reentry.jobs",),
        "settings": OUTSIDE,
        "areas": (),
        "languages": ("en",),
        "sources": ("a page",),
        "assured_date": date(2026, 11, 22),
    }
    return Resource(**(base | more))  # type: ignore[arg-type]


def at(*point: float) -> tuple[Location, ...]:
    return (Location("", *point),)


def ids(resources: list[Resource], wanted: Wanted) -> list[str]:
    return [one.id for one in find(resources, wanted, lambda _: True)]


def test_kilometres() -> None:
    assert distance(FRESNO, FRESNO) == 0
    assert distance(FRESNO, BAKERSFIELD) == pytest.approx(167, abs=3)
    assert distance((90, 0), (-90, 0)) == pytest.approx(20_015, abs=5)


def test_nearer_first_and_what_has_no_address_by_its_county() -> None:
    unknown = resource("unknown")
    oakland = resource("oakland", locations=at(*OAKLAND))
    kern = resource("kern", areas=("kern",))
    both = resource("both", locations=at(*OAKLAND) + at(36.7, -119.7))
    wanted = replace(WANTED, near=FRESNO, middles={"kern": BAKERSFIELD})
    assert ids([unknown, oakland, kern, both], wanted) == ["both", "kern", "oakland", "unknown"]


def test_ones_own_county_goes_before_what_is_near() -> None:
    mine = resource("mine", areas=("fresno",), locations=at(36.1, -119.1))
    state = resource("state", areas=("california",), locations=at(*FRESNO))
    wanted = replace(WANTED, area="fresno", near=FRESNO)
    assert ids([state, mine], wanted) == ["mine", "state"]


def test_the_nearest_of_its_places_is_shown_first() -> None:
    one = resource(
        "one", locations=(Location("far", *OAKLAND), Location("?"), Location("near", *FRESNO))
    )
    assert [place.address for place in nearest_first(one, FRESNO).locations] == ["near", "far", "?"]
    assert nearest_first(one, None) is one


@pytest.mark.parametrize(
    ("age", "found"),
    [(None, ["any", "old", "young"]), (17, ["any", "young"]), (18, ["any", "young"]),
     (19, ["any"]), (60, ["any", "old"])],
)  # fmt: skip
def test_age(age: int | None, found: list[str]) -> None:
    young = resource("young", maximum_age=18)
    old = resource("old", minimum_age=60)
    assert ids([young, old, resource("any")], replace(WANTED, age=age)) == found


def test_only_what_is_free_and_only_what_is_spoken() -> None:
    free, spanish = resource("free", free=True), resource("spanish", languages=("en", "es"))
    assert ids([free, spanish], replace(WANTED, free=True)) == ["free"]
    assert ids([free, spanish], replace(WANTED, speaks="es")) == ["spanish"]


def test_open_now_unknown_hours_are_neither_hidden_nor_claimed() -> None:
    shop = resource("shop", hours=NINE_TO_FIVE)
    night = resource("night", hours=(Hours(4, 1140, 1860),))
    unknown = resource("a-unknown")
    friday_noon, friday_night, saturday_early = (4, 720), (4, 1200), (5, 300)
    everything = [unknown, shop, night]
    assert ids(everything, replace(WANTED, open_at=friday_noon)) == ["shop", "a-unknown"]
    assert ids(everything, replace(WANTED, open_at=friday_night)) == ["night", "a-unknown"]
    assert ids(everything, replace(WANTED, open_at=saturday_early)) == ["night", "a-unknown"]
    assert is_open(unknown, *friday_noon) is None


def test_a_night_from_sunday_to_monday() -> None:
    night = resource("night", hours=(Hours(6, 1140, 1860),))
    assert is_open(night, 0, 60)
    assert is_open(night, 0, 420) is False
    assert is_open(night, 6, 60) is False


POINTS = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(
    st.lists(
        st.builds(
            lambda name, point, areas, free: resource(
                name, locations=at(*point) if point else (), areas=areas, free=free
            ),
            st.text("abc", min_size=1, max_size=3),
            POINTS,
            st.sampled_from([(), ("fresno",), ("california",), ("national",)]),
            st.booleans(),
        ),
        max_size=8,
        unique_by=lambda one: one.id,
    ),
    POINTS,
    st.sampled_from(["", "fresno", "narnia"]),
    st.booleans(),
)
def test_whatever_is_asked(
    resources: list[Resource], near: tuple[float, float] | None, area: str, free: bool
) -> None:
    wanted = replace(WANTED, near=near, area=area, free=free)
    found = find(resources, wanted, lambda _: True)
    assert find(found[::-1], wanted, lambda _: True) == found
    assert all(one in resources for one in found)
    if near and not area:
        points = [
            one.locations[0].point if one.locations else None for one in found if not one.areas
        ]
        far = [distance(point, near) if point else inf for point in points]
        assert far == sorted(far)
