"""The server: the kiosk over a store, with what needs doing now and then."""

import asyncio
import contextlib
import gc
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels import logs
from bot.channels.phones import Phones
from bot.channels.web.desk_office import Office
from bot.channels.web.kiosk import IDLE_SECONDS, WARNING_SECONDS, Kiosk
from bot.channels.web.measures import Measures
from bot.engine.model import Conversation
from bot.service import PATIENCE, Service
from bot.store import StoreProblem

SWEEP_EVERY = 60.0  # seconds between looks for talks that nobody ended

log = logging.getLogger("peerpath")


def application(
    service: Service,
    newcomer: Conversation,
    kiosk: Kiosk | None = None,
    phones: Phones | None = None,
) -> Starlette:
    """The kiosk, the mentors' desk, and whatever answers phones beside them, with their store opened before anybody is let
    in, and closed when they stop. A store that can't be opened stops nobody: it is tried again, and
    people are answered meanwhile."""
    measures = Measures(service, phones.inbox if phones else None)
    routes = (*(phones.routes if phones else ()), Route("/metrics", measures.page))
    shown = kiosk or Kiosk(service, newcomer)
    routes = (*routes, *Office(service, shown.now).routes())
    app = replace(shown, beside=routes).app()
    app.add_middleware(measures.around)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        tried = asyncio.Event()
        keeping = asyncio.create_task(_keep_house(service, tried))
        try:
            # Whoever comes with the first breath after a restart must find their place.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(tried.wait(), PATIENCE)
            if phones:
                phones.start()
            yield
        finally:
            if phones:
                await phones.stop()
            keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeping
            await service.store.close()

    app.router.lifespan_context = lifespan
    return app


async def _keep_house(service: Service, tried: asyncio.Event) -> None:
    """Open the store, then forget idle talks, for as long as the server lives. `tried` tells when
    it is open, or could not be opened."""
    is_open = False
    while True:
        try:
            if not is_open:
                await service.store.open()
                is_open = True
            tried.set()
            before = time.time() - IDLE_SECONDS - WARNING_SECONDS
            await service.store.forget_idle(before, "kiosk-")
            await service.refresh(time.time())
        except (StoreProblem, OSError, sqlite3.Error) as error:
            said = str(error) if isinstance(error, StoreProblem) else type(error).__name__
            log.error("the store failed: %s", said)
            tried.set()
        await asyncio.sleep(SWEEP_EVERY if is_open else 5.0)


def run(
    service: Service,
    newcomer: Conversation,
    host: str,
    port: int,
    trusted_proxies: str = "",
    phones: Phones | None = None,
) -> int:
    """Serve until told to stop. Returns the exit code.

    `trusted_proxies` are addresses or networks, with commas, that may say for whom they ask."""
    logs.configure()
    config = uvicorn.Config(
        application(service, newcomer, phones=phones),
        log_config=None,
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        date_header=False,
        log_level="info",
        timeout_graceful_shutdown=5,
        # Longer than proxies and browsers keep a connection: who closes it first, while the other
        # sends, loses a message (5 seconds, uvicorn's own, cost some of 200 kiosks their turn).
        timeout_keep_alive=75,
        # From anybody else the headers are a claim: rates are counted by the address we see.
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies or None,
    )
    # The content is a few hundred thousand objects that live as long as the server: without this
    # the collector walks them all now and then, and everybody waits.
    gc.collect()
    gc.freeze()
    server = uvicorn.Server(config)
    server.run()
    return 0 if server.started else 1
