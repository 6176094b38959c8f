"""A problem is a value: a code, a place in a file, a plain sentence and a hint.

Problems are collected, never raised: an author sees all of them at once. Every code has an
example in tests/problems/ that runs as a test, and a test fails where one is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]

# The codes, how bad each is, and what it is about. C: any file. F: flows. K: knowledge.
# W: words and translations. S: safety.
CODES: Mapping[str, tuple[Severity, str]] = {
    "C001": ("error", "the file can't be read as YAML"),
    "C002": ("error", "the same key twice"),
    "C003": ("error", "a key we don't know"),
    "C004": ("error", "a key is missing"),
    "C005": ("error", "the wrong shape"),
    "C006": ("error", "not one of the values it can have"),
    "C007": ("error", "a date that isn't one"),
    "C008": ("error", "a whole number was needed"),
    "F101": ("error", "no such step or flow"),
    "F102": ("warning", "a step that nothing leads to"),
    "F103": ("error", "a step with nothing after it"),
    "F104": ("error", "a loop without a person in it"),
    "F105": ("error", "two choices that the same words would pick"),
    "F106": ("error", "more than one thing after a step"),
    "F107": ("error", "a blank that nothing fills"),
    "F108": ("error", "an answer that is never saved"),
    "F109": ("error", "a move from or to the wrong place"),
    "F110": ("error", "an id that is too long or has the wrong letters"),
    "F111": ("error", "no choice left for somebody"),
    "F112": ("error", "choices without a question"),
    "F113": ("error", "a flow the program needs is missing"),
    "F114": ("warning", "not looked at for a year"),
    "F115": ("error", "a sheet that may be empty"),
    "K201": ("error", "no such topic"),
    "K202": ("error", "a phrase that belongs to two topics"),
    "K203": ("warning", "a topic with too few phrases"),
    "K204": ("error", "a resource without a source"),
    "K205": ("warning", "a fact not checked for a year"),
    "K206": ("error", "a number that can't be a phone number"),
    "K207": ("error", "an alarm phrase we can't read"),
    "K208": ("error", "an alarm phrase that never fires"),
    "K209": ("error", "no such resource"),
    "K210": ("error", "a number said to be dialled without a source"),
    "K211": ("warning", "a topic that nothing answers"),
    "K212": ("error", "no such area"),
    "K213": ("error", "a line of a directory that we can't use"),
    "K214": ("warning", "resources that nobody finds"),
    "W301": ("warning", "a translation is missing"),
    "W302": ("warning", "a translation is out of date"),
    "W303": ("error", "a translation whose blanks differ"),
    "W304": ("warning", "a translation of something that has gone"),
    "W305": ("error", "crisis words without a good translation"),
    "W306": ("error", "a translation file we can't read"),
    "S401": ("warning", "harder to read than sixth grade"),
    "S402": ("error", "too long for a screen"),
    "S403": ("error", "a number that may not be dialled from inside"),
    "S405": ("error", "crisis words changed since they were signed"),
    "S406": ("warning", "crisis words nobody has signed"),
    "S407": ("error", "a word we don't use"),
    "S408": ("error", "a danger without a crisis flow"),
    "S409": ("error", "a crisis flow that doesn't open with its screen"),
    "S410": ("warning", "a choice whose words ring the alarm"),
}


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a file, counted from 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something an author should know."""

    at: Mark
    code: str
    message: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """Whether it stops a publish."""
        return CODES[self.code][0]

    def __str__(self) -> str:
        place = f"{self.at.file}:{self.at.line}:{self.at.column}"
        hint = f" {self.hint}" if self.hint else ""
        return f"{place}: {self.severity} {self.code} {self.message}{hint}"


def did_you_mean(word: str, known: object) -> str:
    """A hint with the nearest thing there is, where something is near."""
    names = (
        [str(name) for name in known]
        if isinstance(known, (list, tuple, set, dict, frozenset))
        else []
    )
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    return f"Did you mean `{near[0]}`?" if near else ""
