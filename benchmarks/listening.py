"""How long it takes to read one message, as it comes and as hostile as can be; and how long until a
fresh process has read one."""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from benchmarks import tables
from benchmarks.report import Table, figure
from benchmarks.start import WAIT, program

# As the product does it: what was made once is read from its file, and then a message.
FRESH = (
    "import sys; from pathlib import Path; from bot.content.edition import edition; "
    "content = edition(Path('.'), Path(sys.argv[1])).content; content.guard.hear(sys.argv[2]); "
    "content.matcher.understand(sys.argv[2]); print('read', flush=True)" + WAIT
)
MESSAGE = (
    "i get out on friday and dont know where to get my id and a bed"  # a second opinion reads it
)
COLUMNS = ("", "median ms", "p99 ms")
HOSTILE = (
    "i want to ",
    "not ",
    "he took my ",
    "kill ",
    "x",
    "a b c ",
    "k!",
    "((((",
    "no me ",
    "mehe ",
)


def measure(rounds: int) -> Table:
    content = tables.loaded().content
    messages = [row["text"] for row in tables.table("unseen-topics.tsv")]

    def both(text: str) -> None:
        content.guard.hear(text)
        content.matcher.understand(text)

    works = {
        "the guard": content.guard.hear,
        "the matcher": content.matcher.understand,
        "both": both,
    }
    taken: dict[str, list[list[float]]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(sorted(_seconds(work, text) for text in messages))
    rows = [
        [
            f"{name}, one of {len(messages):,} messages",
            figure([1000 * times[len(times) // 2] for times in runs], 2),
            figure([1000 * times[int(len(times) * 0.99)] for times in runs], 2),
        ]
        for name, runs in taken.items()
    ]
    worst, growth = 0.0, []
    for unit in HOSTILE:
        short, long = (_best(content.guard.hear, (unit * size)[:size]) for size in (2_500, 10_000))
        worst = max(worst, long)
        growth.append(long / short)
    rows.append(
        ["the guard, 10,000 hostile characters (worst of 10 kinds)", f"{1000 * worst:.1f}", ""]
    )
    fresh = partial(program, tables.LEARNT, FRESH, str(tables.LEARNT), MESSAGE)
    fresh()  # where nothing is kept yet, it is now
    loads = [fresh() for _ in range(rounds)]
    notes = [
        (
            f"Four times as many hostile characters take {median(growth):.1f} times as long "
            f"(at worst {max(growth):.1f})."
        ),
        (
            "A fresh process that reads the edition that was kept, and then a message, has read it after "
            f"{figure([took / 1000 for took, _ in loads], 2)} s, imports included, and holds "
            f"{figure([size for _, size in loads], 3)} MB in all then, with Python and numpy."
        ),
    ]
    return Table("listening", "Reading one message", COLUMNS, rows, notes)


def _seconds(work: Callable[[str], object], text: str) -> float:
    start = time.perf_counter()
    work(text)
    return time.perf_counter() - start


def _best(work: Callable[[str], object], text: str) -> float:
    return min(_seconds(work, text) for _ in range(3))
