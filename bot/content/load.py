"""A content folder to Content, with every problem located.

Loading never fails: what can't be read is left out and told, and the guard, the crisis screens
and the program's own words need no file at all.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.content import knowledge as k
from bot.content import words as w
from bot.content.directory.shelf import ROOM, read_directory, resource_of
from bot.content.flows import Draft, read_flow
from bot.content.learnt import likeness_of
from bot.content.located import Node, read
from bot.content.problems import Mark, Problem
from bot.content.reading import Reader, Source
from bot.content.signing import all_signed
from bot.engine.content import Content
from bot.engine.guard import Guard
from bot.engine.matcher import Matcher, examples_of
from bot.engine.model import Resource
from bot.engine.wording import Words

MOST_BYTES = 4_000_000  # of one file; a flow is a few thousand, what the guard learns from most
MOST_BYTES_OF_OTHERS = 50_000_000  # of a directory that was imported: a line a resource
ZONE = "America/Los_Angeles"  # whose clock opening hours go by, as all our counties are Californian


@dataclass(slots=True)
class Loaded:
    """What a folder holds: the content, and all that the checks need to judge it."""

    content: Content
    problems: list[Problem]
    drafts: dict[str, Draft] = field(default_factory=dict)
    knowledge: k.Knowledge = field(default_factory=k.Knowledge)
    sources: dict[str, dict[str, Source]] = field(default_factory=dict)  # room -> id -> source
    translations: dict[tuple[str, str], dict[str, w.Translation]] = field(default_factory=dict)


def load(folder: Path, cache: Path | None = None) -> Loaded:
    """Read flows/ and knowledge/ of a content folder. What has to be learnt from its phrases is looked
    for in `cache`, and kept there."""
    problems: list[Problem] = []
    digest = hashlib.sha256()
    drafts: dict[str, Draft] = {}
    sources: dict[str, dict[str, Source]] = {"flows": {}, "knowledge": {}}
    if not (folder / "flows").is_dir():
        message = f"There is no `flows` folder in {folder.name or folder}."
        problems.append(Problem(Mark("flows"), "F113", message, "Is this the content folder?"))

    for path, _, root in _files(folder, "flows", problems, digest):
        reader = Reader(problems, sources["flows"])
        drafts[_id(path, folder / "flows")] = read_flow(_id(path, folder / "flows"), root, reader)
    known = _knowledge(folder, Reader(problems, sources["knowledge"]), digest)

    translations: dict[tuple[str, str], dict[str, w.Translation]] = {}
    spoken: dict[str, dict[str, str]] = {}
    for room, texts in sources.items():
        for language in w.TRANSLATED:
            path = folder / room / "words" / f"{language}.po"
            if path.exists():
                digest.update(path.read_bytes())
                entries = w.read_words(path, f"{room}/words/{language}.po", problems)
                translations[room, language] = entries
                spoken.setdefault(language, {}).update(w.spoken(entries, texts))

    flows = {name: draft.flow for name, draft in drafts.items() if draft.flow.steps}
    topics = known.topics.values()
    matcher = Matcher(topics, likeness_of("topics", examples_of(topics), cache))
    content = Content(
        digest=digest.hexdigest()[:16],
        flows=flows,
        topics={name: topic for name, topic in known.topics.items() if name != "none"},
        resources=all_resources(known, problems),
        facilities=known.facilities,
        areas=known.areas,
        words=Words(spoken),
        guard=_guard(known, cache),
        matcher=matcher,
        moved={old: new for flow in flows.values() for old, new in flow.moved.items()},
        reviewed=all_signed(flows, known.sign_offs, sources, translations),
        zone=_zone(),
    )
    return Loaded(content, problems, drafts, known, sources, translations)


def load_knowledge(folder: Path) -> k.Knowledge:
    """Only what knowledge/ holds, with nothing learnt from it: all that an import has to know."""
    return _knowledge(folder, Reader([]), hashlib.sha256())


def _knowledge(folder: Path, reader: Reader, digest: "hashlib._Hash") -> k.Knowledge:
    known = k.Knowledge()
    for path, file, root in _files(folder, "knowledge", reader.problems, digest):
        room, _, name = _id(path, folder / "knowledge").partition("/")
        _read_knowledge(room, name, file, root, reader, known)
    for path in sorted((folder / ROOM).glob("*.jsonl")):
        file = f"{ROOM}/{path.name}"
        if text := _text_of(path, file, reader.problems, digest, MOST_BYTES_OF_OTHERS):
            known.directories[path.stem] = list(read_directory(file, text, reader.problems))
    return known


def all_resources(known: k.Knowledge, problems: list[Problem]) -> dict[str, Resource]:
    """Our own resources, then those of others' directories. Where both have an id, ours is meant to
    take the other's place."""
    resources = dict(known.resources)
    for records in known.directories.values():
        for record, at in records:
            if record.id in known.resources:
                continue
            if record.id in resources:
                message = f"The id `{record.id}` stands here a second time, so this is left out."
                problems.append(Problem(at, "K213", message, "Import the directory again."))
            else:
                resources[record.id] = resource_of(record)
    return resources


def _zone() -> tzinfo | None:
    try:
        return ZoneInfo(ZONE)
    except ZoneInfoNotFoundError:  # a system without time zones: then nothing is open or shut
        return None


def _guard(known: k.Knowledge, cache: Path | None) -> Guard:
    """The guard with all that could be read; with its floor alone if even that fails."""
    try:
        examples = known.opinion_examples()
        return Guard(known.lexicon(), likeness_of("dangers", examples, cache) if examples else None)
    except Exception:  # noqa: BLE001 - nothing staff write may leave us without a guard
        return Guard()


def _read_knowledge(
    room: str, name: str, file: str, root: Node, reader: Reader, known: k.Knowledge
) -> None:
    readers: dict[str, Callable[[str, Node, Reader, k.Knowledge], None]] = {
        "alarms": k.read_alarms,
        "messages": k.read_messages,
        "resources": k.read_resource,
        "facilities": k.read_facility,
    }
    if room == "topics" and name:
        k.read_topic(name.replace("/", "."), root, reader, known)
    elif room in readers and name:
        readers[room](name, root, reader, known)
    elif room == "areas":
        k.read_areas(root, reader, known)
    elif room == "directories" and name == "topics":
        k.read_signs(root, reader, known)
    elif room == "signoffs":
        k.read_sign_offs(root, reader, known)
    else:
        hint = (
            "It holds topics/, alarms/, messages/, resources/, facilities/, directories/, "
            "areas.yaml, signoffs.yaml."
        )
        reader.problem(Mark(file), "C003", "knowledge/ has no room for this file.", hint)


def _files(
    folder: Path, room: str, problems: list[Problem], digest: "hashlib._Hash"
) -> Iterator[tuple[Path, str, Node]]:
    for path in sorted((folder / room).rglob("*.y*ml")):
        file = path.relative_to(folder).as_posix()
        text = _text_of(path, file, problems, digest, MOST_BYTES)
        root = read(text, file, problems) if text is not None else None
        if root is not None:
            yield path, file, root


def _text_of(
    path: Path, file: str, problems: list[Problem], digest: "hashlib._Hash", most: int
) -> str | None:
    """A file's text, and into the digest with it; nothing where it can't be ours."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except OSError:
        problems.append(Problem(Mark(file), "C001", "This file can't be opened."))
        return None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.append(
            Problem(
                Mark(file, line),
                "C001",
                "This line is not written in UTF-8.",
                "Save the file as UTF-8 in your editor.",
            )
        )
        return None
    digest.update(file.encode() + b"\0" + raw)
    if len(raw) > most:
        problems.append(Problem(Mark(file), "C001", "This file is far too large to be ours."))
        return None
    return text


def _id(path: Path, folder: Path) -> str:
    return path.relative_to(folder).with_suffix("").as_posix()
