"""Labelled messages to measure with: the unseen sets of tests/phrases/, and the public intent sets
beside the project where they are."""

import csv
import functools
import json
import random
import resource
import subprocess
import sys
from bisect import bisect_left, bisect_right

from benchmarks import shipped
from bot.content.load import Loaded, load
from bot.language.text import fold

UNSEEN = shipped.ROOT / "tests" / "phrases"
SHARED = shipped.ROOT.parent / "shared" / "data"
LEARNT = shipped.ROOT / ".pytest_cache" / "learnt"
Rows = list[tuple[str, str]]


@functools.cache
def loaded() -> Loaded:
    return load(shipped.ROOT, LEARNT)


def table(name: str) -> list[dict[str, str]]:
    with (UNSEEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def unseen_topics() -> list[dict[str, str]]:
    """Without the rows that stand among the phrases word for word: those prove nothing."""
    topics = loaded().knowledge.topics.values()
    known = {fold(p) for topic in topics for many in topic.phrases.values() for p in many}
    return [row for row in table("unseen-topics.tsv") if fold(row["text"]) not in known]


def intents(name: str) -> dict[str, Rows] | None:
    """CLINC150 or BANKING77 with ten examples an intent: `train`, `clean`, `typos`, and CLINC's
    `none`; nothing where the public data is not beside the project."""
    path = SHARED / "intents" / f"{name}.json"
    if not path.is_file():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    rows = {
        "train": [(text, label) for text, label in data["train_10"]],
        "clean": [(text, label) for text, label in data["test"]],
    }
    typos = [one if isinstance(one, str) else one[0] for one in data["test_syn"]]
    rows["typos"] = [(text, label) for text, (_, label) in zip(typos, rows["clean"], strict=True)]
    none = data.get("oos_test", [])
    rows["none"] = [(one if isinstance(one, str) else one[0], "none") for one in none]
    return rows


def sample(rows: Rows, most: int, seed: int = 7) -> Rows:
    """At most so many rows, drawn once and for all."""
    return rows if len(rows) <= most else random.Random(seed).sample(rows, most)


def auroc(of_none: list[float], of_named: list[float]) -> float:
    """How often a message that is none of the labels scores higher as such than one that is; the
    same score for both is half a time."""
    named = sorted(of_named)
    wins = sum(bisect_left(named, score) + bisect_right(named, score) for score in of_none) / 2
    return wins / (len(of_none) * len(of_named))


def fresh(module: str, *words: str) -> dict[str, float]:
    """What `python -m MODULE WORDS` prints as JSON, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=shipped.ROOT,
    )
    return json.loads(done.stdout.splitlines()[-1])


def megabytes() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def percent(hits: float, of: float) -> str:
    return f"{100 * hits / of:.1f}" if of else "-"
