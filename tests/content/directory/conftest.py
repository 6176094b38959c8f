"""Small directories made on the spot, and one import of the large one for many tests."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.content.directory.shelf import Record
from bot.content.directory.tables import read_tables
from bot.content.directory.taking import Account, Order, Ours, take
from bot.content.load import Loaded

TODAY = date(2026, 11, 22)
Import = Callable[..., Account]


@pytest.fixture(scope="session")
def ours(shipped: Loaded) -> Ours:
    """Our topics and areas."""
    return Ours(shipped.knowledge.signs, shipped.knowledge.areas)


@pytest.fixture
def bring(tmp_path: Path, ours: Ours) -> Import:
    """Import a directory from files given by their names, as text or bytes."""

    def run(files: Mapping[str, str | bytes], **order: str) -> Account:
        folder = tmp_path / "directory"
        for name, body in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body if isinstance(body, bytes) else body.encode())
        return take(read_tables(folder), Order("town", TODAY, **order), ours)

    return run


def only(account: Account) -> Record:
    """The one resource of a directory."""
    (record,) = account.records
    return record


def outcomes(account: Account, table: str) -> list[str]:
    """What came of each row of a table."""
    return [row.outcome for row in account.tables[table]]


def adds_up(account: Account) -> None:
    """Every row has an outcome, and as many services were taken as there are records."""
    rows = list(account.rows())
    assert all(row.outcome for row in rows)
    assert sum(count for _, _, count in account.lines()) == len(rows)
    assert outcomes(account, "service").count("taken") == len(account.records)
    assert len({record.id for record in account.records}) == len(account.records)
