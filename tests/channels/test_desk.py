"""The mentors' desk over HTTP, with scripts off: who may open what, signing in, and whole pages."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.web import desk
from bot.channels.web.desk import PAGES
from bot.channels.web.desk_office import Office
from bot.channels.web.desk_words import DRIFTS, REFUSED, SAID, name_of
from bot.channels.web.guardrails import Guardrails
from bot.engine.content import Content
from bot.engine.model import Act, Facility, Flow, Go, Line, Step, Text
from bot.mentoring.accounts import ROLES
from bot.mentoring.figures import SHOWN, WAITED
from bot.peers.life import REASONS
from bot.peers.model import Mentor
from bot.service import Service
from bot.store import Store, Write, open_store

DOCS = Path(__file__).resolve().parents[2] / "docs" / "mentors.md"
SECRET = b"a secret of the tests"
PASSWORD = "four plain words here"
START = 1_795_000_000.0
HERE = Facility(
    "prison", Text("", "Here"), "prison", {}, units={"a": Text("", "A yard")}, staff_messages=True
)
CARD = Step(
    "guide/drift/do", (Line(Text("t", "What *you* do:\n\n- listen")),), (), Go("guide/drift/do")
)
GUIDE = Flow("guide/drift", Text("g", "Staying a peer"), "guide/drift/do", {"guide/drift/do": CARD})


class Browser:
    """Somebody at the desk: keeps cookies, carries the page's token."""

    def __init__(self, app: Starlette) -> None:
        transport = httpx.ASGITransport(app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://desk")
        self.page = httpx.Response(200)

    @property
    def text(self) -> str:
        return html.unescape(self.page.text)

    async def get(self, path: str) -> str:
        self.page = await self.client.get(path)
        while self.page.status_code == 303:
            self.page = await self.client.get(self.page.headers["location"])
        return self.text

    async def post(self, path: str, **fields: str | list[str]) -> str:
        found = re.search(r'name="token" value="([^"]*)"', self.text)
        data = {"token": found.group(1) if found else "", **fields}
        self.page = await self.client.post(path, data=data)
        while self.page.status_code == 303:
            self.page = await self.client.get(self.page.headers["location"])
        return self.text


class World:
    """A desk with an account of every role, and one mentor."""

    def __init__(self, store: Store) -> None:
        self.now = START
        content = Content(facilities={"prison": HERE}, flows={"guide/drift": GUIDE})
        self.service = Service(content, store, SECRET)
        self.office = Office(self.service, lambda: self.now)
        self.app = Starlette(routes=self.office.routes(), middleware=[])
        self.app.add_middleware(Guardrails)
        self.store = store
        self.mentor = ""

    async def staffed(self) -> "World":
        mentor = Mentor("", "Ann", frozenset({"prison"}), ("en", "es"), frozenset({"loss"}))
        self.mentor = (await self.office.people_.keep("x", mentor, self.now)).id
        for role in ROLES:
            of = self.mentor if role == "mentor" else ""
            secret = await self.office.accounts.add("x", f"the-{role}", role, self.now, of)
            await self.office.accounts.set_password(secret, PASSWORD, self.now)
        await self.service.refresh(self.now)
        return self

    async def as_(self, role: str) -> Browser:
        browser = Browser(self.app)
        if role:
            await browser.post("/mentors/sign-in", name=f"The-{role}", password=PASSWORD)
            assert "Sign out" in browser.text
        return browser

    async def asked(self, words: str = "", found: str = "", about: str = "loss") -> str:
        """Somebody asks for a mentor; the id of their request."""
        key = f"kiosk-{len(await self.service.requests.open())}"
        drafts = [Act("draft", name="words", words=words), Act("draft", name="found", words=found)]
        ask = Act("ask", answers={"about": about, "meet": "find"}, setting="prison")
        for acts in (drafts, [ask]):
            await self.store.write(
                *await self.service.requests.writes(key, acts, self.now, lambda _: True)
            )
        rows = await self.store.rows("SELECT id FROM claims WHERE key = ?", key)
        return str(rows[0][0])


@pytest.fixture
async def world() -> AsyncIterator[World]:
    store = open_store("memory:")
    await store.open()
    yield await World(store).staffed()
    await store.close()


# ── who may open what ──────────────────────────────────────────────────────────────────────────


def documented() -> dict[tuple[str, str], dict[str, bool]]:
    rows = re.findall(
        r"^\| (GET|POST) \| `([^`]+)` \| (.*) \|$", DOCS.read_text("utf-8"), re.MULTILINE
    )
    columns = ("", *ROLES)
    return {
        (method, path): dict(zip(columns, (c == "yes" for c in cells.split(" | ")), strict=True))
        for method, path, cells in rows
    }


def test_the_table_in_the_docs_is_the_program() -> None:
    told = documented()
    assert set(told) == {(page.method, page.path) for page in PAGES}
    for page in PAGES:
        for role in ("", *ROLES):
            assert told[page.method, page.path][role] == (role in page.roles), (page, role)


@pytest.mark.parametrize("role", ["", *ROLES])
async def test_every_page_by_every_role_and_by_nobody(world: World, role: str) -> None:
    """Asked as the docs say, and nothing of what is refused is done."""
    one = await world.asked()
    for (method, path), allowed in documented().items():
        browser = await world.as_(role)
        before = await state(world)
        filled = path.format(one=one, move="accept", secret="no-such-link", part="drift")
        token = re.search(r'name="token" value="([^"]*)"', browser.text)
        data = {"token": token.group(1) if token else ""}
        answer = (
            await browser.client.get(filled)
            if method == "GET"
            else await browser.client.post(filled, data=data)
        )
        if allowed[role]:
            refused = answer.status_code == 403 and "another role" in answer.text
            to_the_door = answer.headers.get("location") == "/mentors/sign-in"
            assert not refused, (method, path)
            assert not to_the_door, (method, path)
        elif role:
            assert answer.status_code == 403, (method, path)
            assert await state(world) == before
        else:
            assert answer.headers["location"] == "/mentors/sign-in", (method, path)
            assert await state(world) == before


async def state(world: World) -> list[tuple[object, ...]]:
    tables = (
        "mentors", "requests", "moves", "keep_separate", "supervision", "staff_messages", "mentor_links",
        "mentor_chats", "talks",
    )  # fmt: skip
    return [tuple(row) for t in tables for row in await world.store.rows(f"SELECT * FROM {t}")]


@pytest.mark.parametrize("role", ROLES)
async def test_a_form_of_another_site_does_nothing(world: World, role: str) -> None:
    one = await world.asked()
    browser = await world.as_(role)
    before = await state(world)
    for page in PAGES:
        if page.method == "POST" and role in page.roles and "sign-in" not in page.path:
            path = page.path.format(one=one, move="accept", secret="x")
            answer = await browser.client.post(path, data={"token": "guessed"})
            assert answer.status_code == 403, path
    assert await state(world) == before
    assert "Sign out" in await browser.get("/mentors")


async def test_a_mentor_moves_nobody_elses_request(world: World) -> None:
    other = await world.office.people_.keep(
        "x", Mentor("", "Ben", frozenset({"prison"}), experience=frozenset({"loss"})), START
    )
    one = await world.asked()
    await world.office.requests.assign(one, other.id, desk.By("coordinator"), START)
    browser = await world.as_("mentor")
    await browser.get("/mentors/mine")
    assert "not yours" in await browser.post(f"/mentors/mine/{one}/accept")
    request = await world.service.requests.get(one)
    assert request is not None
    assert request.state == "offered"


# ── signing in ─────────────────────────────────────────────────────────────────────────────────


async def test_wrong_passwords_are_slowed_and_nobody_is_shut_out(world: World) -> None:
    browser = Browser(world.app)
    for _ in range(5):
        assert "don't go together" in await browser.post(
            "/mentors/sign-in", name="the-admin", password="wrong"
        )
    assert "Too many tries" in await browser.post(
        "/mentors/sign-in", name="the-admin", password=PASSWORD
    )
    world.now += 11
    assert "Sign out" in await browser.post("/mentors/sign-in", name="the-admin", password=PASSWORD)


async def test_an_unknown_name_is_answered_like_a_wrong_password(world: World) -> None:
    browser = Browser(world.app)
    known = await browser.post("/mentors/sign-in", name="the-admin", password="wrong")
    unknown = await browser.post("/mentors/sign-in", name="nobody", password="wrong")
    assert known == unknown


async def test_a_session_ends_when_it_is_idle_when_it_is_long_and_when_they_leave(
    world: World,
) -> None:
    browser = await world.as_("coordinator")
    world.now += 31 * 60
    assert "Password" in await browser.get("/mentors")
    browser = await world.as_("coordinator")
    for _ in range(26):
        world.now += 29 * 60
        await browser.get("/mentors/waiting")
    assert "Password" in browser.text
    browser = await world.as_("coordinator")
    cookie = browser.client.cookies["peerpath-desk"]
    await browser.post("/mentors/sign-out")
    browser.client.cookies.set("peerpath-desk", cookie, path="/mentors")
    assert "Password" in await browser.get("/mentors/waiting")


async def test_what_a_browser_holds_is_nowhere_in_the_store(world: World) -> None:
    browser = await world.as_("admin")
    cookie = browser.client.cookies["peerpath-desk"]
    kept = str([*await world.store.rows("SELECT * FROM desk_sessions"),
                *await world.store.rows("SELECT * FROM accounts")])  # fmt: skip
    assert cookie not in kept
    assert PASSWORD not in kept
    assert "$argon2id$" in kept
    answer = await Browser(world.app).client.post(
        "/mentors/sign-in", data={"name": "the-admin", "password": PASSWORD}
    )
    header = answer.headers["set-cookie"]
    assert "HttpOnly" in header
    assert "SameSite=strict" in header


async def test_a_link_sets_a_password_once(world: World) -> None:
    admin = await world.as_("admin")
    await admin.post("/mentors/accounts", name="Sue", role="staff")
    link = re.search(r"/mentors/password/[\w-]+", admin.text)
    assert link is not None
    sue = Browser(world.app)
    await sue.get(link.group())
    assert "differ" in await sue.post(link.group(), password="a" * 12, again="b" * 12)
    assert "10 letters" in await sue.post(link.group(), password="short", again="short")
    assert "You can sign in now" in await sue.post(link.group(), password=PASSWORD, again=PASSWORD)
    assert "does not work any more" in await sue.get(link.group())
    assert "Messages" in await sue.post("/mentors/sign-in", name="sue", password=PASSWORD)
    await admin.get("/mentors/accounts")
    await admin.post("/mentors/accounts/sue/stop")
    assert "Password" in await sue.get("/mentors/inbox")


async def test_a_link_ends_after_three_days(world: World) -> None:
    secret = await world.office.accounts.add("x", "late", "staff", world.now)
    world.now += 3 * 86_400 + 1
    assert "does not work any more" in await Browser(world.app).get(f"/mentors/password/{secret}")


# ── a day at the desk ──────────────────────────────────────────────────────────────────────────


async def test_a_mentor_says_yes_reads_the_words_meets_and_finishes(world: World) -> None:
    one = await world.asked("my brother died <b>", "Smith AB1234")
    browser = await world.as_("mentor")
    page = await browser.get("/mentors/mine")
    assert "has lost somebody" in page
    assert "my brother" not in page  # not before a yes
    page = await browser.post(f"/mentors/mine/{one}/accept")
    assert "It's yours now" in page
    assert "my brother died <b>" in page
    assert "<b>" not in browser.page.text  # escaped
    assert "Smith AB1234" in page
    await browser.post(f"/mentors/mine/{one}/meet")
    page = await browser.post(f"/mentors/mine/{one}/close")
    assert "words are erased" in page
    assert "my brother" not in page


async def test_no_with_a_reason_and_hand_back(world: World) -> None:
    one = await world.asked()
    browser = await world.as_("mentor")
    await browser.get("/mentors/mine")
    assert "pick a reason" in await browser.post(f"/mentors/mine/{one}/decline", why="he smells")
    assert "not told who said no" in await browser.post(f"/mentors/mine/{one}/decline", why="full")
    two = await world.asked()
    await browser.post(f"/mentors/mine/{two}/accept")
    assert "Somebody else is looked for" in await browser.post(
        f"/mentors/mine/{two}/hand-back", why="unwell"
    )


async def test_rest_and_supervision_and_a_word_about_drift(world: World) -> None:
    one = await world.asked()
    browser = await world.as_("mentor")
    await browser.get("/mentors/mine")
    assert "You rest" in await browser.post("/mentors/rest", paused="yes")
    request = await world.service.requests.get(one)
    assert request is not None
    assert request.state == "waiting"
    assert "Good to have you back" in await browser.post("/mentors/rest", paused="no")
    assert "asked for time together" in await browser.post("/mentors/supervision")
    page = await browser.get("/mentors/drift?is=pills")
    assert DRIFTS["pills"][1]["en"] in page
    assert DRIFTS["carry"][1]["en"] not in page
    coordinator = await world.as_("coordinator")
    page = await coordinator.get("/mentors/waiting")
    assert "ask for supervision" in page
    [asked] = await world.office.people_.supervision()
    await coordinator.post(f"/mentors/supervision/{asked.id}")
    assert "ask for supervision" not in await coordinator.get("/mentors/waiting")


async def test_a_link_to_telegram_is_shown_once_and_only_where_there_is_a_bot(world: World) -> None:
    browser = await world.as_("mentor")
    assert "No Telegram bot is set up" in await browser.get("/mentors/telegram")
    await browser.post("/mentors/telegram/link")
    assert "/start" not in browser.text
    chats = world.service.requests.chats
    await chats.running("telegram", "peerpath_bot", world.now)
    assert "not linked" in await browser.get("/mentors/telegram")
    await browser.post("/mentors/telegram/link")
    found = re.search(r"https://t\.me/peerpath_bot\?start=(mentor-[\w-]+)", browser.text)
    assert found
    secret = found.group(1)
    assert f"/start {secret}" in browser.text
    assert secret not in await browser.get("/mentors/telegram")
    rows = await world.store.rows("SELECT * FROM mentor_links")
    assert secret not in str(rows)
    people, now = world.office.people_, world.now
    assert await people.link("a-chat", "telegram", b"sealed", secret, now)
    assert "is linked" in await browser.get("/mentors/telegram")
    assert "not linked any more" in await browser.post("/mentors/telegram/unlink")
    assert await chats.of(world.mentor) is None
    log = await (await world.as_("coordinator")).get("/mentors/log")
    assert "Telegram linked" in log
    assert "Telegram unlinked" in log


async def test_a_stopped_account_is_unlinked(world: World) -> None:
    chats = world.service.requests.chats
    secret = await chats.new_link(world.mentor, world.now)
    assert await world.office.people_.link("a-chat", "telegram", b"sealed", secret, world.now)
    browser = await world.as_("admin")
    await browser.get("/mentors/accounts")
    await browser.post("/mentors/accounts/the-mentor/stop")
    assert await chats.of(world.mentor) is None


async def test_a_request_to_write_says_what_a_yes_means(world: World) -> None:
    chats, requests = world.service.requests.chats, world.service.requests
    secret = await chats.new_link(world.mentor, world.now)
    await world.office.people_.link("a-chat", "telegram", b"sealed", secret, world.now)
    ask = Act("ask", answers={"about": "loss", "meet": "write"}, setting="prison")
    await world.store.write(*await requests.writes("p", [ask], world.now, lambda _: True))
    [one] = await requests.open()
    browser = await world.as_("mentor")
    assert "counts as your yes to write with them" in await browser.get("/mentors/mine")
    await world.store.write(*chats.unlinked(world.mentor))
    assert "First link your Telegram" in await browser.get("/mentors/mine")
    await browser.post(f"/mentors/mine/{one.id}/accept")
    assert "takes a mentor who linked Telegram" in browser.text


async def test_the_guide_is_beside_it(world: World) -> None:
    browser = await world.as_("mentor")
    assert "Staying a peer" in await browser.get("/mentors/guide")
    assert "<strong>you</strong>" in (await browser.client.get("/mentors/guide/drift")).text
    assert (await browser.client.get("/mentors/guide/nothing")).status_code == 404


async def test_the_coordinator_sees_who_waits_and_asks_by_hand_and_reads_no_words(
    world: World,
) -> None:
    one = await world.asked("my brother died", "Smith AB1234")
    browser = await world.as_("mentor")
    await browser.get("/mentors/mine")
    await browser.post(f"/mentors/mine/{one}/decline", why="full")
    coordinator = await world.as_("coordinator")
    world.now += 49 * 3600
    await world.service.refresh(world.now)
    coordinator = await world.as_("coordinator")
    page = await coordinator.get("/mentors/waiting")
    assert "More than two days!" in page
    assert "could not: Ann" in page
    assert "brother" not in page
    assert "Smith" not in page
    assert "asked now" in await coordinator.post(
        f"/mentors/requests/{one}/assign", mentor=world.mentor
    )
    await browser.post("/mentors/sign-in", name="the-mentor", password=PASSWORD)
    await browser.post(f"/mentors/mine/{one}/accept")
    assert "Ann" in await coordinator.get("/mentors/waiting")
    await coordinator.post(f"/mentors/requests/{one}/hand-back")
    request = await world.service.requests.get(one)
    assert request is not None
    assert request.state == "waiting"
    await coordinator.post("/mentors/apart", mentor=world.mentor, person="ab1234")
    assert "keep these two apart" in await coordinator.post(
        f"/mentors/requests/{one}/assign", mentor=world.mentor
    )


async def test_not_this_mentor_for_somebody_without_a_name(world: World) -> None:
    one = await world.asked()
    mentor, coordinator = await world.as_("mentor"), await world.as_("coordinator")
    assert "Asking for you (1)" in await mentor.get("/mentors/mine")
    assert "Not this mentor for this person" in await coordinator.get("/mentors/waiting")
    path = f"/mentors/requests/{one}/apart"
    assert "Kept. That mentor is not asked" in await coordinator.post(path, mentor=world.mentor)
    assert "Pick somebody" in await coordinator.post(path, mentor="nobody")
    assert "keep these two apart" in await coordinator.post(
        f"/mentors/requests/{one}/assign", mentor=world.mentor
    )
    # The mentor sees nothing but that nobody asks; a button of an older page says no more.
    assert "Asking for you (0)" in await mentor.get("/mentors/mine")
    assert "Somebody else said yes" in await mentor.post(f"/mentors/mine/{one}/accept")
    assert "apart" not in mentor.text.lower()
    assert "somebody without a name" in await coordinator.get("/mentors/apart")
    assert "kept apart from somebody" in await coordinator.get("/mentors/log")
    assert one not in coordinator.text


async def test_a_full_mentor_is_told_kindly_and_may_be_asked_by_hand(world: World) -> None:
    one, two = await world.asked(), await world.asked()
    mentor, coordinator = await world.as_("mentor"), await world.as_("coordinator")
    ann = await world.office.people_.get(world.mentor)
    assert ann is not None
    await mentor.get("/mentors/mine")
    await mentor.post(f"/mentors/mine/{one}/accept")
    await world.office.people_.keep("x", replace(ann, capacity=1), world.now)
    assert "as many people as you can" in await mentor.post(f"/mentors/mine/{two}/accept")
    await mentor.post(f"/mentors/mine/{two}/decline", why="full")
    page = await coordinator.get("/mentors/waiting")
    assert "Ann (1/1, full)" in page
    page = await coordinator.post(f"/mentors/requests/{two}/assign", mentor=world.mentor)
    assert "talk with them first" in page
    assert "it's yours now" in (await mentor.post(f"/mentors/mine/{two}/accept")).lower()


async def test_adding_changing_and_retiring_a_mentor(world: World) -> None:
    coordinator = await world.as_("coordinator")
    await coordinator.get("/mentors/people/new")
    page = await coordinator.post("/mentors/people/new", name="Rosa", capacity="3")
    assert "at least one place" in page
    page = await coordinator.post(
        "/mentors/people/new", name="Rosa", account="rosa", capacity="3", settings="prison",
        languages=["es", "en"], experience=["family", "recovery"], renews="2026-12-01", unit="a",
        gender="woman",
    )  # fmt: skip
    link = re.search(r"/mentors/password/[\w-]+", page)
    assert link is not None
    rosa = next(m for m in await world.office.people_.all() if m.name == "Rosa")
    assert (rosa.languages, rosa.capacity, rosa.unit) == (("en", "es"), 3, "a")
    page = await coordinator.get("/mentors/people")
    assert "2026-12-01" in page
    assert "date looks like" in await coordinator.post(
        f"/mentors/people/{rosa.id}", name="Rosa", capacity="3", settings="prison",
        languages="es", renews="soon",
    )  # fmt: skip
    assert "Everybody they carried" in await coordinator.post(f"/mentors/people/{rosa.id}/retire")
    assert "does not work any more" in await Browser(world.app).get(link.group())


async def test_keep_apart_shows_the_person_to_staff_and_nowhere_else(world: World) -> None:
    staff = await world.as_("staff")
    await staff.get("/mentors/apart")
    page = await staff.post("/mentors/apart", mentor=world.mentor, person="Smith AB1234")
    assert "Smith AB1234" in page
    for role in ("coordinator", "admin"):
        browser = await world.as_(role)
        assert "Smith" not in await browser.get("/mentors/log")
    [pair] = await world.office.people_.apart()
    assert "Taken off" in await staff.post(f"/mentors/apart/{pair.id}")


async def test_figures_are_counts_and_come_as_a_table(world: World) -> None:
    one = await world.asked()
    browser = await world.as_("mentor")
    await browser.get("/mentors/mine")
    await browser.post(f"/mentors/mine/{one}/accept")
    coordinator = await world.as_("coordinator")
    page = await coordinator.get("/mentors/figures")
    assert "2026-11" in page
    assert "a yes within 4 hours" in page
    answer = await coordinator.client.get("/mentors/figures.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "2026-11,moves,accept,1" in answer.text
    assert one not in answer.text


async def test_the_log_shows_what_was_done_and_that_it_is_whole(world: World) -> None:
    admin = await world.as_("admin")
    page = await admin.get("/mentors/log")
    assert "The log is whole" in page
    [mark] = set(re.findall(r"<code>(\d+:[0-9a-f]{12})</code>", page))
    assert f"peerpath db check --seen {mark}" in page
    assert await world.office.audit.check(mark) == []
    assert "mentor added" in page
    await world.store.write(Write("UPDATE audit SET who = 'somebody' WHERE number = 2"))
    assert "Row 2 of the audit log is not as it was written" in await admin.get("/mentors/log")
    await world.store.write(Write("DELETE FROM audit WHERE number = 3"))
    assert "rows were taken out" in await admin.get("/mentors/log")


async def test_staff_answer_what_they_were_told(world: World) -> None:
    drafts = [Act("draft", name="words", words="my boots")]
    tell = Act("tell-staff", answers={"about": "things"})
    for acts in (drafts, [tell]):
        await world.store.write(
            *await world.service.requests.writes("kiosk-z", acts, world.now, lambda _: True)
        )
    staff, other = await world.as_("staff"), await world.as_("staff")
    page = await staff.get("/mentors/inbox")
    assert "my boots" in page
    [message] = await world.office.inbox_.waiting()
    await other.get("/mentors/inbox")
    path = f"/mentors/inbox/{message.id}"
    assert "Marked" in await staff.post(path, version="0", answer="seen")
    assert "Somebody else was faster" in await other.post(path, version="0", answer="seen")
    assert "Nothing waits" in await staff.post(path, version="1", answer="planned")


async def test_in_spanish(world: World) -> None:
    browser = await world.as_("mentor")
    page = await browser.get("/mentors/mine?lang=es")
    assert "Te buscan" in page
    assert "Mi gente" in await browser.get("/mentors/mine")  # and it stays so
    for both in (*SAID.values(), *REFUSED.values(), *(p for pair in DRIFTS.values() for p in pair)):
        assert both["en"] != both["es"]
    for key in (*REASONS, *SHOWN, *WAITED):
        assert name_of(key, "en") != key or name_of(key, "es") != key


async def test_headers_keep_the_machine_from_remembering(world: World) -> None:
    browser = await world.as_("mentor")
    answer = await browser.client.get("/mentors/mine")
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert " style=" not in answer.text
