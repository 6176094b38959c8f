"""What the environment says, and the secret that an installation makes for itself."""

import os
import threading
from pathlib import Path

import pytest

from bot.settings import Settings


def settings(folder: Path) -> Settings:
    return Settings.read({"PEERPATH_DATA_DIR": str(folder / "data")})


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    found: list[bytes] = []
    readers = [
        threading.Thread(target=lambda: found.append(settings(tmp_path).secret({})))
        for _ in range(8)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0]) >= 32
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret"]
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", ["write", "fsync", "link"])
def test_a_start_that_is_cut_short_leaves_no_half_of_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    if step == "write":
        monkeypatch.setattr("secrets.token_urlsafe", killed)
    else:
        monkeypatch.setattr(os, step, killed)
    with pytest.raises(KeyboardInterrupt):
        settings(tmp_path).secret({})
    assert not (tmp_path / "data" / "secret").exists()
    monkeypatch.undo()
    assert len(settings(tmp_path).secret({})) >= 32


def test_a_disk_without_links_holds_a_secret_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    assert settings(tmp_path).secret({}) == settings(tmp_path).secret({})
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret"]
