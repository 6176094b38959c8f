"""How news gets to people behind phones, who asked for something: as long as their talk may see it."""

from bot.mentoring.rows import blob, text
from bot.sealing import Seal
from bot.store import Store, Write
from bot.store.outbox import news

CHECK = "/to/mentor/check"  # what news opens: how their request stands


def reached(key: str, channel: str, address: bytes) -> Write:
    """How news gets to somebody who is no kiosk, for all that their talk may see. `address` is
    sealed."""
    return Write(
        "UPDATE claims SET channel = ?, address = ? WHERE key = ?", (channel, address, key)
    )


async def news_of(store: Store, seal: Seal, one: str, count: int | str, at: float) -> list[Write]:
    """News about a request or a message, for every phone whose talk may see it. `count` tells one
    news from the next."""
    rows = await store.rows(
        "SELECT key, channel, address FROM claims WHERE id = ? AND channel <> ''", one
    )
    body = seal.seal(CHECK)
    return [
        news(f"{one}-{count}-{text(key)[-12:]}", text(key), text(channel), blob(address), body, at)
        for key, channel, address in rows
    ]
