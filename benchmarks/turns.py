"""Turns a second of one process: load, respond, save.

Before each turn the conversation is read from JSON, and after it the conversation and the reply
are written to JSON, as the store does. The peers' state goes the same way. Nothing here waits for a
disk or a network, so it is the processor's time that is measured: other work on the machine takes
none of it.
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from benchmarks import ink, shipped
from benchmarks.report import Table, figure, installed, interleaved, missing, ratio
from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.matcher import Matcher
from bot.engine.model import Reply, Topic, Turn
from bot.engine.walk import MENU
from bot.store.base import decode_conversation, encode

PICKS, TEXTS, SLOW_TEXTS = 4000, 400, 40  # turns a round
LONGEST = 60  # turns until the next person comes
TRIGGERS = 200
LOOP = 51  # steps of a small story

Measure = Callable[[], float]


class Peerpath:
    """Our own, from some content, beginning at a place of it or with the welcome."""

    def __init__(self, content: Content, place: str = "") -> None:
        self.content = content
        self.newcomer = replace(shipped.NEWCOMER, place=place)

    def _begin(self) -> tuple[bytes, Reply]:
        opened = respond(self.content, self.newcomer, Turn("0", at=shipped.AT, silent=True))
        return encode(opened.conversation), opened.reply

    def _turn(self, body: bytes, turn: Turn) -> tuple[bytes, Reply]:
        outcome = respond(self.content, decode_conversation(body), turn)
        encode(outcome.reply)
        return encode(outcome.conversation), outcome.reply

    def picks(self) -> float:
        """A random option of the last reply each turn."""
        chance = random.Random(1)
        body, reply = self._begin()
        start = time.process_time()
        for number in range(PICKS):
            if number % LONGEST == 0 or not reply.options:
                body, reply = self._begin()
            picked = chance.choice(reply.options).id
            body, reply = self._turn(body, Turn(str(number), at=shipped.AT, picked=picked))
        return PICKS / (time.process_time() - start)

    def texts(self) -> float:
        """A message as people type it each turn, through guard and matcher."""
        messages = _some(TEXTS)
        body, _ = self._begin()
        start = time.process_time()
        for number, text in enumerate(messages):
            if number % LONGEST == 0:
                body, _ = self._begin()
            body, _ = self._turn(body, Turn(str(number), text, shipped.AT))
        return len(messages) / (time.process_time() - start)


class Bink:
    """ink in Rust: choices alone, no text that is typed."""

    def __init__(self, content: Content, place: str = MENU) -> None:
        from bink.story import Story

        self.story = Story(ink.story(content, place))
        self.story.continue_maximally()
        self.beginning = self.story.save_state(), len(list(self.story.choices))

    def picks(self) -> float:
        chance = random.Random(1)
        body, options = self.beginning
        start = time.process_time()
        for number in range(PICKS):
            if number % LONGEST == 0 or not options:
                body, options = self.beginning
            self.story.load_state(body)
            self.story.choose_choice_index(chance.randrange(options))
            self.story.continue_maximally()
            options = len(list(self.story.choices))
            body = self.story.save_state()
        return PICKS / (time.process_time() - start)


class RiveScript:
    """Triggers as patterns, tried one after the other; our topics' phrases as such triggers."""

    def __init__(self, most: int) -> None:
        from rivescript import RiveScript as Interpreter

        self.bot = Interpreter(utf8=True)
        self.triggers = triggers(most)
        self.bot.stream(script(self.triggers))
        self.bot.sort_replies()

    def texts(self, most: int = TEXTS) -> float:
        messages = _some(most)
        self.bot.clear_uservars()
        self.bot.reply("a", "hello")
        body = json.dumps(self.bot.get_uservars("a"))
        start = time.process_time()
        for text in messages:
            self.bot.clear_uservars("a")
            self.bot.set_uservars("a", json.loads(body))
            self.bot.reply("a", text)
            body = json.dumps(self.bot.get_uservars("a"))
        return len(messages) / (time.process_time() - start)


def _some(count: int) -> list[str]:
    messages = shipped.typed()
    return [next(messages) for _ in range(count)]


def triggers(most: int) -> dict[str, Topic]:
    """English phrases, evenly from all topics, in the letters that a trigger may have."""
    every = {
        words: topic
        for topic in shipped.content().topics.values()
        for phrase in topic.phrases.get("en", ())
        if (words := _plain(phrase))
    }
    step = max(1, len(every) // most)
    return dict(list(every.items())[::step][:most])


def script(known: Mapping[str, Topic]) -> str:
    """Phrases as a RiveScript brain, each to be found inside a message."""
    lines = (f"+ [*] {trigger} [*]\n- About {topic.id}.\n" for trigger, topic in known.items())
    return "".join([*lines, "+ *\n- Please say that in other words.\n"])


def _plain(phrase: str) -> str:
    kept = (letter if letter.isalnum() and letter.isascii() else " " for letter in phrase.lower())
    return " ".join("".join(kept).split())


def _knowing(content: Content, known: Mapping[str, Topic]) -> Content:
    """The content with these phrases for its topics, and no others."""
    topics = [
        replace(topic, phrases={"en": tuple(t for t, its in known.items() if its is topic)})
        for topic in content.topics.values()
    ]
    return replace(content, matcher=Matcher(topics))


def measure(rounds: int) -> Table:
    content, small = shipped.content(), shipped.loop(LOOP)
    picks: dict[str, Measure] = {"ours": Peerpath(content).picks}
    loops: dict[str, Measure] = {"ours": Peerpath(small, small.start("loop")).picks}
    limited = Peerpath(_knowing(content, triggers(TRIGGERS)))
    texts: dict[str, Measure] = {"ours": Peerpath(content).texts, "limited": limited.texts}
    if installed("bink"):
        picks["bink"] = Bink(content).picks
        loops["bink"] = Bink(small, "loop").picks
    if installed("rivescript"):
        few, many = RiveScript(TRIGGERS), RiveScript(10**6)
        texts["few"] = few.texts
        texts["many"] = lambda: many.texts(SLOW_TEXTS)
    tapped, looped, said = (interleaved(rounds, these) for these in (picks, loops, texts))

    def row(
        name: str, found: dict[str, list[float]], which: str = "ours", beside: str = ""
    ) -> list[str]:
        if which not in found:
            return missing(name, 3)
        return [name, figure(found[which]), ratio(found[beside], found[which]) if beside else ""]

    phrases = sum(len(p) for t in content.topics.values() for p in t.phrases.values())
    steps = sum(len(flow.steps) for flow in content.flows.values())
    every = f"{len(many.triggers):,} triggers" if "many" in texts else "all phrases as triggers"
    about = (
        f"{rounds} rounds, in turns, of {PICKS:,} picks and {TEXTS} messages; median (spread). "
        "Each turn reads the state from JSON and writes it again. What is shipped: "
        f"{steps:,} steps and {phrases:,} phrases in two languages. bink walks the same steps, words "
        "and choices; it reads nothing that is typed, finds no resources and hears no alarm. "
        "rivescript's triggers are our English phrases, each as `[*] phrase [*]`: found inside a "
        "message, to the letter, no alarms. Peerpath's reply is written to JSON as well, as the "
        "store keeps it; the peers write their state alone."
    )
    return Table(
        "turns",
        "Turns a second, one process",
        ["load, respond, save", "turns a second of processor time", "Peerpath beside it"],
        [
            row("**picks, the shipped content** · Peerpath", tapped),
            row("bink (ink in Rust)", tapped, "bink", "ours"),
            row(f"**picks, a loop of {LOOP} small steps** · Peerpath", looped),
            row("bink (ink in Rust)", looped, "bink", "ours"),
            row("**typed words, all phrases** · Peerpath", said),
            row(f"rivescript, {every}", said, "many", "ours"),
            row(f"**typed words, {TRIGGERS} phrases** · Peerpath", said, "limited"),
            row(f"rivescript, {TRIGGERS} triggers", said, "few", "limited"),
        ],
        [about],
    )
