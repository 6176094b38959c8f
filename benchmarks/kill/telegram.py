"""The kill test for Telegram: `peerpath telegram` (polling) and `peerpath serve` (webhook) are killed
while hundreds of updates that Telegram has been told we have are not answered yet.

People write without waiting for an answer, so a line of messages stands before each answer. The
engine is pure: what each of them must be told, in which order, follows from what they wrote.
"""

import contextlib
import os
import random
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import shipped
from bot.channels.person import GREETINGS, NEWCOMER, Persons
from bot.channels.phrases import phrase
from bot.channels.telegram import screens
from bot.engine import typed
from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import Conversation, Turn
from bot.language.text import fold
from bot.sealing import Seal
from bot.service import Service
from bot.store import open_store
from tests.channels.botapi import TOKEN, BotApi, serving

BOT_ID = TOKEN.partition(":")[0]
WAYS = ("polling", "webhook")
SECRET = "a secret of the kill test"
SCRIPT = ("remind me", "1", "1", "menu", "2", "back", "1", "2", "help", "3", "menu")


@dataclass(frozen=True)
class Burst:
    """What is done to the bot."""

    people: int = 100
    messages: int = 30  # of each
    kills: int = 8
    per_second: float = 60.0  # that the bot may send: so it always has a line before it
    seed: int = 0


@dataclass
class Found:
    """What was found."""

    updates: int = 0
    kills: int = 0
    in_flight: int = 0  # acknowledged to Telegram and not answered, when it was killed; all kills
    most_in_flight: int = 0
    lost: int = 0  # updates that nobody answered in the end
    twice: int = 0  # turns or acts that are in the file more than once, or too many
    disordered: int = 0  # people who were not answered in their order
    repeated: int = 0  # messages that were sent once more
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.lost or self.twice or self.disordered or self.faults)


@dataclass
class Human:
    """One person: what they wrote, and what they must be told."""

    chat: int
    updates: list[int] = field(default_factory=list)
    parts: list[list[str]] = field(default_factory=list)  # by update: the messages of its answer
    conversation: Conversation = NEWCOMER
    turns: int = 0  # since they last finished: then nothing of the talk is left
    acts: int = 0
    reminders: set[str] = field(default_factory=set)

    def says(self, content: Content, persons: Persons, number: int, text: str) -> None:
        turn = Turn(f"tg-{BOT_ID}-{number}", text, time.time(), language="en", reaches=True)
        outcome = respond(content, self.conversation, turn)
        self.conversation = outcome.conversation
        self.turns += 1
        self.acts += len(outcome.acts)
        for act in outcome.acts:
            if act.remind and act.remind.to:
                self.reminders.add(act.remind.to)
            else:
                self.reminders.clear()
        more = ()
        if not outcome.reply.urgent and persons.asks_area(self.conversation):
            more = (phrase("near", outcome.reply.language),)
        self.updates.append(number)
        self.parts.append([m.text for m in screens.messages(outcome.reply, more)])
        if outcome.reply.over:
            self.conversation, self.turns, self.acts = NEWCOMER, 0, 0


class Bot:
    """A process of ours, in one of the two ways in."""

    def __init__(self, way: str, api: BotApi, folder: Path, place: Path, rate: float) -> None:
        self.way, self.path = way, folder / "peerpath.sqlite3"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._environment = {
            **os.environ,
            "PEERPATH_DATA_DIR": str(folder),
            "PEERPATH_DATABASE_URL": f"sqlite:///{self.path}",
            "PEERPATH_CONTENT_DIR": str(place),
            "PEERPATH_SECRET": SECRET,
            "PEERPATH_TELEGRAM_TOKEN": TOKEN,
            "PEERPATH_TELEGRAM_API_URL": api.url,
            "PEERPATH_TELEGRAM_PER_SECOND": str(rate),
            "PEERPATH_PUBLIC_URL": f"http://127.0.0.1:{port}" if way == "webhook" else "",
        }
        served = ["serve", "--port", str(port)]
        self._command = ["telegram"] if way == "polling" else served
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-c", "from bot.cli import main; main()", *self._command],
            cwd=shipped.ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        if self._child:
            self._child.kill()
            self._child.wait()


def burst(way: str, plan: Burst, folder: Path, place: Path, content: Content) -> Found:
    """Let everybody write, kill the bot again and again, and compare."""
    chance = random.Random(plan.seed)
    # What a channel answers by rules of its own, or erases, is not among them.
    messages = [
        m
        for m in shipped.messages()
        if typed.command(m) not in {"stop", "forget"} and fold(m) not in GREETINGS
    ]
    found, began = Found(), time.perf_counter()
    store = open_store("memory:")
    persons = Persons(Service(content, store, SECRET.encode()), Seal(SECRET.encode()))
    with serving() as api:
        bot = Bot(way, api, folder, place, plan.per_second)
        people = [Human(1000 + n) for n in range(plan.people)]
        bot.start()
        try:
            _until(lambda: api.calls("getUpdates") or api.webhook, 120)
            for _ in range(plan.messages):
                for human in people:
                    text = _words(human, chance, messages)
                    human.says(content, persons, api.says(human.chat, text), text)
            found.updates = sum(len(human.updates) for human in people)
            for number in range(plan.kills):
                # Somewhere in the middle of the work: at even shares of the answers.
                share = (number + chance.random()) / plan.kills
                _until(lambda share=share: _answered(api, people) >= share * found.updates, 600)
                time.sleep(chance.random() / 10)
                bot.kill()
                found.kills += 1
                flying = len(set(api.acknowledged)) - _answered(api, people)
                found.in_flight += max(0, flying)
                found.most_in_flight = max(found.most_in_flight, flying)
                bot.start()
            with contextlib.suppress(TimeoutError):
                _until(lambda: _answered(api, people) == found.updates, 600)
            _until(lambda: not _waiting(bot.path), 60)
        finally:
            bot.kill()
        _judge(found, api, people, persons, bot.path)
    found.seconds = time.perf_counter() - began
    return found


def _words(human: Human, chance: random.Random, messages: list[str]) -> str:
    if len(human.updates) < len(SCRIPT):
        return SCRIPT[len(human.updates)]  # everybody asks for a reminder: an act
    return chance.choice(messages) if chance.random() < 0.4 else str(chance.randrange(1, 5))


def _until(true: Callable[[], object], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise TimeoutError("the bot did not get there")
        time.sleep(0.01)


def _answered(api: BotApi, people: list[Human]) -> int:
    """Updates whose answer has begun to arrive. Each person's are answered in order."""
    return sum(_follow(human, api.texts(human.chat))[0] for human in people)


def _follow(human: Human, texts: list[str]) -> tuple[int, int, bool]:
    """How many updates are answered whole, how many messages were sent once more, and whether all
    came in order. After a kill an answer may begin anew."""
    turn = part = repeated = 0
    for text in texts:
        if turn < len(human.parts) and text == human.parts[turn][part]:
            part += 1
            if part == len(human.parts[turn]):
                turn, part = turn + 1, 0
            continue
        # Once more: from the start of this answer, or of the one before.
        starts = [t for t in (turn, turn - 1) if 0 <= t < len(human.parts)]
        again = next((t for t in starts if human.parts[t][0] == text), None)
        if again is None:
            return turn, repeated, False
        repeated += 1
        turn, part = (again, 1) if len(human.parts[again]) > 1 else (again + 1, 0)
    return turn, repeated, True


def _waiting(path: Path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT COUNT(*) FROM inbox WHERE state = 'waiting'").fetchone()[0])


def _judge(found: Found, api: BotApi, people: list[Human], persons: Persons, path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        for human in people:
            answered, repeated, in_order = _follow(human, api.texts(human.chat))
            found.lost += len(human.updates) - answered
            found.repeated += repeated
            found.disordered += not in_order
            key = persons.service.key("telegram", str(human.chat))
            version = db.execute(
                "SELECT version FROM conversations WHERE key = ?", [key]
            ).fetchone()
            acts = db.execute("SELECT COUNT(*) FROM acts WHERE key = ?", [key]).fetchone()[0]
            turns = version[0] if version else 0
            found.twice += max(0, turns - human.turns)
            found.twice += max(0, acts - human.acts)
            if (turns, acts) != (human.turns, human.acts):
                found.faults.append("the file holds other turns or acts than were written")
        reminders = db.execute("SELECT COUNT(*) FROM outbox").fetchone()[0]
        if reminders != sum(len(human.reminders) for human in people):
            found.faults.append(f"{reminders} reminders are kept")
        states = Counter(dict(db.execute("SELECT state, COUNT(*) FROM inbox GROUP BY state")))
        if states != Counter(done=found.updates):
            found.faults.append(f"the inbox holds {dict(states)}")
        left = db.execute("SELECT COUNT(*) FROM inbox WHERE body IS NOT NULL OR key <> ''")
        if left.fetchone()[0]:
            found.faults.append("what was done is not blanked")
        if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            found.faults.append("the file is not sound")
