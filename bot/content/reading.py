"""Small verbs to take a located node apart. Each says in a plain sentence what is wrong, and
returns something harmless, so that reading goes on and finds the next problem too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.content.located import Node, Scalar, Sequence, Table
from bot.content.problems import Mark, Problem, did_you_mean
from bot.engine.model import EVERYWHERE, INSIDE, OUTSIDE, SETTINGS, Line, Text

GROUPS: Mapping[str, frozenset[str]] = {
    "all": EVERYWHERE,
    "inside": INSIDE,
    "outside": OUTSIDE,
    **{setting: frozenset({setting}) for setting in SETTINGS},
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text stands, for translators and for problems about its words."""

    text: Text
    at: Mark
    kind: str  # say, ask, label, title, word, resource
    settings: frozenset[str] = EVERYWHERE
    crisis: bool = False


@dataclass(slots=True)
class Reader:
    """Reads one file: collects its problems and its texts."""

    problems: list[Problem]
    sources: dict[str, Source] = field(default_factory=dict)

    def problem(self, at: Mark, code: str, message: str, hint: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(at, code, message, hint))

    def table(
        self, node: Node | None, what: str, known: Iterable[str], needed: Iterable[str] = ()
    ) -> Table:
        """A mapping with known keys. An empty known list allows any."""
        if not isinstance(node, Table):
            if node is not None:
                self.problem(node.at, "C005", f"{what} is a list of `key: value` lines here.")
            return Table({}, {}, node.at if node is not None else Mark("?"))
        names = list(known)
        for key in node.values:
            if names and key not in names:
                hint = did_you_mean(key, names) or f"It can have: {', '.join(names)}."
                self.problem(node.keys[key], "C003", f"{what} has no `{key}`.", hint)
        for key in needed:
            if key not in node.values:
                self.problem(node.at, "C004", f"{what} needs `{key}:`.")
        return node

    def string(self, node: Node | None, what: str) -> str:
        """One text, trimmed."""
        if isinstance(node, Scalar):
            return node.text.strip()
        if node is not None:
            self.problem(node.at, "C005", f"{what} is one text, not a list.")
        return ""

    def strings(self, node: Node | None, what: str) -> list[tuple[str, Mark]]:
        """Texts: a list, one text, or a block with one a line. Each with its place."""
        if node is None:
            return []
        if isinstance(node, Scalar):
            if not node.block:
                return [(node.text.strip(), node.at)] if node.text.strip() else []
            return [
                (line.strip(), Mark(node.at.file, node.at.line + 1 + number, 1))
                for number, line in enumerate(node.text.splitlines())
                if line.strip() and not line.lstrip().startswith("# ")
            ]
        if isinstance(node, Sequence):
            return [
                (self.string(item, what), item.at) for item in node.items if self._is_text(item)
            ]
        self.problem(node.at, "C005", f"{what} is a list of texts here.")
        return []

    def _is_text(self, node: Node) -> bool:
        if not isinstance(node, Scalar):
            self.problem(node.at, "C005", "Only plain texts stand in this list.")
            return False
        return bool(node.text.strip())

    def whole(self, node: Node | None, what: str, low: int, high: int, default: int) -> int:
        """A whole number between two others."""
        text = self.string(node, what)
        if node is None:
            return default
        if not text.isdecimal() or not low <= int(text) <= high:
            self.problem(node.at, "C008", f"{what} is a whole number from {low} to {high}.")
            return default
        return int(text)

    def degrees(self, node: Node | None, what: str, most: float) -> float | None:
        """A latitude (at most 90) or longitude (at most 180)."""
        if node is None:
            return None
        try:
            value = float(self.string(node, what))
        except ValueError:
            value = most + 1
        if not -most <= value <= most:
            self.problem(node.at, "C008", f"{what} is in degrees, from -{most:g} to {most:g}.")
            return None
        return value

    def one_of(self, node: Node | None, what: str, known: Iterable[str], default: str) -> str:
        """One of a few words."""
        text = self.string(node, what)
        names = list(known)
        if node is None:
            return default
        if text not in names:
            hint = did_you_mean(text, names) or f"It can be: {', '.join(names)}."
            self.problem(node.at, "C006", f"`{text}` is not something {what} can be.", hint)
            return default
        return text

    def day(self, node: Node | None, what: str) -> date | None:
        """A date, as 2026-11-22."""
        text = self.string(node, what)
        if node is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.problem(node.at, "C007", f"{what} is a date like 2026-11-22.")
            return None

    def settings(self, node: Node | None, what: str) -> frozenset[str]:
        """Who something is for: settings or the groups inside, outside, all."""
        if node is None:
            return EVERYWHERE
        found: set[str] = set()
        for name, at in self.strings(node, what):
            if name in GROUPS:
                found |= GROUPS[name]
            else:
                hint = did_you_mean(name, GROUPS) or f"It can be: {', '.join(GROUPS)}."
                self.problem(at, "C006", f"`{name}` is not a setting.", hint)
        return frozenset(found) or EVERYWHERE

    def text(
        self,
        node: Node | None,
        text_id: str,
        kind: str,
        settings: frozenset[str] = EVERYWHERE,
        *,
        crisis: bool = False,
    ) -> Text:
        """Words that are said, and so translated."""
        text = Text(text_id, flow_lines(self.string(node, f"`{text_id.rpartition('.')[2]}`")))
        if node is not None and text.source:
            self.sources[text_id] = Source(text, node.at, kind, settings, crisis)
        return text

    def lines(
        self,
        node: Node | None,
        text_id: str,
        kind: str,
        settings: frozenset[str],
        *,
        crisis: bool = False,
    ) -> tuple[Line, ...]:
        """Words, the same for all or by setting: `say: {inside: …, outside: …}`."""
        if node is None:
            return ()
        if not isinstance(node, Table):
            text = self.text(node, text_id, kind, settings, crisis=crisis)
            return (Line(text, settings),) if text.source else ()
        out = []
        for name, value in self.table(node, f"`{kind}`", GROUPS).values.items():
            if name not in GROUPS:
                continue
            for_whom = GROUPS[name] & settings
            text = self.text(value, f"{text_id}.{name}", kind, for_whom, crisis=crisis)
            out.append(Line(text, for_whom))
        return tuple(out)


def flow_lines(text: str) -> str:
    """A text as it is said: paragraphs stay apart, lines inside one flow together, list items
    (`- `, `1. `) keep their own lines."""
    paragraphs: list[str] = []
    for paragraph in text.strip().split("\n\n"):
        out = ""
        for line in paragraph.splitlines():
            stripped = line.strip()
            head = stripped.partition(" ")[0]
            item = head in {"-", "•"} or (head.endswith(".") and head[:-1].isdecimal())
            if stripped:
                out += ("\n" if item and out else " " if out else "") + stripped
        if out:
            paragraphs.append(out)
    return "\n\n".join(paragraphs)
