"""Files that are worth nothing by themselves: what made them can make them again."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def keep(path: Path, write: Callable[[BinaryIO], object], most: int, mode: int = 0o666) -> None:
    """Write a file beside its place and move it there, so that nobody reads half of one; then drop
    the oldest of its kind (the name up to its last `-`) beyond `most`. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        write(file)
    beside.replace(path)
    kind = path.stem.rpartition("-")[0]
    kept = sorted(path.parent.glob(f"{kind}-*{path.suffix}"), key=lambda old: old.stat().st_mtime)
    for old in kept[:-most]:
        old.unlink(missing_ok=True)
