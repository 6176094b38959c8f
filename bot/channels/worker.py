"""`peerpath telegram`: a process that answers phones and serves no page."""

import asyncio
import contextlib
import gc
import logging
import signal

from bot.channels import logs
from bot.channels.phones import Phones
from bot.service import Service
from bot.store import StoreProblem

TRY_EVERY = 5.0  # seconds between tries at a store that can't be opened

log = logging.getLogger("peerpath")


def run(service: Service, phones: Phones) -> int:
    """Work until told to stop (SIGTERM, SIGINT). Returns the exit code."""
    logs.configure()
    gc.collect()
    gc.freeze()  # the content lives as long as the process: see web/serve.py
    asyncio.run(_work(service, phones))
    return 0


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
        await told.wait()
        await phones.stop()
    await service.store.close()
    log.info("stopped")
