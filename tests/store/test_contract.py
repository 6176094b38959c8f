"""What every store promises (bot/store/base.py), held against each of them."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.model import Act, Conversation, Note, Option, Reply, Return
from bot.store import Conflict, Store, StoreProblem, Taken, open_store, sqlite
from bot.store.base import KEPT_REPLIES, Write

NOON = 1_795_000_000.0
DAY = "2026-11-18"


def urls(tmp_path: Path) -> dict[str, str]:
    return {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path / 'store' / 'peerpath.sqlite3'}"}


def conversation(place: str = "menu/ask") -> Conversation:
    return Conversation(
        language="es", setting="jail", place=place, way_back=(Return("a/b", offered=True),),
        answers={"coping/sleep.before": "8"}, offered=("x", "y"), misses=1, last_turn="1",
    )  # fmt: skip


def taken(
    key: str = "kiosk-a", turn: str = "1", version: int = 0, acts: int = 0, place: str = "menu/ask",
    at: float = NOON,
) -> Taken:  # fmt: skip
    reply = Reply((f"Answer to {turn}",), (Option("menu/ask/x", "Ex"),), urgent=True)
    notes = (Note("turn"), Note("step", place))
    forgets = tuple(Act("forget") for _ in range(acts))
    return Taken(key, turn, at, version, conversation(place), reply, forgets, notes)


async def test_nobody_is_known_at_first(store: Store) -> None:
    saved = await store.load("kiosk-a", "1")
    assert (saved.conversation, saved.version, saved.at, saved.reply) == (
        Conversation(),
        0,
        0,
        None,
    )


async def test_a_turn_is_kept_whole(store: Store) -> None:
    await store.commit(taken())
    saved = await store.load("kiosk-a", "2")
    assert saved.conversation == conversation()
    assert (saved.version, saved.at, saved.reply) == (1, NOON, None)
    assert await store.counts() == {(DAY, "turn", ""): 1, (DAY, "step", "menu/ask"): 1}


async def test_a_turn_that_was_committed_is_found_with_its_reply(store: Store) -> None:
    await store.commit(taken())
    again = await store.load("kiosk-a", "1")
    assert again.reply == taken().reply


async def test_by_presence_and_not_by_order(store: Store) -> None:
    for number, turn in enumerate(("500", "3", "abc", "0")):
        await store.commit(taken(turn=turn, version=number))
    for turn in ("500", "3", "abc", "0"):
        assert (await store.load("kiosk-a", turn)).reply == taken(turn=turn).reply
    assert (await store.load("kiosk-a", "4")).reply is None


async def test_of_two_writers_one_is_refused_and_changes_nothing(store: Store) -> None:
    await store.commit(taken())
    with pytest.raises(Conflict):
        await store.commit(taken(turn="2", version=0, place="late/one"))
    await store.commit(taken(turn="3", version=1, place="in/time"))
    with pytest.raises(Conflict):
        await store.commit(taken(turn="4", version=1, place="late/two"))
    saved = await store.load("kiosk-a", "4")
    assert saved.conversation.place == "in/time"
    assert saved.reply is None
    counts = await store.counts()
    assert counts[DAY, "turn", ""] == 2
    assert (DAY, "step", "late/one") not in counts


async def test_people_do_not_mix(store: Store) -> None:
    await store.commit(taken("kiosk-a", place="a/a"))
    await store.commit(taken("kiosk-b", place="b/b"))
    assert (await store.load("kiosk-a", "9")).conversation.place == "a/a"
    assert (await store.load("kiosk-b", "9")).conversation.place == "b/b"
    assert (await store.load("kiosk-b", "1")).reply == taken().reply


async def test_the_last_reply_is_found_again(store: Store) -> None:
    assert (await store.last("kiosk-a")).reply is None
    for number, turn in enumerate("abc"):
        await store.commit(taken(turn=turn, version=number))
    last = await store.last("kiosk-a")
    assert last.reply == taken(turn="c").reply
    assert last.version == 3


async def test_old_replies_are_let_go(store: Store) -> None:
    for number in range(KEPT_REPLIES + 5):
        await store.commit(taken(turn=str(number), version=number))
    assert (await store.load("kiosk-a", "0")).reply is None
    assert (await store.load("kiosk-a", str(KEPT_REPLIES + 4))).reply is not None
    assert (await store.load("kiosk-a", "5")).reply is not None


async def test_forgetting_leaves_nothing(store: Store) -> None:
    await store.commit(taken("kiosk-a"))
    await store.commit(taken("kiosk-b"))
    await store.forget("kiosk-a")
    assert await store.load("kiosk-a", "1") == await store.load("kiosk-nobody", "1")
    assert (await store.load("kiosk-b", "1")).version == 1
    await store.forget("kiosk-never-was")


async def test_a_turn_that_forgets_leaves_nothing_but_its_counts(store: Store) -> None:
    await store.commit(taken("kiosk-a"))
    await store.commit(taken("kiosk-a", turn="2", version=1, acts=1))
    assert (await store.load("kiosk-a", "2")).version == 0
    assert (await store.load("kiosk-a", "1")).reply is None
    assert await store.acts() == []
    assert (await store.counts())[DAY, "turn", ""] == 2
    await store.commit(taken("kiosk-a", turn="3"))  # and they may come again
    assert (await store.load("kiosk-a", "9")).version == 1


async def test_idle_ones_of_one_channel_are_forgotten(store: Store) -> None:
    await store.commit(taken("kiosk-old", at=NOON - 500))
    await store.commit(taken("kiosk-new", at=NOON))
    await store.commit(taken("telegram-old", at=NOON - 500))
    assert await store.forget_idle(NOON - 100, "kiosk-") == 1
    assert (await store.load("kiosk-old", "x")).version == 0
    assert (await store.load("kiosk-new", "x")).version == 1
    assert (await store.load("telegram-old", "x")).version == 1


async def test_somebody_who_comes_back_just_then_is_not_forgotten(store: Store) -> None:
    for number in range(20):
        key = f"kiosk-{number}"
        await store.commit(taken(key, at=NOON - 500))
        await asyncio.gather(
            store.commit(taken(key, turn="2", version=1, at=NOON)),
            store.forget_idle(NOON - 100, "kiosk-"),
        )
        assert (await store.load(key, "2")).reply is not None


async def test_many_at_once(store: Store) -> None:
    async def talk(key: str) -> None:
        for number in range(20):
            saved = await store.load(key, str(number))
            await store.commit(taken(key, str(number), saved.version))

    await asyncio.gather(*(talk(f"kiosk-{n}") for n in range(50)))
    assert (await store.counts())[DAY, "turn", ""] == 1000
    for n in range(50):
        assert (await store.load(f"kiosk-{n}", "x")).version == 20


async def test_two_who_race_for_one_person_lose_nothing(store: Store) -> None:
    async def worker(name: str) -> int:
        done = 0
        while done < 25:
            saved = await store.load("kiosk-a", f"{name}{done}")
            try:
                await store.commit(taken("kiosk-a", f"{name}{done}", saved.version))
            except Conflict:
                await asyncio.sleep(0)
                continue
            done += 1
        return done

    assert sum(await asyncio.gather(*(worker(name) for name in "abcd"))) == 100
    assert (await store.load("kiosk-a", "x")).version == 100
    assert (await store.counts())[DAY, "turn", ""] == 100


NOTE = "INSERT INTO notes (day, kind, id, count) VALUES (?, ?, ?, ?)"


def noted(kind: str, count: int = 1) -> Write:
    return Write(NOTE, (DAY, kind, "x", count), expects=1)


async def test_rows_are_written_whole_and_read_again(store: Store) -> None:
    await store.write(noted("a", 3), noted("b", 4))
    found = await store.rows("SELECT kind, count FROM notes WHERE day = ? ORDER BY kind", DAY)
    assert found == [("a", 3), ("b", 4)]


async def test_rows_that_break_a_rule_or_an_expectation_undo_what_came_with_them(
    store: Store,
) -> None:
    await store.write(noted("a"))
    with pytest.raises(Conflict):
        await store.write(noted("b"), noted("a"))  # it is there already
    missing = Write("UPDATE notes SET count = 9 WHERE kind = ?", ("z",), expects=1)
    with pytest.raises(Conflict):
        await store.write(noted("c"), missing)
    await store.write(Write(missing.sql, missing.values))  # and who expects nothing is not refused
    assert await store.counts() == {(DAY, "a", "x"): 1}


async def test_a_turn_and_what_it_leads_to_are_one(store: Store) -> None:
    first = replace(taken(), writes=(noted("asked"),))
    await store.commit(first)
    with pytest.raises(Conflict):
        await store.commit(replace(taken("kiosk-b"), writes=(noted("asked"),)))
    assert (await store.load("kiosk-b", "1")).version == 0
    assert (await store.counts())[DAY, "turn", ""] == 1
    with pytest.raises(Conflict):
        await store.commit(replace(taken(turn="2"), writes=(noted("late"),)))
    assert (DAY, "late", "x") not in await store.counts()


async def test_of_many_who_take_the_same_thing_one_gets_it(store: Store) -> None:
    await store.write(noted("free"))
    take = Write("UPDATE notes SET kind = 'taken' WHERE kind = ?", ("free",), expects=1)
    results = await asyncio.gather(*(store.write(take) for _ in range(20)), return_exceptions=True)
    assert [isinstance(result, Conflict) for result in results].count(False) == 1
    assert all(result is None or isinstance(result, Conflict) for result in results)


async def test_two_processes_that_change_the_same_in_another_order(store_url: str) -> None:
    """They would wait for each other for good; nobody is told of it, and each change is made once."""
    stores = [open_store(store_url)]
    await stores[0].open()
    if store_url != "memory:":
        stores.append(open_store(store_url))
        await stores[1].open()
    count = "INSERT INTO notes VALUES (?, ?, 'x', 1) ON CONFLICT (day, kind, id) DO UPDATE SET count = notes.count + 1"
    there, back = (
        tuple(Write(count, (DAY, kind)) for kind in kinds) for kinds in ("abcdefgh", "hgfedcba")
    )
    try:
        for _ in range(3):  # each costs the server a second to see it
            await asyncio.gather(stores[0].write(*there), stores[-1].write(*back))
        assert set((await stores[0].counts()).values()) == {6}
    finally:
        for one in stores:
            await one.close()


async def test_it_is_sound(store: Store) -> None:
    await store.commit(taken())
    assert await store.check() == []


class Model:
    """What a store should do, in a few lines."""

    def __init__(self) -> None:
        self.people: dict[str, tuple[int, str]] = {}
        self.replies: dict[tuple[str, str], str] = {}


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["commit", "stale", "forget", "forgets"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["1", "2", "3", "4"]),
    ),
    max_size=14,
)


def test_any_order_of_operations(store_url: str) -> None:
    run = itertools.count()

    @settings(max_examples=40)
    @given(OPERATIONS)
    def check(operations: list[tuple[str, str, str]]) -> None:
        asyncio.run(play(open_store(store_url), operations, f"kiosk-{next(run)}"))

    check()


async def play(store: Store, operations: list[tuple[str, str, str]], prefix: str) -> None:
    model = Model()
    await store.open()
    try:
        for number, (what, who, turn) in enumerate(operations):
            key, place = f"{prefix}-{who}", f"at/{number}"
            version = model.people.get(who, (0, ""))[0]
            if what == "commit":
                await store.commit(taken(key, turn, version, place=place))
                model.people[who] = (version + 1, place)
                model.replies[who, turn] = turn
            elif what == "stale":
                with pytest.raises(Conflict):
                    await store.commit(taken(key, turn, version + 7, place=place))
            else:
                if what == "forget":
                    await store.forget(key)
                else:
                    await store.commit(taken(key, turn, version, acts=1))
                model.people.pop(who, None)
                model.replies = {k: v for k, v in model.replies.items() if k[0] != who}
            for other in "ab":
                for asked in "1234":
                    saved = await store.load(f"{prefix}-{other}", asked)
                    expected = model.people.get(other, (0, ""))
                    assert (saved.version, saved.conversation.place) == expected
                    kept = model.replies.get((other, asked))
                    assert (saved.reply is not None) == (kept is not None)
    finally:
        await store.close()


# ── what only a file can show ──────────────────────────────────────────────────────────────────


@pytest.fixture
def reopen(tmp_path: Path) -> Callable[[], Store]:
    return lambda: open_store(urls(tmp_path)["sqlite"])


async def test_what_was_committed_is_there_after_a_restart(reopen: Callable[[], Store]) -> None:
    store = reopen()
    await store.open()
    await store.commit(taken())
    await store.close()
    store = reopen()
    await store.open()
    assert (await store.load("kiosk-a", "1")).conversation == conversation()
    await store.close()


async def test_one_commit_holds_all_who_wait(
    reopen: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Group commit: far fewer transactions than turns."""
    batches: list[int] = []
    commit = sqlite._Ledger.commit

    def counted(ledger: sqlite._Ledger) -> None:
        batches.append(len(ledger.batch))
        commit(ledger)

    monkeypatch.setattr(sqlite._Ledger, "commit", counted)
    store = reopen()
    await store.open()
    try:
        await asyncio.gather(*(store.commit(taken(f"kiosk-{n}")) for n in range(300)))
    finally:
        await store.close()
    assert sum(batches) == 300
    assert len(batches) <= 3


async def test_one_of_a_batch_that_is_refused_takes_nobody_with_it(
    reopen: Callable[[], Store],
) -> None:
    store = reopen()
    await store.open()
    try:
        waiting = [store.commit(taken(f"kiosk-{n}", version=7 if n == 5 else 0)) for n in range(10)]
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(result) for result in results].count(Conflict) == 1
        assert (await store.counts())[DAY, "turn", ""] == 9
    finally:
        await store.close()


async def test_a_disk_that_fails_is_told_to_everybody_who_waits(
    reopen: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_ledger: sqlite._Ledger) -> None:
        raise OSError("disk full")

    store = reopen()
    await store.open()
    try:
        monkeypatch.setattr(sqlite._Ledger, "commit", full)
        waiting = [store.commit(taken(f"kiosk-{n}")) for n in range(5)]
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(result, StoreProblem) for result in results)
        monkeypatch.undo()
        await store.commit(taken("kiosk-after"))  # and the next is kept again
    finally:
        await store.close()


async def test_a_forgetting_that_breaks_off_forgets_nothing(
    reopen: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of somebody half forgotten, a reply would stay that nobody looks for any more."""
    store = reopen()
    await store.open()
    try:
        await store.commit(taken())
        broken = (sqlite.FORGET[0], "DELETE FROM no_such_table WHERE key = ?")
        monkeypatch.setattr(sqlite, "FORGET", broken)
        with pytest.raises(StoreProblem):
            await store.forget("kiosk-a")
        assert (await store.load("kiosk-a", "1")).reply == taken().reply
        monkeypatch.undo()
        await store.forget("kiosk-a")
        assert (await store.last("kiosk-a")).version == 0
    finally:
        await store.close()


async def test_many_are_forgotten_in_one_commit(
    reopen: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit each, and the sweep would keep everybody else waiting."""
    commits: list[int] = []
    commit = sqlite._Ledger.commit

    def counted(ledger: sqlite._Ledger) -> None:
        commits.append(len(ledger.batch))
        commit(ledger)

    store = reopen()
    await store.open()
    try:
        await asyncio.gather(*(store.commit(taken(f"kiosk-{n}")) for n in range(300)))
        monkeypatch.setattr(sqlite._Ledger, "commit", counted)
        assert await store.forget_idle(NOON + 1, "kiosk-") == 300
        assert len(commits) == 1
        assert await store.forget_idle(NOON + 1, "kiosk-") == 0
    finally:
        await store.close()


async def test_an_address_and_what_is_typed_are_in_no_file(
    reopen: Callable[[], Store], tmp_path: Path
) -> None:
    store = reopen()
    await store.open()
    await store.commit(taken())
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"xyzzy" not in path.read_bytes()
    await store.close()


async def test_a_backup_is_whole_and_never_over_another_file(
    reopen: Callable[[], Store], tmp_path: Path
) -> None:
    store = reopen()
    await store.open()
    await store.commit(taken())
    copy = tmp_path / "copy.sqlite3"
    await store.backup(str(copy))
    with pytest.raises(StoreProblem):
        await store.backup(str(copy))
    await store.close()
    copied = open_store(f"sqlite:///{copy}")
    await copied.open()
    assert (await copied.load("kiosk-a", "1")).version == 1
    await copied.close()


async def test_a_file_of_a_newer_program_is_refused_in_words(
    reopen: Callable[[], Store], tmp_path: Path
) -> None:
    import sqlite3

    path = tmp_path / "store" / "peerpath.sqlite3"
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(StoreProblem, match="newer Peerpath"):
        await reopen().open()


async def test_a_file_that_is_no_store_is_refused_in_words(
    reopen: Callable[[], Store], tmp_path: Path
) -> None:
    path = tmp_path / "store" / "peerpath.sqlite3"
    path.parent.mkdir()
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreProblem, match="can't be opened"):
        await reopen().open()


async def test_a_store_that_is_not_open_says_so(reopen: Callable[[], Store]) -> None:
    store = reopen()
    for asked in (store.load("a", "1"), store.commit(taken()), store.forget("a")):
        with pytest.raises(StoreProblem, match="not open"):
            await asked
    await store.close()


async def test_a_folder_that_can_not_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreProblem, match="can't be opened"):
        await open_store(f"sqlite:///{tmp_path / 'file' / 'p.sqlite3'}").open()


def test_an_address_of_no_store_we_know() -> None:
    with pytest.raises(StoreProblem, match="mongodb"):
        open_store("mongodb://secret@host")
