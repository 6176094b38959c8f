"""The inbox: nothing lost, nothing twice, each person in order, danger first."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable

import pytest

from bot.channels import inbox as inbox_module
from bot.channels.inbox import Again, Inbox, Letter
from bot.sealing import Seal
from bot.store import Store, StoreProblem, open_store

SEAL = Seal(b"a secret of the tests")
TYPED = "xyzzy-what-a-person-typed"


class Answers:
    """A channel that answers each message after a breath, and tells what it answered."""

    def __init__(self, breath: float = 0.0) -> None:
        self.sent: list[Letter] = []
        self.breath = breath
        self.trouble: Callable[[Letter], None] = lambda _: None

    async def __call__(self, letter: Letter) -> None:
        await asyncio.sleep(self.breath)
        self.trouble(letter)
        self.sent.append(letter)

    def of(self, key: str) -> list[str]:
        return [letter.id for letter in self.sent if letter.key == key]


def an_inbox(store: Store, work: Answers) -> Inbox:
    return Inbox(store, SEAL, {"test": work})


@contextlib.asynccontextmanager
async def running(*inboxes: Inbox) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one.run()) for one in inboxes]
    try:
        yield
    finally:
        for one in inboxes:
            one.stop()
        await asyncio.wait_for(asyncio.gather(*tasks), 10)


async def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)


def letter(number: int, key: str = "test-a", *, urgent: bool = False) -> Letter:
    return Letter("test", str(number), key, f"{TYPED} {number}", urgent)


async def test_what_is_taken_in_is_answered_once_in_order_and_blanked(store: Store) -> None:
    work = Answers()
    inbox = an_inbox(store, work)
    async with running(inbox):
        for number in (1, 2, 2, 1, 3, 3):
            await inbox.take_in(letter(number))
        await until(lambda: len(work.sent) == 3)
        await inbox.take_in(letter(2))
    assert work.of("test-a") == ["1", "2", "3"]
    assert [one.body for one in work.sent] == [f"{TYPED} {n}" for n in (1, 2, 3)]
    rows = await store.rows("SELECT id, key, body, urgent, state FROM inbox ORDER BY number")
    assert rows == [(str(n), "", None, 0, "done") for n in (1, 2, 3)]
    assert await store.rows("SELECT key FROM tending") == []


async def test_an_older_number_is_not_taken_for_an_old_message(store: Store) -> None:
    work = Answers()
    inbox = an_inbox(store, work)
    async with running(inbox):
        await inbox.take_in(letter(900_000))
        await inbox.take_in(letter(7))  # ids began anew after a quiet week
        await until(lambda: len(work.sent) == 2)
    assert work.of("test-a") == ["900000", "7"]


async def test_what_waited_when_the_process_died_is_answered_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "LOOK", 0.05)
    await an_inbox(store, Answers()).take_in(*(letter(n, f"test-{n % 3}") for n in range(9)))
    work = Answers()
    async with running(an_inbox(store, work)):
        await until(lambda: len(work.sent) == 9)
    for person in range(3):
        assert work.of(f"test-{person}") == [str(n) for n in range(9) if n % 3 == person]


async def test_an_answer_that_could_not_be_sent_is_sent_later_and_before_the_next(
    store: Store,
) -> None:
    work = Answers()
    refused: dict[str, int] = defaultdict(int)

    def trouble(one: Letter) -> None:
        refused[one.id] += 1
        if one.id == "1" and refused["1"] < 3:
            raise Again(0.01)

    work.trouble = trouble
    inbox = an_inbox(store, work)
    async with running(inbox):
        await inbox.take_in(letter(1), letter(2), letter(3, "test-b"))
        await until(lambda: len(work.sent) == 3)
    assert work.of("test-a") == ["1", "2"]
    assert refused == {"1": 3, "2": 1, "3": 1}
    assert inbox.counts.again == 2


async def test_a_message_that_breaks_us_blocks_nobody_for_long(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(inbox_module, "LONGEST_PAUSE", 0.0)
    work = Answers()

    def trouble(one: Letter) -> None:
        if one.id == "1":
            raise RuntimeError(one.body)

    work.trouble = trouble
    inbox = an_inbox(store, work)
    async with running(inbox):
        await inbox.take_in(letter(1), letter(2))
        await until(lambda: len(work.sent) == 1)
    assert work.of("test-a") == ["2"]
    assert ("1", "failed", None) in await store.rows("SELECT id, state, body FROM inbox")
    assert caplog.records
    assert TYPED not in caplog.text


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
async def test_several_processes_keep_each_persons_order(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "LOOK", 0.05)
    stores = [open_store(store_url) for _ in range(3)]
    for one in stores:
        await one.open()
    work = Answers(0.002)
    inboxes = [an_inbox(one, work) for one in stores]
    async with running(*inboxes):
        for number in range(60):
            # As a channel does that sends the next when the last was acknowledged, to whom it likes.
            await inboxes[number % 3].take_in(letter(number, f"test-{number % 4}"))
            await inboxes[(number + 1) % 3].take_in(letter(number, f"test-{number % 4}"))
        await until(lambda: len(work.sent) >= 60, 30)
    for person in range(4):
        assert work.of(f"test-{person}") == [str(n) for n in range(60) if n % 4 == person]
    for one in stores:
        await one.close()


async def test_danger_is_not_queued_behind_other_people(memory: Store) -> None:
    work = Answers(0.05)
    inbox = an_inbox(memory, work)
    await inbox.take_in(*(letter(n, f"test-{n}") for n in range(400)))
    async with running(inbox):
        await until(lambda: len(work.sent) > 10)
        await inbox.take_in(letter(1000, "test-danger", urgent=True))
        before = len(work.sent)
        await until(lambda: "1000" in work.of("test-danger"))
        at = [one.id for one in work.sent].index("1000")
        assert at - before <= 2 * inbox_module.WORKERS  # those on their way, and no more
        await until(lambda: len(work.sent) == 401)


async def test_danger_is_answered_though_every_worker_waits(memory: Store) -> None:
    work = Answers()

    def trouble(one: Letter) -> None:
        if not one.urgent:
            raise Again(30.0)

    work.trouble = trouble
    inbox = an_inbox(memory, work)
    async with running(inbox):
        await inbox.take_in(*(letter(n, f"test-{n}") for n in range(100)))
        await asyncio.sleep(0.1)
        await inbox.take_in(letter(1000, "test-danger", urgent=True))
        await until(lambda: work.of("test-danger") == ["1000"], 2)


async def test_a_stop_finishes_what_is_being_answered_and_keeps_the_rest(memory: Store) -> None:
    work = Answers(0.2)
    inbox = an_inbox(memory, work)
    async with running(inbox):
        await inbox.take_in(*(letter(n) for n in range(5)))
        await asyncio.sleep(0.1)
    assert work.of("test-a") == ["0"]
    waiting = await memory.rows("SELECT id FROM inbox WHERE state = 'waiting' ORDER BY number")
    assert waiting == [(str(n),) for n in range(1, 5)]
    assert await memory.rows("SELECT key FROM tending") == []


async def test_no_words_and_no_secret_stand_in_the_file(memory: Store) -> None:
    await an_inbox(memory, Answers()).take_in(letter(1))
    ((body,),) = await memory.rows("SELECT body FROM inbox")
    assert isinstance(body, bytes)
    assert TYPED.encode() not in body


async def test_what_another_secret_sealed_blocks_nobody(memory: Store) -> None:
    work = Answers()
    await Inbox(memory, Seal(b"another secret of ours"), {"test": work}).take_in(letter(1))
    inbox = an_inbox(memory, work)
    async with running(inbox):
        await inbox.take_in(letter(2))
        await until(lambda: work.of("test-a") == ["2"])
    assert inbox.counts.failed == 1


async def test_a_store_that_fails_is_told_to_who_asked(memory: Store) -> None:
    await memory.close()
    with pytest.raises(StoreProblem):
        await an_inbox(memory, Answers()).take_in(letter(1))


async def test_presence_is_swept_when_no_channel_asks_any_more(memory: Store) -> None:
    clock = [1.8e9]
    work = Answers()
    inbox = Inbox(memory, SEAL, {"test": work}, now=lambda: clock[0])
    async with running(inbox):
        await inbox.take_in(letter(1))
        await until(lambda: len(work.sent) == 1)
    clock[0] += inbox_module.KEEP + 1
    await inbox._sweep()
    assert await memory.rows("SELECT id FROM inbox") == []
