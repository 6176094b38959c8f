"""The matcher with a thousand phrases and with a million."""

import json
import random
import sys
import time

from benchmarks import tables
from benchmarks.report import Table

SIZES = (1_000, 10_000, 100_000, 1_000_000)
COLUMNS = ("phrases", "ms a message", "beside 10,000", "learnt in s", "MB")


def measure(_rounds: int) -> Table:
    found = {size: tables.fresh("benchmarks.growth", str(size)) for size in SIZES}
    base = found[10_000]["ms"]
    rows = [
        [
            f"{size:,}",
            f"{run['ms']:.2f}",
            f"{run['ms'] / base:.1f} ×",
            f"{run['seconds']:.0f}",
            f"{run['megabytes']:,.0f}",
        ]
        for size, run in found.items()
    ]
    note = (
        "Phrases made by crossing halves of shipped ones (seeded), spread over the same topics. The head is "
        "learnt from an even sample of at most 60,000; all phrases are held, and can be the one that is "
        "shown. Each size in a process of its own; MB is the most it held, learning included."
    )
    return Table("growth", "Growth", COLUMNS, rows, [note])


def _run(size: int) -> dict[str, float]:
    from bot.content.vectors import word_vectors
    from bot.engine.matcher import Matcher, examples_of
    from bot.engine.model import Text, Topic
    from bot.language.likeness import learn

    chance = random.Random(5)
    shipped = examples_of(tables.loaded().knowledge.topics.values())
    words = [text.split() for text, _ in shipped]
    phrases: dict[str, list[str]] = {}
    for number in range(size):
        first, label = shipped[number % len(shipped)]
        other = chance.choice(words)
        mixed = first.split()[: 1 + chance.randrange(6)] + other[len(other) // 2 :]
        phrases.setdefault(label, []).append(first if number < len(shipped) else " ".join(mixed))
    topics = [Topic(name, Text("", name), {"en": tuple(many)}) for name, many in phrases.items()]
    start = time.perf_counter()
    matcher = Matcher(topics, learn(examples_of(topics), word_vectors()))
    seconds = time.perf_counter() - start
    times = []
    for row in tables.table("unseen-topics.tsv"):
        begin = time.perf_counter()
        matcher.understand(row["text"])
        times.append(time.perf_counter() - begin)
    times.sort()
    return {
        "ms": 1000 * times[len(times) // 2],
        "seconds": seconds,
        "megabytes": tables.megabytes(),
    }


if __name__ == "__main__":
    print(json.dumps(_run(int(sys.argv[1]))))
