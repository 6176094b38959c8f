"""The booklet: the same words as on the screen, and never a number that can't be dialled there."""

from datetime import date
from pathlib import Path

import phonenumbers
import pytest

from bot.content.load import Loaded
from bot.engine.model import INSIDE, SETTINGS
from bot.staff import booklet
from tests.test_cli import Peerpath, peerpath  # noqa: F401 - a fixture

DAY = date(2026, 11, 24)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All the words that are put on paper."""
    words: list[str] = []
    write = booklet._write

    def listen(pdf: object, text: str, size: int, **how: bool) -> None:
        words.append(text)
        write(pdf, text, size, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(booklet, "_write", listen)
    return words


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("setting", SETTINGS)
def test_each_place_gets_its_own(
    shipped: Loaded, written: list[str], setting: str, language: str
) -> None:
    printed = booklet.booklet(shipped.content, setting, "fresno", language, DAY)
    assert printed.startswith(b"%PDF-")
    said = "\n".join(written)
    assert ("Slow breath" if language == "en" else "Respirar despacio") in written
    assert "2026-11-24" in said
    assert "{" not in said
    numbers = [m.raw_string for m in phonenumbers.PhoneNumberMatcher(said, "US")]
    assert bool(numbers) is (setting not in INSIDE)
    assert ("988" in said.replace("988 Suicide", "")) is (setting not in INSIDE)
    assert any("Last checked" in line or "Revisado" in line for line in written)


def test_with_nothing_known_it_still_says_where_help_is(written: list[str]) -> None:
    from bot.engine.content import Content

    assert booklet.booklet(Content(), "jail", "", "en", DAY).startswith(b"%PDF-")
    assert any("officer" in line for line in written)


def test_the_command(peerpath: Peerpath, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "booklet.pdf"
    assert peerpath("booklet", "--setting", "jail", "-o", str(path)).exit_code == 0
    assert path.read_bytes().startswith(b"%PDF-")
    missed = peerpath("booklet", "--setting", "jail", "--area", "fresnoo", "-o", str(path))
    assert missed.exit_code == 2
    assert "`fresno`" in missed.stderr
    assert peerpath("booklet", "--setting", "jail", "-o", "/dev/null/x").exit_code == 2
