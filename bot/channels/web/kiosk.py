"""The kiosk page: forms and links, no script needed.

Every screen is one page with the last reply on it. A choice is a button of a form that posts the
option's id, words are a form that posts the text, and each page carries a fresh turn id, so that a
button pressed twice, or a form sent again, is one turn. A post is kept and then redirected to the
page (so reload and Back send nothing); where the store could not keep it, the reply is shown at
once instead.

Who somebody is: a random cookie of this browser window, nothing else. It is worth nothing after it
lay idle, when the person leaves, or when the talk is over; whatever was kept under it is then
erased. Nothing a person typed is kept, and none of it is in any address.
"""

import hashlib
import hmac
import secrets
import time
from calendar import Calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web.guardrails import MOST_BYTES, Guardrails
from bot.channels.web.words import ui
from bot.engine import plain
from bot.engine.house import LANGUAGES
from bot.engine.model import Conversation, Reply, Turn
from bot.service import Service

HERE = Path(__file__).parent
COOKIE = "peerpath"
IDLE_SECONDS = 180  # untouched for so long, a person is asked
WARNING_SECONDS = 30  # and has so long to answer (WCAG 2.2.1 asks for 20)
MOST_CHARACTERS = 4000  # of one message; the guard has read it all the same


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The routes of a kiosk over a service. `now` is the clock, in seconds since 1970."""

    service: Service
    newcomer: Conversation
    now: Callable[[], float] = time.time
    idle: int = IDLE_SECONDS
    warning: int = WARNING_SECONDS

    def app(self) -> Starlette:
        """The application, with its headers and limits around it."""
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/say", self.say, methods=["POST"]),
                Route("/leave", self.leave, methods=["GET", "POST"]),
                Route("/still-there", self.still_there),
                Route("/today", self.today),
                Route("/healthz", self.healthz),
                Route("/readyz", self.readyz),
                Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
            ],
            middleware=[Middleware(Guardrails)],
            exception_handlers={HTTPException: self.http_error, 500: self.broken},
        )

    # ── pages ──────────────────────────────────────────────────────────────────────────────────

    async def page(self, request: Request) -> Response:
        """Where this person is: what was last said to them, or the welcome."""
        session = self._session(request) or secrets.token_urlsafe(24)
        opened = Turn("page", at=self.now(), silent=True, language=self._language(request))
        answer = await self.service.last(
            self._key(session), opened, self.newcomer, self._not_before()
        )
        return self._show(request, session, answer.reply)

    async def say(self, request: Request) -> Response:
        """A turn: an option that was picked, or words."""
        try:
            form = await request.form(max_files=0, max_fields=8, max_part_size=2 * MOST_BYTES)
        except (HTTPException, MultiPartException):
            return self._notice(request, "too_long", 413)
        text, picked = _one(form.get("text")).strip(), _one(form.get("pick"))[:200]
        session = self._session(request)
        if not session or not self._token_fits(session, _one(form.get("token"))):
            # No session, or another's: what was said is heard all the same, in a new one.
            session = secrets.token_urlsafe(24)
        turn = Turn(
            id=self._turn_id(_one(form.get("turn"))[:40], text, picked),
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
        response: Response = RedirectResponse("/", status_code=303)
        self._give(request, response, session)
        return response

    async def leave(self, request: Request) -> Response:
        """Away at once, to a page that says nothing. What was kept is erased."""
        if session := self._session(request):
            await self.service.forget(self._key(session))
        response = RedirectResponse("/today", status_code=303)
        self._take(request, response)
        return response

    async def still_there(self, request: Request) -> Response:
        """For browsers without scripts: asked after a while, answered by one press."""
        language = self._language(request)
        return self._render("still-there.html", language, refresh=f"{self.warning};url=/leave")

    async def today(self, request: Request) -> Response:
        """A calendar. Nothing to see here."""
        day = datetime.fromtimestamp(self.now(), UTC).date()
        weeks = Calendar(firstweekday=6).monthdayscalendar(day.year, day.month)
        return self._render("today.html", self._language(request), day=day, weeks=weeks)

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

    # ── who it is ──────────────────────────────────────────────────────────────────────────────

    def _key(self, session: str) -> str:
        return self.service.key("kiosk", session)

    def _session(self, request: Request) -> str:
        return request.cookies.get(COOKIE, "")[:64]

    def _not_before(self) -> float:
        """A talk that nobody touched since then is over."""
        return self.now() - self.idle - self.warning

    def _turn_id(self, page: str, text: str, picked: str) -> str:
        """The page's turn, so that a button pressed twice is one turn, and two buttons are two.

        Words that alarm are a turn of their own each time: none of them may be taken for a
        repetition of something else that was sent from the same page.
        """
        page = page or secrets.token_urlsafe(12)
        if not text:
            return f"{page}:{picked}"
        try:
            alarming = self.service.content.guard.hear(text) is not None
        except Exception:  # noqa: BLE001 - a guard that breaks hears an alarm
            alarming = True
        return secrets.token_urlsafe(12) if alarming else page

    def _token(self, session: str) -> str:
        key = self._key(session).encode()
        return hmac.new(key, b"form", hashlib.sha256).hexdigest()[:32]

    def _token_fits(self, session: str, token: str) -> bool:
        return hmac.compare_digest(self._token(session).encode(), token.encode())

    def _language(self, request: Request) -> str:
        asked = request.query_params.get("lang", "") or self.newcomer.language
        if asked in LANGUAGES:
            return asked
        accepted = request.headers.get("accept-language", "").lower()
        return "es" if accepted.startswith("es") else "en"

    def _give(self, request: Request, response: Response, session: str) -> None:
        """The cookie of this window: for this site alone, gone when the browser closes."""
        response.set_cookie(
            COOKIE,
            session,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
            path="/",
        )

    def _take(self, request: Request, response: Response) -> None:
        response.delete_cookie(
            COOKIE, httponly=True, samesite="strict", secure=request.url.scheme == "https"
        )

    # ── what is shown ──────────────────────────────────────────────────────────────────────────

    def _show(self, request: Request, session: str, reply: Reply, *, kept: bool = True) -> Response:
        response = self._render(
            "talk.html",
            reply.language,
            reply=reply,
            counted=list(plain.counted(reply.pace, reply.language)) if reply.pace else [],
            kept=kept,
            turn=secrets.token_urlsafe(12),
            token=self._token(session),
            refresh_noscript=f"{self.idle};url=/still-there?lang={reply.language}",
        )
        self._give(request, response, session)
        return response

    def _ended(self, request: Request, reply: Reply) -> Response:
        response = self._render("ended.html", reply.language, reply=reply)
        self._take(request, response)
        return response

    def _notice(self, request: Request, which: str, status: int) -> Response:
        return self._render("notice.html", self._language(request), status=status, which=which)

    def _render(self, page: str, language: str, *, status: int = 200, **words: Any) -> Response:
        shown = language if language in LANGUAGES else "en"
        html = _PAGES.get_template(page).render(
            ui=ui(shown),
            language=shown,
            other="es" if shown == "en" else "en",
            idle=self.idle,
            warning=self.warning,
            **{"refresh": "", "refresh_noscript": "", **words},
        )
        return HTMLResponse(html, status_code=status)


def _one(value: object) -> str:
    """A form field as text: whatever else was posted under its name is nothing."""
    return value if isinstance(value, str) else ""


def marked(words: str) -> Markup:
    """Words with `*stars*` made strong, and list lines made lines. Everything else is escaped."""
    parts = str(escape(words)).split("*")
    out = "".join(
        f"<strong>{part}</strong>" if number % 2 and number < len(parts) - 1 else part
        for number, part in enumerate(parts)
    )
    return Markup(out.replace("\n", "<br>"))  # noqa: S704 - escaped above


def tel(value: str) -> str:
    """The digits to dial of a number with a note behind it."""
    number = value.partition(" (")[0]
    digits = "".join(letter for letter in number if letter.isdecimal())
    return digits if len(digits) > 2 else ""


_PAGES = Environment(
    loader=FileSystemLoader(HERE / "pages"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_FILTERS: Mapping[str, Callable[..., Any]] = {"marked": marked, "tel": tel}
_PAGES.filters.update(_FILTERS)
