"""Conversations as tests, in text files that staff can read, write and review.

    # comments, and the two headers that say who is talking
    setting: prison
    language: en
    channel: phone            where they can be written to first; nowhere else
    > cant sleep                what the person types
    >> Noise                    what the person taps, by its label
    => help/reminders/due       a reminder of that place is due, and is sent
    < Not sleeping wears        words that must stand in the answer
    x 988                       words that must not
    @ coping/sleep/ask          where the person is then
    ! suicide/active            the alarm that rang
    mentors: yes                there are mentors here (three made-up ones)
    allows: units staff_messages   what else this facility has
    request: accepted           how the person's request stands from now on; also `message:`
    code: wrong                 what becomes of the three words typed next

A conversation is saved and loaded again between every two turns, so nothing can work "until the
restart". What the first line of a file expects, before anybody typed, is the opening.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.engine import plain
from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import SEALED, Conversation, Facts, Outcome, Standing, Text, Turn
from bot.language.text import fold
from bot.peers.model import Mentor
from bot.peers.roster import Mentors
from bot.store.base import decode_conversation, encode

HEADERS = ("setting", "language", "facility", "area")
HERE = ("mentors", "allows")  # what there is in this place
FACTS = ("request", "message", "talk", "code")  # what the store knows of the person
EVERYWHERE = frozenset({"prison", "jail", "community", "family"})
MADE_UP = Mentors(
    (
        Mentor(
            "m-luis", "Luis", EVERYWHERE, ("en", "es"), frozenset({"loss"}), gender="man", chat=True
        ),
        Mentor("m-rosa", "Rosa", EVERYWHERE, ("en", "es"), frozenset({"family"}), gender="woman"),
        Mentor("m-tom", "Tom", EVERYWHERE, ("en",), frozenset({"recovery"}), gender="man"),
    )
)
UNITS = {"a": Text("", "A yard"), "b": Text("", "B yard")}
PHONE = "channel: phone"  # a header: they can be written to first
TELEGRAM = "channel: telegram"  # … and can write with a mentor there
AT = 1_795_000_000.0  # seconds since 1970 of every turn: transcripts don't change with the date
LONGEST_LINE = 90


@dataclass(frozen=True, slots=True)
class Failure:
    """A line that didn't hold."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(slots=True)
class Result:
    """What a transcript showed."""

    failures: list[Failure] = field(default_factory=list)
    steps: set[str] = field(default_factory=set)
    turns: int = 0
    updated: str = ""  # the file as it would be with what really happened


def run(path: Path, content: Content, name: str = "") -> Result:
    """Play one transcript."""
    file = name or path.as_posix()
    result = Result()
    player = _Player(content, file, result)
    kept: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        player.line(number, line.strip())
        kept.append(line)
    player.finish()
    result.updated = _rewrite(kept, player.happened)
    return result


@dataclass(slots=True)
class _Player:
    content: Content
    file: str
    result: Result
    conversation: Conversation = field(default_factory=Conversation)
    outcome: Outcome | None = None
    facts: Facts = field(default_factory=Facts)
    reaches: bool = False
    writes: bool = False
    happened: dict[int, list[str]] = field(default_factory=dict)  # line of a turn -> new lines

    def line(self, number: int, line: str) -> None:
        mark, _, rest = line.partition(" ")
        rest = rest.strip()
        if not line or line.startswith("#"):
            return
        if line == PHONE and self.outcome is None:
            self.reaches = True
            return
        if line == TELEGRAM and self.outcome is None:
            self.reaches = self.writes = True
            return
        header, _, value = line.partition(":")
        if header in HEADERS and self.outcome is None:
            self._set(header, value.strip())
        elif header in HERE:
            self._here(header, value.split())
        elif header in FACTS:
            self._know(header, value.strip())
        elif mark == ">":
            self._turn(number, Turn(f"{number}", rest, AT))
        elif mark == ">>":
            self._tap(number, rest)
        elif mark == "=>":
            self._turn(number, Turn(f"{number}", at=AT, picked=f"/to/{rest}"))
        elif mark in {"<", "x", "@", "!"}:
            if self.outcome is None:
                self._turn(0, Turn("0", at=AT, silent=True))
            self._expect(number, mark, rest)
        else:
            self._fail(number, f"a line starts with one of > >> => < x @ ! #, not `{mark}`")

    def _set(self, header: str, value: str) -> None:
        known = {name: getattr(self.conversation, name) for name in HEADERS}
        self.conversation = Conversation(**{**known, header: value})

    def _here(self, header: str, values: list[str]) -> None:
        if header == "mentors":
            self.content = replace(self.content, roster=MADE_UP)
            return
        facilities = {
            name: replace(
                facility,
                units=UNITS if "units" in values else {},
                staff_messages="staff_messages" in values,
            )
            for name, facility in self.content.facilities.items()
        }
        self.content = replace(self.content, facilities=facilities)

    def _know(self, header: str, value: str) -> None:
        if header == "code":
            self.facts = replace(self.facts, claim=value)
        elif header == "talk":
            self.facts = replace(self.facts, talk=value)
        else:
            mentor = "Luis" if value in {"accepted", "met", "closed"} else ""
            stands = Standing(value, mentor)
            request = stands if header == "request" else self.facts.request
            message = stands if header == "message" else self.facts.message
            self.facts = replace(self.facts, request=request, message=message)

    def _turn(self, number: int, turn: Turn) -> None:
        saved = decode_conversation(encode(self.conversation))
        asked = replace(turn, facts=self.facts, reaches=self.reaches, writes=self.writes)
        outcome = respond(self.content, saved, asked)
        self.outcome, self.conversation = outcome, outcome.conversation
        self.result.turns += 1
        self.result.steps |= {note.id for note in outcome.notes if note.kind == "step"}
        self.happened[number] = list(_as_lines(outcome))

    def _tap(self, number: int, label: str) -> None:
        options = self.outcome.reply.options if self.outcome else ()
        wanted = fold(label)
        found = [option for option in options if fold(option.label) == wanted]
        found = found or [option for option in options if fold(option.label).startswith(wanted)]
        if len(found) != 1:
            labels = ", ".join(f"“{option.label}”" for option in options) or "nothing"
            self._fail(number, f"there is no “{label}” to tap; there is {labels}")
        else:
            self._turn(number, Turn(f"{number}", at=AT, picked=found[0].id))

    def _expect(self, number: int, mark: str, words: str) -> None:
        outcome = self.outcome
        if outcome is None:
            return
        said = _said(outcome)
        heard = outcome.heard
        if mark == "<" and fold(words) not in fold(said):
            self._fail(number, f"expected “{words}”, got “{_short(said)}”")
        elif mark == "x" and fold(words) in fold(said):
            self._fail(number, f"“{words}” should not stand in “{_short(said)}”")
        elif mark == "@" and words not in {outcome.conversation.place, "-"}:
            self._fail(
                number, f"expected to be at {words}, got {outcome.conversation.place or '-'}"
            )
        elif mark == "@" and words == "-" and outcome.conversation.place:
            self._fail(number, f"expected to be nowhere, got {outcome.conversation.place}")
        elif mark == "!" and (heard.kind != "alarm" or not heard.id.startswith(words)):
            self._fail(number, f"expected the alarm {words}, got {heard.kind} {heard.id}")

    def _fail(self, number: int, message: str) -> None:
        self.result.failures.append(Failure(self.file, number, message))

    def finish(self) -> None:
        if self.outcome is None:
            self._fail(1, "nobody says anything in this transcript")


def _said(outcome: Outcome) -> str:
    options = " ".join(option.label for option in outcome.reply.options)
    said = " ".join((*plain.bubbles(outcome.reply), options))
    # What is sealed stands here by its name: “words”, “code”.
    return said.replace(SEALED, "")


def _short(said: str) -> str:
    flat = " ".join(said.split())
    return flat if len(flat) < 240 else flat[:240] + "…"


def _as_lines(outcome: Outcome) -> Iterator[str]:
    if outcome.heard.kind == "alarm":
        yield f"! {outcome.heard.id}"
    for bubble in plain.bubbles(outcome.reply):
        first = bubble.replace(SEALED, "").splitlines()[0]
        if len(first) > LONGEST_LINE:
            first = first[:LONGEST_LINE].rpartition(" ")[0]
        yield f"< {first}"
    if outcome.conversation.place:
        yield f"@ {outcome.conversation.place}"


def _rewrite(lines: Iterable[str], happened: dict[int, list[str]]) -> str:
    """The transcript with what was expected replaced by what happened, comments kept."""
    out: list[str] = []
    opened = 0 not in happened
    for number, line in enumerate(lines, 1):
        mark = line.strip().partition(" ")[0]
        if mark in {"<", "@", "!"}:
            if not opened:
                out += happened[0]
                opened = True
            continue
        out.append(line)
        if number in happened:
            out += happened[number]
    return "\n".join(out).rstrip() + "\n"


def coverage(content: Content, steps: Iterable[str]) -> tuple[int, list[str]]:
    """How many steps there are, and those that no transcript went through."""
    every = {step for flow in content.flows.values() for step in flow.steps}
    return len(every), sorted(every - set(steps))
