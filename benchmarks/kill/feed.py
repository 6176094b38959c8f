"""The process that pipe.py feeds and kills: a line in is a turn, a line out is its acknowledgement.

python -m benchmarks.kill.feed STORE.sqlite3 CONTENT
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from benchmarks import shipped
from benchmarks.kill.person import NEWCOMER
from bot.content.load import load
from bot.engine.model import Turn
from bot.service import Service
from bot.store import open_store


async def _answer(service: Service, line: str) -> None:
    given = json.loads(line)
    turn = Turn(given["turn"], given["text"], time.time(), given["picked"])
    answer = await service.handle(given["key"], turn, NEWCOMER)
    if answer.reply.over:
        await service.forget(given["key"])
    said = {
        "key": given["key"],
        "turn": given["turn"],
        "kept": answer.kept,
        "options": [option.id for option in answer.reply.options],
    }
    print(json.dumps(said), flush=True)


async def main(path: str, place: str) -> None:
    content = load(Path(place), shipped.LEARNT).content
    service = Service(content, open_store(f"sqlite:///{path}"), b"a secret of a test")
    await service.store.open()
    print("ready", flush=True)
    try:
        async with asyncio.TaskGroup() as answering:
            while line := await asyncio.to_thread(sys.stdin.readline):
                answering.create_task(_answer(service, line))
    finally:
        await service.store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
