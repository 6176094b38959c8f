"""A start, each in a fresh process: how long until the first answer, and how much memory it takes.

Beside it stand Python alone, which is the floor, and the peers with the story and the triggers
that turns.py gives them.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import ink, shipped, turns
from benchmarks.report import Table, figure, installed, missing, ratio
from bot.engine.walk import MENU

PEERPATH = "from bot.cli import main; main()"
# Each answers, then waits until it is let go, so that its memory can be read.
WAIT = "; import sys; sys.stdin.read()"
NOTHING = "print('hello', flush=True)" + WAIT
IMPORTS = "import bot.content.load, bot.channels.terminal; print('hello', flush=True)" + WAIT
LOAD = (
    "import bot.channels.terminal, pathlib, sys; from bot.content.load import load; "
    "content = load(pathlib.Path('.'), pathlib.Path(sys.argv[1])).content; print('hello', flush=True)"
    + WAIT
)
RIVESCRIPT = (
    "import sys; from rivescript import RiveScript; bot = RiveScript(utf8=True); "
    "bot.load_file(sys.argv[1]); bot.sort_replies(); "
    "print(bot.reply('a', 'cant sleep'), flush=True)" + WAIT
)
BINK = (
    "import sys; from bink.story import story_from_file; "
    "print(story_from_file(sys.argv[1]).continue_maximally(), flush=True)" + WAIT
)


def program(data: Path, code: str, *words: str) -> tuple[float, float]:
    """Milliseconds until it prints something, and its megabytes then."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=shipped.ROOT,
        env=_environment(data),
    )
    while not child.stdout.readline().strip():
        if child.poll() is not None:
            raise RuntimeError(f"{words or code} printed nothing")
    took, size = time.perf_counter() - start, _memory(child.pid)
    child.communicate()
    return took * 1000, size


def _anew(code: str, *words: str) -> tuple[float, float]:
    """As program(), with a data folder that is empty."""
    with tempfile.TemporaryDirectory() as folder:
        return program(Path(folder), code, *words)


def _server(data: Path) -> tuple[float, float]:
    """Milliseconds until a page is served, and its megabytes then."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-c", PEERPATH, "serve", "--port", str(port)],
        stderr=subprocess.DEVNULL,
        cwd=shipped.ROOT,
        env=_environment(data),
    )
    try:
        while not _answers(port):
            if child.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.01)
        return (time.perf_counter() - start) * 1000, _memory(child.pid)
    finally:
        child.terminate()
        child.wait()


def _environment(data: Path) -> dict[str, str]:
    ours = {name: v for name, v in os.environ.items() if not name.startswith("PEERPATH_")}
    return {**ours, "PEERPATH_DATA_DIR": str(data)}


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
            return page.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _memory(pid: int) -> float:
    """Megabytes that a process holds. (What wait4 tells of a child counts its parent's, too.)"""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():  # not Linux
        words = ["ps", "-o", "rss=", "-p", str(pid)]
        return int(subprocess.run(words, capture_output=True, check=True).stdout) / 1024
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def measure(rounds: int) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        return _measure(rounds, Path(folder))


def _measure(rounds: int, folder: Path) -> Table:
    again = partial(program, folder)
    programs: dict[str, Callable[[], tuple[float, float]]] = {
        "Python alone": partial(again, NOTHING),
        "Peerpath, its imports": partial(again, IMPORTS),
        "Peerpath, imports and content": partial(again, LOAD, str(folder / "learnt")),
        "`peerpath chat`": partial(again, PEERPATH, "chat"),
        "`peerpath serve`": partial(_server, folder),
        "`peerpath chat`, the very first time": partial(_anew, PEERPATH, "chat"),
    }
    names = [*programs, "rivescript, 200 triggers", "bink, the shipped steps as a story"]
    if installed("rivescript"):
        path = folder / "triggers.rive"
        path.write_text(turns.script(turns.triggers(turns.TRIGGERS)), encoding="utf-8")
        programs[names[-2]] = partial(again, RIVESCRIPT, str(path))
    if installed("bink"):
        path = folder / "story.json"
        path.write_text(ink.story(shipped.content(), MENU), encoding="utf-8")
        programs[names[-1]] = partial(again, BINK, str(path))
    for run in programs.values():  # once for the disk's cache, and for what is learnt
        run()
    times: dict[str, list[float]] = {name: [] for name in programs}
    sizes: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, run in programs.items():
            took, size = run()
            times[name].append(took)
            sizes[name].append(size)
    rows = [
        [name, figure(times[name]), figure(sizes[name]), ratio(times[name], times[names[0]])]
        if name in programs
        else missing(name, 4)
        for name in names
    ]
    about = (
        f"{rounds} rounds, in turns; median (spread). From the start of the process to the first "
        "answer (`chat`: the welcome; `serve`: the first page), and the memory it holds then "
        "(resident). The very first time, and after a phrase was changed, it learns from the "
        "phrases; what was learnt is kept in the data folder."
    )
    columns = ["a fresh process", "ms to the first answer", "MB then", "beside Python alone"]
    return Table("start", "A start", columns, rows, [about])
