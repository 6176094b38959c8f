"""A reply as Telegram messages. Pure: words in, words, bold marks and buttons out.

Bold is sent as entities, which are counted in UTF-16 units, and not as Markdown: words with an odd
star or bracket in them are then never refused.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.channels.phrases import phrase
from bot.channels.splitting import pieces, utf16
from bot.engine import plain
from bot.engine.house import say
from bot.engine.model import Option, Pace, Reply

LONGEST = 4096  # UTF-16 units of one message
LONGEST_DATA = 64  # bytes that a button carries
A_ROW = 6  # numbers of a scale side by side
SHORTENED = "#"  # begins what a button carries instead of an id that is too long
LOUD = "🔴 "


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its words, what is bold (offset and length in UTF-16 units), and buttons by row,
    each a label and what it carries."""

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()
    pace: Pace | None = None  # this message breathes


def messages(reply: Reply, more: Iterable[str] = ()) -> list[Message]:
    """All that a reply says, in as few messages as it takes; the buttons under the last. `more` is
    what the channel adds, before the question."""
    before: list[str] = []
    if reply.change:
        before.append(say("change", reply.language, before=reply.change.before, after=reply.change.after))  # fmt: skip
    before += reply.says
    if reply.urgent and before:
        before[0] = LOUD + before[0]
    after = ["\n".join(_card(lines)) for lines in map(plain.card_lines, reply.resources)]
    if reply.sheet:
        after.append("\n".join(plain.sheet_lines(reply.sheet, reply.language)))
    after += [*more, *reply.asks]
    out: list[Message] = []
    if reply.pace:
        out += _cut(before)
        out.append(Message("\n".join(plain.counted(reply.pace, reply.language)), pace=reply.pace))
        out += _cut(after)
    else:
        out += _cut([*before, *after])
    if reply.options:
        if not out or out[-1].pace:
            out.append(Message(say("what-now", reply.language)))
        last = out.pop()
        out.append(Message(last.text, last.bold, _rows(reply)))
    return out


def _card(lines: Iterable[str]) -> Iterator[str]:
    name, *rest = lines
    yield f"*{name.strip('[]')}*"
    yield from (line.replace("*", "") for line in rest)


def _cut(bubbles: Iterable[str]) -> Iterator[Message]:
    # Bold takes no room of its own, so what fits with its stars fits without them.
    for piece in pieces("\n\n".join(bubbles), LONGEST, utf16):
        yield starred(piece)


def starred(words: str) -> Message:
    """Words whose `*stars*` make bold, without the stars. An odd star is left out."""
    text, bold = "", []
    for line in words.splitlines(keepends=True):
        parts = line.split("*")
        for number, part in enumerate(parts):
            if number % 2 and number < len(parts) - 1 and part.strip():
                bold.append((utf16(text), utf16(part)))
            text += part
    return Message(text, tuple(bold))


def _rows(reply: Reply) -> tuple[tuple[tuple[str, str], ...], ...]:
    if reply.scale:
        buttons = [(option.label, carried(option)) for option in reply.options]
        count = -(-len(buttons) // A_ROW)  # rows, as even as can be
        wide = -(-len(buttons) // count)
        return tuple(tuple(buttons[n : n + wide]) for n in range(0, len(buttons), wide))
    # Numbered, because a typed number works as well.
    return tuple(
        ((f"{number}. {option.label}", carried(option)),)
        for number, option in enumerate(reply.options, 1)
    )


def carried(option: Option) -> str:
    """What a button carries: the option's id, or a digest of one that is too long."""
    if len(option.id.encode()) <= LONGEST_DATA and not option.id.startswith(SHORTENED):
        return option.id
    return SHORTENED + hashlib.sha256(option.id.encode()).hexdigest()[:32]


def option_of(data: str, offered: Iterable[str]) -> str:
    """The option's id that a button carried; a digest is looked up in what was offered."""
    if not data.startswith(SHORTENED):
        return data
    return next((name for name in offered if carried(Option(name, "")) == data), "/menu")


def breaths(pace: Pace, language: str) -> Iterator[tuple[str, int]]:
    """What a breathing message shows, one after the other, and for how many seconds."""
    phases = (
        ("pace-in", pace.breathe_in, "▁▃▅▇"),
        ("pace-hold", pace.hold, "▇▇▇▇"),
        ("pace-out", pace.breathe_out, "▇▅▃▁"),
    )
    for number in range(1, pace.rounds + 1):
        head = phrase("round", language, round=number, rounds=pace.rounds)
        for key, seconds, picture in phases:
            if seconds:
                yield f"{head}\n\n{say(key, language)} {picture} {seconds}", seconds
