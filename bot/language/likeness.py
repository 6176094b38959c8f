"""Which of a set of labels a short text is most like, learnt once from examples.

A text is read by three things, each a block of its own:

    words    and pairs of words that follow each other, rare ones counting most
    letters  three to five of a word in a row, so that a slip leaves most of it
    sense    the mean of what its words mean (vectors.py), so that a word no example has is no riddle

A linear head over these (multinomial logistic regression) gives each label its probability. A text is
read as it was typed and as it was most likely meant (spelling.py), and both count. Each part is here
because leaving it out was measured to cost something: benchmarks/README.md, “what carries it”.

The labels can hold one for what is none of the others, with examples of its own. That is how a text
that is about nothing here is told from one that is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.language.spelling import Speller
from bot.language.text import plain_words
from bot.language.vectors import NO_VECTORS, Vectors

Floats = NDArray[np.float32]

LETTERS = (3, 4, 5)
MEANT = 0.7  # how much the mended text counts beside the text as it was typed
SENSE = 1.4  # what the sense weighs beside words and letters, which weigh 1 each
STEPS = 60  # of the fit; stopping early keeps it from learning its examples by heart
FEW_STEPS = 150  # where there are few examples: then each has to count for more
RIDGE = 0.1  # how much large weights cost, all examples together
MOST_EXAMPLES = 60_000  # that the head is learnt on; of more, an even sample
MOST_FEATURES = 400_000  # of more, the commonest
FEW = 3000  # examples; where there are more, letters must have been seen twice


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a fit leaves, to be kept: plain arrays and words, no code."""

    labels: tuple[str, ...]
    features: tuple[str, ...]  # words as they are, letters behind a `#`
    rarity: Floats  # of each feature
    weights: Floats  # features, then the sense: one row each, one column a label
    bias: Floats


class Likeness:
    """Reads texts with what a fit left. Holds nothing of any text."""

    def __init__(self, learnt: Learnt, speller: Speller, vectors: Vectors = NO_VECTORS) -> None:
        self.labels = learnt.labels
        self.learnt = learnt
        self.speller = speller
        self._vectors = vectors
        self._row = {feature: row for row, feature in enumerate(learnt.features)}
        self._rarity = learnt.rarity
        self._weights = learnt.weights
        count = len(learnt.features)
        self._sense = learnt.weights[count:]
        self._unknown = float(learnt.rarity.max(initial=1.0)) * 0.7

    def of(self, words: Sequence[str]) -> Floats:
        """The probability of each label, for words as they were typed (folded)."""
        if not self.labels:
            return np.zeros(0, np.float32)
        score = self._score(words)
        meant = self.speller.mend(words)
        if meant != tuple(words):
            score = (1 - MEANT) * score + MEANT * self._score(meant)
        score -= score.max()
        np.exp(score, out=score)
        return score / score.sum()

    def _score(self, words: Sequence[str]) -> Floats:
        score = self.learnt.bias.copy()
        for features in (_word_features(words), _letter_features(words)):
            rows, values = _block(features, self._row, self._rarity)
            if rows:
                score += np.asarray(values, np.float32) @ self._weights[rows]
        if len(self._sense):
            score += self.sense(words) @ self._sense
        return score

    def sense(self, words: Sequence[str]) -> Floats:
        """What words mean together, as a vector of length SENSE, or 0."""
        return _sense(words, self._row, self._rarity, self._unknown, self._vectors)

    def rarity(self, word: str) -> float:
        """How much a word says: more the fewer examples have it."""
        row = self._row.get(word)
        return self._unknown if row is None else float(self._rarity[row])


def learn(
    examples: Iterable[tuple[str, str]], vectors: Vectors = NO_VECTORS, ridge: float = RIDGE
) -> Likeness:
    """A reader of labels, learnt from (text, label) examples. Takes seconds for thousands."""
    pairs = [(plain_words(text), label) for text, label in examples]
    speller = Speller((words for words, _ in pairs), vectors.is_word)
    return Likeness(_fit(_sample(pairs), vectors, ridge), speller, vectors)


def _sample(pairs: list[tuple[tuple[str, ...], str]]) -> list[tuple[tuple[str, ...], str]]:
    """An even sample where there are more examples than a fit needs."""
    if len(pairs) <= MOST_EXAMPLES:
        return pairs
    step = len(pairs) / MOST_EXAMPLES
    return [pairs[int(number * step)] for number in range(MOST_EXAMPLES)]


def _fit(pairs: Sequence[tuple[tuple[str, ...], str]], vectors: Vectors, ridge: float) -> Learnt:
    labels = tuple(sorted({label for _, label in pairs}))
    if len(labels) < 2:
        none = np.zeros(0, np.float32)
        return Learnt(labels, (), none, np.zeros((0, len(labels)), np.float32), none)
    number = {label: at for at, label in enumerate(labels)}
    texts = [words for words, _ in pairs]
    spread: Counter[str] = Counter()
    for words in texts:
        spread.update(set(_word_features(words)) | set(_letter_features(words)))
    least = 2 if len(texts) > FEW else 1
    kept = [f for f, n in spread.items() if n >= least or f[0] != "#"]
    if len(kept) > MOST_FEATURES:
        kept = [f for f, _ in spread.most_common(MOST_FEATURES)]
    features = tuple(sorted(kept))
    row = {feature: at for at, feature in enumerate(features)}
    rarity = np.array([log((len(texts) + 1) / (spread[f] + 1)) + 1 for f in features], np.float32)
    target = np.array([number[label] for _, label in pairs])
    sparse, sense = _matrix(texts, row, rarity, vectors)
    weights, bias = _descend(sparse, sense, target, len(labels), ridge / len(texts))
    return Learnt(labels, features, rarity, weights, bias)


def _word_features(words: Sequence[str]) -> Iterable[str]:
    return chain(words, (f"{a} {b}" for a, b in pairwise(words)))


def _letter_features(words: Sequence[str]) -> list[str]:
    out: list[str] = []
    for word in words:
        padded = f"#{word}#"  # every feature of letters begins with a `#`, which no word has
        size = len(padded)
        for length in LETTERS:
            out += [f"#{padded[at : at + length]}" for at in range(size - length + 1)]
    return out


def _block(
    features: Iterable[str], row: Mapping[str, int], rarity: Floats
) -> tuple[list[int], list[float]]:
    """The rows and values of a block, together of length 1."""
    counts: dict[int, float] = {}
    for feature in features:
        at = row.get(feature)
        if at is not None:
            counts[at] = counts.get(at, 0.0) + 1.0
    rows = list(counts)
    values = [(1.0 + log(count)) * float(rarity[at]) for at, count in counts.items()]
    length = sum(value * value for value in values) ** 0.5
    return rows, [value / length for value in values]


def _sense(
    words: Sequence[str],
    row: Mapping[str, int],
    rarity: Floats,
    unknown: float,
    vectors: Vectors,
) -> Floats:
    total = np.zeros(vectors.size, np.float32)
    for word in words:
        at = row.get(word)
        total += vectors.of(word) * (unknown if at is None else float(rarity[at]))
    length = float(np.sqrt(total @ total))
    return total * np.float32(SENSE / length) if length else total


def _matrix(
    texts: Sequence[Sequence[str]], row: Mapping[str, int], rarity: Floats, vectors: Vectors
) -> tuple[Any, Floats]:
    """The examples as a sparse matrix of words and letters, and a dense one of their sense."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - only a fit needs it

    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for words in texts:
        for features in (_word_features(words), _letter_features(words)):
            some, what = _block(features, row, rarity)
            columns += some
            values += what
        ends.append(len(columns))
    sparse = csr_matrix(
        (np.array(values, np.float32), np.array(columns, np.int32), np.array(ends, np.int32)),
        shape=(len(texts), len(row)),
    )
    unknown = float(rarity.max(initial=1.0)) * 0.7
    sense = [_sense(words, row, rarity, unknown, vectors) for words in texts]
    return sparse, np.array(sense, np.float32).reshape(len(texts), vectors.size)


def _descend(
    sparse: Any, sense: Floats, target: NDArray[np.int64], labels: int, ridge: float
) -> tuple[Floats, Floats]:
    """Weights and bias by accelerated gradient descent (Nesterov 1983) on the mean log loss.

    Each feature has a step of its own, as long as a bound on the curvature allows: for sparse
    features the sums of what stands in their column times what stands in its rows, for the dense
    ones the largest eigenvalue. One step for all would leave the rare ones, which say most, unlearnt.
    """
    count, width = sparse.shape
    back = sparse.T.tocsr()
    wanted = np.zeros((count, labels), np.float32)
    wanted[np.arange(count), target] = 1.0
    across = np.asarray(abs(sparse).sum(axis=1)).ravel()
    curve = np.concatenate(
        [abs(back) @ across, np.full(sense.shape[1], _largest(sense.T @ sense), np.float32)]
    )  # the two blocks together curve at most twice as much; half of that is the log loss
    step = (1.0 / (curve / count + ridge)).astype(np.float32)[:, None]

    weights = ahead = np.zeros((len(curve), labels), np.float32)
    bias = ahead_bias = np.zeros(labels, np.float32)
    pace = 1.0
    for _ in range(STEPS if count > FEW else FEW_STEPS):
        score = sparse @ ahead[:width] + sense @ ahead[width:] + ahead_bias
        score -= score.max(axis=1, keepdims=True)
        np.exp(score, out=score)
        score /= score.sum(axis=1, keepdims=True)
        score -= wanted
        score /= count
        slope = np.vstack([back @ score, sense.T @ score]) + np.float32(ridge) * ahead
        stepped, stepped_bias = ahead - step * slope, ahead_bias - score.sum(axis=0)
        next_pace = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        push = np.float32((pace - 1) / next_pace)
        ahead = stepped + push * (stepped - weights)
        ahead_bias = stepped_bias + push * (stepped_bias - bias)
        weights, bias, pace = stepped, stepped_bias, next_pace
    return weights, bias


def _largest(square: Floats) -> float:
    """The largest eigenvalue of a small symmetric matrix; 0 of an empty one."""
    return float(np.linalg.eigvalsh(square)[-1]) if len(square) else 0.0
