"""200 people at 200 kiosks at once, for a minute: how long a turn takes, and whether any fails.

The server is a process of its own (`peerpath serve`, embedded store); the people are one process
beside it. Each comes in through the welcome, then taps, types and reads like a person in a hurry: a
turn is the post and the page it leads to, as a browser sees it. One turn in twenty is a message
that alarms; its answer must be the crisis screen.

    python -m benchmarks.kiosks [PEOPLE] [SECONDS]
"""

import asyncio
import os
import random
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks.report import Table

PEOPLE, SECONDS = 200, 60.0
PAUSE = (1.0, 5.0)  # seconds between two turns of one person; people read slower
TYPED = ("i cant sleep", "breathing exercise", "menu", "need my id", "cant slep its to loud", "7")
ALARM = "i want to kill myself"
# Said for the first time, and said again in the midst of it.
SHOWS = ("killing yourself", "This is an emergency")
HIDDEN = re.compile(r'name="(turn|token)" value="([^"]*)"')
PICKS = re.compile(r'name="pick" value="([^"]+)"')


@dataclass
class Seen:
    """What happened, in seconds and counts."""

    turns: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    alarms: int = 0
    alarms_missed: int = 0


# Made once: 200 of them take 5 seconds, in which everybody's pauses pass, and then all come at once.
NO_TLS = ssl.create_default_context()


async def person(url: str, number: int, until: float, seen: Seen) -> None:
    chance = random.Random(number)
    async with httpx.AsyncClient(
        base_url=url, follow_redirects=True, timeout=30, verify=NO_TLS
    ) as client:
        # Not all in the same instant: 200 people don't touch a screen within a millisecond.
        await asyncio.sleep(chance.uniform(0, PAUSE[1]))
        page = (await client.get("/?lang=en")).text
        for pick in ("welcome/language/en", "where/ask/prison"):
            page = await turn(client, page, {"pick": pick}, seen)
            await asyncio.sleep(chance.uniform(*PAUSE))
        while time.monotonic() < until:
            picks = [p for p in PICKS.findall(page) if p != "/stop" and "/language/" not in p]
            if chance.random() < 0.05:
                seen.alarms += 1
                page = await turn(client, page, {"text": ALARM}, seen)
                seen.alarms_missed += not any(words in page for words in SHOWS)
            elif picks and chance.random() < 0.7:
                page = await turn(client, page, {"pick": chance.choice(picks)}, seen)
            else:
                page = await turn(client, page, {"text": chance.choice(TYPED)}, seen)
            await asyncio.sleep(chance.uniform(*PAUSE))
        try:
            await client.post("/leave")
        except httpx.HTTPError as error:
            seen.errors.append(type(error).__name__)


async def turn(client: httpx.AsyncClient, page: str, said: dict[str, str], seen: Seen) -> str:
    hidden = dict(HIDDEN.findall(page))
    begun = time.perf_counter()
    try:
        response = await client.post("/say", data={**hidden, "lang": "en", **said})
    except httpx.HTTPError as error:
        seen.errors.append(type(error).__name__)
        return page
    seen.turns.append(time.perf_counter() - begun)
    if response.status_code != 200:
        seen.errors.append(str(response.status_code))
    return response.text


async def crowd(url: str, people: int, seconds: float) -> Seen:
    seen = Seen()
    until = time.monotonic() + seconds
    await asyncio.gather(*(person(url, number, until, seen) for number in range(people)))
    return seen


def measure(_rounds: int) -> Table:
    rows = [[name, str(value)] for name, value in crowded(PEOPLE, SECONDS).items()]
    title = f"{PEOPLE} people at {PEOPLE} kiosks"
    about = (
        "A turn is the post and the page it leads to; each person pauses 1 to 5 seconds between "
        "two. One turn in twenty alarms, and is missed if its answer is not the crisis screen."
    )
    return Table("kiosks", title, ["what", "measured"], rows, [about])


def crowded(people: int, seconds: float) -> dict[str, Any]:
    """Serve, let the people come, and say how it was. Times are in milliseconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "PEERPATH_DATA_DIR": data}
        serve = "from bot.cli import main; main()"
        command = [sys.executable, "-c", serve, "serve", "--port", str(port)]
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
            try:
                url = f"http://127.0.0.1:{port}"
                _wait_for(url)
                load = os.getloadavg()[0]
                seen = asyncio.run(crowd(url, people, seconds))
            finally:
                server.terminate()
    turns = sorted(seen.turns)
    return {
        "people": people,
        "seconds": seconds,
        "turns": len(turns),
        "turns a second": round(len(turns) / seconds, 1),
        "errors": len(seen.errors),
        "kinds of errors": ", ".join(sorted(set(seen.errors))) or "none",
        "alarms": seen.alarms,
        "alarms missed": seen.alarms_missed,
        "p50 ms": _at(turns, 0.5),
        "p95 ms": _at(turns, 0.95),
        "p99 ms": _at(turns, 0.99),
        "slowest ms": _at(turns, 1.0),
        "cores": os.cpu_count() or 0,
        "load of the machine before": round(load, 1),
    }


def _wait_for(url: str) -> None:
    for _ in range(3000):  # the first start learns from the phrases
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the kiosk did not start")


def _at(turns: list[float], share: float) -> float:
    place = min(len(turns) - 1, int(share * len(turns)))
    return round(turns[place] * 1000, 1) if turns else 0.0


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    found = crowded(people, seconds)
    print("| what | measured |")
    print("|---|---|")
    for name, value in found.items():
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
