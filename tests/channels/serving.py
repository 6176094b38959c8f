"""A real kiosk on a real port, for tests that speak HTTP or drive a browser."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from bot.channels.web import serve
from bot.channels.web.kiosk import Kiosk
from bot.channels.web.rates import Rates
from bot.channels.web.voice import Speaker
from bot.engine.content import Content
from bot.engine.model import Conversation
from bot.service import Service
from bot.store import Store, open_store

SECRET = b"a secret of the tests"


@dataclass
class Clock:
    """A clock the test can turn on."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Running:
    url: str
    path: Path
    clock: Clock = field(default_factory=Clock)
    service: Service | None = None


@contextlib.contextmanager
def running(
    content: Content,
    folder: Path,
    newcomer: Conversation | None = None,
    *,
    idle: int = 180,
    warning: int = 30,
    store: Store | None = None,
    port: int = 0,
    rates: Rates | None = None,
    speaker: Speaker | None = None,
) -> Iterator[Running]:
    """Serve until the block ends."""
    path = folder / "kiosk.sqlite3"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    out = Running(f"http://127.0.0.1:{port}", path)
    out.service = Service(content, store or open_store(f"sqlite:///{path}"), SECRET)
    kiosk = Kiosk(
        out.service,
        newcomer or Conversation(),
        out.clock,
        idle,
        warning,
        rates or Rates(),
        speaker or Speaker(""),  # silent, whatever the machine has
    )
    app = serve.application(out.service, newcomer or Conversation(), kiosk)
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="warning", access_log=False, server_header=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the kiosk did not start")
        time.sleep(0.01)
    try:
        yield out
    finally:
        server.should_exit = True
        thread.join(10)
