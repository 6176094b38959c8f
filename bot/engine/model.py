"""The nouns. Frozen values, compared by value, so that a test is one `==`.

Ids are paths: a flow is `coping/sleep`, a step (a place) `coping/sleep/ask`, a choice
`coping/sleep/ask/ideas`. There is no second naming scheme and there are no positions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

# Who is speaking from where. It changes what help is possible.
SETTINGS = ("prison", "jail", "community", "family")
INSIDE = frozenset({"prison", "jail"})
OUTSIDE = frozenset({"community", "family"})
EVERYWHERE = frozenset(SETTINGS)
# Said by a person who would rather not say where they are: both ways of getting help are shown.
UNSAID = "unsaid"

# The eight kinds of danger the guard listens for (topics `crisis.*`).
CATEGORIES = (
    "suicide",
    "self_harm",
    "overdose",
    "sexual_abuse",
    "violence",
    "medical",
    "withdrawal",
    "domestic_violence",
)

Level = Literal["escalate", "check_in"]
Confidence = Literal["read", "called"]
Point = tuple[float, float]  # latitude and longitude, in degrees


# ── what content is made of ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Text:
    """Words an author wrote, and the id their translations are filed under."""

    id: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """Words for some settings: `settings` is who is told this."""

    text: Text
    settings: frozenset[str] = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Pace:
    """Paced breathing: seconds in, held, out, and how many rounds."""

    breathe_in: int
    hold: int
    breathe_out: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Remind:
    """Write to this person first, in `days` days at an `hour` of their day, and open a place then.
    With no place: write no more."""

    days: int = 0
    hour: int = 0
    to: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line that already stands on a sheet, for whoever gave these answers."""

    lines: tuple[Line, ...]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # answer -> fitting values


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sheet: a heading, what may stand there, then lines to write on."""

    heading: Text
    hint: tuple[Line, ...] = ()
    items: tuple[Item, ...] = ()
    write: int = 0  # empty lines
    settings: frozenset[str] = EVERYWHERE
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """Paper to take along: printed or copied by hand. What is written on it is never sent."""

    title: Text
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Go:
    """Move on to a place or to a flow's first step."""

    to: str


@dataclass(frozen=True, slots=True)
class Call:
    """Go through a flow, then come back and go on at `then`."""

    flow: str
    then: str


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more to say here: back to who called, or offer the ways on."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question. `also` holds other words that pick it, by language."""

    id: str
    label: Text
    move: Go | Call | End
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: frozenset[str] = EVERYWHERE
    sets: Mapping[str, str] = field(default_factory=dict)  # `setting` or an answer of this flow


@dataclass(frozen=True, slots=True)
class Ask:
    """Wait for one of the choices."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """Wait for a whole number from `low` to `high`, kept as the answer `saves`."""

    low: int
    high: int
    saves: str
    to: str


@dataclass(frozen=True, slots=True)
class AskArea:
    """Wait for a county; the choices beside it are for people who'd rather not say."""

    to: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class AskLanguage:
    """Wait for a language."""

    to: str


@dataclass(frozen=True, slots=True)
class Find:
    """Show resources: those named, else the best few of these topics for this person, a page at a
    time. `age` names the saved answer that holds how old they are."""

    to: str
    topics: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    limit: int = 3
    age: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Go where a saved answer, or the setting, says. All the logic a flow may have.

    With `than` set, two numbers are compared and the cases are less, same and more.
    """

    by: str
    cases: Mapping[str, str]
    otherwise: str
    than: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """Wait for one of a list that stands in no flow: peer `mentors`, or a facility's `units`. With
    nothing on that list, and no choices beside it, nobody is asked."""

    of: str
    saves: str
    to: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class AskWords:
    """Wait for words, which are sealed and kept for an act of this flow. The flow only ever knows
    that there are some. The choices beside it are for people who'd rather write none."""

    saves: str
    to: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class AskCode:
    """Wait for the three words that open what somebody asked for before."""

    to: str
    wrong: str
    slow: str  # too many were wrong: they have to wait
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Do:
    """Decide on something that is done with this turn, exactly once; then go on."""

    act: str
    to: str


# What comes after a step's words: a closed union. `match` and `assert_never` list every place
# in which a new kind must be handled.
Next = (
    Ask
    | Scale
    | AskArea
    | AskLanguage
    | Find
    | Route
    | Pick
    | AskWords
    | AskCode
    | Do
    | Call
    | Go
    | End
)

# What a flow can have done, by `do:`.
ACTS = (
    "ask", "cancel", "anyone", "switch", "unsay", "renew", "tell-staff", "drop", "talk", "end-talk", "share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """Say something, then do one thing. `unclear` is what the 1st, 2nd, 3rd miss gets."""

    id: str
    says: tuple[Line, ...]
    asks: tuple[Line, ...]
    next: Next
    pace: Pace | None = None
    sheet: Form | None = None
    remind: Remind | None = None  # only where the channel can write first
    screen: str = ""  # the program's own locked crisis words are said here (see screens.py)
    unclear: tuple[tuple[Line, ...] | Go, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation that a counsellor wrote."""

    id: str
    title: Text
    first: str
    steps: Mapping[str, Step]  # by place
    topics: tuple[str, ...] = ()
    settings: frozenset[str] = EVERYWHERE
    alarm: str = ""  # the crisis category whose screens this flow carries on from
    moved: Mapping[str, str] = field(default_factory=dict)  # old place or flow -> new place


@dataclass(frozen=True, slots=True)
class Topic:
    """A need people bring, and how they say it. Phrases are per language, never translated."""

    id: str
    title: Text
    phrases: Mapping[str, tuple[str, ...]]
    flow: str = ""  # the flow that answers it, where several could


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as people write it. `kind` is voice, text or tty."""

    number: str
    kind: str = "voice"
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a resource is, as people write it and, where that is known, in degrees (WGS84)."""

    address: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def point(self) -> Point | None:
        """Where it is on the globe, or nothing."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


@dataclass(frozen=True, slots=True)
class Hours:
    """Open on a weekday (0 is Monday) between two minutes of that day; one that closes after
    midnight closes later than minute 1440."""

    weekday: int
    opens_at: int
    closes_at: int


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that helps. Field names follow Open Referral HSDS 3.0 where it has one."""

    id: str
    name: str
    description: Text
    topics: tuple[str, ...]
    settings: frozenset[str]
    areas: tuple[str, ...]  # county ids, `california`, or `national`
    languages: tuple[str, ...]
    sources: tuple[str, ...]
    assured_date: date  # when we last saw the fact at its source
    source_date: str = ""  # how old the page itself was, where it said so
    confidence: Confidence = "read"
    organization: str = ""  # whose it is, where its own name does not say so
    phones: tuple[Phone, ...] = ()
    email: str = ""
    url: str = ""
    locations: tuple[Location, ...] = ()
    schedule: Text | None = None
    hours: tuple[Hours, ...] = ()  # the schedule, where it is known to the minute
    fees_description: Text | None = None
    free: bool = False  # it says that it costs nothing
    eligibility_description: Text | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    application_process: Text | None = None
    required_document: Text | None = None
    from_inside: Text | None = None


@dataclass(frozen=True, slots=True)
class Facility:
    """What is true where this person is: words for its call button, numbers that can be dialled."""

    id: str
    name: Text
    setting: str
    words: Mapping[str, Text]  # fills the blanks of texts: {call_button} …
    dial: frozenset[str] = frozenset()  # resources that can be called from inside
    units: Mapping[str, Text] = field(default_factory=dict)  # where people live, to pick from
    staff_messages: bool = False  # whether staff read what is sent to them from here


@dataclass(frozen=True, slots=True)
class Area:
    """A county, and the names people give it. `middle` is where distances are measured from."""

    id: str
    name: str
    also: tuple[str, ...] = ()
    middle: Point | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A message that worries us. `screen` names which crisis screen fits; `phrase` is the
    lexicon's phrase that fired, never what the person typed."""

    category: str
    level: Level
    screen: str
    phrase: str
    language: str


# ── what passes through ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands that somebody asked for before. `mentor` is a name, if there is one."""

    state: str
    mentor: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What only the store knows, and a turn asked for (`Outcome.wants`)."""

    request: Standing | None = None  # for a mentor
    message: Standing | None = None  # to staff
    talk: str = "none"  # the one with a mentor, through the program: see bot/peers/talk.py
    apart: frozenset[str] = frozenset()  # mentors whom they are not to meet
    claim: str = "wrong"  # what became of three words: found, wrong, or slow
    silent: bool = False  # the store does not answer: nothing can be done now


@dataclass(frozen=True, slots=True)
class Turn:
    """One message, or one picked option, or (silent) a page that was opened.

    `at` is seconds since 1970, the only time the engine knows.
    """

    id: str
    text: str = ""
    at: float = 0.0
    picked: str = ""
    language: str = ""  # what the channel thinks they speak
    silent: bool = False
    reaches: bool = False  # the channel can write to them first, should they ask for it
    writes: bool = False  # … and can carry what two people write to each other
    facts: Facts | None = None  # given where an earlier try at this turn asked for them


@dataclass(frozen=True, slots=True)
class Return:
    """Somewhere to come back to: by itself after a call, or `offered` after a detour."""

    place: str
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the person stood, for `back`."""

    place: str
    way_back: tuple[Return, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is kept between turns: ids and chosen answers, never what a person typed."""

    language: str = ""
    setting: str = ""
    facility: str = ""
    area: str = ""
    place: str = ""  # the step that waits for an answer; empty between flows
    way_back: tuple[Return, ...] = ()
    trail: tuple[Stand, ...] = ()
    shown: Stand | None = None  # where the words on the screen begin, to say them once more
    answers: Mapping[str, str] = field(default_factory=dict)  # `coping/sleep.before` -> `8`
    helped: tuple[str, ...] = ()  # flows after which a number was lower than before, latest first
    offered: tuple[str, ...] = ()  # option ids of the last reply, in order
    misses: int = 0
    last_turn: str = ""
    content: str = ""  # digest of the content that was spoken from


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tap. Its id carries its whole address, so it works with no saved state."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a card. `kind` is phone, text, web, address or words."""

    kind: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """A resource in words for this person."""

    id: str
    name: str
    about: str
    facts: tuple[Fact, ...]
    checked: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a sheet in words for this person."""

    heading: str
    hint: str = ""
    items: tuple[str, ...] = ()
    write: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form in words for this person."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Two answers on the same scale, to be seen side by side."""

    before: int
    after: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What the channel shows. Never silent: words, and options or a goodbye (`over`)."""

    says: tuple[str, ...]
    options: tuple[Option, ...] = ()
    asks: tuple[str, ...] = ()  # the question, after all that is shown and before the options
    resources: tuple[Card, ...] = ()
    pace: Pace | None = None
    sheet: Sheet | None = None
    change: Change | None = None
    scale: bool = False  # the options are the numbers of a scale
    urgent: bool = False  # show it as loudly as the channel can
    over: bool = False  # nothing of this conversation should stay on the screen
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that a message may mean, how well (0 to 1), and the author's phrase that won."""

    topic: str
    score: float
    phrase: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What free text may mean: one thing for sure, or up to three to ask about."""

    sure: Match | None = None
    maybe: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """Why the reply is what it is, for the preview: ids and authors' phrases only."""

    kind: str  # alarm, choice, command, topic, maybe, area, number, unclear, start
    id: str = ""
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Something the turn decided to do, done exactly once.

    `words` are a person's own, on their way to be sealed: no store keeps them as they are.
    """

    kind: str  # forget, remind, unremind, draft, one of ACTS, or claim
    remind: Remind | None = None
    name: str = ""  # of a draft: the answer that stands for it
    words: str = field(default="", repr=False)
    answers: Mapping[str, str] = field(default_factory=dict)  # of the flow that decided
    setting: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to count. Ids only."""

    kind: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a turn leads to."""

    reply: Reply
    conversation: Conversation
    acts: tuple[Act, ...] = ()
    notes: tuple[Note, ...] = ()
    heard: Heard = Heard("start")
    wants: bool = False  # facts, without which this is not the answer yet
    claim: str = field(default="", repr=False)  # three words that somebody typed


@dataclass(frozen=True, slots=True)
class Suggested:
    """A mentor who may fit, and why, in one line."""

    id: str
    name: str
    reason: str


class Roster(Protocol):
    """Who can be asked for. Frozen, like all else in Content."""

    def serves(self, setting: str) -> bool:
        """Whether there is anybody to ask for."""

    def writes(self, setting: str) -> bool:
        """Whether there is anybody to write with, through the program."""

    def suggest(
        self, answers: Mapping[str, str], setting: str, language: str, apart: frozenset[str]
    ) -> tuple[Suggested, ...]:
        """Up to three for these answers, the best first."""

    def name(self, mentor: str) -> str:
        """What a mentor is called; nothing of one who is not here."""

    def wished(self, answers: Mapping[str, str], language: str) -> str:
        """What a mentor is told of these answers, in one line."""


# A blank that only the service can fill, because what stands there is sealed: `{words}`, `{code}`.
SEALED = "\ue000"


def sealed(name: str) -> str:
    """What stands in a reply where a person's own words, or their code, will be shown."""
    return f"{SEALED}{name}{SEALED}"
