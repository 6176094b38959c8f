"""Every check there is: `check(folder)` loads the content and judges it as a whole."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.content import check_flows, check_knowledge, check_safety, check_words
from bot.content.load import Loaded, load
from bot.content.problems import Problem


def check(folder: Path, today: date, cache: Path | None = None) -> list[Problem]:
    """Every problem of a content folder, in the order of its files."""
    return problems_of(load(folder, cache), today)


def problems_of(loaded: Loaded, today: date) -> list[Problem]:
    """Every problem of what was loaded. `today` decides what is out of date."""
    return sorted({*loaded.problems, *_judge(loaded, today)})


def _judge(loaded: Loaded, today: date) -> Iterator[Problem]:
    yield from check_flows.check(loaded, today)
    yield from check_knowledge.check(loaded, today)
    yield from check_words.check(loaded)
    yield from check_safety.check(loaded)
