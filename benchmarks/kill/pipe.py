"""A process that is fed turns through a pipe and acknowledges each with a line.

(`peerpath chat` keeps nothing, so it has nothing to lose.)
"""

import asyncio
import contextlib
import json
import secrets
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import shipped
from benchmarks.kill.person import NEWCOMER
from benchmarks.kill.ward import Gone, Visit
from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import Turn


class PipeHouse:
    """benchmarks/kill/feed.py at the other end of a pipe."""

    def __init__(self, folder: Path, place: Path, content: Content) -> None:
        self.place, self.content = place, content
        self.path = folder / "fed.sqlite3"
        self._child: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def start(self) -> None:
        self._child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.kill.feed", str(self.path), str(self.place)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=shipped.ROOT,
        )
        assert self._child.stdout
        if not await self._child.stdout.readline():
            raise RuntimeError("the process ended before it took a turn")
        self._reading = asyncio.create_task(self._read(self._child.stdout))

    async def _read(self, lines: asyncio.StreamReader) -> None:
        """Hand each acknowledgement to who waits for it; when there are no more, tell the rest."""
        async for line in lines:
            with contextlib.suppress(ValueError):  # killed in the middle of a line
                said = json.loads(line)
                self._waiting.pop(said["key"] + said["turn"]).set_result(said)
        for waiting in self._waiting.values():
            waiting.set_exception(Gone())
        self._waiting.clear()

    async def kill(self) -> None:
        if self._child and self._child.returncode is None:
            self._child.kill()
            await self._child.wait()
        if self._reading:
            await self._reading

    async def say(self, key: str, turn: Turn) -> dict[str, Any]:
        assert self._child
        assert self._child.stdin
        if self._child.stdin.is_closing() or not self._reading or self._reading.done():
            raise Gone
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[key + turn.id] = waiting
        line = {"key": key, "turn": turn.id, "text": turn.text, "picked": turn.picked}
        with contextlib.suppress(ConnectionError):  # then _read tells
            self._child.stdin.write(json.dumps(line).encode() + b"\n")
            await self._child.stdin.drain()
        return await waiting

    def visit(self) -> Visit:
        return Mouth(self)


class Mouth:
    """Whoever speaks into the pipe."""

    def __init__(self, house: PipeHouse) -> None:
        self._house = house
        self._key = ""
        self._shown: Sequence[str] = ()

    async def begin(self) -> tuple[str, Sequence[str]]:
        self._key = f"pipe-{secrets.token_hex(20)}"
        opened = respond(self._house.content, NEWCOMER, Turn("", at=shipped.AT, silent=True))
        return self._key, [option.id for option in opened.reply.options]

    def turn(self, picked: str, text: str) -> Turn:
        return Turn(secrets.token_urlsafe(12), text, time.time(), picked)

    async def say(self, turn: Turn) -> bool:
        said = await self._house.say(self._key, turn)
        self._shown = said["options"]
        return bool(said["kept"])

    async def look(self) -> Sequence[str]:
        return self._shown

    async def leave(self) -> None:
        pass
