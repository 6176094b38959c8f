"""Knowledge files: topics, alarms, resources, facilities, areas, sign-offs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.content.directory.shelf import Record
from bot.content.directory.topics import NO_TOPIC, Signs
from bot.content.located import Node, Sequence
from bot.content.problems import Mark, did_you_mean
from bot.content.reading import Reader
from bot.engine.guard import ASK, QUIET, AlarmPhrase, Lexicon
from bot.engine.model import (
    CATEGORIES,
    SETTINGS,
    Area,
    Confidence,
    Facility,
    Level,
    Location,
    Phone,
    Resource,
    Text,
    Topic,
)
from bot.engine.net import pieces_of
from bot.language.text import fold

LANGUAGES = ("en", "es")
MESSAGE_LANGUAGES = ("en", "es", "mixed")
MESSAGE_KEYS = ("escalate", "check-in", "quiet")
TOPIC_KEYS = ("title", "flow", "phrases")
RESOURCE_KEYS = (
    "name", "description", "topics", "settings", "areas", "languages", "phones", "email", "url",
    "address", "latitude", "longitude", "schedule", "fees_description", "eligibility_description",
    "minimum_age", "maximum_age", "application_process", "required_document", "from_inside",
    "sources", "source_date", "assured_date", "confidence",
)  # fmt: skip
PHONE_KEYS = ("number", "kind", "note")
AREA_KEYS = ("name", "also", "latitude", "longitude")
FACILITY_KEYS = (
    "name", "setting", "words", "dial", "units", "staff_messages", "source", "assured_date",
)  # fmt: skip
DIAL_KEYS = ("resource", "source", "assured_date")
ALARM_KEYS = ("escalate", "check-in", "quiet")
# Why a phrase alarms: the screens there are, and the reasons for a check-in.
SCREEN_KEYS = ("imminent", "active", "doer", "someone-else")
CHECK_IN_KEYS = ("passive", "past", "someone-else", "mention")
RULE_KEYS = (
    "denials", "denial_links", "takes_back", "past", "now", "learning", "someone", "me",
)  # fmt: skip
SIGNOFF_KEYS = ("text", "role", "by", "on", "digest")
# What a text about cost says of what is free, and what takes it back.
FREE = ("free", "none", "no cost", "no charge", "no fee", "no fees", "gratis")
NOT_FREE = ("not free", "a fee", "sliding scale", "except", "most", "some", "donation")
ROLES = ("clinician", "PREA coordinator", "person with lived experience")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A topic's or alarm's phrase, and where it stands."""

    text: str
    language: str
    owner: str
    at: Mark


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who said that the safety words are right, when, and the digest of what they read."""

    text: str
    role: str
    by: str
    on: date
    digest: str
    at: Mark


@dataclass(slots=True)
class Knowledge:
    """All that knowledge/ holds, with what only the checks need."""

    topics: dict[str, Topic] = field(default_factory=dict)
    topic_marks: dict[str, Mark] = field(default_factory=dict)
    topic_phrases: list[Phrase] = field(default_factory=list)
    resources: dict[str, Resource] = field(default_factory=dict)
    resource_marks: dict[str, Mark] = field(default_factory=dict)
    resource_topics: list[tuple[str, Mark]] = field(default_factory=list)
    resource_areas: list[tuple[str, Mark]] = field(default_factory=list)
    facilities: dict[str, Facility] = field(default_factory=dict)
    dial_marks: list[tuple[str, Mark]] = field(default_factory=list)
    areas: dict[str, Area] = field(default_factory=dict)
    signs: dict[str, Signs] = field(default_factory=dict)  # of topics, in others' directories
    sign_marks: list[tuple[str, Mark]] = field(default_factory=list)
    directories: dict[str, list[tuple[Record, Mark]]] = field(default_factory=dict)
    alarms: list[AlarmPhrase] = field(default_factory=list)
    alarm_phrases: list[Phrase] = field(default_factory=list)
    quiet: list[str] = field(default_factory=list)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rules: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ordinary: set[str] = field(default_factory=set)
    messages: list[tuple[str, str]] = field(default_factory=list)  # text, what it calls for
    sign_offs: list[SignOff] = field(default_factory=list)

    def opinion_examples(self) -> list[tuple[str, str]]:
        """What the guard's second opinion is learnt from: messages as people write them, and the
        phrases of topics that are no danger."""
        harmless = [
            (text, QUIET)
            for topic in self.topics.values()
            if not topic.id.startswith("crisis.")
            for texts in topic.phrases.values()
            for text in texts
        ]
        return [*self.messages, *harmless] if self.messages else []

    def lexicon(self) -> Lexicon:
        """What the guard is built from."""
        return Lexicon(
            phrases=tuple(self.alarms),
            groups=self.groups,
            quiet=tuple(self.quiet),
            rules=self.rules,
            ordinary=frozenset(self.ordinary),
        )


def read_topic(topic_id: str, root: Node, reader: Reader, known: Knowledge) -> None:
    """knowledge/topics/coping/sleep.yaml is the topic coping.sleep."""
    table = reader.table(root, "A topic", TOPIC_KEYS, ("title", "phrases"))
    by_language = reader.table(table.values.get("phrases"), "`phrases`", LANGUAGES)
    phrases: dict[str, tuple[str, ...]] = {}
    for language, node in by_language.values.items():
        found = reader.strings(node, "`phrases`")
        known.topic_phrases += [Phrase(text, language, topic_id, at) for text, at in found]
        phrases[language] = tuple(text for text, _ in found if fold(text))
    known.topics[topic_id] = Topic(
        id=topic_id,
        title=reader.text(table.values.get("title"), f"topics/{topic_id}.title", "title"),
        phrases=phrases,
        flow=reader.string(table.values.get("flow"), "`flow`"),
    )
    known.topic_marks[topic_id] = table.at


def read_alarms(category: str, root: Node, reader: Reader, known: Knowledge) -> None:
    """knowledge/alarms/suicide.yaml holds the phrases of one danger; words.yaml beside it the
    groups that phrases name and the words of the guard's rules."""
    if category == "words":
        _read_words(root, reader, known)
        return
    if category not in CATEGORIES:
        hint = did_you_mean(category, CATEGORIES)
        reader.problem(Mark(root.at.file), "C006", f"`{category}` is not a danger we know.", hint)
        return
    table = reader.table(root, "An alarm file", ALARM_KEYS, ("escalate",))
    levels: tuple[tuple[str, Level, tuple[str, ...]], ...] = (
        ("escalate", "escalate", SCREEN_KEYS),
        ("check-in", "check_in", CHECK_IN_KEYS),
    )
    for key, level, screens in levels:
        node = table.values.get(key)
        if node is None:
            continue
        for screen, by_language in reader.table(node, f"`{key}`", screens).values.items():
            for language, phrases in reader.table(by_language, screen, LANGUAGES).values.items():
                for text, at in reader.strings(phrases, "phrases"):
                    if _readable(text, at, reader):
                        known.alarms.append(AlarmPhrase(text, category, level, screen, language))
                        known.alarm_phrases.append(Phrase(text, language, category, at))
    if "quiet" in table.values:
        for phrases in reader.table(table.values["quiet"], "`quiet`", LANGUAGES).values.values():
            known.quiet += [
                text
                for text, at in reader.strings(phrases, "`quiet`")
                if _readable(text, at, reader)
            ]


def read_messages(category: str, root: Node, reader: Reader, known: Knowledge) -> None:
    """knowledge/messages/suicide.yaml: messages as people write them, a line each, by what they call
    for. The guard's second opinion is learnt from them; `quiet.yaml` and `quiet:` hold what is no
    danger."""
    if category not in (*CATEGORIES, QUIET):
        hint = did_you_mean(category, CATEGORIES)
        reader.problem(Mark(root.at.file), "C006", f"`{category}` is not a danger we know.", hint)
        return
    for key, node in reader.table(root, "A message file", MESSAGE_KEYS).values.items():
        screens: Mapping[str, Node] = {"": node}
        if key == "escalate":
            screens = reader.table(node, "`escalate`", SCREEN_KEYS).values
        for screen, by_language in screens.items():
            label = QUIET if QUIET in (key, category) else f"{category} {screen or ASK}"
            for texts in reader.table(by_language, screen, MESSAGE_LANGUAGES).values.values():
                known.messages += [(text, label) for text, _ in reader.strings(texts, "messages")]


def _readable(pattern: str, at: Mark, reader: Reader) -> bool:
    try:
        pieces_of(pattern)
    except ValueError as error:
        reader.problem(at, "K207", f"The phrase `{pattern}` can't be read: {error}.")
        return False
    return True


def _read_words(root: Node, reader: Reader, known: Knowledge) -> None:
    table = reader.table(root, "words.yaml", ("groups", "rules", "ordinary"))
    if "groups" in table.values:
        for name, node in reader.table(table.values["groups"], "`groups`", ()).values.items():
            known.groups[name] = _members(reader.strings(node, "a group"))
    if "rules" in table.values:
        for name, node in reader.table(table.values["rules"], "`rules`", RULE_KEYS).values.items():
            found = reader.strings(node, "a rule")
            if name in {"takes_back", "past", "now", "learning"}:
                known.rules[name] = tuple(text for text, at in found if _readable(text, at, reader))
            else:
                known.rules[name] = _split(found)
    known.ordinary.update(_split(reader.strings(table.values.get("ordinary"), "`ordinary`")))


def _members(found: list[tuple[str, Mark]]) -> tuple[str, ...]:
    """The members of a group: words with commas or spaces between them; `_` joins words that
    belong together (going_to)."""
    return tuple(
        member.replace("_", " ") for text, _ in found for member in text.replace(",", " ").split()
    )


def _split(found: list[tuple[str, Mark]]) -> tuple[str, ...]:
    return tuple(word for text, _ in found for word in fold(text).split())


def read_resource(resource_id: str, root: Node, reader: Reader, known: Knowledge) -> None:
    """knowledge/resources/988.yaml: field names follow HSDS 3.0 where it has one."""
    needed = ("name", "description", "topics", "settings", "areas", "sources", "assured_date")
    table = reader.table(root, "A resource", RESOURCE_KEYS, needed)
    values = table.values

    def words(key: str) -> Text | None:
        if key not in values:
            return None
        return reader.text(values[key], f"resources/{resource_id}.{key}", "resource")

    def names(key: str) -> list[tuple[str, Mark]]:
        return reader.strings(values.get(key), f"`{key}`")

    confidence = reader.one_of(values.get("confidence"), "`confidence`", ("read", "called"), "read")
    sure: Confidence = "called" if confidence == "called" else "read"
    assured = reader.day(values.get("assured_date"), "`assured_date`")
    sources = names("sources")
    if "sources" in values and not sources:
        reader.problem(
            values["sources"].at,
            "K204",
            "This resource has no source.",
            "Name the page or the person each fact was taken from.",
        )
    known.resource_topics += names("topics")
    known.resource_areas += names("areas")
    known.resource_marks[resource_id] = table.at
    if assured is None or not sources:
        return
    fees = words("fees_description")
    known.resources[resource_id] = Resource(
        id=resource_id,
        name=reader.string(values.get("name"), "`name`"),
        description=words("description") or Text("", ""),
        topics=tuple(name for name, _ in names("topics")),
        settings=reader.settings(values.get("settings"), "`settings`"),
        areas=tuple(name for name, _ in names("areas")),
        languages=tuple(name for name, _ in names("languages")) or ("en",),
        sources=tuple(name for name, _ in sources),
        assured_date=assured,
        source_date=reader.string(values.get("source_date"), "`source_date`"),
        confidence=sure,
        phones=_phones(resource_id, values.get("phones"), reader),
        email=reader.string(values.get("email"), "`email`"),
        url=reader.string(values.get("url"), "`url`"),
        locations=_locations(values, reader),
        schedule=words("schedule"),
        fees_description=fees,
        free=fees is not None and says_free(fees.source),
        eligibility_description=words("eligibility_description"),
        minimum_age=_age(values.get("minimum_age"), reader),
        maximum_age=_age(values.get("maximum_age"), reader),
        application_process=words("application_process"),
        required_document=words("required_document"),
        from_inside=words("from_inside"),
    )


def _locations(values: Mapping[str, Node], reader: Reader) -> tuple[Location, ...]:
    where = Location(
        reader.string(values.get("address"), "`address`"),
        reader.degrees(values.get("latitude"), "`latitude`", 90),
        reader.degrees(values.get("longitude"), "`longitude`", 180),
    )
    return () if where == Location() else (where,)


def _age(node: Node | None, reader: Reader) -> int | None:
    return None if node is None else reader.whole(node, "an age", 0, 120, 0)


def says_free(fees: str) -> bool:
    """Whether a text about cost begins by saying that there is none: `Free`, `None.`, `No cost`;
    not `There is a fee. It is free if …`."""
    first = f" {fold(fees.partition('.')[0])} "
    free = any(f" {word} " in first for word in FREE)
    return free and "$" not in fees and not any(f" {word} " in first for word in NOT_FREE)


def _phones(resource_id: str, node: Node | None, reader: Reader) -> tuple[Phone, ...]:
    out = []
    for number, item in enumerate(_items(node, "`phones`", reader), 1):
        table = reader.table(item, "A phone", PHONE_KEYS, ("number",))
        note = table.values.get("note")
        note_id = f"resources/{resource_id}.phones.{number}.note"
        out.append(
            Phone(
                number=reader.string(table.values.get("number"), "`number`"),
                kind=reader.one_of(
                    table.values.get("kind"), "`kind`", ("voice", "text", "tty"), "voice"
                ),
                note=reader.text(note, note_id, "resource") if note else None,
            )
        )
    return tuple(phone for phone in out if phone.number)


def read_facility(facility_id: str, root: Node, reader: Reader, known: Knowledge) -> None:
    """knowledge/facilities/prison.yaml: what is true where a person is. The files named after a
    setting are for everybody in it who has no facility of their own."""
    table = reader.table(root, "A facility", FACILITY_KEYS, ("name", "setting", "words"))
    values = table.values
    words = reader.table(values.get("words"), "`words`", ())
    dial: set[str] = set()
    for item in _items(values.get("dial"), "`dial`", reader):
        entry = reader.table(item, "`dial`", DIAL_KEYS, ("resource",))
        name = reader.string(entry.values.get("resource"), "`resource`")
        known.dial_marks.append((name, entry.at))
        if "source" in entry.values and "assured_date" in entry.values:
            dial.add(name)
        else:
            reader.problem(
                entry.at,
                "K210",
                f"Who says that `{name}` can be dialled from here?",
                "Give `source:` and `assured_date:`. Until then it is not shown.",
            )
    known.facilities[facility_id] = Facility(
        id=facility_id,
        name=reader.text(values.get("name"), f"facilities/{facility_id}.name", "title"),
        setting=reader.one_of(values.get("setting"), "`setting`", SETTINGS, SETTINGS[0]),
        words={
            name: reader.text(node, f"facilities/{facility_id}.{name}", "word", crisis=True)
            for name, node in words.values.items()
        },
        dial=frozenset(dial),
        units={
            name: reader.text(node, f"facilities/{facility_id}.units.{name}", "label")
            for name, node in reader.table(values.get("units"), "`units`", ()).values.items()
        },
        staff_messages=reader.one_of(
            values.get("staff_messages"), "`staff_messages`", ("true", "false"), "false"
        )
        == "true",
    )


def read_areas(root: Node, reader: Reader, known: Knowledge) -> None:
    """knowledge/areas.yaml: county ids with their names and what else people call them."""
    for name, node in reader.table(root, "areas.yaml", ()).values.items():
        table = reader.table(node, "An area", AREA_KEYS, ("name",))
        latitude = reader.degrees(table.values.get("latitude"), "`latitude`", 90)
        longitude = reader.degrees(table.values.get("longitude"), "`longitude`", 180)
        known.areas[name] = Area(
            id=name,
            name=reader.string(table.values.get("name"), "`name`"),
            also=tuple(also for also, _ in reader.strings(table.values.get("also"), "`also`")),
            middle=None if latitude is None or longitude is None else (latitude, longitude),
        )


def read_signs(root: Node, reader: Reader, known: Knowledge) -> None:
    """knowledge/directories/topics.yaml: what in a directory tells which of our topics it is."""
    for topic, node in reader.table(root, "topics.yaml", ()).values.items():
        table = reader.table(node, "A topic", ("terms", "words"))
        terms, words = (
            tuple(text for text, _ in reader.strings(table.values.get(key), f"`{key}`"))
            for key in ("terms", "words")
        )
        known.signs[topic] = Signs(terms, words)
        if topic != NO_TOPIC:
            known.sign_marks.append((topic, table.at))


def read_sign_offs(root: Node, reader: Reader, known: Knowledge) -> None:
    """knowledge/signoffs.yaml: nobody, until somebody."""
    table = reader.table(root, "signoffs.yaml", ("signed",))
    for item in _items(table.values.get("signed"), "`signed`", reader):
        entry = reader.table(item, "A sign-off", SIGNOFF_KEYS, SIGNOFF_KEYS)
        values: Mapping[str, Node] = entry.values
        on = reader.day(values.get("on"), "`on`")
        if on is None:
            continue
        known.sign_offs.append(
            SignOff(
                text=reader.string(values.get("text"), "`text`"),
                role=reader.one_of(values.get("role"), "`role`", ROLES, ROLES[0]),
                by=reader.string(values.get("by"), "`by`"),
                on=on,
                digest=reader.string(values.get("digest"), "`digest`"),
                at=entry.at,
            )
        )


def _items(node: Node | None, what: str, reader: Reader) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    if node is not None:
        reader.problem(node.at, "C005", f"{what} is a list: each entry starts with `-`.")
    return ()
