"""What a word means, roughly, as a vector: words that stand in the same places have vectors that
point the same way. Where the table comes from is somebody else's business (bot/content/vectors.py).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


class Vectors:
    """A table of vectors for the pieces words are made of.

    `pieces` takes a word apart into rows of the table, `is_word` tells whether a word is a real one.
    A word's vector is the mean of its pieces'.
    """

    def __init__(
        self,
        table: NDArray[np.float32],
        pieces: Callable[[str], list[int]],
        is_word: Callable[[str], bool],
    ) -> None:
        self.size = int(table.shape[1])
        self.is_word = is_word
        self._table = table
        self._pieces = pieces
        self._none = np.zeros(self.size, np.float32)

    def of(self, word: str) -> NDArray[np.float32]:
        """The vector of a word; all zeros for one that has none."""
        rows = self._pieces(word)
        return self._table[rows].mean(axis=0, dtype=np.float32) if rows else self._none


NO_VECTORS = Vectors(np.zeros((0, 0), np.float32), lambda _: [], lambda _: False)
