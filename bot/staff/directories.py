"""Resource directories, as staff bring them in: a progress bar, and an account they can check."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import track

from bot.content.directory.shelf import Record
from bot.content.directory.tables import Row, read_tables
from bot.content.directory.taking import Account, Order, Ours, take
from bot.content.knowledge import Knowledge
from bot.content.problems import Mark, did_you_mean
from bot.engine.finder import NATIONAL, STATE
from bot.language.text import fold

REPORT = ("table", "file", "line", "id", "outcome", "detail")


def checked(asked: Order, known: Knowledge) -> Order:
    """What was asked for, its name made plain. Raises ValueError where it can't be."""
    areas = [*known.areas, STATE, NATIONAL]
    if asked.area and asked.area not in areas:
        hint = did_you_mean(asked.area, areas)
        raise ValueError(f"there is no area called `{asked.area}`. {hint}".strip())
    if asked.source_date:
        date.fromisoformat(asked.source_date)
    name = "-".join(fold(asked.name).split())
    if not (name and name.isascii()):
        raise ValueError("give the directory a `--name` of plain letters.")
    return replace(asked, name=name)


def take_in(path: Path, wanted: Order, known: Knowledge) -> Account:
    """Read a directory and sort its services into what we know."""
    before = {record.id: record for record, _ in known.directories.get(wanted.name, [])}
    ours = Ours(known.signs, known.areas, frozenset(known.resources), before)
    return take(read_tables(path), wanted, ours, _tracked)


def _tracked(rows: Sequence[Row]) -> Iterable[Row]:
    console = Console(stderr=True)
    return track(rows, "services", console=console, transient=True, disable=not console.is_terminal)


def said(account: Account, before: Sequence[tuple[Record, Mark]]) -> Iterator[str]:
    """The account in a page: services, other rows, what a reader should know."""
    counts = account.lines()
    totals: Counter[str] = Counter()
    for table, _, count in counts:
        totals[table] += count
    table = ""
    for of, outcome, count in counts:
        if of != table:
            table = of
            yield f"{totals[of]:,} × {of.replace('_', ' ')}"
        yield f"  {count:6,}  {outcome}"
    if account.remarks:
        yield "of those taken"
        for remark, count in account.remarks.most_common():
            yield f"  {count:6,}  {remark}"
    for file, why in account.tables.passed_over:
        yield f"passed over: {file} ({why})"
    old = {record.id: record for record, _ in before}
    new = {record.id: record for record in account.records}
    changed = sum(old[name] != new[name] for name in old.keys() & new.keys())
    yield (
        f"{len(new):,} resources: {len(new.keys() - old.keys()):,} new, {changed:,} changed, "
        f"{len(old.keys() - new.keys()):,} gone"
    )


def write_report(path: Path, account: Account) -> None:
    """What came of every row, one a line, tab-separated."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(REPORT)
        for row in account.rows():
            place = (row.table, row.file, row.line, row["id"])
            writer.writerow([*place, row.outcome, row.detail])
