"""Translations: gettext files beside the words they translate.

Source words stay in the YAML; `words/es.po` beside them holds the Spanish, each entry's context
(`msgctxt`) being the id of its text. Where the source has changed since it was translated the
entry is marked fuzzy, with the words it was made for, and fuzzy is not spoken.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polib

from bot.content.problems import Mark, Problem
from bot.content.reading import Source

TRANSLATED = ("es",)  # the source language, English, is in the YAML


@dataclass(frozen=True, slots=True)
class Translation:
    """One entry of a translation file."""

    id: str
    source: str
    words: str
    fuzzy: bool
    at: Mark


def read_words(path: Path, file: str, problems: list[Problem]) -> dict[str, Translation]:
    """The entries of a translation file by text id."""
    try:
        entries = polib.pofile(str(path), encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        line = _line_of(error)
        problems.append(
            Problem(
                Mark(file, line),
                "W306",
                "This translation file can't be read from here on.",
                "Often a missing quote at the end of the line.",
            )
        )
        return {}
    return {
        entry.msgctxt: Translation(
            entry.msgctxt,
            entry.msgid,
            entry.msgstr,
            entry.fuzzy,
            Mark(file, entry.linenum or 1),
        )
        for entry in entries
        if entry.msgctxt and not entry.obsolete
    }


def _line_of(error: Exception) -> int:
    digits = [part for part in str(error).replace(":", " ").split() if part.isdecimal()]
    return int(digits[0]) if digits else 1


def spoken(
    translations: Mapping[str, Translation], sources: Mapping[str, Source]
) -> dict[str, str]:
    """What may be said: entries that were made for the words as they stand now."""
    return {
        text_id: entry.words
        for text_id, entry in translations.items()
        if entry.words
        and not entry.fuzzy
        and text_id in sources
        and sources[text_id].text.source == entry.source
    }


def update(path: Path, sources: Iterable[Source], language: str) -> Mapping[str, int]:
    """Bring a translation file up to its sources: new texts are added, changed ones marked fuzzy
    with their old words, those that have gone are dropped. Returns how many of each."""
    old = polib.pofile(str(path), encoding="utf-8") if path.exists() else polib.POFile()
    known = {entry.msgctxt: entry for entry in old if entry.msgctxt and not entry.obsolete}
    fresh = polib.POFile(wrapwidth=96)
    fresh.metadata = {
        "Project-Id-Version": "peerpath",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    counts = {"kept": 0, "new": 0, "changed": 0, "dropped": 0}
    for source in sorted(sources, key=lambda source: (source.at.file, source.at.line)):
        entry = known.pop(source.text.id, None)
        made = polib.POEntry(
            msgctxt=source.text.id,
            msgid=source.text.source,
            msgstr=entry.msgstr if entry else "",
            comment="crisis words: a missing or stale line stops a publish"
            if source.crisis
            else "",
        )
        if entry is None:
            counts["new"] += 1
        elif entry.msgid == source.text.source:
            made.flags = list(entry.flags)
            made.previous_msgid = entry.previous_msgid
            counts["kept"] += 1
        else:
            if entry.msgstr:
                made.flags = ["fuzzy"]
                made.previous_msgid = entry.previous_msgid or entry.msgid
            counts["changed"] += 1
        fresh.append(made)
    counts["dropped"] = len(known)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    return counts
