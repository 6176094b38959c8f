"""What was imported: one file a directory, one line a resource, read in a blink.

A line is JSON whose keys are those of a resource's YAML. Nobody edits these lines by hand: an
import writes them, the same from the same directory, and a person who knows better writes a file
in knowledge/resources/ instead. Its texts are not ours, so they are neither translated nor graded.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from bot.content.problems import Mark, Problem
from bot.engine.model import Confidence, Hours, Location, Phone, Resource, Text

ROOM = "knowledge/directories"
TEXTS = (
    "description", "schedule", "fees_description", "eligibility_description",
    "application_process", "required_document", "from_inside",
)  # fmt: skip


class Number(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A phone."""

    number: str
    kind: str = "voice"
    note: str = ""


class Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A resource as it lies on the shelf."""

    id: str
    name: str
    sources: tuple[str, ...]
    assured_date: date
    description: str = ""
    organization: str = ""
    topics: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    source_date: str = ""
    confidence: Confidence = "read"
    phones: tuple[Number, ...] = ()
    email: str = ""
    url: str = ""
    locations: tuple[Location, ...] = ()
    schedule: str = ""
    hours: tuple[Hours, ...] = ()
    fees_description: str = ""
    free: bool = False
    eligibility_description: str = ""
    minimum_age: int | None = None
    maximum_age: int | None = None
    application_process: str = ""
    required_document: str = ""
    from_inside: str = ""


def resource_of(record: Record) -> Resource:
    """What the engine speaks from."""

    def text(key: str) -> Text | None:
        words = str(getattr(record, key))
        return Text(f"resources/{record.id}.{key}", words) if words else None

    return Resource(
        id=record.id,
        name=record.name,
        description=text("description") or Text("", ""),
        topics=record.topics,
        settings=frozenset(record.settings),
        areas=record.areas,
        languages=record.languages,
        sources=record.sources,
        assured_date=record.assured_date,
        source_date=record.source_date,
        confidence=record.confidence,
        organization=record.organization,
        phones=tuple(
            Phone(
                one.number,
                one.kind,
                Text(f"resources/{record.id}.phones.{place}.note", one.note) if one.note else None,
            )
            for place, one in enumerate(record.phones, 1)
        ),
        email=record.email,
        url=record.url,
        locations=record.locations,
        schedule=text("schedule"),
        hours=record.hours,
        fees_description=text("fees_description"),
        free=record.free,
        eligibility_description=text("eligibility_description"),
        minimum_age=record.minimum_age,
        maximum_age=record.maximum_age,
        application_process=text("application_process"),
        required_document=text("required_document"),
        from_inside=text("from_inside"),
    )


def read_directory(file: str, text: str, problems: list[Problem]) -> Iterator[tuple[Record, Mark]]:
    """The records of a directory file, each with its line; lines that can't be read are told."""
    decoder = msgspec.json.Decoder(Record)
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        at = Mark(file, number)
        try:
            yield decoder.decode(line), at
        except msgspec.MsgspecError as error:
            message = f"This line is no resource: {error}."
            hint = "Import the directory again; a resource of your own goes into resources/."
            problems.append(Problem(at, "K213", message, hint))


def write_directory(path: Path, records: Iterable[Record]) -> None:
    """Write a directory file, whole or not at all."""
    encoder = msgspec.json.Encoder(order="deterministic")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(b"".join(encoder.encode(record) + b"\n" for record in records))
    fresh.replace(path)
