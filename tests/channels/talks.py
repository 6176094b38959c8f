"""Whole talks on a phone, as a person sees them, in files that anybody can read.

    > cant sleep           what they write
    >> Noise               what they tap (Telegram), by the words on the button
    @ 37.80 -122.27        a place they send (Telegram)
    < …                    what they are sent, word for word; a bar (|) goes on with the same message
    ~ …                    a message that changed in place
    [1. Noise] [2. …]      its buttons
    (2)                    how many segments a text message takes

`python -m tests.channels.talks` plays them and writes down what happens, for review.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from bot.channels.person import Persons
from bot.channels.sms import Account
from bot.channels.sms.line import Line, Text
from bot.channels.sms.texts import segments
from bot.content.load import load
from bot.engine.content import Content
from bot.sealing import Seal
from bot.service import Service
from bot.store import open_store
from tests.channels.botapi import BotApi
from tests.channels.phones import SECRET, settled
from tests.channels.test_any_order import House
from tests.conftest import LEARNT, ROOT

FOLDER = Path(__file__).parent / "talks"
AT = 1_795_000_000.0  # seconds since 1970 of every turn
CHAT = 1001


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.txt"))


def inputs(path: Path) -> Iterator[str]:
    """What is not said by us: comments, what they write, tap and send."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("#", "> ", ">> ", "@ ")):
            yield line


def play(path: Path, content: Content) -> str:
    """The file as it would be with what really happens."""
    channel, language = path.stem.split("-")[:2]
    return asyncio.run(_play(path, content, channel, language))


async def _play(path: Path, content: Content, channel: str, language: str) -> str:
    out: list[str] = []
    async with _telegram(content, language) if channel == "telegram" else _sms(content) as say:
        for line in inputs(path):
            if line.startswith("#"):
                out.append(line)
                continue
            out += ["", line]
            out += await say(line)
    return "\n".join(out).strip() + "\n"


Say = Callable[[str], Awaitable[list[str]]]


@contextlib.asynccontextmanager
async def _telegram(content: Content, language: str) -> AsyncIterator[Say]:
    store = open_store("memory:")
    await store.open()
    api = BotApi()
    house = House(content, store, api, lambda: 0)
    house.telegram.persons.now = lambda: AT

    async def no_time(_seconds: float) -> None:
        return

    house.telegram.sleep = no_time

    async def say(line: str) -> list[str]:
        mark, _, words = line.partition(" ")
        before = {m["message_id"]: m["text"] for m in api.of(CHAT)}
        if mark == ">>":
            api.taps(CHAT, words, language)
        elif mark == "@":
            latitude, longitude = map(float, words.split())
            api.sends(CHAT, language, location={"latitude": latitude, "longitude": longitude})
        else:
            api.says(CHAT, words, language)
        update = {name: part for name, part in api.pending[-1].items() if name != "_chat"}
        await house.ways_in.take_in(update)
        await settled(house.inbox)
        await asyncio.gather(*house.telegram._aside.values())
        out: list[str] = []
        for message in api.of(CHAT):
            number, text = message["message_id"], message["text"]
            if before.get(number) == text or (number in before and "▸" in text):
                continue
            out += _lines("~" if number in before else "<", text)
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            out += [" ".join(f"[{button['text']}]" for button in row) for row in rows]
        return out

    try:
        yield say
    finally:
        house.inbox.stop()
        await house.running
        await house.telegram.close()
        await store.close()


@contextlib.asynccontextmanager
async def _sms(content: Content) -> AsyncIterator[Say]:
    store = open_store("memory:")
    await store.open()
    account = Account("token", "AC1", "+15555550199")
    persons = Persons(Service(content, store, SECRET), Seal(SECRET), lambda: AT)
    line = Line(persons, account, "https://peer.example")
    count = iter(range(10_000))

    async def say(written: str) -> list[str]:
        person = line._person("+15555550100")
        text = Text(str(next(count)), person.address, written.partition(" ")[2])
        out: list[str] = []
        for message in await line._answer(person, text):
            out += [*_lines("<", message), f"({segments(message)})"]
        return out

    try:
        yield say
    finally:
        await line.close()
        await store.close()


def _lines(mark: str, text: str) -> list[str]:
    first, *rest = text.splitlines()
    return [f"{mark} {first}", *(f"| {line}".rstrip() for line in rest)]


def main(*_: Any) -> None:
    content = load(ROOT, LEARNT).content
    for path in files():
        path.write_text(play(path, content), encoding="utf-8")
        sys.stdout.write(f"written, please review: {path.name}\n")


if __name__ == "__main__":
    main()
