"""What tests share: the shipped content, loaded once, and small contents made on the spot."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.content.load import Loaded, load
from bot.engine.content import Content

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
LEARNT = ROOT / ".pytest_cache" / "learnt"  # what is learnt from the shipped phrases, once

settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


@pytest.fixture(scope="session")
def shipped() -> Loaded:
    """The real content of this repository."""
    return load(ROOT, LEARNT)


@pytest.fixture(scope="session")
def content(shipped: Loaded) -> Content:
    """What the engine speaks from."""
    return shipped.content


@pytest.fixture
def make_content(tmp_path: Path) -> Callable[[Mapping[str, str]], Loaded]:
    """Load a content folder from files given by their paths."""

    def make(files: Mapping[str, str]) -> Loaded:
        (tmp_path / "flows").mkdir(exist_ok=True)
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load(tmp_path, LEARNT)

    return make


@pytest.fixture
def shared() -> Path:
    """The public data beside the project; a clear skip where it is missing."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs the public data in ../shared, which is not here")
    return SHARED / "data"


@pytest.fixture(autouse=True)
def _quiet_libraries() -> None:
    # Its debug lines would be captured for nothing.
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)
