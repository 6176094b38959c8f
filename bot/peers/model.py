"""The nouns of peer support: mentors, what somebody wishes for, and a request. Frozen values.

All that stands here are ids and days. Words that a person agreed to share are never part of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

# What a mentor has lived through, and so may be asked about.
EXPERIENCES = (
    "recovery",
    "mental_health",
    "loss",
    "family",
    "long_sentence",
    "first_time",
    "parole_denial",
    "coming_home",
    "leaving_gangs",
    "segregation",
    "work_school",
    "identity",
    "veteran",
    "faith",
    "young",
)
# The four kinds of peer support of the practice guidelines (SAMHSA).
KINDS = ("emotional", "informational", "instrumental", "affiliational")
GENDERS = ("woman", "man", "nonbinary")
HOURS = ("mornings", "afternoons", "evenings", "weekends")
# I come to you; find me; call me (outside); we write to each other, through the program (outside).
MEETINGS = ("come", "find", "call", "write")

State = Literal["asked", "offered", "waiting", "accepted", "met", "closed", "cancelled", "expired"]
OPEN: frozenset[State] = frozenset({"asked", "offered", "waiting", "accepted", "met"})
UNMATCHED: frozenset[State] = frozenset({"asked", "offered", "waiting"})
CARRIED: frozenset[State] = frozenset({"accepted", "met"})  # what counts as a mentor's load


@dataclass(frozen=True, slots=True)
class Mentor:
    """Somebody who may be asked. `capacity` is how many people they carry at once."""

    id: str
    name: str  # as people are shown it
    settings: frozenset[str]
    languages: tuple[str, ...] = ("en",)
    experience: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset(KINDS)
    hours: frozenset[str] = frozenset(HOURS)
    unit: str = ""  # where they live, an id of the facility's `units:`
    gender: str = ""
    capacity: int = 5
    certified: date | None = None
    renews: date | None = None  # when the certificate has to be renewed
    paused: bool = False
    retired: bool = False
    chat: bool = False  # can be written to through the program: known by the roster, not kept

    @property
    def takes(self) -> bool:
        """Whether they may be offered anybody at all."""
        return not (self.paused or self.retired)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked for. Empty says that it does not matter to them."""

    setting: str = ""
    about: str = ""  # one of EXPERIENCES
    kind: str = ""
    language: str = ""
    gender: str = ""
    unit: str = ""  # their own
    other_unit: bool = False  # nobody from there
    hours: str = ""
    meet: str = ""
    mentor: str = ""  # whom they picked
    others: bool = True  # whether another may be asked where that one can't
    speaks: str = "en"  # the language they used here, for the words of the desk

    @classmethod
    def of(cls, answers: Mapping[str, str], setting: str, speaks: str) -> "Wishes":
        """From the answers of the flow that asks; whatever is none of the known ids is nothing."""

        def known(name: str, values: tuple[str, ...]) -> str:
            value = answers.get(name, "")
            return value if value in values else ""

        return cls(
            setting=setting,
            about=known("about", EXPERIENCES),
            kind=known("kind", KINDS),
            language=known("language", ("en", "es")),
            gender=known("gender", GENDERS),
            unit=answers.get("unit", ""),
            other_unit=answers.get("other_unit") == "yes",
            hours=known("hours", HOURS),
            meet=known("meet", MEETINGS),
            mentor=answers.get("mentor", ""),
            others=answers.get("others") != "no",
            speaks=speaks,
        )


@dataclass(frozen=True, slots=True)
class Load:
    """What a mentor carries: people now, people begun within the last four weeks, and when they
    were last asked (seconds since 1970; 0 is never)."""

    carries: int = 0
    asked: int = 0  # offers that wait for their answer
    recent: int = 0
    last: float = 0.0


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a mentor. `version` counts its moves."""

    id: str
    state: State = "asked"
    version: int = 0
    asked_at: float = 0.0  # seconds since 1970
    looking: float = 0.0  # since when a mentor is looked for: asked, given back, or asked again
    since: float = 0.0  # in this state
    wishes: Wishes = field(default_factory=Wishes)
    offered: tuple[str, ...] = ()  # mentors who may say yes now
    passed: tuple[str, ...] = ()  # mentors who said no, were silent, or gave it back
    mentor: str = ""  # who said yes
    by_hand: bool = False  # the coordinator asked a mentor for it, whatever they carry
    told: str = ""  # what the coordinator was told of it: `unmatched`, `unmet`


@dataclass(frozen=True, slots=True)
class By:
    """Who made a move: a role, and which account or mentor."""

    role: Literal["person", "mentor", "coordinator", "clock"]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that happened to a request."""

    kind: str
    by: By
    at: float
    mentors: tuple[str, ...] = ()  # who is offered it, or who is meant
    why: str = ""  # one of a list, never free words
