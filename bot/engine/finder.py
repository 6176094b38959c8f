"""Resources for this person: by topic, setting, area and language, what helps most first.

Rule 1: only what serves their setting and can be used from where they are.
Rule 2: near before far: their county, then the whole state, then the country.
Rule 3: theirs before everybody's: what serves fewer topics is more to the point; then their
        language; then what was seen last.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.engine.model import SETTINGS, Resource

NATIONAL, STATE = "national", "california"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, for whom. An empty area is anywhere."""

    topics: frozenset[str]
    setting: str
    area: str
    language: str


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
        and can_use(resource)
    ]
    return sorted(fitting, key=lambda resource: _rank(resource, wanted))


def named(resources: Mapping[str, Resource], ids: Iterable[str]) -> list[Resource]:
    """Those with these ids, in that order; ids that are gone are passed over."""
    return [resources[name] for name in ids if name in resources]


def _reach(resource: Resource, area: str) -> int | None:
    """0 in their county, 1 statewide, 2 nationwide; nothing where it is somebody else's county."""
    if area and area in resource.areas:
        return 0
    if STATE in resource.areas:
        return 1
    if NATIONAL in resource.areas:
        return 2
    return None if area else 3


def _rank(resource: Resource, wanted: Wanted) -> tuple[int, int, int, int, str]:
    reach = _reach(resource, wanted.area)
    return (
        3 if reach is None else reach,
        len(resource.topics),
        wanted.language not in resource.languages,
        -resource.assured_date.toordinal(),
        resource.id,
    )
