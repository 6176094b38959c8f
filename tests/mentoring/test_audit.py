"""The log of what staff did: whatever is done to it without the secret is seen, on every store."""

import asyncio
import logging

import pytest

from bot.mentoring.audit import START, Audit
from bot.store import Store, Write

SECRET = b"a secret of the tests"
NOON = 1_795_000_000.0
ROWS = 5
KEPT = ("audit", "audit_head")


@pytest.fixture
async def audit(store: Store) -> Audit:
    audit = Audit(store, SECRET)
    for number in range(ROWS):
        await audit.record("kim", "signed-in", f"somebody-{number}", NOON + number)
    assert await audit.check() == []
    return audit


async def mark(audit: Audit, number: int) -> str:
    return next(one.mark for one in await audit.entries() if one.number == number)


async def goes_on(audit: Audit) -> list[str]:
    """What is said now, and still when staff have gone on working."""
    said = await audit.check()
    for _ in range(ROWS + 1):
        await audit.record("kim", "signed-in", "", NOON)
    assert await audit.check(), "what was broken was mended by going on"
    return said


async def test_a_row_that_was_edited(audit: Audit, store: Store) -> None:
    await store.write(Write("UPDATE audit SET who = 'ben' WHERE number = 3"))
    assert "Row 3 of the audit log is not as it was written." in await goes_on(audit)


async def test_a_row_that_was_cut_from_the_middle(audit: Audit, store: Store) -> None:
    await store.write(Write("DELETE FROM audit WHERE number = 3"))
    said = await goes_on(audit)
    assert "The audit log has no row 3: rows were taken out." in said
    assert "Row 4 of the audit log is not as it was written." in said


@pytest.mark.parametrize("left", [4, 1, 0])
async def test_the_end_that_was_cut_off(audit: Audit, store: Store, left: int) -> None:
    await store.write(Write("DELETE FROM audit WHERE number > ?", (left,)))
    [said] = await goes_on(audit)
    assert said == f"The audit log ends at row {left}, and had {ROWS}: its end was cut off."


async def test_the_head_that_was_deleted(audit: Audit, store: Store) -> None:
    await store.write(Write("DELETE FROM audit_head"))
    assert "head is gone" in (await goes_on(audit))[0]


async def test_the_end_and_the_head(audit: Audit, store: Store) -> None:
    await store.write(Write("DELETE FROM audit WHERE number > 2"), Write("DELETE FROM audit_head"))
    assert "head is gone" in (await goes_on(audit))[0]


async def test_a_head_that_was_made_to_fit(audit: Audit, store: Store) -> None:
    second = next(one for one in await audit.entries() if one.number == 2)
    await store.write(
        Write("DELETE FROM audit WHERE number > 2"),
        Write("UPDATE audit_head SET number = 2, digest = ?", (second.digest,)),
    )
    assert "head is not as it was written" in (await goes_on(audit))[0]


async def test_a_row_with_another_secret(audit: Audit, store: Store) -> None:
    await Audit(store, b"a guess").record("kim", "signed-in", "", NOON)
    assert f"Row {ROWS + 1} of the audit log is not as it was written." in await goes_on(audit)


async def test_all_of_it_emptied(audit: Audit, store: Store) -> None:
    """Where there are mentors or accounts, there must be rows."""
    there = Write("INSERT INTO mentors (id, retired, body) VALUES ('m-1', 0, '{}')")
    await store.write(there, *(Write(f"DELETE FROM {table}") for table in KEPT))
    assert "it was emptied" in (await goes_on(audit))[0]


async def kept(store: Store) -> list[Write]:
    out = []
    for table in KEPT:
        out.append(Write(f"DELETE FROM {table}"))
        out += [
            Write(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
            for row in await store.rows(f"SELECT * FROM {table}")
        ]
    return out


async def test_an_older_copy_put_back_is_told_by_what_was_written_down(
    audit: Audit, store: Store
) -> None:
    early, copy = await mark(audit, ROWS), await kept(store)
    await audit.record("ben", "mentor-retired", "m-1", NOON)
    late = await mark(audit, ROWS + 1)
    assert await audit.check(early, late) == []
    await store.write(*copy)
    assert await audit.check(early) == []  # whole in itself
    [said] = await audit.check(early, late)
    assert said.startswith(f"The audit log has no row {ROWS + 1} any more")
    # And when so many rows were written again that there is one of that number.
    await audit.record("ben", "signed-in", "", NOON)
    [said] = await audit.check(early, late)
    assert said.startswith(f"Row {ROWS + 1} of the audit log is not the one")


async def test_each_new_head_is_logged_and_says_nothing_of_anybody(
    audit: Audit, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "peerpath.audit"):
        await audit.record("kim", "mentor-added", "m-7", NOON)
    [line] = caplog.messages
    assert line == f"the audit log stands at {await mark(audit, ROWS + 1)}"
    assert await audit.check(line.rpartition(" ")[2]) == []


async def test_many_at_the_same_moment_are_one_chain(audit: Audit, store: Store) -> None:
    """In one process and in several."""
    others = [audit, Audit(store, SECRET), Audit(store, SECRET)]
    await asyncio.gather(*(one.record("kim", "signed-in", "", NOON) for one in others))
    assert await audit.check() == []
    assert len(await audit.entries()) == ROWS + len(others)


async def test_a_log_from_before_there_was_a_head_gets_one(store: Store) -> None:
    audit, before = Audit(store, SECRET), START
    for number in (1, 2):
        entry = audit._entry(number, NOON, "kim", "signed-in", "", before, "")
        values = (number, entry.at, entry.who, entry.what, entry.about, entry.digest)
        await store.write(Write("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", values))
        before = entry.digest
    assert await audit.check() == []
    await audit.record("kim", "signed-in", "", NOON)
    assert await audit.check() == []
    await store.write(Write("DELETE FROM audit_head"))
    assert "head is gone" in (await goes_on(audit))[0]
