"""Resources for this person: what can help them where they are, what helps most first.

Rule 1: only what serves their setting and age and can be used from where they are. Where they ask
        for it, only what is free, or given in a language, or not known to be closed. What we don't
        know is never claimed: unknown hours are shown, after those known to be open.
Rule 2: near before far: their county, then the whole state, then the country; within each what is
        fewer miles away, where we know.
Rule 3: theirs before everybody's: what serves fewer topics is more to the point; then their
        language; then what was seen last.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import asin, cos, inf, radians, sin, sqrt

from bot.engine.model import SETTINGS, Point, Resource

NATIONAL, STATE = "national", "california"
DAY, WEEK = 1440, 7  # minutes, days
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, for whom. An empty area is anywhere."""

    topics: frozenset[str]
    setting: str
    area: str
    language: str
    near: Point | None = None
    middles: Mapping[str, Point] = field(default_factory=dict)  # of areas, for what has no address
    age: int | None = None
    free: bool = False
    speaks: str = ""  # a language it must be given in
    open_at: tuple[int, int] | None = None  # a weekday (0 is Monday) and a minute of it


def find(
    resources: Iterable[Resource], wanted: Wanted, can_use: Callable[[Resource], bool]
) -> list[Resource]:
    """All that fits, best first."""
    fitting = [
        resource
        for resource in resources
        if wanted.topics.intersection(resource.topics)
        and (wanted.setting in resource.settings or wanted.setting not in SETTINGS)
        and _reach(resource, wanted.area) is not None
        and _of_age(resource, wanted.age)
        and (resource.free or not wanted.free)
        and (wanted.speaks in resource.languages or not wanted.speaks)
        and (wanted.open_at is None or is_open(resource, *wanted.open_at) is not False)
        and can_use(resource)
    ]
    return sorted(fitting, key=lambda resource: _rank(resource, wanted))


def named(resources: Mapping[str, Resource], ids: Iterable[str]) -> list[Resource]:
    """Those with these ids, in that order; ids that are gone are passed over."""
    return [resources[name] for name in ids if name in resources]


def is_open(resource: Resource, weekday: int, minute: int) -> bool | None:
    """Whether it is open then; None where nobody told us its hours."""
    if not resource.hours:
        return None
    for hours in resource.hours:
        since = (weekday - hours.weekday) % WEEK * DAY + minute
        if hours.opens_at <= since < hours.closes_at:
            return True
    return False


def distance(one: Point, two: Point) -> float:
    """Kilometres as the crow flies."""
    (lat, lon), (lat2, lon2) = (tuple(map(radians, point)) for point in (one, two))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))


def nearest_first(resource: Resource, near: Point | None) -> Resource:
    """The resource, its places sorted by how far they are."""
    if near is None or len(resource.locations) < 2:
        return resource
    places = sorted(
        resource.locations, key=lambda place: distance(place.point, near) if place.point else inf
    )
    return replace(resource, locations=tuple(places))


def _of_age(resource: Resource, age: int | None) -> bool:
    if age is None:
        return True
    low, high = resource.minimum_age, resource.maximum_age
    return (low is None or low <= age) and (high is None or age <= high)


def _reach(resource: Resource, area: str) -> int | None:
    """0 in their county, 1 statewide, 2 nationwide; nothing where it is somebody else's county."""
    if area and area in resource.areas:
        return 0
    if STATE in resource.areas:
        return 1
    if NATIONAL in resource.areas:
        return 2
    return None if area else 3


def _nearest(resource: Resource, wanted: Wanted) -> float:
    if wanted.near is None:
        return 0.0
    points = [place.point for place in resource.locations if place.point]
    points = points or [wanted.middles[area] for area in resource.areas if area in wanted.middles]
    return min((distance(point, wanted.near) for point in points), default=inf)


def _rank(resource: Resource, wanted: Wanted) -> tuple[int, bool, float, int, bool, int, str]:
    reach = _reach(resource, wanted.area)
    known_open = wanted.open_at is not None and is_open(resource, *wanted.open_at) is True
    return (
        3 if reach is None else reach,
        not known_open,
        _nearest(resource, wanted),
        len(resource.topics),
        wanted.language not in resource.languages,
        -resource.assured_date.toordinal(),
        resource.id,
    )
