"""Telegram: killed with hundreds of updates in flight, and 2,000 people who write at once.

The Bot API server is the tests' own (tests/channels/botapi.py), over HTTP; the bot is a process of
ours. For the crowd the server is another process, and the bot may send as fast as it can: Telegram
itself lets a bot send about 30 messages a second, and that wait is not ours to measure.

    python -m benchmarks.kill --only telegram
    python -m benchmarks.telegrams [PEOPLE] [MESSAGES]
"""

import json
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles

from benchmarks import shipped
from benchmarks.kill.telegram import WAYS, Bot, Burst, Found, burst
from benchmarks.report import Table
from tests.channels.botapi import BotApi, serving

PEOPLE, MESSAGES = 2000, 3
DANGER = 0.02  # of the people write words of danger
ALARM = "i want to kill myself"
TYPED = ("cant sleep", "menu", "need my id", "i feel so angry", "breathing")


# ── killed ─────────────────────────────────────────────────────────────────────────────────────


def killed(plan: Burst | None = None, place: Path = shipped.ROOT) -> int:
    """The kill test, as a command: 1 if anything was lost, done twice or out of order."""
    found = {way: _killed(way, plan or Burst(), place) for way in WAYS}
    print(kill_table(found).markdown())
    for way, figures in found.items():
        for fault in figures.faults:
            print(f"{way}: {fault}")
    return 0 if all(figures.good for figures in found.values()) else 1


def _killed(way: str, plan: Burst, place: Path) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        _learnt_in(Path(folder))
        return burst(way, plan, Path(folder), place, shipped.content())


def _learnt_in(folder: Path) -> None:
    """As in a house that has been started before: what takes a minute is there."""
    shipped.content()
    if shipped.LEARNT.exists():
        shutil.copytree(shipped.LEARNT, folder / shipped.LEARNT.name)


def kill_table(found: Mapping[str, Found]) -> Table:
    rows = {
        "updates": "updates",
        "times killed (SIGKILL)": "kills",
        "most acknowledged to Telegram and unanswered at one kill": "most_in_flight",
        "**updates lost**": "lost",
        "**turns or acts done twice**": "twice",
        "**people not answered in their order**": "disordered",
        "messages sent once more, as is allowed": "repeated",
    }
    figures = [
        [said, *(f"{getattr(f, name):,}" for f in found.values())] for said, name in rows.items()
    ]
    figures.append(["whatever else is wrong", *(str(len(f.faults)) for f in found.values())])
    figures.append(["seconds", *(f"{f.seconds:.0f}" for f in found.values())])
    about = (
        "100 people write 30 messages each without waiting; the bot may send 60 a second, so there "
        "is always a line before it. Each asks for a reminder, which is an act. In the end each "
        "chat is compared with what the engine decides for exactly these messages in this order, "
        "and the file with the turns and acts. What is done must be blanked in the file."
    )
    names = {"polling": "`peerpath telegram`", "webhook": "`peerpath serve`, webhook"}
    return Table("telegram-kill", "Telegram, killed in the middle", ["", *(names[w] for w in found)], figures, [about])  # fmt: skip


# ── a crowd ────────────────────────────────────────────────────────────────────────────────────


def measure(_rounds: int) -> Table:
    return crowd(PEOPLE, MESSAGES)


def crowd(people: int, each: int) -> Table:
    """Everybody writes in the same instant, and again the instant they are answered."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs, people, each)
    )
    server.start()
    rows = {}
    try:
        url = ours.recv()
        for way in WAYS:
            with tempfile.TemporaryDirectory() as folder:
                api = BotApi(url)
                _learnt_in(Path(folder))
                bot = Bot(way, api, Path(folder), shipped.ROOT, 10_000)
                bot.start()
                ours.send(way)
                rows[way] = json.loads(ours.recv())
                bot.kill()
        ours.send("")
    finally:
        server.join(10)
        server.terminate()
    return _crowd_table(people, each, rows)


def _serve(pipe: Connection, people: int, each: int) -> None:
    with serving() as api:
        pipe.send(api.url)
        while pipe.recv():
            _reset(api)
            while not (api.calls("getUpdates") or api.webhook):
                time.sleep(0.01)
            time.sleep(1)
            pipe.send(json.dumps(_write(api, people, each)))


def _reset(api: BotApi) -> None:
    api.webhook = {}
    for kept in (
        api.pending, api.sent, api.log, api.acknowledged, api.delivered, api.told_at, api._by_chat,  # noqa: SLF001
    ):  # fmt: skip
        kept.clear()


def _write(api: BotApi, people: int, each: int) -> dict[str, object]:
    """Write, and note for each message how long its answer took."""
    asked: dict[int, int] = {}  # person -> the update that is not answered yet
    written = dict.fromkeys(range(people), 0)
    took: dict[str, list[float]] = {"danger": [], "other": []}
    wrong, seen = 0, 0

    def say(person: int) -> None:
        danger = person < people * DANGER
        words = ALARM if danger else TYPED[(person + written[person]) % len(TYPED)]
        asked[person] = api.says(1000 + person, words)
        written[person] += 1

    began = time.perf_counter()
    for person in range(people):
        say(person)
    until = time.monotonic() + 600
    answered = 0
    while answered < people * each and time.monotonic() < until:
        new = api.sent[seen:]
        seen += len(new)
        for message in new:
            person = message["chat"]["id"] - 1000
            if person not in asked or "reply_markup" not in message:
                continue  # the rest of an answer that takes several messages
            kind = "danger" if person < people * DANGER else "other"
            took[kind].append(time.perf_counter() - api.told_at[asked.pop(person)])
            if kind == "danger":
                wrong += not any("988" in text for text in api.texts(person + 1000))
            answered += 1
            if written[person] < each:
                say(person)
        time.sleep(0.001)
    return {
        "took": took, "lost": people * each - answered, "wrong": wrong,
        "seconds": time.perf_counter() - began,
    }  # fmt: skip


def _crowd_table(people: int, each: int, rows: Mapping[str, Mapping[str, object]]) -> Table:
    out = []
    for way, row in rows.items():
        took = row["took"]
        assert isinstance(took, dict)
        lines = {kind: sorted(values) for kind, values in took.items()}
        cells = [f"{_share(lines[kind], n):.2f}" for kind in ("other", "danger") for n in (50, 99)]
        rate = sum(map(len, lines.values())) / float(str(row["seconds"]))
        out.append([f"{way}", *cells, f"{rate:,.0f}", f"{row['lost']} / {row['wrong']}"])
    columns = [
        "",
        "all others: median, s",
        "p99, s",
        "danger: median, s",
        "p99, s",
        "answers/s",
        "lost / danger unheard",
    ]
    about = (
        f"{people:,} people write in the same instant, and {each} times in all, each time in the "
        f"instant they are answered; {DANGER:.0%} of them write words of danger. Timed from when the "
        "server tells us of a message (100 at a time by polling, 40 by webhook, as Telegram does) to "
        "when it has the answer. Bot and server share the machine, and the server takes half of it."
    )
    return Table("telegrams", "2,000 people on Telegram at once", columns, out, [about])


def _share(values: list[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1] if len(values) > 1 else 0.0


if __name__ == "__main__":
    numbers = [int(value) for value in sys.argv[1:3]]
    print(crowd(*(numbers + [PEOPLE, MESSAGES][len(numbers) :])).markdown())
