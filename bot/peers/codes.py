"""Claim codes: three plain words by which somebody without an account finds their request again.

Rule 1  A code is drawn from 2,000 words, three times: about 8,000,000,000 codes. It names nobody.
Rule 2  It is never kept. What is kept is its HMAC, made with the installation's secret, so that a
        copy of the database opens nothing.
Rule 3  Wrong tries are slowed: after the third, each wait is twice the last, up to an hour. Guessing
        one of 3,000 open requests would take some 2,600,000 tries.
Rule 4  Typed words are compared folded: capitals, accents, commas and `and` between them don't count.
"""

import hashlib
import hmac
from collections.abc import Sequence

from bot.language.text import fold
from bot.peers.code_words import WORDS

WORDS_IN_A_CODE = 3
FREE_TRIES = 3
LONGEST_WAIT = 3600.0  # seconds
_BETWEEN = frozenset({"and", "y", "e"})


def code(numbers: Sequence[int], language: str) -> str:
    """The code that three random numbers stand for, in words of a language."""
    words = WORDS.get(language) or WORDS["en"]
    return " ".join(words[number % len(words)] for number in numbers[:WORDS_IN_A_CODE])


def plain(text: str) -> str:
    """What was typed, as it is compared; nothing where it can't be a code."""
    words = [word for word in fold(text).split() if word not in _BETWEEN]
    return " ".join(words) if len(words) == WORDS_IN_A_CODE else ""


def digest(secret: bytes, text: str) -> str:
    """What is kept of a code."""
    return hmac.new(secret, b"claim\0" + plain(text).encode(), hashlib.sha256).hexdigest()


def wait(wrong: int) -> float:
    """Seconds to wait after so many wrong tries in a row, before the next is looked at."""
    if wrong < FREE_TRIES:
        return 0.0
    return min(LONGEST_WAIT, 15.0 * 2.0 ** min(wrong - FREE_TRIES, 20))
