"""Free text to the right topic, beside what a user would pick instead.

Every system gets the same phrases and the same messages. Those that are slow get a sample of the
messages, the same for all of them, and their row says so.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks import minilm, tables
from benchmarks.drawing import Drawing, Scale, powers
from benchmarks.report import Picture, Table, installed, missing
from bot.content.vectors import word_vectors
from bot.engine.matcher import NONE, examples_of
from bot.language.likeness import learn
from bot.language.text import fold, plain_words

COLUMNS = (
    "system",
    "ours: first",
    "first three",
    "AUROC none",
    "CLINC clean / typos",
    "AUROC none",
    "BANKING clean / typos",
    "ms",
)
TITLE = "Free text to the right topic"
SLOW = 150  # messages for the systems that compare with every phrase
Ranker = Callable[[str], Sequence[tuple[str, float]]]  # labels with scores, best first


@dataclass
class System:
    name: str
    package: str
    fit: Callable[[tables.Rows], Ranker]
    most: int = 10**9


@dataclass(frozen=True)
class Found:
    """What a system did: shares in percent, AUROC from 0 to 1; nothing for sets that are not there."""

    first: float
    three: float
    none: float
    ms: float
    clinc: tuple[float, float] | None = None  # clean, typos
    clinc_none: float | None = None
    banking: tuple[float, float] | None = None


def measure(_rounds: int) -> Table:
    train, test = _ours()
    clinc, banking = tables.intents("clinc"), tables.intents("banking")
    found: dict[str, Found | None] = {}
    for system in SYSTEMS:
        note = f" (of {system.most} messages)" if system.most < 10**6 else ""
        found[system.name + note] = (
            _found(system, train, test, clinc, banking) if installed(system.package) else None
        )
    notes = [
        (
            "Ours: the shipped phrases of all topics and of `none`, and messages by other hands "
            "(tests/phrases/unseen-topics.tsv, less those that stand among the phrases word for word). "
            "First and first three count named topics; AUROC tells messages that are none of the topics "
            "from the rest by the system's score for `none`, or by its best score where it has no such "
            "class. A system that gives no answer at all, as nothing in a message is known to it, has "
            "thereby said `none` more surely than by any score; equal scores count half. CLINC150 and "
            "BANKING77 with ten examples an intent; ms is the median for one message of ours. No "
            "transformer in any row but MiniLM's."
        )
    ]
    if clinc is None or banking is None:
        notes.append("What is not in ../shared/data/intents (CLINC150, BANKING77) was skipped.")
    rows = [
        missing(name, len(COLUMNS)) if one is None else _row(name, one)
        for name, one in found.items()
    ]
    words = "How many messages go to the right topic at once or within three, and how long it takes"
    return Table("matching", TITLE, COLUMNS, rows, notes, Picture(words, _picture(found)))


def _row(name: str, found: Found) -> list[str]:
    none = "-" if found.clinc_none is None else f"{found.clinc_none:.3f}"
    return [
        name,
        f"{found.first:.1f}",
        f"{found.three:.1f}",
        f"{found.none:.3f}",
        _pair(found.clinc),
        none,
        _pair(found.banking),
        f"{found.ms:.2f}",
    ]


def _pair(shares: tuple[float, float] | None) -> str:
    return f"{shares[0]:.1f} / {shares[1]:.1f}" if shares else "-"


def _found(
    system: System,
    train: tables.Rows,
    test: tables.Rows,
    clinc: dict[str, tables.Rows] | None,
    banking: dict[str, tables.Rows] | None,
) -> Found:
    found = _on_topics(system, train, test)
    if clinc:
        shares, none = _on_intents(system, clinc)
        found = replace(found, clinc=shares, clinc_none=none)
    if banking:
        found = replace(found, banking=_on_intents(system, banking)[0])
    return found


def said_none(ranked: Sequence[tuple[str, float]]) -> float:
    """How surely a ranking says that a message is none of the topics. One without a single answer
    says so outright, whichever system it is."""
    if not ranked:
        return float("inf")
    scores = dict(ranked)
    return scores[NONE] if NONE in scores else -max(scores.values())


def _ours() -> tuple[tables.Rows, tables.Rows]:
    train = examples_of(tables.loaded().knowledge.topics.values())
    return train, [(row["text"], row["topic"]) for row in tables.unseen_topics()]


def _on_topics(system: System, train: tables.Rows, test: tables.Rows) -> Found:
    rank = system.fit(train)
    first = three = 0
    none, named, times = [], [], []
    for text, topic in tables.sample(test, system.most):
        start = time.perf_counter()
        ranked = list(rank(text))
        times.append(time.perf_counter() - start)
        if topic == NONE:
            none.append(said_none(ranked))
            continue
        best = [label for label, _ in ranked if label != NONE][:3]
        named.append(said_none(ranked))
        first += best[:1] == [topic]
        three += topic in best
    return Found(
        100 * first / len(named),
        100 * three / len(named),
        tables.auroc(none, named),
        1000 * sorted(times)[len(times) // 2],
    )


def _on_intents(
    system: System, data: dict[str, tables.Rows]
) -> tuple[tuple[float, float], float | None]:
    """The share of first answers that are right, clean and with typos; and AUROC, where there are
    messages that are none of the intents."""
    rank = system.fit(data["train"])

    def right(kind: str) -> float:
        rows = tables.sample(data[kind], min(system.most, 1500))
        hits = sum([label for label, _ in rank(text)][:1] == [wanted] for text, wanted in rows)
        return 100 * hits / len(rows)

    def doubts(kind: str) -> list[float]:
        rows = tables.sample(data[kind], min(system.most, 500))
        return [said_none(rank(text)) for text, _ in rows]

    shares = right("clean"), right("typos")
    return shares, tables.auroc(doubts("none"), doubts("clean")) if data["none"] else None


WIDTH, TOP, ROW = 880, 62, 38
OURS, CLINC, TIMES = Scale(312, 486, 0, 100), Scale(544, 718, 0, 100), (768, 858)


def _picture(found: Mapping[str, Found | None]) -> str:
    """A row for each system: our topics, CLINC150, and the time it takes."""
    drawing = Drawing(
        WIDTH,
        TOP + ROW * len(found) + 30,
        TITLE,
        " ".join(f"{name}: {_told(one)}." for name, one in found.items()),
    )
    bottom = TOP + ROW * len(found)
    for number in range(0, len(found), 2):
        drawing.band(0, TOP + ROW * number, WIDTH, ROW)
    for panel, title, shape, series, kinds in (
        (OURS, "our topics, %", "disc", 0, ("first", "within three")),
        (CLINC, "CLINC150, first, %", "square", 1, ("clean", "with typos")),
    ):
        drawing.text(panel.start, 20, title, "ink strong")
        for x, kind, hollow in ((0, kinds[0], shape == "square"), (70, kinds[1], shape == "disc")):
            drawing.mark(panel.start + x + 5, 38, shape, series, hollow=hollow)
            drawing.text(panel.start + x + 15, 42, kind, "quiet")
        for percent in (0, 25, 50, 75, 100):
            drawing.line(panel.at(percent), TOP - 6, panel.at(percent), bottom)
            drawing.text(panel.at(percent), bottom + 18, f"{percent}", "quiet", anchor="middle")
    ticks = powers(one.ms for one in found.values() if one)
    times = Scale(*TIMES, ticks[0], ticks[-1], powers=True)
    drawing.text(times.start, 20, "ms a message", "ink strong")
    drawing.text(times.start, 42, "log scale", "quiet")
    for tick in ticks:
        drawing.line(times.at(tick), TOP - 6, times.at(tick), bottom)
        drawing.text(times.at(tick), bottom + 18, f"{tick:g}", "quiet", anchor="middle")
    for number, (name, one) in enumerate(found.items()):
        y = TOP + ROW * (number + 0.5)
        first, more = (*re.split(r",? (?=\()|, ", name, maxsplit=1), "")[:2]
        drawing.text(12, y - 2 if more else y + 4, first, "ink" if number else "ink strong")
        drawing.text(12, y + 12, more, "quiet small")
        if one is None:
            drawing.text(OURS.start, y + 4, "not installed", "quiet")
            continue
        _two(drawing, OURS, y, (one.first, one.three), "disc", 0)
        if one.clinc:
            _two(drawing, CLINC, y, one.clinc[::-1], "square", 1)
        else:
            drawing.text(CLINC.start, y + 4, "not measured", "quiet")
        drawing.mark(times.at(one.ms), y, "diamond", 2)
        drawing.text(times.at(one.ms), y - 8, _short(one.ms), "ink small", anchor="middle")
    return drawing.svg()


def _two(
    drawing: Drawing, panel: Scale, y: float, shares: Sequence[float], shape: str, series: int
) -> None:
    """Two shares of which the second is mostly the greater: full and hollow, tied by a line."""
    for share, hollow in zip(shares, (False, True), strict=True):
        drawing.mark(panel.at(share), y, shape, series, hollow=hollow)
    low, high = sorted(shares)
    if panel.at(high) - panel.at(low) > 12:
        drawing.line(panel.at(low) + 6, y, panel.at(high) - 6, y, f"s{series}")
    drawing.text(panel.at(low) - 8, y + 4, f"{low:.0f}", "ink small", anchor="end")
    drawing.text(panel.at(high) + 8, y + 4, f"{high:.0f}", "ink small")


def _told(one: Found | None) -> str:
    if one is None:
        return "not installed"
    told = f"our topics {one.first:.1f} % first and {one.three:.1f} % within three"
    if one.clinc:
        told += f", CLINC150 {one.clinc[0]:.1f} % clean and {one.clinc[1]:.1f} % with typos"
    return f"{told}, {_short(one.ms)} ms"


def _short(ms: float) -> str:
    return f"{ms:.2f}" if ms < 1 else f"{ms:.1f}" if ms < 10 else f"{ms:.0f}"


# ── the systems ────────────────────────────────────────────────────────────────────────────────


def _likeness(train: tables.Rows) -> Ranker:
    read = learn(train, word_vectors())

    def rank(text: str) -> list[tuple[str, float]]:
        likely = read.of(plain_words(text))
        return [(read.labels[at], float(likely[at])) for at in np.argsort(-likely)[:5]] + [
            (NONE, float(likely[read.labels.index(NONE)])) if NONE in read.labels else ("", 0.0)
        ]

    return rank


def _matcher(train: tables.Rows) -> Ranker:
    if len({label for _, label in train}) < 60 and any(label == NONE for _, label in train):
        matcher = tables.loaded().content.matcher  # as shipped, clause by clause

        def rank(text: str) -> list[tuple[str, float]]:
            return [(match.topic, match.score) for match in matcher.rank(text, 60)]

        return rank
    return _likeness(train)


def _fuzzy(scorer: str) -> Callable[[tables.Rows], Ranker]:
    def fit(train: tables.Rows) -> Ranker:
        from rapidfuzz import fuzz, process

        texts = [fold(text) for text, _ in train]

        def rank(text: str) -> list[tuple[str, float]]:
            found = process.extract(fold(text), texts, scorer=getattr(fuzz, scorer), limit=40)
            return _best((train[at][1], score / 100) for _, score, at in found)

        return rank

    return fit


def _fts(train: tables.Rows) -> Ranker:
    store = sqlite3.connect(":memory:")
    store.execute("CREATE VIRTUAL TABLE phrases USING fts5(words, label UNINDEXED)")
    store.executemany("INSERT INTO phrases VALUES (?, ?)", [(fold(t), label) for t, label in train])

    def rank(text: str) -> list[tuple[str, float]]:
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(fold(text).split()))
        if not words:
            return []
        asked = "SELECT label, -bm25(phrases) FROM phrases WHERE phrases MATCH ? ORDER BY 2 DESC LIMIT 40"
        return _best(store.execute(asked, (words,)).fetchall())

    return rank


def _tantivy(train: tables.Rows) -> Ranker:
    import tantivy

    schema = (
        tantivy.SchemaBuilder().add_text_field("words").add_text_field("label", stored=True).build()
    )
    index = tantivy.Index(schema)
    writer = index.writer()
    for text, label in train:
        writer.add_document(tantivy.Document(words=fold(text), label=label))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def rank(text: str) -> list[tuple[str, float]]:
        words = dict.fromkeys(fold(text).split())
        near = [
            (
                tantivy.Occur.Should,
                tantivy.Query.fuzzy_term_query(schema, "words", word, distance=int(len(word) > 4)),
            )
            for word in words
        ]
        if not near:
            return []
        found = searcher.search(tantivy.Query.boolean_query(near), 40).hits
        return _best((searcher.doc(at)["label"][0], score) for score, at in found)

    return rank


def _linear(train: tables.Rows) -> Ranker:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union
    from sklearn.svm import LinearSVC

    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, preprocessor=fold),
        TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, preprocessor=fold
        ),
    )
    model = LinearSVC()
    model.fit(features.fit_transform([t for t, _ in train]), [label for _, label in train])

    def score(text: str) -> np.ndarray | None:
        seen = features.transform([text])
        return model.decision_function(seen)[0] if seen.nnz else None

    return _scored(score, list(model.classes_))


def _word_llama(train: tables.Rows) -> Ranker:
    from sklearn.linear_model import LogisticRegression

    vectors = word_vectors()

    def sense(text: str) -> np.ndarray:
        words = plain_words(text)
        total = sum((vectors.of(word) for word in words), np.zeros(vectors.size, np.float32))
        return total / (np.linalg.norm(total) or 1.0)

    model = LogisticRegression(C=30, max_iter=200)
    model.fit([sense(t) for t, _ in train], [label for _, label in train])

    def score(text: str) -> np.ndarray | None:
        meaning = sense(text)
        return model.predict_proba([meaning])[0] if meaning.any() else None

    return _scored(score, list(model.classes_))


def _mini_lm(train: tables.Rows) -> Ranker:
    from sklearn.svm import LinearSVC

    model = LinearSVC()
    model.fit(minilm.vectors([text for text, _ in train]), [label for _, label in train])
    return _scored(
        lambda text: model.decision_function(minilm.vectors([text]))[0], list(model.classes_)
    )


def _scored(score: Callable[[str], np.ndarray | None], labels: list[str]) -> Ranker:
    """A score for each label, or none at all for a text in which nothing is known."""

    def rank(text: str) -> list[tuple[str, float]]:
        scores = score(text)
        if scores is None:
            return []
        return [(labels[at], float(scores[at])) for at in np.argsort(-scores)]

    return rank


def _best(found: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """The best score of each label, best first; what scores nothing is no answer."""
    best: dict[str, float] = {}
    for label, score in found:
        if score > best.get(label, 0.0):
            best[label] = score
    return sorted(best.items(), key=lambda item: -item[1])


SYSTEMS = (
    System("Peerpath", "bot", _matcher),
    System("rapidfuzz WRatio", "rapidfuzz", _fuzzy("WRatio"), SLOW),
    System("rapidfuzz token_set_ratio", "rapidfuzz", _fuzzy("token_set_ratio"), SLOW),
    System("rapidfuzz token_sort_ratio", "rapidfuzz", _fuzzy("token_sort_ratio"), SLOW),
    System("SQLite FTS5, bm25", "sqlite3", _fts),
    System("tantivy, fuzzy terms", "tantivy", _tantivy),
    System("sklearn, TF-IDF words and letters, linear SVM", "sklearn", _linear, 500),
    System("WordLlama vectors, logistic head", "sklearn", _word_llama, 500),
    System("MiniLM-L6 vectors (float32), linear SVM", minilm.PACKAGE, _mini_lm, 500),
)
