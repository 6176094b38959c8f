"""What the benchmarks speak from: the shipped content, and messages as people type them."""

import functools
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.content.load import load
from bot.engine.content import Content
from bot.engine.model import Conversation
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
LEARNT = Settings.read().learnt_dir  # learnt from phrases once, as by every command
AT = 1_795_000_000.0  # seconds since 1970 of every turn: figures don't change with the date
NEWCOMER = Conversation(language="en", setting="prison")


@functools.cache
def content() -> Content:
    return load(ROOT, LEARNT).content


def loop(steps: int) -> Content:
    """A flow of small steps in a ring, two choices each, and nothing else."""
    lines = ["title: Loop", "settings: [all]", "first: s0", "steps:"]
    for number in range(steps):
        on, over = (number + 1) % steps, (number + 2) % steps
        lines += [
            f"  s{number}:",
            f"    ask: This is step {number}. Where to?",
            "    choices:",
            f"      on: {{label: Go on to {on}, go: s{on}}}",
            f"      over: {{label: Leap to {over}, go: s{over}}}",
        ]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "flows").mkdir()
        (Path(folder) / "flows" / "loop.yaml").write_text("\n".join(lines), encoding="utf-8")
        return load(Path(folder)).content


@functools.cache
def messages() -> tuple[str, ...]:
    lines = (Path(__file__).parent / "messages.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def typed(seed: int = 0) -> Iterator[str]:
    """Messages without end. After the first time through, each has a slip of the finger, so that
    nobody is timed at remembering what was asked before."""
    chance = random.Random(seed)
    yield from messages()
    while True:
        for message in messages():
            at = chance.randrange(max(1, len(message) - 1))
            yield message[:at] + message[at : at + 2][::-1] + message[at + 2 :]
