"""The terminal: for trying things out, for previews, and, with input piped in, for scripts."""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from bot.engine import plain
from bot.engine.model import Conversation, Outcome, Turn
from bot.service import Service

WIDEST = 78


def chat(service: Service, newcomer: Conversation, source: TextIO, sink: TextIO) -> None:
    """Talk until the input ends or the person stops. Line by line where it is piped."""
    live = source.isatty()
    width = min(WIDEST, shutil.get_terminal_size().columns - 2) if live else 0
    key = service.key("terminal", "here")

    async def run() -> None:
        await service.store.open()
        try:
            for number, turn in enumerate(_turns(source, sink, live=live)):
                answer = await service.handle(key, _numbered(turn, number), newcomer)
                _show(plain.lines(answer.reply, width), sink, urgent=answer.reply.urgent)
                if answer.reply.over and live:
                    return
        finally:
            await service.store.close()

    asyncio.run(run())


def _numbered(turn: Turn, number: int) -> Turn:
    return Turn(f"line-{number}", turn.text, time.time(), silent=turn.silent)


def _turns(source: TextIO, sink: TextIO, *, live: bool) -> Iterator[Turn]:
    """The opening, then a turn a line."""
    yield Turn("", silent=True)
    while True:
        if live:
            sink.write("\n> ")
            sink.flush()
        line = source.readline()
        if not line:
            return
        yield Turn("", line.rstrip("\n"))


def _show(lines: list[str], sink: TextIO, *, urgent: bool) -> None:
    bar = "=" * 40
    shown = [bar, *lines, bar] if urgent else lines
    sink.write("\n" + "\n".join(shown) + "\n")
    sink.flush()


def preview(
    respond_to: Callable[[Conversation, Turn], Outcome],
    start: Conversation,
    source: TextIO,
    sink: TextIO,
) -> None:
    """Walk a flow as a person would, and be told after each line why the program did what it
    did: what it heard, by which of the author's phrases, and where it went."""
    live = source.isatty()
    conversation = start
    for number, turn in enumerate(_turns(source, sink, live=live)):
        outcome = respond_to(conversation, _numbered(turn, number))
        conversation = outcome.conversation
        heard = outcome.heard
        phrase = f" · phrase: “{heard.phrase}”" if heard.phrase else ""
        if heard.kind == "alarm" and not heard.phrase:
            phrase = " · no phrase of the lists: the second opinion"
        why = f"[{heard.kind} {heard.id}{phrase} → {conversation.place or 'between flows'}]"
        _show(plain.lines(outcome.reply), sink, urgent=outcome.reply.urgent)
        sink.write(why.replace("  ", " ") + "\n")
