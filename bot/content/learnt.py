"""What was learnt from phrases, kept in a file so that it is learnt once an edition.

The file is worth nothing by itself: its name is the digest of the examples, of the word vectors and
of how they are learnt, so a changed phrase or program leaves the old file unread. It is written beside
and moved into place, and one that can't be read is learnt again.
"""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from bot.content.kept import keep
from bot.content.vectors import word_vectors
from bot.language import likeness as l
from bot.language.likeness import Learnt, Likeness
from bot.language.rows import Rows
from bot.language.spelling import Speller
from bot.language.text import plain_words

KEPT = 4  # files of a kind; older ones are deleted
FORM = 2  # of the file: 2 has digests where 1 had words
log = logging.getLogger("peerpath")

Examples = Sequence[tuple[str, str]]


def likeness_of(name: str, examples: Examples, cache: Path | None) -> Likeness:
    """The likeness learnt from (text, label) examples: from the cache, else now."""
    vectors = word_vectors()
    path = cache / f"{name}-{_digest(examples, vectors.size)}.npz" if cache else None
    found = _read(path) if path else None
    if found is None:
        learnt = l.learn(examples, vectors)
        if path:
            _write(path, learnt.learnt)
        return learnt
    speller = Speller((plain_words(text) for text, _ in examples), vectors.is_word)
    return Likeness(found, speller, vectors)


def _digest(examples: Examples, size: int) -> str:
    fit = (l.LETTERS, l.NEAR, l.SENSE, l.STEPS, l.FEW_STEPS, l.MANY_STEPS, l.RIDGE, l.FEW, l.MANY)
    how = (FORM, *fit, size, np.__version__)
    digest = hashlib.sha256(repr(how).encode())
    for text, label in examples:
        digest.update(f"{label}\0{text}\n".encode())
    return digest.hexdigest()[:16]


def _read(path: Path) -> Learnt | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return Learnt(
                labels=tuple(msgspec.json.decode(kept["labels"].tobytes(), type=list[str])),
                near=int(kept["near"]),
                features=Rows(kept["features"]),
                rarity=kept["rarity"],
                weights=kept["weights"],
                bias=kept["bias"],
            )
    except FileNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a cache, it is made anew
        log.warning("what was learnt can't be read (%s); it is learnt again", type(error).__name__)
        return None


def _write(path: Path, learnt: Learnt) -> None:
    def write(file: BinaryIO) -> None:
        np.savez(
            file,
            labels=np.frombuffer(msgspec.json.encode(learnt.labels), np.uint8),
            near=np.array(learnt.near),
            features=learnt.features.digests,
            rarity=learnt.rarity,
            weights=learnt.weights,
            bias=learnt.bias,
        )

    try:
        keep(path, write, KEPT)
    except OSError as error:
        log.warning("what was learnt can't be kept (%s)", error.strerror)
