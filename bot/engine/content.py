"""Everything respond() may say, as one frozen value, swapped whole between turns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from bot.engine.guard import Guard
from bot.engine.matcher import Matcher
from bot.engine.model import Area, Facility, Flow, Resource, Roster, Step, Suggested, Topic
from bot.engine.wording import Words


def flow_of(place: str) -> str:
    """The flow a place is in: `coping/sleep/ask` is in `coping/sleep`."""
    return place.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class NoMentors:
    """A house with no peer mentors in it (yet)."""

    def serves(self, setting: str) -> bool:  # noqa: ARG002 - there is nobody, wherever you are
        """See Roster."""
        return False

    def writes(self, setting: str) -> bool:  # noqa: ARG002 - as above
        """See Roster."""
        return False

    def suggest(
        self,
        answers: Mapping[str, str],  # noqa: ARG002 - as above
        setting: str,  # noqa: ARG002
        language: str,  # noqa: ARG002
        apart: frozenset[str],  # noqa: ARG002
    ) -> tuple[Suggested, ...]:
        """See Roster."""
        return ()

    def name(self, mentor: str) -> str:  # noqa: ARG002 - as above
        """See Roster."""
        return ""

    def wished(self, answers: Mapping[str, str], language: str) -> str:  # noqa: ARG002 - as above
        """See Roster."""
        return ""


@dataclass(frozen=True, slots=True)
class Content:
    """What the program knows and says. With no arguments: nothing but the guard's floor, the
    crisis screens and the program's own words, which is still enough to help somebody."""

    digest: str = ""
    flows: Mapping[str, Flow] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    resources: Mapping[str, Resource] = field(default_factory=dict)
    facilities: Mapping[str, Facility] = field(default_factory=dict)
    areas: Mapping[str, Area] = field(default_factory=dict)
    words: Words = field(default_factory=Words)
    guard: Guard = field(default_factory=Guard)
    matcher: Matcher = field(default_factory=lambda: Matcher(()))
    moved: Mapping[str, str] = field(default_factory=dict)  # of all flows: old place -> new
    reviewed: bool = False  # whether all crisis words are signed as they stand
    roster: Roster = field(default_factory=NoMentors)
    zone: tzinfo | None = None  # whose clock opening hours go by; unknown, nothing is open or shut

    def flow(self, target: str) -> Flow | None:
        """The flow that a place, or a flow's own id, is in."""
        return self.flows.get(target) or self.flows.get(flow_of(target))

    def step(self, place: str) -> Step | None:
        """The step at a place."""
        flow = self.flows.get(flow_of(place))
        return flow.steps.get(place) if flow else None

    def start(self, target: str) -> str:
        """The place that a flow begins at, or the place itself; nothing where it is not there."""
        if target in self.flows:
            target = self.flows[target].first
        return target if self.step(target) else ""

    def land(self, target: str) -> str:
        """Where somebody who was at a place is now: there, where it moved, or at the start of its
        flow; nothing where all of that has gone."""
        for _ in range(8):  # `moved:` may lead on; a ring of them leads to the flow's start
            if place := self.start(target):
                return place
            flow = flow_of(target)
            onward = self.moved.get(target) or self.moved.get(flow)
            if not onward:
                return self.start(flow)
            target = onward
        return self.start(flow_of(target))
