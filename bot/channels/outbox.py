"""When what we start ourselves is due, it becomes a letter of the inbox, in one write. From there on
it is answered as if the person had tapped it: in their order, once, and sent again if it must be.

Nobody is written to at night, unless they are in the middle of a talk with somebody; nor after they
said STOP or blocked us.
"""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

from bot.channels.inbox import Inbox, Letter
from bot.sealing import Broken, Seal
from bot.service import Service
from bot.store import Conflict, Write
from bot.store.outbox import allowed_at

LOOK = 1.0  # seconds between looks: two people who write to each other wait for it
AT_ONCE = 100

log = logging.getLogger("peerpath")

_DUE = """
SELECT id, key, channel, address, body, due, kind FROM outbox WHERE channel = ? AND due <= ?
ORDER BY due, id LIMIT ?
"""


@dataclass
class Outbox:
    """Looks for what is due and hands it to an inbox. `now` is in seconds since 1970."""

    service: Service
    inbox: Inbox
    seal: Seal
    now: Callable[[], float] = time.time

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - tried again; nobody else would
                log.error("the outbox's store failed: %s", type(error).__name__)
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Hand over all that is due now. Raises StoreProblem."""
        store, now = self.service.store, self.now()
        allowed = allowed_at(now, self.service.content.zone or UTC)
        for channel in self.inbox.works:
            rows = await store.rows(_DUE, channel, now, AT_ONCE)
            for name, key, _, address, body, due, kind in rows:
                gone = Write("DELETE FROM outbox WHERE id = ? AND due = ?", (name, due), expects=1)
                try:
                    if allowed > now and kind != "talk":
                        later = "UPDATE outbox SET due = ? WHERE id = ? AND due = ?"
                        await store.write(Write(later, (allowed, name, due), expects=1))
                    elif await store.rows("SELECT 1 FROM stopped WHERE key = ?", key):
                        await store.write(gone)
                    else:
                        letter = self._letter(
                            channel, _presence(name, due), str(key), address, body
                        )
                        await self.inbox.take_in(*letter, more=(gone,))
                except Conflict:
                    continue  # another process was first, or they thought better of it

    def _letter(
        self, channel: str, name: str, key: str, address: object, body: object
    ) -> list[Letter]:
        if not (isinstance(address, bytes) and isinstance(body, bytes)):
            return []
        try:
            words = json.dumps({"to": self.seal.open(address), "pick": self.seal.open(body)})
        except Broken:
            log.error("something that was to be sent can't be opened: it was sealed otherwise")
            return []
        return [Letter(channel, name, key, words)]


def _presence(name: object, due: object) -> str:
    """What the inbox knows it by, for days: nothing that tells what it was about."""
    return hashlib.sha256(f"{name}@{due}".encode()).hexdigest()[:32]
