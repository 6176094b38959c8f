"""Mentors in their own chat, and two people who write to each other through the bot.

Rule 1  Whatever is pressed may be pressed twice, or long after: what it asks for is looked at as it
        stands now. Done before, it is answered as it was then; too late, it is said kindly.
Rule 2  Of one side the other sees the words it typed, under a label that is the same for everybody.
Rule 3  What somebody types goes to the other only while they stand at HUB, where their own tap led them.
Rule 4  A message is passed on in the one write that marks it done, or where it rings in the commit of
        the turn that answers it: it goes once, however often a crash makes us look at it.

Nothing here sends: it says what is to be shown, and telegram/bot.py shows it.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.person import STOPS, Persons
from bot.channels.splitting import pieces, utf16
from bot.channels.telegram.mentor_words import word
from bot.channels.telegram.screens import LONGEST, Message, starred
from bot.engine import typed
from bot.language.text import fold
from bot.mentoring.chats import PREFIX
from bot.mentoring.talks import MARK, Kept, said
from bot.peers import fitting, words
from bot.peers.life import REASONS, Refused
from bot.peers.model import CARRIED, By, Load, Mentor, Move, Request
from bot.peers.talk import Talk
from bot.sealing import Seal
from bot.store import StoreProblem, Write

HUB = "mentor/talk/on"
TALK, SHARE, FINISH = "/to/mentor/talk", f"{HUB}/share", f"{HUB}/finish"
STATUS, CHECK, CARD = "/to/mentor/status", "/to/mentor/check", "/to/guide/danger"
PATIENCE = 0.5  # seconds that a look for a talk may hold up what the guard has to say

Rows = tuple[tuple[tuple[str, str], ...], ...]
log = logging.getLogger("peerpath.telegram")


@dataclass(frozen=True, slots=True)
class Shown:
    """What follows from a press: messages, or the option of the talk that it opens."""

    messages: tuple[Message, ...] = ()
    pick: str = ""


def is_link(rest: str) -> bool:
    """Whether the bot was started by a mentor's link."""
    return rest.startswith(PREFIX) and len(rest.split()) == 1


class Mentors:
    """See above. `seal` is what addresses are sealed with."""

    def __init__(self, persons: Persons, seal: Seal) -> None:
        service = persons.service
        self._persons, self._service, self._seal = persons, service, seal
        self._requests, self._chats = service.requests, service.requests.chats
        self._talks = service.requests.talks
        self._people = service.people

    # ── linking ────────────────────────────────────────────────────────────────────────────────

    async def started(
        self, key: str, channel: str, chat: int, secret: str, hint: str
    ) -> list[Message]:
        """A mentor's link was opened in this chat."""
        address, now = self._seal.seal(str(chat)), self._persons.now()
        done = await self._people.link(key, channel, address, secret.strip(), now)
        language = await self._language(key, hint)
        if done:
            await self._service.refresh(now)  # whom to write with is known to the talk at once
            return [_message("linked", language, ("home", f"{MARK}home"))]
        return [_message("bad-link", language)]

    async def _language(self, key: str, hint: str = "", mentor: Mentor | None = None) -> str:
        """What they chose here, else what the mentor speaks first, else what their app says."""
        chosen = (await self._persons.of(key)).conversation.language
        return (
            chosen or (mentor.languages[0] if mentor and mentor.languages else "") or hint or "en"
        )

    # ── what mentors press ─────────────────────────────────────────────────────────────────────

    async def pressed(self, key: str, data: str, hint: str) -> Shown:
        """A button of ours: `~move/request/reason`."""
        mentor = await self._people.get(await self._chats.mentor_of(key))
        language = await self._language(key, hint, mentor)
        if mentor is None or mentor.retired:
            return Shown((_message("not-linked", language),))
        move, one, why = (*data.removeprefix(MARK).split("/"), "", "")[:3]
        match move:
            case "yes":
                return Shown((await self._accepts(mentor, one, language),))
            case "no" | "back":
                return Shown((_reasons(one, move, language),))
            case "why" | "gave":
                return Shown((await self._no(mentor, one, move, why, language),))
            case "met" | "close":
                kind = "meet" if move == "met" else "close"
                said_ = "met" if move == "met" else "closed"
                return Shown((await self._moves(mentor, one, kind, said_, language),))
            case "rest" | "awake":
                return Shown((await self._rests(mentor, language, paused=move == "rest"),))
            case "unlink":
                return Shown((_message("unlink?", language, ("unlink-yes", f"{MARK}gone"), ("home", f"{MARK}home")),))  # fmt: skip
            case "gone":
                await self._people.unlink(await self._people.account_of(mentor.id), mentor.id, self._persons.now())  # fmt: skip
                await self._service.refresh(self._persons.now())
                return Shown((_message("unlinked", language),))
            case "help":
                await self._people.ask_supervision(mentor.id, self._persons.now())
                return Shown((_message("supervision", language),))
            case "write" | "swap":
                current = await self._talks.open_of(key) if move == "swap" else None
                if current and current.request != one:  # done before, it is the one they want
                    left = await self._talks.left(key, self._persons.now())
                    await self._service.store.write(*left)
                return await self._writes(mentor, one, key, language)
            case "later":
                await self._talks.not_now(one, "mentor", self._persons.now())
                return Shown((_message("not-now", language),))
            case "offer":
                return Shown(tuple(await self._offer(mentor, one, language)))
            case _:
                return Shown(tuple(await self._home(mentor, language)))

    async def home(self, key: str, hint: str) -> Shown:
        """`/mentor`: a mentor's own page; for anybody else, how their request stands."""
        mentor = await self._people.get(await self._chats.mentor_of(key))
        if mentor is None or mentor.retired:
            return Shown(pick=STATUS)
        return Shown(tuple(await self._home(mentor, await self._language(key, hint, mentor))))

    async def _home(self, mentor: Mentor, language: str) -> list[Message]:
        out: list[Message] = []
        everyone = await self._requests.open()
        for request in everyone:
            if mentor.id in request.offered:
                out += await self._offer(mentor, request.id, language)
            elif mentor.id == request.mentor and request.state in CARRIED:
                out.append(_carried(request, await self._talks.get(request.id), language))
        if not out:
            out.append(starred(word("nobody", language)))
        rest = "awake" if mentor.paused else "rest"
        buttons = [(rest, f"{MARK}{rest}"), ("ask-supervision", f"{MARK}help"), ("unlink", f"{MARK}unlink")]  # fmt: skip
        return [*out, _message("desk", language, *buttons)]

    async def _offer(self, mentor: Mentor, one: str, language: str) -> list[Message]:
        """A request as it is offered; nothing of one that is not offered to them any more."""
        request = await self._requests.get(one)
        if request is None or mentor.id not in request.offered:
            return []
        loads = await self._requests.loads(self._persons.now())
        fit = fitting.fit(mentor, request.wishes, loads.get(mentor.id, Load()))
        reason = words.line(fit.reasons or ("anybody",), language)
        reason = reason[:1].lower() + reason[1:]
        text = word("offer", language, reason=reason, **_of(request, language))
        more = ["offer-write"] if request.wishes.meet == "write" else []
        text = "\n\n".join((text, *(word(key, language) for key in (*more, "offer-day"))))
        buttons = _buttons(language, ("yes", f"{MARK}yes/{one}"), ("no", f"{MARK}no/{one}"), ("rest", f"{MARK}rest"))  # fmt: skip
        shown = starred(text)
        return [Message(shown.text, shown.bold, buttons)]

    async def _accepts(self, mentor: Mentor, one: str, language: str) -> Message:
        by = By("mentor", mentor.id)
        moved = await self._requests.move(one, Move("accept", by, self._persons.now()))
        request = await self._requests.get(one)
        if request and request.mentor == mentor.id and request.state in CARRIED:
            await self._service.refresh(self._persons.now())
            return _message("accepted-write" if request.wishes.meet == "write" else "accepted", language, ("home", f"{MARK}home"))  # fmt: skip
        if isinstance(moved, Refused) and moved.code == "full":
            return _message("full", language, ("no", f"{MARK}no/{one}"))
        late = isinstance(moved, Refused) and moved.code == "too-late"
        taken = late and request is not None and bool(request.mentor)
        return _message("too-late" if taken else "old", language)

    async def _no(self, mentor: Mentor, one: str, move: str, why: str, language: str) -> Message:
        kind, done = ("decline", "declined") if move == "why" else ("hand-back", "handed-back")
        why = why if why in REASONS else "other"
        by = By("mentor", mentor.id)
        moved = await self._requests.move(one, Move(kind, by, self._persons.now(), why=why))
        request = await self._requests.get(one)
        if isinstance(moved, Refused) and not (request and mentor.id in request.passed):
            return _message("old", language)
        await self._service.refresh(self._persons.now())
        return _message(done, language, ("home", f"{MARK}home"))

    async def _moves(
        self, mentor: Mentor, one: str, kind: str, done: str, language: str
    ) -> Message:
        by = By("mentor", mentor.id)
        moved = await self._requests.move(one, Move(kind, by, self._persons.now()))
        request = await self._requests.get(one)
        before = request is not None and request.mentor == mentor.id and request.state == "closed"
        if isinstance(moved, Refused) and not (kind == "close" and before):
            return _message("old", language)
        return _message(done, language, ("home", f"{MARK}home"))

    async def _rests(self, mentor: Mentor, language: str, *, paused: bool) -> Message:
        if mentor.paused != paused:
            by, now = await self._people.account_of(mentor.id), self._persons.now()
            await self._people.pause(by, mentor.id, now, paused=paused)
            await self._service.refresh(now)
        other = "awake" if paused else "rest"
        return _message("resting" if paused else "back", language, (other, f"{MARK}{other}"))

    async def _writes(self, mentor: Mentor, one: str, key: str, language: str) -> Shown:
        """A mentor says yes to a talk, or asks for one."""
        request = await self._requests.get(one)
        if request is None or request.mentor != mentor.id or request.state not in CARRIED:
            return Shown((_message("old", language),))
        current = await self._talks.open_of(key)
        if current and current.request != one:
            buttons = (("to-talk", TALK), ("swap", f"{MARK}swap/{one}"))
            return Shown((_message("in-another", language, *buttons),))
        await self._requests.writes_with(one, mentor.id, self._persons.now())
        if await self._talks.open_of(key):
            return Shown(pick=TALK)
        return Shown((_message("asked-them", language),))

    # ── what we start ──────────────────────────────────────────────────────────────────────────

    async def ours(self, key: str, body: str) -> list[Message]:
        """What is to be said to somebody, of `saying`; nothing where it has no place any more."""
        kind, one, given = said(body)
        mentor = await self._people.get(await self._chats.mentor_of(key))
        language = await self._language(key, mentor=mentor)
        if kind == "offer":
            return await self._offer(mentor, one, language) if mentor else []
        if kind == "ended":
            return [_message(f"ended-{given}", language, ("home", f"{MARK}home") if mentor else ("check", CHECK))]  # fmt: skip
        kept = await self._talks.get(one)
        if kept is None:  # whoever it is about was forgotten, or goes on with somebody else
            return []
        match kind:
            case "asked" if mentor and kept.talk.yes == ("person",):
                request = await self._requests.get(one)
                if request is None:
                    return []
                text = word("asked", language, wished=words.wished(request.wishes, language))
                row = (("write-yes", f"{MARK}write/{one}"), ("write-later", f"{MARK}later/{one}"))
                return [Message(text, (), _buttons(language, *row))]
            case "open" if kept.talk.state == "open":
                return [_message("open", language, ("begin", TALK))]
            case "may-share" if kept.talk.state == "open":
                return [_message("may-share", language, ("share", SHARE))]
            case "given":
                before, _, after = word("given", language, words="\0").partition("\0")
                shown = starred(before)
                return [Message(shown.text + given + after, shown.bold)]
            case "words" | "danger":
                return await self._passed(key, kept, kind, given, language)
            case _:
                return []

    async def _passed(
        self, key: str, kept: Kept, kind: str, given: str, language: str
    ) -> list[Message]:
        """Words of the other one, under a label; a button to answer for who stands elsewhere."""
        mine = kept.side(key)
        label = word("from-mentor" if mine == "person" else "from-person", language)
        first, *rest = list(pieces(given, LONGEST - utf16(label) - 1, utf16)) or [""]
        out = [Message(f"{label}\n{first}", ((0, utf16(label)),)), *map(Message, rest)]
        if kind == "danger":
            out.append(_message("danger", language, ("danger-card", CARD), ("ask-supervision", f"{MARK}help")))  # fmt: skip
        elif kept.talk.state == "open" and not await self._at_hub(key):
            last = out.pop()
            out.append(Message(last.text, last.bold, _buttons(language, ("answer", TALK))))
        return out

    # ── in a talk ──────────────────────────────────────────────────────────────────────────────

    async def talking(self, key: str) -> bool:
        """Whether what is typed in this chat now goes to the other. Where the store can't say, it
        does not."""
        return await self._in_talk(key) and await self._at_hub(key)

    async def _in_talk(self, key: str) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._talks.open_of(key) is not None
        except (StoreProblem, TimeoutError, sqlite3.Error, OSError, ValueError) as error:
            log.error("a talk can't be looked up: %s", type(error).__name__)
            return False

    async def _at_hub(self, key: str) -> bool:
        return (await self._persons.of(key)).conversation.place == HUB

    @staticmethod
    def for_us(text: str) -> bool:
        """Whether somebody in a talk speaks to the program: a word of its own, and nothing else."""
        return (
            fold(text) == "menu"
            or text.strip().lower() in STOPS
            or typed.exact_command(text) in {"forget", "privacy"}
        )

    def rings(self, text: str) -> bool:
        """Whether it is answered here at once, whoever else it is for."""
        return self._persons.alarms(text) or typed.exact_command(text) == "help"

    async def passes_on(self, key: str, text: str, letter: str) -> tuple[Write, ...]:
        """What carries a message to the other; nothing where they are in no talk (any more)."""
        now, danger = self._persons.now(), self.rings(text)
        return await self._talks.passed_on(key, text, letter, now, danger=danger)

    async def back(self, key: str, offered: Sequence[str], language: str) -> Rows:
        """The way back to a talk, under what the program says meanwhile."""
        if FINISH in offered or not await self._in_talk(key):
            return ()
        return _buttons(language, ("to-talk", TALK))


def _of(request: Request, language: str) -> dict[str, str]:
    meet = words.said(f"meet/{request.wishes.meet}" if request.wishes.meet else "anybody", language)
    return {"wished": words.wished(request.wishes, language), "meet": meet}


def _carried(request: Request, kept: Kept | None, language: str) -> Message:
    one, talk = request.id, kept.talk if kept else Talk()
    buttons = [("hand-back", f"{MARK}back/{one}")]
    if request.state == "met":
        buttons.insert(0, ("finished", f"{MARK}close/{one}"))
    else:
        buttons.insert(0, ("we-met", f"{MARK}met/{one}"))
    if request.wishes.meet == "write":
        buttons.insert(0, ("write", f"{MARK}write/{one}"))
    shown = _message("carried", language, *buttons, **_of(request, language))
    state = "now-writing" if talk.state == "open" else "asks-you" if talk.yes == ("person",) else ""
    more = f"\n\n{word(state, language)}" if state else ""
    return Message(shown.text + more, shown.bold, shown.rows)


def _reasons(one: str, move: str, language: str) -> Message:
    then = "why" if move == "no" else "gave"
    rows = [((words.said(f"why/{why}", language), f"{MARK}{then}/{one}/{why}"),) for why in REASONS]
    return Message(word("why" if move == "no" else "why-back", language), (), tuple(rows))


def _message(key: str, language: str, *buttons: tuple[str, str], **blanks: object) -> Message:
    shown = starred(word(key, language, **blanks))
    return Message(shown.text, shown.bold, _buttons(language, *buttons))


def _buttons(language: str, *buttons: tuple[str, str]) -> Rows:
    return tuple(((word(key, language), data),) for key, data in buttons)
