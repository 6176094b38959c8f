"""What a benchmark found, as a table in README.md, with a picture where it has one.

Ratios are what to read: two things measured in the same round share whatever else the machine was
doing then, so a ratio is taken within each round and its median is shown.
"""

import os
import platform
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

README = Path(__file__).parent / "README.md"


@dataclass(frozen=True)
class Picture:
    """`words` stand for it where it is not seen."""

    words: str
    svg: str


@dataclass(frozen=True)
class Table:
    """`name` is the mark in README.md that the table stands under, and its picture's file."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    picture: Picture | None = None

    def markdown(self) -> str:
        lines = [f"### {self.title}", ""]
        lines.append("| " + " | ".join(self.columns) + " |")
        lines.append("|---|" + "---:|" * (len(self.columns) - 1))
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        for note in self.notes:
            lines += ["", note]
        if self.picture:
            lines += ["", f"![{self.picture.words}]({self.name}.svg)"]
        return "\n".join(lines)


def installed(module: str) -> bool:
    """Whether a peer can be measured."""
    return find_spec(module) is not None


def missing(name: str, columns: int) -> list[str]:
    """The row of a peer that can't be measured."""
    return [name, "not installed: pip install --group bench", *[""] * (columns - 2)]


def interleaved(rounds: int, measures: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Each measure once a round, in turns, the other way around every second round: what the
    machine does besides then falls on all of them alike."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds):
        for name in list(measures) if number % 2 == 0 else reversed(measures):
            found[name].append(measures[name]())
    return found


def figure(values: Iterable[float], digits: int = 3) -> str:
    """The median and the spread: `1,930 (1,850–2,010)`."""
    ordered = sorted(values)
    low, middle, high = (_number(v, digits) for v in (ordered[0], median(ordered), ordered[-1]))
    return f"{middle} ({low}–{high})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """How many times theirs ours is: the median of the rounds' ratios, and their spread."""
    return figure((a / b for a, b in zip(ours, theirs, strict=True)), 2) + " ×"


def _number(value: float, digits: int) -> str:
    if not value:
        return "0"
    before = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return f"{round(value, digits - before):,.{max(0, digits - before)}f}"


def machine() -> str:
    """What was measured on, in words that name no machine."""
    cores = os.cpu_count()
    system, python = platform.system(), platform.python_version()
    processor = f"{platform.machine()}, {cores} core{'' if cores == 1 else 's'}"
    day = time.strftime("%Y-%m-%d", time.gmtime())
    return f"{day} · {system} on {processor} · Python {python}"


def write(table: Table, readme: Path = README) -> None:
    """Put a table between its marks; where there are none yet, at the end. Its picture goes beside
    the page."""
    begin, end = f"<!-- {table.name} -->", f"<!-- /{table.name} -->"
    text = readme.read_text(encoding="utf-8")
    block = f"{begin}\n{table.markdown()}\n\n{machine()}\n{end}"
    marked = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if marked.search(text):
        text = marked.sub(lambda _: block, text)
    else:
        text = f"{text.rstrip()}\n\n{block}\n"
    readme.write_text(text, encoding="utf-8")
    if table.picture:
        readme.with_name(f"{table.name}.svg").write_text(table.picture.svg, encoding="utf-8")
