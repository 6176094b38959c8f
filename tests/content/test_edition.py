"""An edition is made once, and never spoken from when anything of it has changed."""

from pathlib import Path

import pytest

from bot.content.edition import edition
from bot.engine.conversation import respond
from bot.engine.model import Conversation, Turn

FLOW = """
title: Tea
topics: [coping.tea]
owner: Tests
reviewed: 2026-11-24
first: offer
steps:
  offer: {say: Tea?, end: true}
"""
TOPIC = """
title: Tea
phrases:
  en: [i want tea, make me tea]
  es: [quiero te]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("flows/tea.yaml", FLOW), ("knowledge/topics/coping/tea.yaml", TOPIC)):
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "content"


def says(folder: Path, cache: Path) -> tuple[str, ...]:
    known = Conversation(language="en", setting="prison")
    return respond(
        edition(folder, cache).content, known, Turn("1", "i want tea", 1.8e9)
    ).reply.says[-1:]


def test_what_was_kept_says_the_same(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = says(folder, cache)
    assert first[0] == "Tea?"
    assert len(list(cache.glob("edition-*"))) == 1
    assert says(folder, cache) == first


def test_it_is_not_made_twice(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = says(folder, tmp_path / "cache")
    monkeypatch.setattr("bot.content.load.load", None)
    assert says(folder, tmp_path / "cache") == first


def test_a_changed_word_is_said_at_once(folder: Path, tmp_path: Path) -> None:
    says(folder, tmp_path / "cache")
    path = folder / "flows" / "tea.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Tea?", "Coffee?"), encoding="utf-8")
    assert says(folder, tmp_path / "cache")[0] == "Coffee?"


def test_one_that_is_broken_is_made_again(folder: Path, tmp_path: Path) -> None:
    first = says(folder, tmp_path / "cache")
    for kept in (tmp_path / "cache").glob("edition-*"):
        kept.write_bytes(kept.read_bytes()[:-40])
    assert says(folder, tmp_path / "cache") == first


def test_its_file_is_for_its_owner_alone(folder: Path, tmp_path: Path) -> None:
    says(folder, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").glob("edition-*")
    assert kept.stat().st_mode & 0o077 == 0


def test_errors_are_told_again(folder: Path, tmp_path: Path) -> None:
    (folder / "flows" / "broken.yaml").write_text("title: [", encoding="utf-8")
    assert [edition(folder, tmp_path / "cache").errors for _ in range(2)] == [1, 1]


def test_a_cache_that_can_not_be_written_costs_only_time(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert says(folder, tmp_path / "file" / "cache")[0] == "Tea?"
