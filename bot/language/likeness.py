"""Which of a set of labels a short text is most like, learnt once from examples.

A text is read by three things, each a block of its own:

    words    and pairs of words that stand near each other, rare ones counting most
    letters  three to five of a word in a row, so that a slip leaves most of it
    sense    the mean of what its words mean (vectors.py), so that a word no example has is no riddle

A linear head over these (multinomial logistic regression) gives each label its probability. A text is
read as it was typed and as it was most likely meant (spelling.py), and both count. Each part is here
because leaving it out was measured to cost something: benchmarks/README.md, “what carries it”.

The labels can hold one for what is none of the others, with examples of its own. That is how a text
that is about nothing here is told from one that is.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.language.rows import Rows
from bot.language.spelling import Speller
from bot.language.text import plain_words
from bot.language.vectors import NO_VECTORS, Vectors

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]

LETTERS = (3, 4, 5)
NEAR = 3  # words: how far apart the two words of a pair may stand where there are many examples
MEANT = 0.7  # how much the mended text counts beside the text as it was typed
SENSE = 1.4  # what the sense weighs beside words and letters, which weigh 1 each
UNKNOWN = 0.7  # what a word that no example has weighs, beside the rarest that some have
STEPS = 60  # of the fit; stopping early keeps it from learning its examples by heart
FEW_STEPS = 150  # where there are few examples: then each has to count for more
MANY_STEPS = 30  # where there are many: then what most of them say is enough
RIDGE = 0.1  # how much large weights cost, all examples together
MOST_EXAMPLES = 90_000  # that the head is learnt on; of more, an even sample
MOST_FEATURES = 400_000  # of more, the commonest
MOST_PARTS = 4000  # of words, kept once they are met: commoner ones come first
FEW = 3000  # examples; where there are more, letters must have been seen twice
MANY = 20_000  # examples; where there are more, words too, and words that stand apart make pairs


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a fit leaves, to be kept: plain arrays and labels, no code."""

    labels: tuple[str, ...]
    near: int  # how far apart the two words of a pair may stand
    features: Rows  # words as they are, letters behind a `#`
    rarity: Floats  # of each feature
    weights: Halves  # features, then the sense: one row each, one column a label
    bias: Floats


@dataclass(frozen=True, slots=True)
class _Part:
    """What one word adds to a text: to the score of every label by its word, by its letters and by its
    sense, and then its sense itself, in one array; and to the length of the first two, squared."""

    blocks: Floats
    word_length: float
    letters_length: float


class Likeness:
    """Reads texts with what was learnt. Holds nothing of any text: only the parts of words that the
    examples have are kept, worked out when they are first met."""

    def __init__(self, learnt: Learnt, speller: Speller, vectors: Vectors = NO_VECTORS) -> None:
        self.labels = learnt.labels
        self.learnt = learnt
        self.speller = speller
        self._vectors = vectors
        self._sense = learnt.weights[len(learnt.features) :].astype(np.float32)
        self._unknown = float(learnt.rarity.max(initial=1.0)) * UNKNOWN
        self._parts: dict[str, _Part] = {}

    def of(self, words: Sequence[str]) -> Floats:
        """The probability of each label, for words as they were typed (folded)."""
        return self.of_each([words])[0]

    def of_each(self, texts: Iterable[Sequence[str]]) -> list[Floats]:
        """The same for several texts that share words, as a message and its clauses do."""
        met: dict[str, _Part] = {}  # parts of words that no example has: for this call alone
        out = []
        for words in texts:
            score = self._score(words, met)
            meant = self.speller.mend(words)
            if meant != tuple(words):
                score = (1 - MEANT) * score + MEANT * self._score(meant, met)
            score -= score.max(initial=0.0)
            np.exp(score, out=score)
            score /= score.sum() or 1.0
            out.append(score)
        return out

    def rarity(self, words: Iterable[str]) -> list[float]:
        """How much each word says: more the fewer examples have it."""
        rows = self.learnt.features.at(words).tolist()
        return [self._unknown if row < 0 else float(self.learnt.rarity[row]) for row in rows]

    def _score(self, words: Sequence[str], met: dict[str, _Part]) -> Floats:
        score = self.learnt.bias.copy()
        if not words or not len(self.learnt.features):
            return score
        parts = [self._part(word, met) for word in words]
        blocks = parts[0].blocks.copy()
        for part in parts[1:]:
            blocks += part.blocks
        labels = len(self.labels)
        said, letters, meaning = blocks[: 3 * labels].reshape(3, labels)
        rows, values = self._rows(_pairs(words, self.learnt.near))
        said += values @ self._weights(rows)
        length = sum(part.word_length for part in parts) + float(values @ values)
        if length:
            score += said / np.float32(length**0.5)
        length = sum(part.letters_length for part in parts)
        if length:
            score += letters / np.float32(length**0.5)
        sense = blocks[3 * labels :]
        length = float(sense @ sense)
        if length:
            score += meaning * np.float32(SENSE / length**0.5)
        return score

    def _part(self, word: str, met: dict[str, _Part]) -> _Part:
        part = self._parts.get(word) or met.get(word)
        if part is None:
            rows, values = self._rows((word,))
            letter_rows, letter_values = self._rows(_letter_features(word))
            weight = values[0] if len(rows) else np.float32(self._unknown)
            sense = self._vectors.of(word) * weight
            part = _Part(
                np.concatenate(
                    [
                        values @ self._weights(rows),
                        letter_values @ self._weights(letter_rows),
                        sense @ self._sense,
                        sense,
                    ]
                ),
                word_length=float(values @ values),
                letters_length=float(letter_values @ letter_values),
            )
            keep = word in self.speller.vocabulary and len(self._parts) < MOST_PARTS
            (self._parts if keep else met)[word] = part
        return part

    def _rows(self, features: Iterable[str]) -> tuple[NDArray[np.intp], Floats]:
        rows = self.learnt.features.find(features)
        return rows, self.learnt.rarity[rows]

    def _weights(self, rows: NDArray[np.intp]) -> Floats:
        return self.learnt.weights[rows].astype(np.float32)


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
        nothing = np.zeros((0, len(labels)), np.float16)
        return Learnt(labels, 1, Rows.of(()), none, nothing, np.zeros(len(labels), np.float32))
    number = {label: at for at, label in enumerate(labels)}
    texts = [words for words, _ in pairs]
    near = NEAR if len(texts) > MANY else 1
    spread: Counter[str] = Counter()
    for words in texts:
        spread.update({feature for block in _features(words, near) for feature in block})
    once = {f for f, n in spread.items() if n == 1}
    if len(texts) <= MANY:
        once = {f for f in once if f[0] == "#" and len(texts) > FEW}
    kept = [f for f in spread if f not in once]
    if len(kept) > MOST_FEATURES:
        kept = [f for f, _ in spread.most_common(MOST_FEATURES)]
    features = Rows.of(kept)
    at = features.at(kept)
    row = dict(zip(kept, at.tolist(), strict=True))
    held = np.bincount(at, [spread[feature] for feature in kept], len(features))
    rarity = (np.log((len(texts) + 1) / (held + 1)) + 1).astype(np.float32)
    target = np.array([number[label] for _, label in pairs])
    sparse, sense = _matrix(texts, near, row, rarity, vectors)
    weights, bias = _descend(sparse, sense, target, len(labels), ridge / len(texts))
    return Learnt(labels, near, features, rarity, weights.astype(np.float16), bias)


def _features(words: Sequence[str], near: int) -> tuple[list[str], list[str]]:
    """The features of the two sparse blocks of a text: its words and pairs, its letters."""
    letters = [letters for word in words for letters in _letter_features(word)]
    return [*words, *_pairs(words, near)], letters


def _pairs(words: Sequence[str], near: int) -> Iterator[str]:
    """Two words, and as many spaces between them as they stand apart."""
    for apart in range(1, near + 1):
        space = " " * apart
        for first, second in zip(words, words[apart:], strict=False):
            yield first + space + second


def _letter_features(word: str) -> list[str]:
    """Letters in a row, the word's ends among them. Each begins with a `#`, which no word has."""
    padded = f"#{word}#"
    return [
        f"#{padded[at : at + length]}"
        for length in LETTERS
        for at in range(len(padded) - length + 1)
    ]


def _matrix(
    texts: Sequence[Sequence[str]],
    near: int,
    row: Mapping[str, int],
    rarity: Floats,
    vectors: Vectors,
) -> tuple[Any, Floats]:
    """The examples as a sparse matrix of words and letters, and a dense one of their sense. Every
    block of a text has the length 1 (the sense SENSE), one feature twice counting as two."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - only learning needs it

    columns: list[int] = []
    values: list[Floats] = []
    ends = [0]
    for words in texts:
        for features in _features(words, near):
            rows = [at for feature in features if (at := row.get(feature)) is not None]
            block = rarity[rows]
            columns += rows
            values.append(block / np.float32(max(float(np.sqrt(block @ block)), 1e-9)))
        ends.append(len(columns))
    sparse = csr_matrix(
        (np.concatenate(values), np.array(columns, np.int32), np.array(ends, np.int64)),
        shape=(len(texts), len(rarity)),
    )
    sparse.sum_duplicates()
    unknown = float(rarity.max(initial=1.0)) * UNKNOWN
    known: dict[str, Floats] = {}
    sense = np.zeros((len(texts), vectors.size), np.float32)
    for number, words in enumerate(texts):
        for word in words:
            if word not in known:
                at = row.get(word)
                weight = unknown if at is None else float(rarity[at])
                known[word] = vectors.of(word) * np.float32(weight)
            sense[number] += known[word]
    length = np.linalg.norm(sense, axis=1, keepdims=True)
    return sparse, sense * np.float32(SENSE) / np.maximum(length, 1e-9)


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
    for _ in range(FEW_STEPS if count <= FEW else STEPS if count <= MANY else MANY_STEPS):
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
