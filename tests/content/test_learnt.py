"""What was learnt is kept in a file, and the file is never trusted."""

from pathlib import Path

import numpy as np
import pytest

from bot.content import learnt
from bot.content.learnt import likeness_of

EXAMPLES = [("cant sleep", "sleep"), ("lost my id", "id"), ("no puedo dormir", "sleep")]
TYPED = ("i", "cant", "slepe")


def test_it_is_learnt_once_and_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = likeness_of("topics", EXAMPLES, tmp_path)
    monkeypatch.setattr(learnt.l, "learn", lambda *_: pytest.fail("learnt twice"))
    again = likeness_of("topics", EXAMPLES, tmp_path)
    assert again.labels == first.labels
    assert np.allclose(again.of(TYPED), first.of(TYPED), atol=2e-3)


def test_other_phrases_are_another_file(tmp_path: Path) -> None:
    likeness_of("topics", EXAMPLES, tmp_path)
    likeness_of("topics", [*EXAMPLES, ("ged", "school")], tmp_path)
    assert len(list(tmp_path.glob("topics-*.npz"))) == 2


def test_old_files_are_let_go(tmp_path: Path) -> None:
    for number in range(learnt.KEPT + 3):
        likeness_of("topics", [*EXAMPLES, (f"phrase {number}", "id")], tmp_path)
    assert len(list(tmp_path.glob("*"))) == learnt.KEPT


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not really", b"\x80\x04pickle"])
def test_a_damaged_file_is_learnt_again(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    likeness_of("topics", EXAMPLES, tmp_path)
    path = next(tmp_path.glob("*.npz"))
    path.write_bytes(damage)
    assert likeness_of("topics", EXAMPLES, tmp_path).of(TYPED).argmax() == 1
    assert "learnt again" in caplog.text
    assert path.stat().st_size > 100


def test_where_nothing_can_be_kept_it_is_learnt_all_the_same() -> None:
    assert likeness_of("topics", EXAMPLES, Path("/dev/null/there")).labels == ("id", "sleep")
    assert likeness_of("topics", EXAMPLES, None).labels == ("id", "sleep")
