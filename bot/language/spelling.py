"""What a misspelt word most likely was, among the words that examples are made of.

Rule 1: a word that is known stays as it is, and so does one too short to tell (`id`, `ss`).
Rule 2: a slip is a letter too many, too few, wrong, or two that changed places; one in a word of
        four to seven letters, two in a longer one. Letters that are neighbours on a keyboard or
        that sound alike cost less, a wrong first letter more.
Rule 3: of several that it may have been, the one that is common, and that follows the word before
        it in the examples, wins.
Rule 4: two words written as one are taken apart (`cantsleep`), one written as two is put together.
Rule 5: a real word that the examples do not know is left alone unless something known is very near:
        `real` says which words are real.

Candidates come from an index of what is left of each word when a letter or two is taken out, so
that a look-up costs the same among a thousand words and among a million. Of two that are as good, the
first in the alphabet is taken, so that every process mends alike.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, combinations, pairwise
from math import log

from rapidfuzz.distance import OSA, Levenshtein

from bot.language.rows import Holders, Rows

SHORTEST = 4  # letters of a word that is mended
TWO_SLIPS = 8  # letters from which two slips are forgiven
PREFIX = 7  # letters of a word that are indexed: slips further on are found by what precedes them
LONGEST = 24
FOLLOWS = 1.0  # what it is worth that a word follows the one before it in the examples
COMMON = 0.25  # and what it is worth, for each factor of e, that it is common there
REAL = 0.1  # how near a known word must be to stand for a real one

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUNDS = ("aeiouy", "sz", "ckq", "bv", "gj", "mn", "dt", "ly", "fv", "hj")


def _neighbours() -> frozenset[tuple[str, str]]:
    at = {key: (x + y * 0.5, y) for y, row in enumerate(_KEYS) for x, key in enumerate(row)}
    near = {
        (a, b)
        for a, (x, y) in at.items()
        for b, (v, w) in at.items()
        if a != b and abs(x - v) <= 1.0 and abs(y - w) <= 1
    }
    alike = {(a, b) for group in _SOUNDS for a in group for b in group if a != b}
    return frozenset(near | alike)


_LIKELY = _neighbours()


class Speller:
    """Knows the words of its examples. Built once; holds nothing of any message."""

    def __init__(
        self, texts: Iterable[Sequence[str]], real: Callable[[str], bool] = lambda _: False
    ) -> None:
        counts: Counter[str] = Counter()
        pairs: set[str] = set()
        for words in texts:
            counts.update(words)
            pairs.update(f"{one} {two}" for one, two in pairwise(words))
        self._counts = dict(counts)
        self._pairs = Rows.of(pairs)
        self._real = real
        self._words = sorted(
            word for word in counts if SHORTEST - 1 <= len(word) <= LONGEST and word.isalpha()
        )
        self._index = Holders(_leftovers(word[:PREFIX], _slips(word)) for word in self._words)

    @property
    def vocabulary(self) -> Collection[str]:
        """The words it knows."""
        return self._counts.keys()

    def mend(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words as they were most likely meant."""
        out: list[str] = []
        before = ""
        met: dict[tuple[str, str], tuple[str, ...]] = {}  # of this message alone
        for word in words:
            meant = met.get((word, before))
            if meant is None:
                meant = met[word, before] = self._mend(word, before)
            out.extend(meant)
            before = meant[-1]
        return self._join(out)

    def _mend(self, word: str, before: str) -> tuple[str, ...]:
        if word in self._counts or not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return (word,)
        real = self._real(word)
        best, cheapest = (word,), REAL if real else float("inf")
        near = self._near(word)
        follows = self._pairs.at(f"{before} {other}" for other in near) >= 0
        for other, known in zip(near, follows.tolist(), strict=True):
            cost = _cost(word, other) - COMMON * log(1 + self._counts[other]) - FOLLOWS * known
            if cost < cheapest:
                best, cheapest = (other,), cost
        if best == (word,) and not real:
            return self._parts(word) or best
        return best

    def _near(self, word: str) -> list[str]:
        most = _slips(word)
        held = self._index.of_each(_leftovers(word[:PREFIX], most))
        near = (self._words[number] for number in sorted(set(chain.from_iterable(held))))
        return [
            other
            for other in near
            if abs(len(other) - len(word)) <= most
            and OSA.distance(word, other, score_cutoff=most) <= most
        ]

    def _parts(self, word: str) -> tuple[str, ...]:
        """`cantsleep` is two known words, the shorter of two letters or more."""
        best: tuple[str, ...] = ()
        most = 0
        for at in range(2, len(word) - 1):
            head, tail = word[:at], word[at:]
            if head in self._counts and tail in self._counts:
                worth = min(self._counts[head], self._counts[tail])
                worth += 50 * len(self._pairs.find([f"{head} {tail}"]))
                if worth > most and min(len(head), len(tail)) + worth > 4:
                    best, most = (head, tail), worth
        return best

    def _join(self, words: Sequence[str]) -> tuple[str, ...]:
        """`pa role` is one known word, where either half is not."""
        out: list[str] = []
        for word in words:
            if (
                out
                and (joined := out[-1] + word) in self._counts
                and len(joined) >= SHORTEST + 1
                and (word not in self._counts or out[-1] not in self._counts)
            ):
                out[-1] = joined
            else:
                out.append(word)
        return tuple(out)


def _slips(word: str) -> int:
    return 2 if len(word) >= TWO_SLIPS else 1


def _leftovers(word: str, most: int) -> Iterator[str]:
    """A word with up to `most` letters taken out, each once."""
    yield word
    seen = {word}
    for count in range(1, most + 1):
        for kept in combinations(range(len(word)), len(word) - count):
            left = "".join(word[at] for at in kept)
            if left not in seen:
                seen.add(left)
                yield left


def _cost(typed: str, meant: str) -> float:
    """What the slips between two words cost: about 1 each, less where they are likely."""
    first = 0.0 if typed[0] == meant[0] else 0.7
    if len(typed) == len(meant) and sorted(typed) == sorted(meant):
        return first + 0.6  # two letters changed places
    cost = first
    for op in Levenshtein.editops(typed, meant):
        if op.tag == "replace":
            cost += 0.6 if (typed[op.src_pos], meant[op.dest_pos]) in _LIKELY else 1.0
            continue
        word, at = (typed, op.src_pos) if op.tag == "delete" else (meant, op.dest_pos)
        doubled = word[at] in (word[at - 1 : at], word[at + 1 : at + 2])
        cost += 0.5 if doubled else 0.7 if word[at] in "aeiouh" else 0.9
    return cost
