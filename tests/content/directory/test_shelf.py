"""A directory file: read in a blink, each bad line told, ours before theirs."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from bot.content.check import problems_of
from bot.content.directory.shelf import Record, read_directory, write_directory
from bot.content.load import Loaded
from bot.content.problems import Problem

MakeContent = Callable[[Mapping[str, str]], Loaded]
LINE = '{"id":"town/1","name":"A","sources":["x"],"assured_date":"2026-11-22"}\n'
FILE = "knowledge/directories/town.jsonl"
OURS = """name: Ours
description: We called them.
topics: [reentry.id]
settings: [outside]
areas: [national]
sources: [a call]
assured_date: 2026-11-22
confidence: called
"""


def test_lines_that_are_no_resource_are_told_and_the_rest_is_read() -> None:
    problems: list[Problem] = []
    text = LINE + "{\n" + '{"id": "x"}\n' + LINE.replace("town/1", "town/2") + "\n[]\n"
    records = [record for record, _ in read_directory("d.jsonl", text, problems)]
    assert [record.id for record in records] == ["town/1", "town/2"]
    assert [problem.at.line for problem in problems] == [2, 3, 6]
    assert {problem.code for problem in problems} == {"K213"}


def test_an_unknown_key_is_told() -> None:
    problems: list[Problem] = []
    assert list(read_directory("d", LINE.replace('"name"', '"title":"B","name"'), problems)) == []
    assert "title" in problems[0].message


def test_what_is_written_is_read(tmp_path: Path) -> None:
    record = Record("a/1", "Ä", ("x",), date(2026, 1, 2), description="two\nlines")
    path = tmp_path / "new" / "a.jsonl"
    write_directory(path, [record])
    assert [one for one, _ in read_directory("a", path.read_text("utf-8"), [])] == [record]
    assert not path.with_suffix(".new").exists()


def test_it_is_loaded_beside_our_own(make_content: MakeContent) -> None:
    loaded = make_content({FILE: LINE, "knowledge/resources/ours.yaml": OURS})
    assert list(loaded.content.resources) == ["ours", "town/1"]
    assert list(loaded.knowledge.resources) == ["ours"]
    assert loaded.problems == []
    assert loaded.sources["knowledge"].keys() >= {"resources/ours.description"}
    assert not any(name.startswith("resources/town") for name in loaded.sources["knowledge"])


def test_another_directory_is_another_content(make_content: MakeContent) -> None:
    before = make_content({FILE: LINE}).content.digest
    assert make_content({FILE: LINE.replace('"A"', '"B"')}).content.digest != before


def test_of_two_with_one_id_ours_is_meant(make_content: MakeContent) -> None:
    loaded = make_content({FILE: LINE + LINE, "knowledge/resources/town/1.yaml": OURS})
    assert loaded.content.resources["town/1"].name == "Ours"
    assert loaded.problems == []
    twice = make_content({"knowledge/directories/two.jsonl": LINE.replace("/1", "/2") * 2})
    assert [problem.code for problem in twice.problems] == ["K213"]


def test_a_directory_is_told_as_a_whole(make_content: MakeContent) -> None:
    old = LINE.replace("2026-11-22", "2020-01-01").replace("town/1", "town/{}")
    lines = "".join(old.replace("{}", str(number)) for number in range(5))
    lines += LINE.replace("town/1", "town/9").replace(
        "}", ',"topics":["reentry.zzz"],"areas":["narnia"],"phones":[{"number":"555-HELP"}]}'
    )
    found = [
        problem
        for problem in problems_of(make_content({FILE: lines}), date(2026, 11, 22))
        if problem.at.file == FILE
    ]
    assert [(problem.code, problem.at.line) for problem in found] == [
        ("K205", 1), ("K214", 1), ("K201", 6), ("K206", 6), ("K212", 6),
    ]  # fmt: skip
    assert found[0].message.startswith("5 of 6 resources of `town`")
