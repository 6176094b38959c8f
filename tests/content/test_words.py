"""Translations: only what was made for the words as they stand is spoken."""

from collections.abc import Callable, Mapping
from pathlib import Path

import polib

from bot.content.grade import (
    english_syllables,
    flesch_kincaid,
    inflesz,
    spanish_syllables,
    too_hard,
)
from bot.content.load import Loaded, load
from bot.content.reading import flow_lines
from bot.content.words import update

FLOW = """title: Example
settings: [all]
owner: Test
reviewed: 2026-11-22
first: ask
steps:
  ask: {say: Hello there., ask: How are you?, choices: {ok: {label: Fine, end: true}}}
"""


def test_update_keeps_adds_marks_and_drops(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    flow = tmp_path / "flows" / "example.yaml"
    flow.write_text(FLOW)
    path = tmp_path / "flows" / "words" / "es.po"

    def run() -> Mapping[str, int]:
        return update(path, load(tmp_path).sources["flows"].values(), "es")

    assert run() == {"kept": 0, "new": 4, "changed": 0, "dropped": 0}
    entries = polib.pofile(str(path))
    for entry in entries:
        entry.msgstr = f"ES {entry.msgid}"
    entries.save()
    assert load(tmp_path).content.words.translations["es"]["example/ask.say"] == "ES Hello there."

    flow.write_text(FLOW.replace("Hello there.", "Good morning.").replace("Fine", "OK"))
    assert "example/ask.say" not in load(tmp_path).content.words.translations["es"]
    assert run() == {"kept": 2, "new": 0, "changed": 2, "dropped": 0}
    entry = next(e for e in polib.pofile(str(path)) if e.msgctxt == "example/ask.say")
    assert entry.fuzzy
    assert entry.previous_msgid == "Hello there."
    assert entry.msgstr == "ES Hello there."
    assert "example/ask.say" not in load(tmp_path).content.words.translations["es"]

    flow.write_text(FLOW.replace("say: Hello there., ", ""))
    assert run()["dropped"] == 1


def test_what_is_not_translated_is_said_in_english(
    make_content: Callable[[Mapping[str, str]], Loaded],
) -> None:
    content = make_content({"flows/example.yaml": FLOW}).content
    flow = content.flows["example"]
    assert content.words.of(flow.title, "es") == "Example"


def test_paragraphs_lines_and_lists() -> None:
    said = flow_lines("One line\nthat goes on.\n\nA list:\n- first\n- second\nthat goes on\n1. x\n")
    assert said == "One line that goes on.\n\nA list:\n- first\n- second that goes on\n1. x"


def test_syllables() -> None:
    english = {"the": 1, "people": 2, "breathe": 1, "walked": 1, "wanted": 2, "together": 3,
               "officer": 3, "police": 2, "makes": 1, "places": 2, "a": 1}  # fmt: skip
    assert {word: english_syllables(word) for word in english} == english
    spanish = {"ayuda": 3, "oficial": 3, "quiero": 2, "día": 2, "prisión": 2, "ahora": 3,
               "guerra": 2, "soy": 1, "y": 1, "cárcel": 2, "leer": 2}  # fmt: skip
    assert {word: spanish_syllables(word) for word in spanish} == spanish


def test_the_measures_stand_where_their_makers_put_them() -> None:
    assert flesch_kincaid(1, "the cat sat on the mat".split()) < 1
    hard = "institutional rehabilitation necessitates considerable documentation".split()
    assert flesch_kincaid(1, hard) > 12
    assert inflesz(1, "el gato come pan con sal".split()) > 80
    assert inflesz(1, "la institucionalización administrativa gubernamental".split()) < 0


def test_short_texts_are_not_judged() -> None:
    assert too_hard("Institutional rehabilitation.", "en") == ""
