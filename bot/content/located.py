"""YAML as located text: nodes that know where they stand, every scalar a string.

Plain `safe_load` turns `no` into False, `12:30` into 750, `call us #2` into `call us`, and keeps
the last of two equal keys without a word. Here nothing is converted, repeated keys and aliases
are refused, and each node keeps its line and column.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot.content.problems import Mark, Problem

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - wheels without libyaml: slower, the same nodes
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


MOST_DEEP = 20  # a flow's deepest word is nine levels down


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as it stands in the file. `block` is true for `|` and `>` texts."""

    text: str
    at: Mark
    block: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    at: Mark


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping: the values and, for messages about a key, where the keys stand."""

    values: Mapping[str, "Node"]
    keys: Mapping[str, Mark]
    at: Mark


Node = Scalar | Sequence | Table


def read(text: str, file: str, problems: list[Problem]) -> Node | None:
    """The root node of a file; nothing where it is empty or can't be read."""
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                at = _mark(file, event.start_mark)
                problems.append(
                    Problem(
                        at,
                        "C001",
                        "`*` starts an alias here, which we don't use.",
                        "Put quotes around the text.",
                    )
                )
                return None
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        problems.append(_cannot_read(error, file))
        return None
    except RecursionError:
        problems.append(Problem(Mark(file), "C001", "This file is nested too deeply to read."))
        return None
    return None if root is None else _node(root, file, problems, 0)


def _node(node: yaml.Node, file: str, problems: list[Problem], depth: int) -> Node:
    at = _mark(file, node.start_mark)
    if depth > MOST_DEEP:
        problems.append(Problem(at, "C001", "This is nested too deeply to be ours."))
        return Scalar("", at)
    if isinstance(node, yaml.ScalarNode):
        return Scalar(str(node.value), at, node.style in {"|", ">"})
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_node(item, file, problems, depth + 1) for item in node.value), at)
    values: dict[str, Node] = {}
    keys: dict[str, Mark] = {}
    for key, value in _pairs(node):
        key_at = _mark(file, key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            problems.append(Problem(key_at, "C005", "A key must be plain text."))
            continue
        name = str(key.value)
        if name in values:
            first = keys[name].line
            problems.append(
                Problem(
                    key_at,
                    "C002",
                    f"`{name}` stands here twice (first in line {first}).",
                    "Keep one of them: YAML itself would silently drop the first.",
                )
            )
            continue
        values[name] = _node(value, file, problems, depth + 1)
        keys[name] = key_at
    return Table(values, keys, at)


def _pairs(node: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    yield from node.value


def _mark(file: str, mark: Any) -> Mark:
    """Libyaml and PyYAML have a mark class each, alike in all but their name."""
    return Mark(file, mark.line + 1, mark.column + 1) if mark else Mark(file)


def _cannot_read(error: yaml.YAMLError, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    hint = "Often a missing quote, a tab, or a colon inside a text: put quotes around the text."
    if "mapping values" in what:
        hint = "There is a colon inside a text. Put quotes around the whole text."
    elif "\\t" in what or "tab" in what:
        hint = "There is a tab. Use spaces."
    return Problem(_mark(file, mark), "C001", f"This line can't be read: {what}.", hint)
