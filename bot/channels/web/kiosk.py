"""The kiosk page: forms and links, no script needed.

Every screen is one page with the last reply on it. A choice is a button of a form that posts the
option's id, words are a form that posts the text, and each page carries a fresh turn id, so that a
button pressed twice, or a form sent again, is one turn. A post is kept and then redirected to the
page (so reload and Back send nothing); where the store could not keep it, the reply is shown at
once instead.

Who somebody is stands in sessions.py, how a page is made in pages.py, how much one may ask for in
rates.py. Whatever was kept of a talk is erased when the person leaves, falls idle or finishes.
Nothing a person typed is kept, and none of it is in any address.
"""

import secrets
import time
from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.near import county_of_zip
from bot.channels.web import pages, sessions
from bot.channels.web.guardrails import MOST_BYTES, Guardrails
from bot.channels.web.pages import HERE
from bot.channels.web.rates import Rates
from bot.channels.web.voice import Speaker
from bot.channels.web.words import ui
from bot.engine.house import LANGUAGES
from bot.engine.model import Conversation, Reply, Turn
from bot.service import Service

IDLE_SECONDS = 180  # untouched for so long, a person is asked
WARNING_SECONDS = 30  # and has so long to answer (WCAG 2.2.1 asks for 20)
SHEET_TIMES = 2  # without scripts nobody sees that a person is still writing a sheet
TALK = "/#talk"  # reading and the Tab key go on at the reply, not at the top of the page


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The routes of a kiosk over a service. `now` is the clock, in seconds since 1970."""

    service: Service
    newcomer: Conversation
    now: Callable[[], float] = time.time
    idle: int = IDLE_SECONDS
    warning: int = WARNING_SECONDS
    rates: Rates = field(default_factory=Rates)
    speaker: Speaker = field(default_factory=Speaker)
    beside: tuple[Route, ...] = ()  # other routes in the same house: webhooks, /metrics

    def app(self) -> Starlette:
        """The application, with its headers and limits around it."""
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/say", self.say, methods=["POST"]),
                Route("/leave", self.leave, methods=["GET", "POST"]),
                Route("/awake", self.awake, methods=["POST"]),
                Route("/still-there", self.still_there),
                Route("/reading", self.reading, methods=["GET", "POST"]),
                Route("/cover", self.cover),
                Route("/voice", self.voice),
                Route("/today", self.today),
                Route("/offline", self.offline),
                Route("/sw.js", self.service_worker),
                Route("/healthz", self.healthz),
                Route("/readyz", self.readyz),
                *self.beside,
                Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
            ],
            middleware=[Middleware(Guardrails, voice=self.speaker.there)],
            exception_handlers={HTTPException: self.http_error, 500: self.broken},
        )

    # ── the talk ───────────────────────────────────────────────────────────────────────────────

    async def page(self, request: Request) -> Response:
        """Where this person is: what was last said to them, or the welcome."""
        session = sessions.session_of(request) or sessions.fresh()
        return self._show(request, session, await self._last(request, session))

    async def say(self, request: Request) -> Response:
        """A turn: an option that was picked, or words."""
        try:
            form = await self._form(request)
        except (HTTPException, MultiPartException):
            return self._notice(request, "too_long", 413)
        text, picked = _one(form.get("text")).strip(), _one(form.get("pick"))[:200]
        areas = self.service.content.areas
        if county := county_of_zip(text, areas):
            text = areas[county].name  # where a county is asked, its ZIP code answers too
        session = sessions.session_of(request)
        if not session or not sessions.token_fits(self._key(session), _one(form.get("token"))):
            # No session, or another's: what was said is heard all the same, in a new one.
            session = sessions.fresh()
        alarming = self._alarms(text, picked)
        if not alarming and (seconds := await self._must_wait(request, session)):
            return self._too_fast(request, session, seconds, _one(form.get("lang")))
        turn = Turn(
            id=_turn_id(_one(form.get("turn"))[:40], text, picked, alarming=alarming),
            text=text,
            at=self.now(),
            picked="" if text else picked,
            language=_one(form.get("lang"))[:5],
            silent=not (text or picked),
        )
        answer = await self.service.handle(
            self._key(session), turn, self.newcomer, self._not_before()
        )
        if answer.reply.over:
            await self.service.forget(self._key(session))
            return self._ended(request, answer.reply)
        if not answer.kept:
            return self._show(request, session, answer.reply, kept=False)
        response: Response = RedirectResponse(TALK, status_code=303)
        sessions.give(request, response, session)
        return response

    async def leave(self, request: Request) -> Response:
        """Away at once, to a page that says nothing. What was kept is erased."""
        if session := sessions.session_of(request):
            await self.service.forget(self._key(session))
        response = RedirectResponse("/today", status_code=303)
        sessions.take(request, response)
        return response

    async def awake(self, request: Request) -> Response:
        """Somebody is still writing: their talk is not idle, though they sent nothing."""
        try:
            form = await self._form(request)
        except (HTTPException, MultiPartException):
            return Response(status_code=413)
        session = sessions.session_of(request)
        if session and sessions.token_fits(self._key(session), _one(form.get("token"))):
            await self.service.touch(self._key(session), self.now(), self._not_before())
        return Response(status_code=204)

    async def still_there(self, request: Request) -> Response:
        """For browsers without scripts: asked after a while, answered by one press."""
        return self._render(request, "still-there.html", refresh=f"{self.warning};url=/leave")

    # ── around the talk ────────────────────────────────────────────────────────────────────────

    async def reading(self, request: Request) -> Response:
        """How this person likes to read: colors, size, spacing. Each press is a choice."""
        look = dict(sessions.look_of(request))
        if request.method == "POST":
            form = await self._form(request)
            kind, _, choice = _one(form.get("look"))[:40].partition("-")
            if choice in sessions.LOOKS.get(kind, ()):
                look[kind] = choice
            language = _one(form.get("lang"))[:2]
            response: Response = RedirectResponse(f"/reading?lang={language}", status_code=303)
            sessions.give_look(request, response, look)
            return response
        return self._render(
            request, "reading.html", looks=sessions.LOOKS, chosen=look, refresh=self._still_there()
        )

    async def cover(self, request: Request) -> Response:
        """A page that hides the talk, for browsers without scripts."""
        return self._render(request, "cover.html", refresh=self._still_there())

    async def voice(self, request: Request) -> Response:
        """The last reply of this session, read aloud."""
        if await self.rates.wait("", self._address(request)):
            return Response(status_code=429)
        session = sessions.session_of(request) or sessions.fresh()
        sound = await self.speaker.speak(await self._last(request, session))
        if not sound:
            return Response(status_code=404)
        return Response(sound, media_type="audio/wav")

    async def today(self, request: Request) -> Response:
        """A calendar. Nothing to see here."""
        day = datetime.fromtimestamp(self.now(), UTC).date()
        weeks = Calendar(firstweekday=6).monthdayscalendar(day.year, day.month)
        return self._render(request, "today.html", day=day, weeks=weeks)

    async def offline(self, request: Request) -> Response:
        """What the browser shows while the server is stopped. It looks again by itself."""
        both = (ui("en"), ui("es"))  # nobody knows who comes while it is shown
        return self._render(request, "offline.html", both=both)

    async def service_worker(self, _request: Request) -> Response:
        """The script that keeps the offline page. It has to stand at the top to see every page."""
        return FileResponse(HERE / "static" / "sw.js", media_type="text/javascript")

    async def healthz(self, _request: Request) -> Response:
        """The process lives."""
        return PlainTextResponse("ok\n")

    async def readyz(self, _request: Request) -> Response:
        """The store answers. Without it people are answered still, but nothing is kept."""
        try:
            await self.service.store.load("ready", "ready")
        except Exception:  # noqa: BLE001 - whatever it is, the store is not ready
            return PlainTextResponse("the store does not answer\n", status_code=503)
        return PlainTextResponse("ready\n")

    async def http_error(self, request: Request, error: Exception) -> Response:
        """A kind page for an address that isn't here, or a message too large to read."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self._notice(request, "too_long" if status == 413 else "not_found", status)

    async def broken(self, request: Request, _error: Exception) -> Response:
        """A bug of ours. The emergency words stand on this page too."""
        return self._notice(request, "broken", 500)

    # ── what is asked ──────────────────────────────────────────────────────────────────────────

    def _key(self, session: str) -> str:
        return self.service.key("kiosk", session)

    def _address(self, request: Request) -> str:
        """Where it comes from, as a key: an address itself is written down nowhere."""
        return self.service.key("address", request.client.host if request.client else "")

    async def _form(self, request: Request) -> FormData:
        return await request.form(max_files=0, max_fields=8, max_part_size=2 * MOST_BYTES)

    async def _last(self, request: Request, session: str) -> Reply:
        opened = Turn("page", at=self.now(), silent=True, language=self._language(request))
        answer = await self.service.last(
            self._key(session), opened, self.newcomer, self._not_before()
        )
        return answer.reply

    def _not_before(self) -> float:
        """A talk that nobody touched since then is over."""
        return self.now() - self.idle - self.warning

    def _alarms(self, text: str, picked: str) -> bool:
        """Whether this must be answered whatever else holds: an alarm, or a call for help."""
        if not text:
            return picked == "/help" or picked.startswith("/alarm/")
        try:
            return self.service.content.guard.hear(text) is not None
        except Exception:  # noqa: BLE001 - a guard that breaks hears an alarm
            return True

    async def _must_wait(self, request: Request, session: str) -> int:
        return await self.rates.wait(self._key(session), self._address(request))

    def _language(self, request: Request) -> str:
        asked = request.query_params.get("lang", "") or self.newcomer.language
        if asked in LANGUAGES:
            return asked
        accepted = request.headers.get("accept-language", "").lower()
        return "es" if accepted.startswith("es") else "en"

    # ── what is shown ──────────────────────────────────────────────────────────────────────────

    def _still_there(self, times: int = 1) -> str:
        return f"{self.idle * times};url=/still-there"

    def _show(self, request: Request, session: str, reply: Reply, *, kept: bool = True) -> Response:
        quiet = self._still_there(SHEET_TIMES if reply.sheet else 1)
        html = pages.talk(
            reply,
            sessions.look_of(request),
            kept=kept,
            token=sessions.token(self._key(session)),
            refresh=quiet,
            idle=self.idle,
            warning=self.warning,
            voice=self.speaker.there,
        )
        response = HTMLResponse(html)
        sessions.give(request, response, session)
        return response

    def _ended(self, request: Request, reply: Reply) -> Response:
        response = self._render(request, "ended.html", reply=reply, language=reply.language)
        sessions.take(request, response)
        return response

    def _too_fast(self, request: Request, session: str, seconds: int, language: str) -> Response:
        response = self._notice(
            request, "too_fast", 429, language, token=sessions.token(self._key(session))
        )
        response.headers["retry-after"] = str(seconds)
        sessions.give(request, response, session)
        return response

    def _notice(
        self, request: Request, which: str, status: int, language: str = "", token: str = ""
    ) -> Response:
        return self._render(
            request, "notice.html", status, language=language, which=which, token=token
        )

    def _render(
        self, request: Request, name: str, status: int = 200, language: str = "", **words: Any
    ) -> Response:
        shown = language if language in LANGUAGES else self._language(request)
        times = {"idle": self.idle, "warning": self.warning}
        html = pages.page(name, shown, sessions.look_of(request), **times, **words)
        return HTMLResponse(html, status_code=status)


def _turn_id(page: str, text: str, picked: str, *, alarming: bool) -> str:
    """The page's turn, so that a button pressed twice is one turn, and two buttons are two.

    Words that alarm are a turn of their own each time: none of them may be taken for a repetition
    of something else that was sent from the same page.
    """
    page = page or secrets.token_urlsafe(12)
    if not text:
        return f"{page}:{picked}"
    return secrets.token_urlsafe(12) if alarming else page


def _one(value: object) -> str:
    """A form field as text: whatever else was posted under its name is nothing."""
    return value if isinstance(value, str) else ""
