"""A reply as lines of text: for the terminal, for transcripts, and for any channel of words."""

import textwrap
from collections.abc import Iterable, Iterator

from bot.engine.house import say
from bot.engine.model import Card, Pace, Reply, Sheet


def lines(reply: Reply, width: int = 0) -> list[str]:
    """Everything a reply says, shows and offers. `width` wraps it; 0 leaves lines whole."""
    out: list[str] = []
    for bubble in bubbles(reply):
        out += ["", *_wrapped(bubble, width)]
    if reply.options and not reply.scale:
        out.append("")
        out += [f"  {number}. {option.label}" for number, option in enumerate(reply.options, 1)]
    return out[1:]


def bubbles(reply: Reply) -> Iterator[str]:
    """What is said, bubble by bubble, then all that is shown, and the question."""
    if reply.change:
        before, after = reply.change.before, reply.change.after
        yield say("change", reply.language, before=before, after=after)
    for said in reply.says:
        yield unmarked(said)
    if reply.pace:
        yield "\n".join(counted(reply.pace, reply.language))
    for card in reply.resources:
        yield "\n".join(card_lines(card))
    if reply.sheet:
        yield "\n".join(sheet_lines(reply.sheet, reply.language))
    for asked in reply.asks:
        yield unmarked(asked)


def unmarked(words: str) -> str:
    """Words without the stars that make them bold on a screen."""
    return words.replace("*", "")


def card_lines(card: Card) -> Iterator[str]:
    """A resource in words."""
    yield f"[{card.name}]"
    yield card.about
    for fact in card.facts:
        yield f"{fact.label}: {fact.value}"
    yield card.checked


def sheet_lines(sheet: Sheet, language: str) -> Iterator[str]:
    """A sheet to copy by hand: its headings, what stands there, and lines to write on."""
    yield f"[{sheet.title}]"
    yield say("sheet-on-paper", language)
    for section in sheet.sections:
        yield ""
        yield section.heading
        if section.hint:
            yield f"({unmarked(section.hint)})"
        for item in section.items:
            yield f"- {unmarked(item)}"
        yield from ["____________________"] * section.write


def counted(pace: Pace, language: str) -> Iterator[str]:
    """One round of paced breathing, counted out, and how often."""
    for key, seconds in (
        ("pace-in", pace.breathe_in),
        ("pace-hold", pace.hold),
        ("pace-out", pace.breathe_out),
    ):
        if seconds:
            count = " ".join(str(second) for second in range(1, seconds + 1))
            yield f"{say(key, language)}: {count}"
    yield say("pace-rounds", language, rounds=pace.rounds)


def _wrapped(bubble: str, width: int) -> Iterable[str]:
    for line in bubble.splitlines() or [""]:
        if width and line.strip():
            yield from textwrap.wrap(line, width, break_on_hyphens=False)
        else:
            yield line
