"""What the benchmarks write down, and that a peer that is not there stops nothing."""

import importlib
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import drawing, guarding, ink, matching, report, shipped, tables, turns
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


def _words(svg: str) -> list[str]:
    """All text of a picture; that it can be read at all is half of the test."""
    root = ET.fromstring(svg)
    named = {one.get("id"): one for one in root}
    assert [named[one].text for one in root.attrib["aria-labelledby"].split()] != ["", ""]
    return ["".join(one.itertext()) for one in root.iter() if one.tag.endswith(("text", "desc"))]


def test_a_picture_is_written_beside_the_page_that_shows_it(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("before\n")
    picture = report.Picture("How fast", drawing.Drawing(9, 9, "Speed", "One & all.").svg())
    report.write(report.Table("speed", "Speed", ["what"], [["ours"]], picture=picture), page)
    assert "\n![How fast](speed.svg)\n" in page.read_text()
    assert _words((tmp_path / "speed.svg").read_text()) == ["One & all."]


def test_every_picture_of_the_page_is_there_and_can_be_read() -> None:
    page = report.README.read_text(encoding="utf-8")
    for name in ("matching", "guarding", "mentors"):
        assert f"]({name}.svg)" in page
        assert _words(report.README.with_name(f"{name}.svg").read_text(encoding="utf-8"))


def test_a_scale_goes_by_steps_or_by_powers_of_ten() -> None:
    assert drawing.Scale(10, 110, 0, 50).at(25) == 60
    assert drawing.powers([0.35, 31]) == [0.1, 1, 10, 100]
    assert drawing.powers([]) == [1, 10]
    assert drawing.Scale(0, 90, 0.1, 100, powers=True).at(1) == 30


def test_the_matchers_picture_has_a_row_for_each_system_measured_or_not() -> None:
    found = {
        "Peerpath": matching.Found(90.2, 97.1, 0.9, 3.5, (84.7, 80.6), 0.9, (80.9, 78.8)),
        "slow, and & <odd> (of 150 messages)": matching.Found(0, 100, 0.5, 0.04),
        "elsewhere": None,
    }
    words = _words(matching._picture(found))
    assert {"Peerpath", "90", "97", "81", "85", "3.5"} <= set(words)
    assert {"slow", "and & <odd> (of 150 messages)", "0.04", "not measured"} <= set(words)
    assert {"elsewhere", "not installed"} <= set(words)


HEAD = "text\tlang\tcategory\ttier\texpected\n"


@pytest.mark.parametrize("more", [False, True])
def test_the_guard_is_measured_on_every_unseen_set_there_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, more: bool
) -> None:
    rows = "loud\ten\tsuicide\tactive\tescalate\nstill\tes\tmedical\tnone\tallow\n"
    (tmp_path / "unseen-crisis.tsv").write_text(HEAD + rows)
    if more:
        rows = "soft\ten\tsuicide\tactive\tescalate\nloud\ten\tnone\tnone\tallow\n"
        (tmp_path / "unseen-crisis-2.tsv").write_text(HEAD + rows)
    monkeypatch.setattr(tables, "UNSEEN", tmp_path)
    monkeypatch.setattr(tables, "SHARED", tmp_path)
    monkeypatch.setattr(guarding, "_ours", lambda text: "escalate" if text == "loud" else "allow")
    peers = {"deaf": ("json", lambda: lambda _: "allow"), "gone": ("not_there_at_all", lambda: str)}
    monkeypatch.setattr(guarding, "PEERS", peers)
    table = guarding.measure(1)
    found = {row[0]: [cell.partition(" ")[0] for cell in row[1:]] for row in table.rows}
    assert found["**Peerpath**, unseen-crisis"] == ["100.0", "100.0", "-", "0.0", "0.0"]
    assert found["**deaf**"] == ["0.0", "0.0", "-", "0.0", "0.0"]
    assert found["**gone**"][0] == "not"
    assert ("**Peerpath**, unseen-crisis-2" in found) is more
    assert found["suicide"][:2] == (["50.0", "50.0"] if more else ["100.0", "100.0"])
    if more:
        assert list(found)[:3] == [
            "**Peerpath**, unseen-crisis",
            "**Peerpath**, unseen-crisis-2",
            "**Peerpath**, all of them",
        ]
        assert found["**Peerpath**, unseen-crisis-2"] == ["0.0", "0.0", "-", "100.0", "100.0"]
        assert found["**Peerpath**, all of them"] == ["50.0", "50.0", "-", "50.0", "50.0"]
    assert table.picture
    words = _words(table.picture.svg)
    assert {"Spanish", "domestic violence", "deaf", "gone", "not installed"} <= set(words)
    assert ("Peerpath, unseen-crisis-2" in words) is more
