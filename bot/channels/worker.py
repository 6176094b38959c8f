"""`peerpath telegram`: a process that answers phones and serves no page."""

import asyncio
import contextlib
import gc
import logging
import signal
import sqlite3
import time

from bot.channels import logs
from bot.channels.phones import Phones
from bot.service import Service
from bot.store import StoreProblem

TRY_EVERY = 5.0  # seconds between tries at a store that can't be opened
LOOK_EVERY = 60.0  # seconds between looks at mentors and requests

log = logging.getLogger("peerpath")


def run(service: Service, phones: Phones) -> int:
    """Work until told to stop (SIGTERM, SIGINT). Returns the exit code."""
    logs.configure()
    gc.collect()
    gc.freeze()  # the content lives as long as the process: see web/serve.py
    asyncio.run(_work(service, phones))
    return 0


async def _keep_house(service: Service) -> None:
    """See which mentors there are, and do what is due with requests, whether or not a server runs
    beside this."""
    while True:
        try:
            await service.refresh(time.time())
        except (StoreProblem, OSError, sqlite3.Error) as error:
            log.error("the store failed: %s", type(error).__name__)
        await asyncio.sleep(LOOK_EVERY)


async def _work(service: Service, phones: Phones) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    while not told.is_set():
        try:
            await service.store.open()
            break
        except StoreProblem as problem:
            log.error("the store failed: %s", problem)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), TRY_EVERY)
    if not told.is_set():
        phones.start(poll=True)
        log.info("working")
        keeping = asyncio.create_task(_keep_house(service))
        await told.wait()
        keeping.cancel()
        await phones.stop()
    await service.store.close()
    log.info("stopped")
