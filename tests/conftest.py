"""What tests share: the shipped content, loaded once, and small contents made on the spot."""

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from bot.content.load import Loaded, load
from bot.engine.content import Content
from bot.store import Store, open_store

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


POSTGRES = os.environ.get("PEERPATH_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/test")


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store, of each kind in turn."""
    if request.param == "memory":
        yield "memory:"
    elif request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store' / 'peerpath.sqlite3'}"
    else:
        yield from postgres_url()


def postgres_url() -> Iterator[str]:
    """A schema of a PostgreSQL server that nobody else uses, and that is gone afterwards. Where
    there is no server, the tests are skipped and say why; CI, which skips nothing, fails."""
    schema = f"peerpath_{secrets.token_hex(6)}"

    async def tell(statement: str) -> None:
        connection = await asyncpg.connect(POSTGRES, timeout=5)
        try:
            await connection.execute("SET client_min_messages TO warning")
            await connection.execute(statement)
        finally:
            await connection.close()

    try:
        asyncio.run(tell(f"CREATE SCHEMA {schema}"))
    except (OSError, asyncpg.PostgresError, TimeoutError):
        reason = "needs a PostgreSQL server: set PEERPATH_TEST_DATABASE_URL"
        if os.environ.get("PEERPATH_SKIP_NOTHING"):
            pytest.fail(reason)
        pytest.skip(reason)
    joint = "&" if "?" in POSTGRES else "?"
    yield f"{POSTGRES}{joint}search_path={schema}"
    asyncio.run(tell(f"DROP SCHEMA {schema} CASCADE"))


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    """An open store, of each kind in turn."""
    one = open_store(store_url)
    await one.open()
    yield one
    await one.close()


@pytest.fixture
async def memory() -> AsyncIterator[Store]:
    """A store that is gone after the test."""
    store = open_store("memory:")
    await store.open()
    yield store
    await store.close()


@pytest.fixture(autouse=True)
def _quiet_libraries() -> None:
    # Its debug lines would be captured for nothing.
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)
