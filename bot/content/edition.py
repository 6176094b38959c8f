"""Content made ready to speak, kept in a file so that a start need not make it again.

To make it takes seconds: thousands of files' lines are read and judged, phrases woven together, words
indexed. The file is worth nothing by itself. Its name is the digest of all that goes into it, the
content and the program that reads it, so whatever changes leaves the old file unread. One that
can't be read is made again.

It is a pickle, which can run code when it is read. So it is believed only where the data folder is:
who can write there can put the program's secret there too.
"""

import gc
import hashlib
import io
import logging
import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.content.kept import keep
from bot.content.vectors import word_vectors
from bot.engine.content import Content

KEPT = 3  # files; older ones are deleted
PROGRAM = Path(__file__).resolve().parent.parent
log = logging.getLogger("peerpath")


@dataclass(frozen=True, slots=True)
class Edition:
    """Content, and how many errors were found in its files."""

    content: Content
    errors: int


def edition(folder: Path, cache: Path | None) -> Edition:
    """The content of a folder: from `cache`, else made now and kept there."""
    path = cache / f"edition-{_digest(folder)}.pickle" if cache else None
    found = _read(path) if path else None
    if found is None:
        from bot.content.load import load  # noqa: PLC0415 - what is kept needs none of it

        loaded = load(folder, cache)
        errors = sum(problem.severity == "error" for problem in loaded.problems)
        found = Edition(loaded.content, errors)
        if path:
            _write(path, found)
    return found


def _digest(folder: Path) -> str:
    digest = hashlib.sha256(f"{sys.version}\0{np.__version__}\0{_program()}".encode())
    for path in _files(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        try:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError:
            digest.update(b"?")
    return digest.hexdigest()[:20]


def _files(folder: Path) -> Iterator[Path]:
    for room in ("flows", "knowledge"):
        yield from sorted(path for path in (folder / room).rglob("*") if path.is_file())


@cache
def _program() -> str:
    digest = hashlib.sha256()
    for room in ("engine", "language", "content"):
        for path in sorted((PROGRAM / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


# The word vectors are in a package of their own, and stay there.
_OUTSIDE: dict[str, Callable[[], Any]] = {
    "vectors": word_vectors,
    "is_word": lambda: word_vectors().is_word,
}


class _Writer(pickle.Pickler):
    def persistent_id(self, value: Any) -> str | None:
        return next((name for name, get in _OUTSIDE.items() if value is get()), None)


class _Reader(pickle.Unpickler):
    def persistent_load(self, name: str) -> Any:
        return _OUTSIDE[name]()


def _read(path: Path) -> Edition | None:
    gc.disable()  # nothing of it is rubbish, and it is half a million things to look through
    try:
        with path.open("rb") as file:
            found = _Reader(file).load()
    except FileNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a cache, it is made anew
        log.warning("a kept edition can't be read (%s); it is made again", type(error).__name__)
        return None
    finally:
        gc.enable()
    return found if isinstance(found, Edition) else None


def _write(path: Path, made: Edition) -> None:
    try:
        kept = io.BytesIO()
        _Writer(kept, pickle.HIGHEST_PROTOCOL).dump(made)
        keep(path, lambda file: file.write(kept.getbuffer()), KEPT, mode=0o600)
    except (OSError, pickle.PicklingError, TypeError, AttributeError) as error:
        log.warning("the edition can't be kept (%s)", type(error).__name__)
