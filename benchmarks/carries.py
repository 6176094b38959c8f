"""What carries it: the matcher with one part left out at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from benchmarks import tables
from benchmarks.report import Table
from bot.content.vectors import word_vectors
from bot.engine.matcher import NONE, examples_of
from bot.language import likeness, spelling
from bot.language.likeness import Likeness
from bot.language.text import plain_words
from bot.language.vectors import NO_VECTORS

COLUMNS = ("", "ours: first", "first three", "AUROC none", "CLINC clean / typos")


def measure(_rounds: int) -> Table:
    rows = [[name, *_scores(leave_out)] for name, leave_out in VARIANTS.items()]
    note = (
        "The head alone, without the matcher's clauses, each variant learnt anew from the same phrases. CLINC: ten "
        "examples an intent, 900 messages."
    )
    return Table("carries", "What carries it: one part left out at a time", COLUMNS, rows, [note])


def _scores(variant: Callable[[], "contextmanager"]) -> list[str]:
    with variant():
        train = examples_of(tables.loaded().knowledge.topics.values())
        read = likeness.learn(train, _vectors())
        first = three = named = 0
        none, some = [], []
        nothing = read.labels.index(NONE)
        for row in tables.unseen_topics():
            likely = read.of(plain_words(row["text"]))
            (none if row["topic"] == NONE else some).append(float(likely[nothing]))
            if row["topic"] == NONE:
                continue
            best = [read.labels[at] for at in np.argsort(-likely) if at != nothing][:3]
            named += 1
            first += best[0] == row["topic"]
            three += row["topic"] in best
        out = [
            tables.percent(first, named),
            tables.percent(three, named),
            f"{tables.auroc(none, some):.3f}",
        ]
        return [*out, _clinc()]


def _clinc() -> str:
    data = tables.intents("clinc")
    if data is None:
        return "-"
    read = likeness.learn(data["train"], _vectors())
    shares = []
    for kind in ("clean", "typos"):
        rows = tables.sample(data[kind], 900)
        hits = sum(_first(read, text) == wanted for text, wanted in rows)
        shares.append(tables.percent(hits, len(rows)))
    return " / ".join(shares)


def _first(read: Likeness, text: str) -> str:
    return read.labels[int(read.of(plain_words(text)).argmax())]


_WITH_VECTORS = True


def _vectors() -> object:
    return word_vectors() if _WITH_VECTORS else NO_VECTORS


@contextmanager
def _whole() -> Iterator[None]:
    yield


@contextmanager
def _without_sense() -> Iterator[None]:
    global _WITH_VECTORS  # noqa: PLW0603 - one benchmark at a time
    _WITH_VECTORS = False
    try:
        yield
    finally:
        _WITH_VECTORS = True


def _changed(module: object, name: str, value: object) -> Callable[[], "contextmanager"]:
    @contextmanager
    def changed() -> Iterator[None]:
        before = getattr(module, name)
        setattr(module, name, value)
        try:
            yield
        finally:
            setattr(module, name, before)

    return changed


VARIANTS = {
    "all of it": _whole,
    "without mending the spelling": _changed(
        spelling.Speller, "mend", lambda _self, words: tuple(words)
    ),
    "without letters in a row": _changed(likeness, "LETTERS", ()),
    "without the sense of words": _without_sense,
    "without pairs of words": _changed(likeness, "_pairs", lambda _words, _near: ()),
}
