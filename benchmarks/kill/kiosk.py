"""A real `peerpath serve`, and people in browser windows without scripts."""

import asyncio
import html
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from benchmarks import shipped
from benchmarks.kill.ward import Gone, TooFast, Visit
from bot.channels.web.sessions import COOKIE
from bot.engine.content import Content
from bot.engine.model import Turn
from bot.service import Service
from bot.store.sqlite import MemoryStore

SERVE = "from bot.cli import main; main()"
FIELD = re.compile(r'<input type="hidden" name="(turn|token|lang)" value="([^"]*)">')
OPTIONS = re.compile(r'<form [^>]*class="(?:options|scale)[^"]*".*?</form>', re.DOTALL)
PICK = re.compile(r'name="pick" value="([^"]*)"')


class KioskHouse:
    """The server as it is started by hand, with a fresh data folder."""

    def __init__(self, folder: Path, place: Path, content: Content) -> None:
        self.folder, self.place, self.content = folder, place, content
        self.path = folder / "peerpath.sqlite3"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._server: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        server = self._server = self._spawn()
        async with httpx.AsyncClient(verify=False) as client:
            # Until it listens, not until it says that it is ready: people don't ask first.
            while server.poll() is None:
                try:
                    await client.get(f"http://127.0.0.1:{self.port}/healthz")
                except httpx.TransportError:
                    await asyncio.sleep(0.03)
                else:
                    return
        said = (self.folder / "log").read_text(encoding="utf-8")
        raise RuntimeError(f"the server ended: {said[-600:]}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        ours = {k: v for k, v in os.environ.items() if not k.startswith("PEERPATH_")}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", SERVE, "serve", "--port", str(self.port)],
                cwd=shipped.ROOT,
                env={
                    **ours,
                    "PEERPATH_DATA_DIR": str(self.folder),
                    "PEERPATH_CONTENT_DIR": str(self.place),
                },
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        if self._server:
            self._server.kill()
            self._server.wait()

    def visit(self) -> Visit:
        secret = (self.folder / "secret").read_bytes().strip()
        keys = Service(self.content, MemoryStore(), secret)
        return Window(f"http://127.0.0.1:{self.port}", keys)


class Window:
    """A browser window, and one person after the other in front of it."""

    def __init__(self, url: str, keys: Service) -> None:
        self._client = httpx.AsyncClient(base_url=url, verify=False, timeout=30)
        self._keys = keys
        self._fields: dict[str, str] = {}
        self._forms: dict[str, dict[str, str]] = {}  # as they were sent, by turn

    async def begin(self) -> tuple[str, Sequence[str]]:
        self._client.cookies.clear()
        self._forms.clear()
        shown = await self.look()
        return self._keys.key("kiosk", self._client.cookies[COOKIE]), shown

    def turn(self, picked: str, text: str) -> Turn:
        page = self._fields["turn"]
        turn = Turn(
            id=page if text else f"{page}:{picked}",
            text=text,
            at=time.time(),
            picked=picked,
            language=self._fields["lang"],
        )
        self._forms[turn.id] = {**self._fields, **({"text": text} if text else {"pick": picked})}
        return turn

    async def say(self, turn: Turn) -> bool:
        try:
            response = await self._client.post("/say", data=self._forms[turn.id])
        except httpx.TransportError as error:
            raise Gone from error
        if response.status_code == httpx.codes.SEE_OTHER:
            return True
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise TooFast(int(response.headers["retry-after"]))
        response.raise_for_status()
        # Shown at once: the last page of a talk, else a reply that could not be kept.
        return not FIELD.search(response.text)

    async def look(self) -> Sequence[str]:
        try:
            response = await self._client.get("/")
        except httpx.TransportError as error:
            raise Gone from error
        response.raise_for_status()
        self._fields = {name: html.unescape(value) for name, value in FIELD.findall(response.text)}
        options = OPTIONS.search(response.text)
        return [html.unescape(pick) for pick in PICK.findall(options[0])] if options else []

    async def leave(self) -> None:
        await self._client.aclose()
