"""The mentors' desk at /mentors: for mentors, their coordinator, staff and whoever keeps accounts.

It needs no script and works on a phone. Who may open what stands in one table, PAGES, which the
routes are made from; docs/mentors.md shows the same table, and a test holds the two together.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web import sessions
from bot.channels.web.desk_words import DRIFTS, REFUSED, SAID, ago, name_of
from bot.channels.web.pages import desk_page
from bot.engine.house import LANGUAGES
from bot.engine.wording import Voice
from bot.mentoring.accounts import ROLES, Accounts, NotAllowed, SignedIn
from bot.mentoring.chats import LASTS
from bot.mentoring.inbox import Inbox
from bot.peers import words
from bot.peers.life import REASONS, Refused
from bot.peers.model import By, Move
from bot.service import Service

COOKIE, LANGUAGE = "peerpath-desk", "peerpath-desk-language"
MOST_FIELDS = 80
EVERYBODY = frozenset({*ROLES, ""})  # "" is somebody who is not signed in
SIGNED_IN = frozenset(ROLES)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to the desk: who, in which language, and when (seconds since 1970)."""

    request: Request
    who: SignedIn | None
    language: str
    now: float

    @property
    def role(self) -> str:
        """Whose rights they have."""
        return self.who.account.role if self.who else ""

    @property
    def name(self) -> str:
        """Their account, for the log."""
        return self.who.account.name if self.who else ""

    @property
    def mentor(self) -> str:
        """Whose desk it is, if a mentor's."""
        return self.who.account.mentor if self.who else ""

    def part(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params.get(name, ""))


Answer = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """An address of the desk: how it is asked for, and by whom."""

    path: str
    method: str
    roles: frozenset[str]
    answer: str  # the method of Desk or Office that answers


def _for(roles: str) -> frozenset[str]:
    return frozenset(roles.split())


PAGES = (
    Page("/mentors", "GET", SIGNED_IN, "home"),
    Page("/mentors/sign-in", "GET", EVERYBODY, "sign_in_page"),
    Page("/mentors/sign-in", "POST", EVERYBODY, "sign_in"),
    Page("/mentors/sign-out", "POST", SIGNED_IN, "sign_out"),
    Page("/mentors/password/{secret}", "GET", EVERYBODY, "password_page"),
    Page("/mentors/password/{secret}", "POST", EVERYBODY, "set_password"),
    Page("/mentors/guide", "GET", SIGNED_IN, "guide"),
    Page("/mentors/guide/{part}", "GET", SIGNED_IN, "guide"),
    Page("/mentors/mine", "GET", _for("mentor"), "mine"),
    Page("/mentors/mine/{one}/{move}", "POST", _for("mentor"), "move"),
    Page("/mentors/rest", "POST", _for("mentor"), "rest"),
    Page("/mentors/telegram", "GET", _for("mentor"), "telegram"),
    Page("/mentors/telegram/{move}", "POST", _for("mentor"), "change_telegram"),
    Page("/mentors/drift", "GET", _for("mentor coordinator"), "drift"),
    Page("/mentors/supervision", "POST", _for("mentor"), "ask_supervision"),
    Page("/mentors/waiting", "GET", _for("coordinator"), "waiting"),
    Page("/mentors/requests/{one}/{move}", "POST", _for("coordinator"), "direct"),
    Page("/mentors/supervision/{one}", "POST", _for("coordinator"), "supervised"),
    Page("/mentors/people", "GET", _for("coordinator"), "people"),
    Page("/mentors/people/{one}", "GET", _for("coordinator"), "person"),
    Page("/mentors/people/{one}", "POST", _for("coordinator"), "keep"),
    Page("/mentors/people/{one}/{move}", "POST", _for("coordinator"), "change"),
    Page("/mentors/apart", "GET", _for("coordinator staff"), "apart"),
    Page("/mentors/apart", "POST", _for("coordinator staff"), "keep_apart"),
    Page("/mentors/apart/{one}", "POST", _for("coordinator staff"), "together"),
    Page("/mentors/figures", "GET", _for("coordinator admin"), "figures"),
    Page("/mentors/figures.csv", "GET", _for("coordinator admin"), "figures_csv"),
    Page("/mentors/inbox", "GET", _for("staff"), "inbox"),
    Page("/mentors/inbox/{one}", "POST", _for("staff"), "acknowledge"),
    Page("/mentors/accounts", "GET", _for("admin"), "accounts_page"),
    Page("/mentors/accounts", "POST", _for("admin"), "add_account"),
    Page("/mentors/accounts/{one}/{move}", "POST", _for("admin"), "change_account"),
    Page("/mentors/log", "GET", _for("coordinator admin"), "log"),
)
HOMES = {
    "mentor": "/mentors/mine",
    "coordinator": "/mentors/waiting",
    "staff": "/mentors/inbox",
    "admin": "/mentors/accounts",
}


class Desk:
    """What everybody at the desk needs: signing in, the frame of a page, and a mentor's own pages.

    `now` is the clock, in seconds since 1970.
    """

    def __init__(self, service: Service, now: Callable[[], float] = time.time) -> None:
        self.service, self.now = service, now
        self.requests = service.requests
        self.audit = service.audit
        self.accounts = Accounts(service.store, self.audit)
        self.people_ = service.people
        self.inbox_ = Inbox(service.store, self.audit, self.requests.seal)

    def routes(self) -> list[Route]:
        """Every page of the table, with its roles asked for before anything else."""
        return [Route(page.path, self._guarded(page), methods=[page.method]) for page in PAGES]

    def _guarded(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        answer: Answer = getattr(self, page.answer)

        async def endpoint(request: Request) -> Response:
            visit = await self._visit(request)
            if visit.role not in page.roles:
                return self._turned_away(visit)
            if page.method == "POST" and visit.who and not await self._own_form(visit):
                return self.render(visit, "sorry.html", 403, said=SAID["form"])
            return _with_language(visit, await answer(visit))

        return endpoint

    async def _visit(self, request: Request) -> Visit:
        now = self.now()
        who = await self.accounts.who(request.cookies.get(COOKIE, "")[:100], now)
        return Visit(request, who, _language(request), now)

    async def _own_form(self, visit: Visit) -> bool:
        """Whether a form was made for this session, so that no other site can send one."""
        form = await self.form(visit)
        session = visit.who.session if visit.who else ""
        return sessions.token_fits(session, field(form, "token"))

    def _turned_away(self, visit: Visit) -> Response:
        if visit.who is None:
            return RedirectResponse("/mentors/sign-in", status_code=303)
        return self.render(visit, "sorry.html", 403, said=SAID["wrong-role"])

    async def form(self, visit: Visit) -> FormData:
        """What was posted; read once, kept by the request."""
        return await visit.request.form(max_files=0, max_fields=MOST_FIELDS)

    def render(self, visit: Visit, name: str, status: int = 200, **given: Any) -> Response:
        """A page in the frame of the desk."""
        known = visit.request.query_params.get("said", "")
        shown = {"said": SAID.get(known) or REFUSED.get(known), "error": None, **given}
        html = desk_page(
            name,
            visit.language,
            role=visit.role,
            signed_in=visit.name,
            token=sessions.token(visit.who.session) if visit.who else "",
            here=visit.request.url.path,
            ago=lambda at: ago(visit.now - at, visit.language),
            wished=lambda wishes: words.wished(wishes, visit.language),
            word=lambda key: words.said(key, visit.language),
            called=lambda key: name_of(key, visit.language),
            **shown,
        )
        return HTMLResponse(html, status_code=status)

    # ── signing in ─────────────────────────────────────────────────────────────────────────────

    async def home(self, visit: Visit) -> Response:
        """Where each role begins."""
        return RedirectResponse(HOMES[visit.role], status_code=303)

    async def sign_in_page(self, visit: Visit) -> Response:
        """The door."""
        if visit.who:
            return await self.home(visit)
        return self.render(visit, "sign-in.html")

    async def sign_in(self, visit: Visit) -> Response:
        """A name and a password."""
        form = await self.form(visit)
        try:
            cookie = await self.accounts.sign_in(
                field(form, "name"), field(form, "password"), visit.now
            )
        except NotAllowed as problem:
            return self.render(visit, "sign-in.html", 403, error=problem.said)
        response = RedirectResponse("/mentors", status_code=303)
        response.set_cookie(
            COOKIE,
            cookie,
            httponly=True,
            samesite="strict",
            secure=visit.request.url.scheme == "https",
            path="/mentors",
        )
        return response

    async def sign_out(self, visit: Visit) -> Response:
        """The session is over, here and at the server."""
        if visit.who:
            await self.accounts.sign_out(visit.who.session)
        response = RedirectResponse("/mentors/sign-in?said=out", status_code=303)
        response.delete_cookie(COOKIE, path="/mentors", httponly=True, samesite="strict")
        return response

    async def password_page(self, visit: Visit) -> Response:
        """What a one-time link opens."""
        account = await self.accounts.of_link(visit.part("secret"), visit.now)
        if account is None:
            return self.render(visit, "sorry.html", 404, said=SAID["link"])
        return self.render(visit, "password.html", account=account)

    async def set_password(self, visit: Visit) -> Response:
        """Its owner sets it; nobody else ever knows it."""
        form, secret = await self.form(visit), visit.part("secret")
        account = await self.accounts.of_link(secret, visit.now)
        if account is None:
            return self.render(visit, "sorry.html", 404, said=SAID["link"])
        if field(form, "password") != field(form, "again"):
            said = SAID["differ"]
            return self.render(visit, "password.html", 400, account=account, error=said)
        try:
            await self.accounts.set_password(secret, field(form, "password"), visit.now)
        except NotAllowed as problem:
            return self.render(visit, "password.html", 400, account=account, error=problem.said)
        return RedirectResponse("/mentors/sign-in?said=password", status_code=303)

    # ── a mentor's own ─────────────────────────────────────────────────────────────────────────

    async def mine(self, visit: Visit) -> Response:
        """Who asks for me, and whom I carry; with their words, where they shared some and I said
        yes."""
        everyone = await self.requests.open()
        carried = [one for one in everyone if one.mentor == visit.mentor]
        return self.render(
            visit,
            "mine.html",
            me=await self.people_.get(visit.mentor),
            chat=await self.requests.chats.of(visit.mentor),
            asked=[one for one in everyone if visit.mentor in one.offered],
            carried=[(one, *await self.requests.words(one.id)) for one in carried],
            reasons=REASONS,
        )

    async def move(self, visit: Visit) -> Response:
        """Accept, decline, met, close, hand back."""
        kind, form = visit.part("move"), await self.form(visit)
        why = field(form, "why") if kind in {"decline", "hand-back"} else ""
        moved: Any = Refused("not-now")
        if kind in {"accept", "decline", "meet", "close", "hand-back"}:
            move = Move(kind, By("mentor", visit.mentor), visit.now, why=why)
            moved = await self.requests.move(visit.part("one"), move)
        await self.refresh()
        said = moved.code if isinstance(moved, Refused) else kind
        return RedirectResponse(f"/mentors/mine?said={said}", status_code=303)

    async def rest(self, visit: Visit) -> Response:
        """Pause, or be back."""
        paused = field(await self.form(visit), "paused") == "yes"
        await self.people_.pause(visit.name, visit.mentor, visit.now, paused=paused)
        await self.refresh()
        said = "resting" if paused else "back"
        return RedirectResponse(f"/mentors/mine?said={said}", status_code=303)

    async def telegram(self, visit: Visit) -> Response:
        """Whether a mentor's Telegram is linked, and how to."""
        return await self._telegram(visit)

    async def _telegram(self, visit: Visit, secret: str = "") -> Response:
        chats = self.requests.chats
        bot, chat = await chats.bot("telegram", visit.now), await chats.of(visit.mentor)
        return self.render(
            visit, "telegram.html", bot=bot, chat=chat, secret=secret, minutes=LASTS / 60
        )

    async def change_telegram(self, visit: Visit) -> Response:
        """A link to open on their phone, shown once; or no Telegram any more."""
        move = visit.part("move")
        if move == "unlink":
            await self.people_.unlink(visit.name, visit.mentor, visit.now)
            await self.refresh()
            return RedirectResponse("/mentors/telegram?said=unlinked", status_code=303)
        if move == "link" and await self.requests.chats.bot("telegram", visit.now):
            secret = await self.requests.chats.new_link(visit.mentor, visit.now)
            return await self._telegram(visit, secret)
        return RedirectResponse("/mentors/telegram", status_code=303)

    async def ask_supervision(self, visit: Visit) -> Response:
        """Time with the supervisor, for any reason or none."""
        await self.people_.ask_supervision(visit.mentor, visit.now)
        return RedirectResponse("/mentors/mine?said=supervision", status_code=303)

    async def drift(self, visit: Visit) -> Response:
        """A word for when something is not a peer's work. What is ticked is kept nowhere."""
        ticked = [one for one in visit.request.query_params.getlist("is") if one in DRIFTS]
        return self.render(visit, "drift.html", drifts=DRIFTS, ticked=ticked)

    async def guide(self, visit: Visit) -> Response:
        """The pocket guide: the same cards that the talk shows, one flow a page."""
        content = self.service.content
        flows = [flow for flow in content.flows.values() if flow.id.startswith("guide/")]
        part = content.flows.get(f"guide/{visit.part('part')}")
        cards = []
        if part:
            voice = Voice(
                content.words, visit.language, "", usual=content.facilities
            )  # a mentor's place is not asked: blanks get their usual words
            lines = [line for step in part.steps.values() for line in (*step.says, *step.asks)]
            cards = [voice.text(line.text).split("\n\n") for line in lines]
        titles = [(flow.id.removeprefix("guide/"), flow.title) for flow in flows]
        return self.render(
            visit,
            "guide.html",
            status=200 if part or not visit.part("part") else 404,
            titles=[(one, content.words.of(title, visit.language)) for one, title in titles],
            title=content.words.of(part.title, visit.language) if part else "",
            cards=cards,
        )

    async def refresh(self) -> None:
        """What changed here is known to the talk at once, and what waits is offered."""
        await self.service.refresh(self.now())


def field(form: FormData, name: str) -> str:
    """A field as text: whatever else was posted under its name is nothing."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _language(request: Request) -> str:
    asked = request.query_params.get("lang", "") or request.cookies.get(LANGUAGE, "")
    if asked in LANGUAGES:
        return asked
    return "es" if request.headers.get("accept-language", "").lower().startswith("es") else "en"


def _with_language(visit: Visit, response: Response) -> Response:
    if visit.request.query_params.get("lang", "") in LANGUAGES:
        response.set_cookie(
            LANGUAGE, visit.language, httponly=True, samesite="strict", path="/mentors"
        )
    return response
