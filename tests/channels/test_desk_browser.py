"""The mentors' desk in a real browser: on a phone, without scripts, and held against axe."""

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from bot.engine.content import Content
from bot.engine.model import Act, Conversation
from bot.mentoring.accounts import ROLES, Accounts
from bot.mentoring.audit import Audit
from bot.mentoring.people import People
from bot.mentoring.requests import Requests
from bot.peers.model import Mentor
from bot.store import open_store
from tests.channels.browsing import Watched, browsing
from tests.channels.serving import SECRET, Clock, Running, running
from tests.channels.test_browser import RULES

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}
PASSWORD = "four plain words here"
PAGES = {
    "": ("sign-in",),
    "mentor": ("mine", "telegram", "drift?is=pills&is=alone", "guide", "guide/drift"),
    "coordinator": ("waiting", "people", "people/new", "apart", "figures", "log"),
    "staff": ("inbox", "apart"),
    "admin": ("accounts", "log", "figures"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as one:
        yield one


async def furnished(path: Path, now: float) -> None:
    """A mentor, an account of every role, somebody who waits, and a message to staff."""
    store = open_store(f"sqlite:///{path}")
    await store.open()
    audit, requests = Audit(store, SECRET), Requests(store, SECRET)
    people, accounts = People(store, audit, requests), Accounts(store, audit)
    mentor = Mentor("", "Ann", frozenset({"prison"}), ("en", "es"), frozenset({"loss"}))
    ann = await people.keep("x", mentor, now)
    for role in ROLES:
        of = ann.id if role == "mentor" else ""
        secret = await accounts.add("x", f"the-{role}", role, now, of)
        await accounts.set_password(secret, PASSWORD, now)
    for key, kind, answers in (
        ("kiosk-a", "ask", {"about": "loss", "meet": "find"}),
        ("kiosk-b", "tell-staff", {"about": "things"}),
    ):
        drafts = [
            Act("draft", name="words", words="hello"),
            Act("draft", name="found", words="C yard"),
        ]
        acts = [Act(kind, answers=answers, setting="prison")]
        for some in (drafts, acts):
            await store.write(*await requests.writes(key, some, now, lambda _: True))
    await people.keep_apart("x", ann.id, "Smith AB1234", "", now)
    await people.ask_supervision(ann.id, now)
    await requests.chats.running("telegram", "peerpath_bot", now)
    await store.close()


@pytest.fixture(scope="module")
def house(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("desk")
    # In a thread of its own: the browser's loop runs in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, furnished(folder / "kiosk.sqlite3", Clock()())).result()
    newcomer = Conversation(language="en", setting="prison")
    with running(content, folder, newcomer) as server:
        yield server


Visit = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, house: Running) -> Iterator[Visit]:
    visits: list[Watched] = []

    def go(role: str = "", **options: Any) -> Watched:
        context = browser.new_context(**{"viewport": PHONE, "locale": "en-US", **options})
        watched = Watched(context, house.url)
        visits.append(watched)
        if role:
            signs_in(watched.page, house.url, role)
        return watched

    yield go
    for one in visits:
        one.is_clean()
        one.context.close()


def signs_in(page: Page, url: str, role: str) -> None:
    page.goto(f"{url}/mentors")
    page.locator("#name").fill(f"the-{role}")
    page.locator("#password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def presses(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).first.click()


@pytest.mark.parametrize("role", list(PAGES))
@pytest.mark.parametrize("language", ["en", "es"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    visit: Visit, house: Running, role: str, language: str
) -> None:
    page = visit(role, bypass_csp=True).page
    for name in PAGES[role]:
        mark = "&" if "?" in name else "?"
        page.goto(f"{house.url}/mentors/{name}{mark}lang={language}")
        found = Axe().run(page, options={"runOnly": RULES})
        assert found.response["violations"] == [], (name, found.generate_report())
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, name
        assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("role", ["mentor", "coordinator"])
def test_axe_in_the_dark(visit: Visit, house: Running, role: str) -> None:
    page = visit(role, bypass_csp=True, color_scheme="dark").page
    for name in PAGES[role]:
        page.goto(f"{house.url}/mentors/{name}")
        found = Axe().run(page, options={"runOnly": RULES})
        assert found.response["violations"] == [], (name, found.generate_report())


@pytest.mark.parametrize("language", ["en", "es"])
def test_axe_on_the_link_to_telegram(visit: Visit, house: Running, language: str) -> None:
    page = visit("mentor", bypass_csp=True).page
    page.goto(f"{house.url}/mentors/telegram?lang={language}")
    presses(page, "Make a link" if language == "en" else "Hacer un enlace")
    assert page.locator("a.button[href^='https://t.me/peerpath_bot?start=mentor-']").count() == 1
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_the_whole_story_without_scripts(visit: Visit, house: Running) -> None:
    """Asked at a kiosk, accepted on a phone, checked with three words at another kiosk."""
    asker = visit(java_script_enabled=False, viewport={"width": 1280, "height": 720})
    asker.sends("/to/mentor/ask")
    for label in (
        "Losing somebody", "Someone who listens", "Either is fine", "It doesn't matter", "Any time",
        "They find me",
    ):  # fmt: skip
        asker_picks(asker, label)
    asker.says("Jones CD5678")
    asker_picks(asker, "Ann")
    asker_picks(asker, "Yes, ask another")
    asker.says("my brother <i>died</i>")
    assert "my brother <i>died</i>" in asker.words
    asker_picks(asker, "Send")
    code = re.search(r"^(\w+ \w+ \w+)$", asker.words, re.MULTILINE)
    assert code is not None, asker.words
    with asker.page.expect_navigation():
        asker.page.locator("button.leave").click()

    mentor = visit("mentor", java_script_enabled=False)
    assert "my brother" not in mentor.words
    card = mentor.page.locator("article", has_text="has lost somebody").last
    with mentor.page.expect_navigation():
        card.get_by_role("button", name="Yes, I will").click()
    assert "my brother <i>died</i>" in mentor.words
    assert "Jones CD5678" in mentor.words

    later = visit(java_script_enabled=False, viewport={"width": 1280, "height": 720})
    later.sends("/to/mentor/check")
    later.says(code.group(1).title())
    assert "Ann said yes" in later.words


def asker_picks(watched: Watched, label: str) -> None:
    with watched.page.expect_navigation():
        watched.page.locator(".options button", has_text=label).first.click()


def test_a_page_is_gone_after_signing_out(visit: Visit, house: Running) -> None:
    page = visit("coordinator").page
    page.goto(f"{house.url}/mentors/waiting")
    presses(page, "Sign out")
    page.goto(f"{house.url}/mentors/waiting")
    assert page.locator("#password").count() == 1
