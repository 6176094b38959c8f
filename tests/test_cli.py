"""Every command, as it is typed: what it prints, and the code it leaves with."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import cli
from tests.conftest import ROOT

Peerpath = Callable[..., Result]

FLOW = """title: Rest
topics: [coping.sleep]
settings: [all]
first: start
steps:
  start:
    say: Rest a little.
    ask: Shall we go on?
    choices:
      more: {label: Go on, go: last}
  last:
    say: That was all.
    end: true
"""
TOPIC = """title: Sleep
flow: rest
phrases:
  en: |
    cant sleep
    i need rest
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small content folder."""
    for name, text in (("flows/rest.yaml", FLOW), ("knowledge/topics/coping/sleep.yaml", TOPIC)):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def peerpath(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Peerpath:
    """Run a command as if it were typed in the repository, with data in a folder of the test's."""
    monkeypatch.setenv("PEERPATH_DATA_DIR", str(tmp_path / "data"))

    def run(*words: str, typed: str = "", **environment: str) -> Result:
        return CliRunner().invoke(cli.main, list(words), input=typed, env=environment)

    return run


def piped(*words: str, typed: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command itself, in a process of its own, with lines piped in."""
    return subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *words],
        input=typed,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=300,  # what is learnt, is learnt anew in an empty folder
        check=False,
    )


# ── chat ───────────────────────────────────────────────────────────────────────────────────────


def test_cant_sleep_walks_to_a_sleep_skill() -> None:
    done = piped("chat", "--setting", "prison", typed="cant sleep\n1\n")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "I am a computer program" in done.stdout
    assert "sleep" in done.stdout.lower()


@pytest.mark.parametrize("before", ["", "cant sleep\n", "x\n" * 5, "bye\n", "español\n"])
def test_the_crisis_screen_whatever_came_before(before: str) -> None:
    done = piped("chat", typed=f"{before}i want to kill myself\n")
    assert done.returncode == 0
    urgent = done.stdout.split("=" * 40)
    assert len(urgent) == 3
    assert "killing yourself" in urgent[1] or "matarte" in urgent[1]


def test_chat_says_nothing_of_what_was_typed() -> None:
    done = piped("chat", typed="xyzzy plugh\nxyzzy i want to die\n", PEERPATH_DATA_DIR="/dev/null")
    assert done.returncode == 0
    assert "xyzzy" not in done.stdout + done.stderr


def test_bytes_that_are_no_text_are_answered() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "chat"],
        input=b"\xff\xfe\x00 i want to kill myself\n",
        capture_output=True,
        cwd=ROOT,
        timeout=300,  # what is learnt, is learnt anew in an empty folder
        check=False,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"killing yourself" in done.stdout


# ── content ────────────────────────────────────────────────────────────────────────────────────


def test_check_finds_nothing_wrong_with_what_is_shipped(peerpath: Peerpath) -> None:
    result = peerpath("check")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1].startswith("0 errors, ")


def test_check_says_where_what_and_how(peerpath: Peerpath, folder: Path) -> None:
    (folder / "flows" / "rest.yaml").write_text(FLOW.replace("go: last", "go: lst"))
    result = peerpath("check", str(folder))
    assert result.exit_code == 1
    assert re.search(
        r"^flows/rest\.yaml:10:\d+: error F\d+ .*`lst`.*`last`", result.output, re.MULTILINE
    )
    as_json = json.loads(peerpath("check", str(folder), "--format", "json").output)
    one = next(p for p in as_json if p["line"] == 10 and p["severity"] == "error")
    assert one["file"] == "flows/rest.yaml"
    assert one["hint"]


def test_a_folder_that_is_not_there(peerpath: Peerpath) -> None:
    result = peerpath("check", "/nowhere/at/all")
    assert result.exit_code == 2
    assert result.stderr == "peerpath: there is no folder /nowhere/at/all.\n"


def test_transcripts_pass_and_cover(peerpath: Peerpath) -> None:
    result = peerpath("test")
    last = result.output.splitlines()[-1]
    assert result.exit_code == 0, result.output
    assert re.search(r", 0 failures; (\d+) of \1 steps \(100 %\)$", last), last


def test_a_transcript_that_fails_and_its_update(peerpath: Peerpath, folder: Path) -> None:
    path = folder / "tests" / "transcripts" / "rest.txt"
    path.parent.mkdir(parents=True)
    path.write_text("setting: prison\n> cant sleep\n< Something else\n>> Go on\n@ rest/start\n")
    here = {"PEERPATH_CONTENT_DIR": str(folder)}
    failed = peerpath("test", **here)
    assert failed.exit_code == 1
    assert re.search(r"rest\.txt:3: expected “Something else”, got “.*Rest a little", failed.output)
    assert "2 turns, 2 failures; 2 of 2 steps (100 %)" in failed.output
    assert peerpath("test", "--update", **here).exit_code == 0
    written = path.read_text()
    assert "< Rest a little." in written
    assert "< That was all." in written
    assert peerpath("test", **here).exit_code == 0


def test_what_no_transcript_goes_through_is_listed(peerpath: Peerpath, folder: Path) -> None:
    path = folder / "one.txt"
    path.write_text("setting: prison\n> cant sleep\n@ rest/start\n")
    result = peerpath("test", str(path), PEERPATH_CONTENT_DIR=str(folder))
    assert result.exit_code == 0
    assert "not tested: rest/last" in result.output
    assert "1 of 2 steps (50 %)" in result.output


def test_no_transcripts_is_said(peerpath: Peerpath, folder: Path) -> None:
    result = peerpath("test", PEERPATH_CONTENT_DIR=str(folder))
    assert result.exit_code == 2
    assert "there are no transcripts at" in result.stderr


def test_preview_says_why(peerpath: Peerpath, folder: Path) -> None:
    here = {"PEERPATH_CONTENT_DIR": str(folder)}
    result = peerpath("preview", "rest", typed="go onn\ni cant slepe\n", **here)
    assert "[choice rest/start/more → between flows]" in result.output
    assert "phrase: “cant sleep”" in result.output
    missed = peerpath("preview", "rst", **here)
    assert missed.exit_code == 2
    assert "`rest`" in missed.stderr


def test_graph_is_a_picture(peerpath: Peerpath, tmp_path: Path) -> None:
    for words in ((), ("coping/sleep",)):
        path = tmp_path / "flow.svg"
        assert peerpath("graph", *words, "-o", str(path)).exit_code == 0
        assert ET.parse(path).getroot().tag.endswith("svg")
    assert peerpath("graph", "coping/slep", "-o", str(path)).exit_code == 2
    assert peerpath("graph", "-o", "/dev/null/x.svg").exit_code == 2


def test_schema_is_json(peerpath: Peerpath) -> None:
    assert json.loads(peerpath("schema").output)["$schema"].startswith("https://json-schema.org/")


def test_words_update_and_status(peerpath: Peerpath, folder: Path) -> None:
    here = {"PEERPATH_CONTENT_DIR": str(folder)}
    assert "5 new" in peerpath("words", "update", **here).output
    path = folder / "flows" / "words" / "es.po"
    path.write_text(path.read_text().replace('msgstr ""\n\n', 'msgstr "Dicho"\n\n', 1))
    assert re.search(
        r"es +\d+ %  \d/\d  flows/rest\.yaml", peerpath("words", "status", **here).output
    )
    assert "0 new" in peerpath("words", "update", **here).output


def test_signoff_lists_every_crisis_text(peerpath: Peerpath) -> None:
    lines = peerpath("signoff").output.splitlines()
    assert len({line.split()[0] for line in lines}) == len(lines)
    assert any("crisis/suicide" in line for line in lines)


# ── understanding ──────────────────────────────────────────────────────────────────────────────


def test_classify_a_line_at_a_time(peerpath: Peerpath) -> None:
    typed = "cant sleep\ngonna hang it up after count\n\nthe line is killing me\n"
    results = [json.loads(line) for line in peerpath("classify", typed=typed).output.splitlines()]
    assert [result["text"] for result in results] == typed.split("\n")[:-1]
    assert results[0]["topics"][0]["topic"] == "coping.sleep"
    assert results[0]["sure"] is True
    assert [result["crisis"]["action"] for result in results] == [
        "allow",
        "escalate",
        "allow",
        "allow",
    ]


def test_evaluate_a_table(peerpath: Peerpath, tmp_path: Path) -> None:
    table = tmp_path / "table.tsv"
    table.write_text("text\tlang\ttopic\ncant sleep\ten\tcoping.sleep\nhello\ten\tcoping.anger\n")
    result = peerpath("evaluate", str(table))
    assert result.exit_code == 0
    assert re.search(r"all but none +50\.0 % \[9–91\] of 2", result.output)
    assert "coping.anger → none: “hello”" in result.output
    table.write_text(
        "text\tlang\tcategory\ttier\texpected\ni want to die\ten\tsuicide\t1\tescalate\n"
    )
    assert re.search(r"suicide +100\.0 %", peerpath("evaluate", str(table)).output)
    for broken in ("no columns at all\n", "text\ttopic\n\xff"):
        table.write_bytes(broken.encode("latin-1"))
        result = peerpath("evaluate", str(table))
        assert result.exit_code == 2
        assert result.stderr.startswith("peerpath: table.tsv")


# ── the store ──────────────────────────────────────────────────────────────────────────────────


def test_the_stores_commands(peerpath: Peerpath, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    here = {"PEERPATH_DATABASE_URL": url}
    assert peerpath("db", "upgrade", **here).output == "the store is up to date\n"
    assert peerpath("db", "check", **here).output == "the store is sound\n"
    copy = tmp_path / "copy.sqlite3"
    assert peerpath("db", "backup", str(copy), **here).exit_code == 0
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    again = peerpath("db", "backup", str(copy), **here)
    assert again.exit_code == 2
    assert "can't be written" in again.stderr


def test_the_first_account_is_made_by_a_command(peerpath: Peerpath, tmp_path: Path) -> None:
    made = peerpath("staff", "add", "Kim", PEERPATH_PUBLIC_URL="https://desk.example/")
    assert made.exit_code == 0
    [link] = re.findall(r"https://desk.example/mentors/password/[\w-]+", made.output)
    twice = peerpath("staff", "add", "kim", "--role", "staff")
    assert twice.exit_code == 2
    assert "There is an account kim already." in twice.output
    again = peerpath("staff", "link", "kim")
    assert again.exit_code == 0
    assert link not in again.output
    assert peerpath("staff", "link", "nobody").exit_code == 2
    assert "the store is sound" in peerpath("db", "check").output
    path = next((tmp_path / "data").glob("*.sqlite3"))
    with sqlite3.connect(path) as store:
        [(count, digest)] = store.execute("SELECT number, digest FROM audit_head").fetchall()
    store.close()
    mark = f"{count}:{digest[:12]}"
    assert "the store is sound" in peerpath("db", "check", "--seen", mark).output
    later = peerpath("db", "check", "--seen", mark, "--seen", f"{count + 1}:{digest[:12]}")
    assert later.exit_code == 1
    assert f"no row {count + 1} any more" in later.output
    assert "is not what the log's page shows" in peerpath("db", "check", "--seen", "soon").stderr
    with sqlite3.connect(path) as store:
        store.execute("UPDATE audit SET about = 'somebody else' WHERE number = 1")
    store.close()
    found = peerpath("db", "check")
    assert found.exit_code == 1
    assert "Row 1 of the audit log is not as it was written." in found.output


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PEERPATH_DATABASE_URL": "mysql://x:secret@y/z"}, "mysql"),
        ({"PEERPATH_DATABASE_URL": "sqlite:////dev/null/at/all/x.sqlite3"}, "can't be opened"),
    ],
)
def test_a_store_that_cannot_be(
    peerpath: Peerpath, environment: dict[str, str], sentence: str
) -> None:
    result = peerpath("db", "check", **environment)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "secret" not in result.stderr
    assert result.stderr.count("\n") == 1


def test_serving_with_a_setting_that_cannot_be(peerpath: Peerpath) -> None:
    result = peerpath("serve", PEERPATH_FACILITY="alcatraz")
    assert result.exit_code == 2
    assert "PEERPATH_FACILITY is `alcatraz`; there is" in result.stderr
    result = peerpath("serve", PEERPATH_SECRET="short")
    assert result.exit_code == 2
    assert "PEERPATH_SECRET is too short" in result.stderr


def test_every_command_says_what_it_is_for(peerpath: Peerpath) -> None:
    said = peerpath("--help").output
    for name in cli.main.commands:
        assert re.search(rf"^  {name}\s+\S", said, re.MULTILINE), name
        assert peerpath(name, "--help").exit_code == 0
    assert re.match(
        r"peerpath, version \d+\.\d+", peerpath("--version").output.replace("main,", "peerpath,")
    )
