"""Every code has a page, every page runs, and a folder of broken files is told line by line."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.content.check import problems_of
from bot.content.load import Loaded, load
from bot.content.problems import CODES, did_you_mean

PAGES = Path(__file__).resolve().parent.parent.parent / "docs" / "problems"
TODAY = date(2026, 11, 22)
FILE = re.compile(
    r"`([a-z][^`]*\.(?:yaml|po|jsonl))`\n\n```(?:yaml|po|json)\n(.*?)\n```", re.DOTALL
)
SAYS = re.compile(r"```text\n(.*?)\n```", re.DOTALL)

MakeContent = Callable[[Mapping[str, str]], Loaded]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {page.stem for page in PAGES.glob("*.md") if page.stem != "README"} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_page_runs(code: str, make_content: MakeContent) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    severity, title = CODES[code]
    assert page.startswith(f"# {code} · {title}\n")
    assert f"*{severity}*" in page
    files = {name: text + "\n" for name, text in FILE.findall(page)}
    assert files
    said = SAYS.search(page)
    assert said is not None
    found = [str(problem) for problem in problems_of(make_content(files), TODAY)]
    for line in said.group(1).splitlines():
        assert line in found
        assert f"{severity} {code}" in line


def test_every_problem_says_where_what_and_what_to_do(make_content: MakeContent) -> None:
    """All the broken examples in one folder: each is told, none hides another, none crashes."""
    files: dict[str, str] = {}
    for code in CODES:
        page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
        for name, text in FILE.findall(page):
            if name.startswith("flows/example"):
                name = f"flows/{code.lower()}.yaml"  # noqa: PLW2901
            files[name] = text + "\n"
    problems = problems_of(make_content(files), TODAY)
    assert len({problem.code for problem in problems}) > len(CODES) * 0.7
    for problem in problems:
        assert re.fullmatch(r"[\w./-]+:\d+:\d+: (error|warning) [A-Z]\d{3} .+", str(problem))
        assert problem.message[-1] in ".?!"
        assert not problem.hint or problem.hint[-1] in ".?!”"
        assert problem.hint or problem.code.startswith(("C", "F103", "K207"))


def test_files_that_are_not_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "a.yaml").write_bytes(b"title: caf\xe9\n")
    (tmp_path / "flows" / "b.yaml").write_bytes(b"\x00\x01\x02")
    (tmp_path / "flows" / "c.yaml").write_bytes(b"x: " + b"y" * 2_000_000)
    (tmp_path / "knowledge" / "odd").mkdir(parents=True)
    (tmp_path / "knowledge" / "odd" / "d.yaml").write_text("a: 1\n")
    problems = load(tmp_path).problems
    assert {problem.at.file for problem in problems} >= {
        "flows/a.yaml", "flows/b.yaml", "flows/c.yaml", "knowledge/odd/d.yaml",
    }  # fmt: skip


def test_a_folder_that_is_not_a_content_folder(tmp_path: Path) -> None:
    assert any(problem.code == "F113" for problem in load(tmp_path).problems)


def test_did_you_mean() -> None:
    assert did_you_mean("brethe", ["breathe", "sleep"]) == "Did you mean `breathe`?"
    assert did_you_mean("zzz", ["breathe"]) == ""
