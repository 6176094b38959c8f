"""Where strings stand in tables, without the strings.

A hundred thousand strings and a dict of them take some twenty megabytes; what is asked of them is only
which row of an array is theirs. So of each string four bytes are kept, its digest (CRC-32, which is the
same in every process), sorted, and many strings are looked up at once.

Two strings may have one digest. Of a hundred thousand, one or two share another's row; a string that
was never put in is taken for one that was about once in forty thousand times. So this is for what is
counted together with much else, or is looked at again when it was found. It is not for what must be
right by itself.
"""

from collections.abc import Iterable, Iterator
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Digests = NDArray[np.uint32]
Numbers = NDArray[np.int32]


def digests(strings: Iterable[str]) -> Digests:
    """The digest of each string."""
    return np.fromiter((crc32(s.encode("utf-8", "surrogatepass")) for s in strings), np.uint32)


class Rows:
    """The rows of a table that has one for each string. Their order is that of the digests."""

    __slots__ = ("digests",)

    def __init__(self, found: Digests) -> None:
        self.digests = np.unique(found)

    @classmethod
    def of(cls, strings: Iterable[str]) -> "Rows":
        """A row for each string."""
        return cls(digests(strings))

    def __len__(self) -> int:
        return len(self.digests)

    def at(self, strings: Iterable[str]) -> NDArray[np.intp]:
        """The row of each string; -1 where it has none."""
        wanted = digests(strings)
        if not len(self.digests):
            return np.full(len(wanted), -1)
        rows = self.digests.searchsorted(wanted)
        rows[self.digests.take(rows, mode="clip") != wanted] = -1
        return rows

    def find(self, strings: Iterable[str]) -> NDArray[np.intp]:
        """The rows of those strings that have one."""
        rows = self.at(strings)
        return rows[rows >= 0]


class Holders:
    """Who holds a string: numbers, in their order. Phrases hold words, words hold parts of them."""

    __slots__ = ("_numbers", "_rows", "_starts")

    def __init__(self, held: Iterable[Iterable[str]]) -> None:
        """What number 0 holds, what number 1 holds, and so on."""
        counts: list[int] = []

        def strings() -> Iterator[str]:
            for each in held:
                many = list(each)
                counts.append(len(many))
                yield from many

        found = digests(strings())
        numbers = np.repeat(np.arange(len(counts), dtype=np.int32), np.array(counts, np.intp))
        self._numbers: Numbers = numbers[found.argsort(kind="stable")]
        self._rows = Rows(found)
        found.sort()
        starts = found.searchsorted(self._rows.digests)
        self._starts: Numbers = np.append(starts, len(found)).astype(np.int32)

    def of_each(self, strings: Iterable[str], most: int | None = None) -> list[list[int]]:
        """The first holders of each string, or all of them."""
        out: list[list[int]] = []
        for row in self._rows.at(strings).tolist():
            start, end = (0, 0) if row < 0 else self._starts[row : row + 2].tolist()
            out.append(self._numbers[start:end][:most].tolist())
        return out
