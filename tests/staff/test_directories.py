"""Directories in and out, as the commands are typed."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("ftfy", reason="needs the extra `hsds`")

from bot import cli
from bot.content.load import load
from tests.conftest import ROOT

Peerpath = Callable[..., Result]
SERVICES = """id,name,description,status,application_process
1,Pantry,<p>Food &amp; more</p>,active,Call 202-312-7159
2,Pantry,<p>Food &amp; more</p>,active,Call 202-312-7159
3,Shelter,Beds,inactive,
4,Zzz,,active,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with all that an import reads, and nothing else."""
    content = tmp_path / "content"
    (content / "flows").mkdir(parents=True)
    for name in ("areas.yaml", "directories", "topics"):
        source = ROOT / "knowledge" / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        (content / "knowledge").mkdir(exist_ok=True)
        copy(source, content / "knowledge" / name)
    return content


@pytest.fixture
def peerpath(folder: Path) -> Peerpath:
    """Run a command on that folder."""

    def run(*words: object) -> Result:
        environment = {"PEERPATH_CONTENT_DIR": str(folder)}
        return CliRunner().invoke(cli.main, [str(word) for word in words], env=environment)

    return run


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A small directory."""
    path = tmp_path / "My Town"
    path.mkdir()
    (path / "services.csv").write_text(SERVICES)
    (path / "notes.csv").write_text("a,b\n1,2\n")
    return path


def test_an_import_says_what_came_of_every_row(
    peerpath: Peerpath, town: Path, folder: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.tsv"
    result = peerpath("import", "hsds", town, "--report", report, "--area", "fresno")
    assert result.exit_code == 0, result.output
    for line in (
        "4 × service",
        "       2  taken",
        "       1  merged: word for word the same as one that was taken",
        "       1  skipped: its directory says it is inactive",
        "       1  has no topic of ours, so nobody finds it",
        "passed over: notes.csv (not a table of HSDS)",
        "2 resources: 2 new, 0 changed, 0 gone",
        "written: knowledge/directories/my-town.jsonl, in ",
    ):
        assert line in result.output
    with report.open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [(row["id"], row["outcome"].partition(":")[0], row["detail"]) for row in rows] == [
        ("1", "taken", "my-town/1"),
        ("2", "merged", "my-town/1"),
        ("3", "skipped", ""),
        ("4", "taken", "my-town/4"),
    ]
    loaded = load(folder)
    assert loaded.content.resources["my-town/1"].areas == ("fresno",)
    assert [problem for problem in loaded.problems if "my-town" in problem.at.file] == []


def test_twice_is_the_same(peerpath: Peerpath, town: Path, folder: Path) -> None:
    peerpath("import", "hsds", town, "--name", "town")
    file = folder / "knowledge" / "directories" / "town.jsonl"
    before = file.read_bytes()
    assert "0 new, 0 changed, 0 gone" in peerpath("import", "hsds", town, "--name", "town").output
    assert file.read_bytes() == before
    (town / "services.csv").write_text(
        SERVICES.replace("4,Zzz,", "5,Library,Books").replace("Food", "Meals")
    )
    assert "1 new, 1 changed, 1 gone" in peerpath("import", "hsds", town, "--name", "town").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--area", "fresnoo"], "Did you mean `fresno`?"),
        (["--source-date", "spring"], "spring"),
        (["--name", "…"], "--name"),
        (["--report", "/proc/nowhere/report.tsv"], "can't be written"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(
    peerpath: Peerpath, town: Path, words: list[str], said: str
) -> None:
    result = peerpath("import", "hsds", town, *words)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_what_is_no_directory_takes_nothing_away(
    peerpath: Peerpath, town: Path, folder: Path
) -> None:
    peerpath("import", "hsds", town, "--name", "town")
    file = folder / "knowledge" / "directories" / "town.jsonl"
    before = file.read_bytes()
    result = peerpath("import", "hsds", town / "notes.csv", "--name", "town")
    assert result.exit_code == 2
    assert "no services" in result.output
    assert file.read_bytes() == before


def test_without_the_extra_it_says_which(town: Path, folder: Path) -> None:
    code = (
        "import sys; sys.modules['ftfy'] = None; sys.modules['nh3'] = None\n"
        "from bot.cli import main; main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, "import", "hsds", str(town)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PEERPATH_CONTENT_DIR": str(folder)},
        timeout=60,
        check=False,
    )
    assert result.returncode == 2
    assert "peerpath[hsds]" in result.stderr
    out = subprocess.run(
        [sys.executable, "-c", code, "export", "hsds", str(folder / "out")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PEERPATH_CONTENT_DIR": str(folder)},
        timeout=60,
        check=False,
    )
    assert out.returncode == 0, out.stderr


def test_out_by_default_only_what_is_ours(peerpath: Peerpath, town: Path, tmp_path: Path) -> None:
    peerpath("import", "hsds", town, "--name", "town")
    assert peerpath("export", "hsds", tmp_path / "ours").output.endswith("0 resources\n")
    result = peerpath("export", "hsds", tmp_path / "all", "--all")
    assert result.output.endswith("2 resources\n")
    page = json.loads((tmp_path / "all" / "services.json").read_text())
    assert page["total_items"] == 2
    tabular = peerpath("export", "hsds", tmp_path / "tables", "--form", "tabular", "--all")
    assert "datapackage.json" in tabular.output
    assert (tmp_path / "tables" / "services.csv").exists()


def test_the_list_of_calls(peerpath: Peerpath, town: Path) -> None:
    peerpath("import", "hsds", town, "--name", "town")
    assert peerpath("calls").output.endswith(
        "0 resources with a phone were read and never called\n"
    )
    result = peerpath("calls", "--all")
    assert result.exit_code == 0
    assert "Pantry  (town/1; read " in result.output
    assert "(202) 312-7159" in result.output
