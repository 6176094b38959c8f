"""What the benchmarks write down, and that a peer that is not there stops nothing."""

import importlib
import json
from pathlib import Path

import pytest

from benchmarks import ink, matching, report, shipped, tables, turns
from benchmarks.__main__ import found
from bot.engine.content import Content
from bot.engine.walk import MENU

TABLE = report.Table("speed", "Speed", ["what", "how fast"], [["ours", "1"]], ["A note."])


def test_a_table_goes_between_its_marks_and_nothing_else_is_touched(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("before\n\n<!-- speed -->\nold\n<!-- /speed -->\n\nafter\n")
    report.write(TABLE, page)
    text = page.read_text()
    assert "old" not in text
    assert "| ours | 1 |" in text
    assert text.startswith("before\n\n<!-- speed -->\n### Speed")
    assert text.endswith("<!-- /speed -->\n\nafter\n")


def test_a_table_without_marks_goes_to_the_end_and_back_there(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("before\n")
    report.write(TABLE, page)
    report.write(TABLE, page)
    assert page.read_text().count("| ours | 1 |") == 1


def test_figures_are_medians_with_their_spread() -> None:
    assert report.figure([3, 1, 2]) == "2.00 (1.00–3.00)"
    assert report.figure([1930, 12345, 1850.4]) == "1,930 (1,850–12,300)"
    assert report.ratio([10, 20, 90], [5, 5, 10]) == "4.0 (2.0–9.0) ×"


def test_each_round_runs_the_other_way_around() -> None:
    order: list[str] = []
    found = report.interleaved(
        2, {name: lambda n=name: float(order.append(n) or 1) for name in "ab"}
    )
    assert order == ["a", "b", "b", "a"]
    assert found == {"a": [1.0, 1.0], "b": [1.0, 1.0]}


def test_every_benchmark_has_its_place_in_the_page() -> None:
    page = report.README.read_text(encoding="utf-8")
    for name in found():
        if hasattr(importlib.import_module(f"benchmarks.{name}"), "measure"):
            assert f"<!-- {name} -->" in page


def test_a_peer_that_is_not_installed_is_a_line_that_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "installed", lambda _: False)
    monkeypatch.setattr(turns, "PICKS", 20)
    monkeypatch.setattr(turns, "TEXTS", 2)
    said = turns.measure(1).markdown()
    assert said.count("not installed: pip install --group bench") == 4


def test_the_ink_story_has_a_knot_for_every_step_and_leads_nowhere_else(content: Content) -> None:
    story = json.loads(ink.story(content, MENU))
    knots = story["root"][2]
    assert len(knots) == sum(len(flow.steps) for flow in content.flows.values())

    def targets(node: object) -> set[str]:
        if isinstance(node, dict):
            here = {node["->"]} if "->" in node else set()
            return here.union(*(targets(value) for value in node.values()))
        return set().union(*(targets(x) for x in node)) if isinstance(node, list) else set()

    assert targets(story) <= set(knots)


def test_typed_messages_are_new_each_time_through() -> None:
    messages = shipped.typed()
    first = [next(messages) for _ in shipped.messages()]
    second = [next(messages) for _ in first]
    changed = sum(a != b for a, b in zip(first, second, strict=True))
    assert changed > 0.8 * len(first)


def test_a_system_that_answers_nothing_has_said_none_as_surely_as_can_be() -> None:
    nothing = matching.said_none([])
    assert nothing > matching.said_none([("none", 1.0), ("food", 0.0)])
    assert nothing > matching.said_none([("food", 0.0)])
    # A score for `none` is that, however small; without such a class the best answer decides.
    assert matching.said_none([("food", 0.9), ("none", 0.0)]) == 0.0
    assert matching.said_none([("food", 0.2), ("rent", 0.1)]) == -0.2
    # What scores nothing is no answer, so a peer that always lists something gains nothing by it.
    assert matching._best([("food", 0.0), ("rent", 0.0)]) == []
    assert matching._best([("food", 0.1), ("rent", 0.3), ("food", 0.2)]) == [
        ("rent", 0.3),
        ("food", 0.2),
    ]


def test_a_system_that_answers_nothing_to_anything_tells_nothing_apart() -> None:
    nothing = matching.said_none([])
    assert tables.auroc([nothing, nothing], [nothing, nothing, nothing]) == 0.5
    assert tables.auroc([nothing, 0.9], [0.1, 0.2]) == 1.0
    assert tables.auroc([0.1, 0.2], [nothing, 0.9]) == 0.0
    assert tables.auroc([0.5], [0.5, 0.1]) == 0.75
