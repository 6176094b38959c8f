"""How long it takes to read one message, as it comes and as hostile as can be; and to load what was
learnt."""

import json
import time
from collections.abc import Callable
from statistics import median

from benchmarks import tables
from benchmarks.report import Table, figure

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
    loads = [tables.fresh("benchmarks.listening", "load") for _ in range(rounds)]
    notes = [
        (
            f"Four times as many hostile characters take {median(growth):.1f} times as long "
            f"(at worst {max(growth):.1f})."
        ),
        (
            "Loading what was learnt from its file, with the words to mend by and the vectors, in a fresh "
            f"process: {figure([run['seconds'] for run in loads], 2)} s. Such a process holds "
            f"{figure([run['megabytes'] for run in loads], 3)} MB in all, with Python and numpy."
        ),
    ]
    return Table("listening", "Reading one message", COLUMNS, rows, notes)


def _seconds(work: Callable[[str], object], text: str) -> float:
    start = time.perf_counter()
    work(text)
    return time.perf_counter() - start


def _best(work: Callable[[str], object], text: str) -> float:
    return min(_seconds(work, text) for _ in range(3))


if __name__ == "__main__":
    import pickle

    import numpy as np  # noqa: F401 - counted before, not with the load

    kept = tables.LEARNT / "examples.pickle"
    if not kept.is_file():
        known = tables.loaded().knowledge
        from bot.engine.matcher import examples_of

        kept.write_bytes(
            pickle.dumps(
                [
                    ("topics", examples_of(known.topics.values())),
                    ("dangers", known.opinion_examples()),
                ]
            )
        )
    from bot.content.learnt import likeness_of

    pairs = pickle.loads(kept.read_bytes())
    start = time.perf_counter()
    held = [likeness_of(name, examples, tables.LEARNT) for name, examples in pairs if examples]
    print(json.dumps({"seconds": time.perf_counter() - start, "megabytes": tables.megabytes()}))
