"""Long words in pieces that a channel carries: at a blank line if possible, else at the end of a
line, of a sentence, of a word. Pure."""

from collections.abc import Callable, Iterator, Sequence

# Where to cut, best first: what must stand before the cut, and how much of it stays there.
_CUTS: Sequence[tuple[str, int]] = (
    ("\n\n", 0), ("\n", 0), (". ", 1), ("! ", 1), ("? ", 1), ("; ", 1), (", ", 1), (" ", 0),
)  # fmt: skip
_LEAST = 0.4  # of a piece: an earlier cut leaves too short a piece, and a worse one is taken


def utf16(words: str) -> int:
    """How long Telegram takes a text to be: in UTF-16 code units, so an emoji counts as two."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def pieces(words: str, most: int, length: Callable[[str], int] = len) -> Iterator[str]:
    """Pieces of at most `most` by `length`, none of them empty; what stood between two is only
    white space."""
    rest = words.strip()
    while rest:
        if length(rest) <= most:
            yield rest
            return
        end = _fitting(rest, most, length)
        cut = _cut(rest[: end + 1], end)
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()


def _fitting(words: str, most: int, length: Callable[[str], int]) -> int:
    """How many letters fit, at least one."""
    low, high = 1, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if length(words[:middle]) <= most:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(window: str, end: int) -> int:
    """Where to cut a window that has one letter more than fits."""
    for mark, kept in _CUTS:
        at = window.rfind(mark)
        if at >= end * _LEAST and at + kept <= end:
            return at + kept
    return end
