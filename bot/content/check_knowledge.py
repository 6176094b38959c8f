"""Is what the bot knows complete, dated, sourced and its own?"""

from collections.abc import Iterator
from datetime import date, timedelta

import phonenumbers

from bot.content.knowledge import Phrase
from bot.content.load import Loaded
from bot.content.problems import Mark, Problem, did_you_mean
from bot.engine.finder import NATIONAL, STATE
from bot.engine.model import Phone
from bot.engine.net import shortest
from bot.language.text import fold

A_YEAR = timedelta(days=365)
FEWEST_PHRASES = {"en": 12, "es": 6}
SHORT_CODES = range(3, 7)  # digits of 988, 211, 741741


def check(loaded: Loaded, today: date) -> Iterator[Problem]:
    """All problems of the knowledge as a whole."""
    yield from _topics(loaded)
    yield from _shared_phrases(loaded.knowledge.topic_phrases)
    yield from _resources(loaded, today)
    yield from _directories(loaded, today)
    yield from _alarms(loaded)


def _topics(loaded: Loaded) -> Iterator[Problem]:
    topics = loaded.knowledge.topics
    content = loaded.content
    marks = [*loaded.knowledge.resource_topics, *loaded.knowledge.sign_marks]
    for draft in loaded.drafts.values():
        marks += draft.topic_marks
    for name, at in marks:
        if name not in content.topics:
            yield Problem(
                at, "K201", f"There is no topic called `{name}`.", did_you_mean(name, topics)
            )
    answered = {topic for flow in content.flows.values() for topic in flow.topics}
    answered |= {topic for resource in content.resources.values() for topic in resource.topics}
    for topic in topics.values():
        at = loaded.knowledge.topic_marks[topic.id]
        if topic.flow and topic.id not in getattr(content.flows.get(topic.flow), "topics", ()):
            yield Problem(
                at,
                "F101",
                f"There is no flow `{topic.flow}` that lists `{topic.id}`.",
                did_you_mean(topic.flow, content.flows) or "Add the topic to the flow's `topics:`.",
            )
        for language, fewest in FEWEST_PHRASES.items():
            count = len(topic.phrases.get(language, ()))
            if count < fewest:
                yield Problem(
                    at,
                    "K203",
                    f"`{topic.id}` has {count} phrases in `{language}`; with fewer "
                    f"than {fewest} people are not understood.",
                    "Add phrases as people really type them.",
                )
        if topic.id != "none" and topic.id not in answered:
            yield Problem(
                at,
                "K211",
                f"No flow and no resource answers `{topic.id}`.",
                "People are told so, and get the menu.",
            )


def _shared_phrases(phrases: list[Phrase]) -> Iterator[Problem]:
    first: dict[str, Phrase] = {}
    for phrase in phrases:
        before = first.setdefault(fold(phrase.text), phrase)
        if before.owner != phrase.owner:
            yield Problem(
                phrase.at,
                "K202",
                f"“{phrase.text}” belongs to `{phrase.owner}` here and to `{before.owner}` in "
                f"{before.at.file}:{before.at.line}.",
                "Keep it where most people who type it want to go.",
            )


def _resources(loaded: Loaded, today: date) -> Iterator[Problem]:
    known = loaded.knowledge
    for name, at in [
        *known.dial_marks,
        *(m for d in loaded.drafts.values() for m in d.resource_marks),
    ]:
        if name not in known.resources:
            yield Problem(
                at,
                "K209",
                f"There is no resource called `{name}`.",
                did_you_mean(name, known.resources),
            )
    for name, at in known.resource_areas:
        if name not in known.areas and name not in {STATE, NATIONAL}:
            yield Problem(
                at,
                "K212",
                f"There is no area called `{name}`.",
                did_you_mean(name, [*known.areas, STATE, NATIONAL]),
            )
    for resource in known.resources.values():
        at = known.resource_marks[resource.id]
        if today - resource.assured_date > A_YEAR:
            yield Problem(
                at,
                "K205",
                f"Nobody has checked `{resource.id}` since {resource.assured_date}.",
                "Look at its sources, or call, and set `assured_date:`.",
            )
        for phone in resource.phones:
            if not is_number(phone):
                yield Problem(
                    at,
                    "K206",
                    f"`{phone.number}` can't be a phone number.",
                    "Write it as people dial it, like 800-656-4673, or put words into `note:`.",
                )


def _directories(loaded: Loaded, today: date) -> Iterator[Problem]:
    """Directories that others keep. They are told as a whole: nobody mends them line by line."""
    known = loaded.knowledge
    topics, areas = loaded.content.topics, {*known.areas, STATE, NATIONAL}
    for name, records in known.directories.items():
        gone: dict[tuple[str, str], list[Mark]] = {}
        old, lost, wrong = [], [], []
        for record, at in records:
            for topic in record.topics:
                if topic not in topics:
                    gone.setdefault(("K201", topic), []).append(at)
            for area in record.areas:
                if area not in areas:
                    gone.setdefault(("K212", area), []).append(at)
            if today - record.assured_date > A_YEAR:
                old.append(at)
            if not record.topics:
                lost.append(at)
            if not all(is_number(Phone(phone.number)) for phone in record.phones):
                wrong.append(at)
        again = "Import the directory again, with knowledge/directories/topics.yaml as it is now."
        for (code, what), marks in gone.items():
            kind = "topic" if code == "K201" else "area"
            message = f"There is no {kind} called `{what}` (in {len(marks)} of {len(records)})."
            yield Problem(marks[0], code, message, again)
        for code, marks, message, hint in (
            ("K205", old, "were not checked for a year", "Ask its keepers for a newer one."),
            ("K206", wrong, "have a number that can't be a phone number", again),
            (
                "K214",
                lost,
                "have no topic, so nobody finds them",
                "Teach knowledge/directories/topics.yaml their words, and import again.",
            ),
        ):
            if marks:
                said = f"{len(marks)} of {len(records)} resources of `{name}` {message}."
                yield Problem(marks[0], code, said, hint)


def is_number(phone: Phone) -> bool:
    """A number that the United States numbering plan has room for, or a short code."""
    digits = "".join(c for c in phone.number if c.isdecimal())
    if len(digits) in SHORT_CODES:
        return all(c.isdecimal() or c in "- " for c in phone.number)
    try:
        parsed = phonenumbers.parse(phone.number, "US")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(parsed) and not any(c.isalpha() for c in phone.number)


def _alarms(loaded: Loaded) -> Iterator[Problem]:
    """Every alarm phrase is shown to fire."""
    places: dict[tuple[str, str], Mark] = {
        (phrase.owner, phrase.text): phrase.at for phrase in loaded.knowledge.alarm_phrases
    }
    for phrase in loaded.knowledge.alarms:
        said = shortest(phrase.pattern, loaded.knowledge.groups)
        heard = loaded.content.guard.hear(said)
        if heard is None or (heard.level, phrase.level) == ("check_in", "escalate"):
            got = "nothing" if heard is None else "only a check-in"
            yield Problem(
                places[phrase.category, phrase.pattern],
                "K208",
                f"“{said}” should alarm ({phrase.category}, {phrase.level}) and gets {got}.",
                "An idiom in `quiet:` covers it, or it denies itself, or a group is empty.",
            )
