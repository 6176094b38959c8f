"""A store that lasts as long as the process: for the terminal, tests and previews."""

from collections import Counter
from datetime import UTC, datetime

from bot.engine.model import Reply
from bot.store.base import (
    KEPT_REPLIES,
    Conflict,
    Saved,
    StoreProblem,
    Taken,
    decode_conversation,
    decode_reply,
    encode,
)


class MemoryStore:
    """Keeps bytes, as the others do, so that nothing works here that would not survive a disk."""

    def __init__(self) -> None:
        self._people: dict[str, tuple[int, float, bytes]] = {}
        self._replies: dict[str, dict[str, bytes]] = {}
        self._acts: dict[tuple[str, str, int], str] = {}
        self._notes: Counter[tuple[str, str, str]] = Counter()

    async def open(self) -> None:
        """Nothing to make ready."""

    async def close(self) -> None:
        """Nothing to let go."""

    async def load(self, key: str, turn: str) -> Saved:
        """See Store."""
        return self._saved(key, self._replies.get(key, {}).get(turn))

    async def last(self, key: str) -> Saved:
        """See Store."""
        replies = self._replies.get(key)
        return self._saved(key, replies[next(reversed(replies))] if replies else None)

    def _saved(self, key: str, kept: bytes | None) -> Saved:
        version, at, body = self._people.get(key, (0, 0.0, b"{}"))
        reply: Reply | None = decode_reply(kept) if kept else None
        return Saved(decode_conversation(body), version, at, reply)

    async def commit(self, taken: Taken) -> None:
        """See Store."""
        version = self._people.get(taken.key, (0, 0.0, b""))[0]
        if version != taken.version:
            raise Conflict("this conversation went on in between")
        day = day_of(taken.at)
        self._notes.update((day, note.kind, note.id) for note in taken.notes)
        if taken.forgets:
            await self.forget(taken.key)
            return
        self._people[taken.key] = (version + 1, taken.at, encode(taken.conversation))
        replies = self._replies.setdefault(taken.key, {})
        replies[taken.turn] = encode(taken.reply)
        while len(replies) > KEPT_REPLIES:
            del replies[next(iter(replies))]
        for number, act in enumerate(taken.acts):
            self._acts[taken.key, taken.turn, number] = act.kind

    async def forget(self, key: str) -> None:
        """See Store."""
        self._people.pop(key, None)
        self._replies.pop(key, None)
        self._acts = {act: kind for act, kind in self._acts.items() if act[0] != key}

    async def forget_idle(self, before: float, prefix: str) -> int:
        """See Store."""
        idle = [
            key
            for key, (_, at, _) in self._people.items()
            if key.startswith(prefix) and at < before
        ]
        for key in idle:
            await self.forget(key)
        return len(idle)

    async def counts(self) -> dict[tuple[str, str, str], int]:
        """See Store."""
        return dict(self._notes)

    async def acts(self) -> list[tuple[str, str, int, str]]:
        """See Store."""
        return sorted((*act, kind) for act, kind in self._acts.items())

    async def check(self) -> list[str]:
        """See Store."""
        return []

    async def backup(self, path: str) -> None:
        """There is no file to copy."""
        raise StoreProblem(f"A store in memory has nothing to back up to {path}.")


def day_of(at: float) -> str:
    """The day notes are counted under, UTC."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()
