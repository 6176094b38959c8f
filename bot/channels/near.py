"""Which county a place is in: by ZIP code, or by a point on the globe. Looked up and forgotten."""

from collections.abc import Mapping
from functools import cache
from types import ModuleType

from bot.engine.finder import distance
from bot.engine.model import Area, Point

FARTHEST = 250.0  # kilometres from a county's middle: further away it is none of ours


def county_at(point: Point, areas: Mapping[str, Area]) -> str:
    """The county whose middle is nearest, or nothing. Near a border it may be the neighbor."""
    middles = {area.id: area.middle for area in areas.values() if area.middle}
    if not middles:
        return ""
    nearest = min(middles, key=lambda name: distance(point, middles[name]))
    return nearest if distance(point, middles[nearest]) <= FARTHEST else ""


def is_zip(text: str) -> bool:
    """Whether a message is nothing but a ZIP code: five digits, or nine with a hyphen."""
    first, hyphen, rest = text.strip().partition("-")
    return (
        first.isascii() and first.isdecimal() and len(first) == 5
        and (not hyphen or (rest.isascii() and rest.isdecimal() and len(rest) == 4))
    )  # fmt: skip


def county_of_zip(text: str, areas: Mapping[str, Area]) -> str:
    """The county of a ZIP code, or nothing where it is none of ours or the table isn't installed."""
    if not is_zip(text) or not (table := _table()):  # read where it is needed: it is large
        return ""
    names = {f"{area.name.casefold()} county": area.id for area in areas.values()}
    for row in table.matching(text.strip()):
        if row["state"] == "CA" and (county := names.get(row["county"].casefold())):
            return county
    return ""


@cache
def _table() -> ModuleType | None:
    # Part of an extra: without it a county's name does the same.
    try:
        import zipcodes  # noqa: PLC0415
    except ImportError:
        return None
    return zipcodes  # type: ignore[no-any-return,unused-ignore]
