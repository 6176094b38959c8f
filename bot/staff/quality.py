"""How well the guard and the matcher understand people: one message at a time (`classify`), and
over a table of labelled messages (`evaluate`)."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

from bot.engine.content import Content

MOST_TOPICS = 3
WORST = 10  # confusions shown


class TableProblem(Exception):
    """A phrase table that can't be read; the message says where."""


def classify(content: Content, text: str) -> dict[str, Any]:
    """What the guard and the matcher make of a message, as the command prints it."""
    alarm = content.guard.hear(text)
    ranked = content.matcher.rank(text, MOST_TOPICS)
    return {
        "text": text,
        "crisis": {
            "action": alarm.level if alarm else "allow",
            "category": alarm.category if alarm else None,
            "phrase": alarm.phrase if alarm else None,
        },
        "topics": [
            {"topic": match.topic, "score": match.score, "phrase": match.phrase} for match in ranked
        ],
        "sure": content.matcher.understand(text).sure is not None,
    }


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927). 0 to 1 where there is nothing to go by."""
    if not of:
        return 0.0, 1.0
    share = hits / of
    middle = share + z * z / (2 * of)
    spread = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled message: by topic, or by crisis category and what is expected of the guard."""

    text: str
    language: str
    topic: str = ""
    category: str = ""
    expected: str = ""


def read_table(path: Path) -> list[Row]:
    """A phrase table: `text, lang, topic` or `text, lang, category, tier, expected`.

    Raises TableProblem."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            columns = set(reader.fieldnames or ())
            if "text" not in columns or not columns & {"topic", "expected"}:
                raise TableProblem(
                    f"{path.name}:1: the columns are text, lang and topic, or text, lang, "
                    "category, tier and expected, with tabs between them."
                )
            return [
                Row(
                    text=row["text"],
                    language=row.get("lang") or "",
                    topic=row.get("topic") or "",
                    category=row.get("category") or "",
                    expected=row.get("expected") or "",
                )
                for row in reader
                if row["text"]
            ]
    except (OSError, UnicodeDecodeError) as error:
        raise TableProblem(f"{path.name} can't be read ({type(error).__name__}).") from None


def evaluate(content: Content, rows: Iterable[Row]) -> Iterator[str]:
    """The report on a table, line by line."""
    rows = list(rows)
    if any(row.topic for row in rows):
        yield from _topics(content, [row for row in rows if row.topic])
    if any(row.expected for row in rows):
        yield from _alarms(content, [row for row in rows if row.expected])


def _topics(content: Content, rows: list[Row]) -> Iterator[str]:
    first: Counter[str] = Counter()
    three: Counter[str] = Counter()
    total: Counter[str] = Counter()
    confused: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for row in rows:
        topics = [match.topic for match in content.matcher.rank(row.text, MOST_TOPICS)]
        total[row.topic] += 1
        three[row.topic] += row.topic in topics
        got = topics[0] if topics else "none"
        if got == row.topic:
            first[row.topic] += 1
        else:
            confused[row.topic, got] += 1
            examples.setdefault((row.topic, got), row.text)
    yield f"{'topic':<28}{'right first':<28}in the first three"
    for topic in sorted(total):
        yield f"{topic:<28}{_share(first[topic], total[topic]):<28}{_share(three[topic], total[topic])}"
    named = [topic for topic in total if topic != "none"]
    all_first, all_three = (sum(c[t] for t in named) for c in (first, three))
    count = sum(total[topic] for topic in named)
    yield f"{'all but none':<28}{_share(all_first, count):<28}{_share(all_three, count)}"
    if confused:
        yield ""
        yield "taken for something else most often, and a message to learn from:"
    for (topic, got), times in confused.most_common(WORST):
        yield f"  {times} × {topic} → {got}: “{examples[topic, got]}”"


def _alarms(content: Content, rows: list[Row]) -> Iterator[str]:
    got: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    missed: list[tuple[str, Row]] = []
    for row in rows:
        alarm = content.guard.hear(row.text)
        action: str = alarm.level if alarm else "allow"
        got[row.expected, row.category or "none"][action] += 1
        if action != row.expected:
            missed.append((action, row))
    for wanted, title in (
        ("escalate", "should show the crisis screen"),
        ("check_in", "should get a check-in or more"),
        ("allow", "should be left in peace"),
    ):
        mine = {category: counts for (e, category), counts in got.items() if e == wanted}
        if mine:
            yield from _alarm_table(wanted, title, mine)
            yield ""
    yield "the first that went otherwise:"
    for action, row in missed[:WORST]:
        yield f"  {row.expected} → {action}, {row.category}, {row.language}: “{row.text}”"


def _alarm_table(expected: str, title: str, counts: Mapping[str, Counter[str]]) -> Iterator[str]:
    columns = {
        "escalate": ("caught at all", "at once"),
        "check_in": ("caught", "shown the screen"),
        "allow": ("shown the screen", "interrupted at all"),
    }[expected]
    yield f"{title:<34}{columns[0]:<28}{columns[1]}"
    whole: Counter[str] = Counter()
    for category in sorted(counts):
        whole.update(counts[category])
        yield _alarm_row(expected, category, counts[category])
    yield _alarm_row(expected, "all", whole)


def _alarm_row(expected: str, name: str, counts: Counter[str]) -> str:
    total = sum(counts.values())
    caught = total - counts["allow"]
    pair = (counts["escalate"], caught) if expected == "allow" else (caught, counts["escalate"])
    return f"  {name:<32}{_share(pair[0], total):<28}{_share(pair[1], total)}"


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{100 * hits / of:5.1f} % [{100 * low:.0f}–{100 * high:.0f}] of {of}" if of else "-"
