"""What a shared machine must not keep, and what hides a talk while it goes on, in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bot.engine.content import Content
from tests.channels.browsing import Watched, browsing, try_back
from tests.channels.serving import Running, running

pytestmark = pytest.mark.browser

OFFLINE = {"/offline", "/static/kiosk.css", "/static/kiosk.js", "/static/icon.svg"}
MARK = "xyzzy plugh frobnicate"
PRISON = ("welcome/language/en", "where/ask/prison")
PLAN = (
    "menu/ask/calm", "menu/coping/more", "menu/coping-more/safe", "coping/safety-plan/start/ready",
)  # fmt: skip

Visit = Callable[..., Watched]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as one:
        yield one


@pytest.fixture(scope="module")
def kiosk(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(content, tmp_path_factory.mktemp("private")) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, kiosk: Running) -> Iterator[Visit]:
    visits: list[Watched] = []

    def go(**options: Any) -> Watched:
        visits.append(Watched(browser.new_context(locale="en-US", **options), kiosk.url))
        return visits[-1]

    yield go
    for one in visits:
        one.is_clean()
        one.context.close()


def walk(watched: Watched, *steps: str) -> None:
    for step in steps:
        watched.picks(step)


# ── a marked sentence, and every way a talk can end ────────────────────────────────────────────


def leave(watched: Watched) -> None:
    watched.taps("Leave")


def escape(watched: Watched) -> None:
    with watched.page.expect_navigation(url="**/today"):
        watched.page.keyboard.press("Escape")
        watched.page.keyboard.press("Escape")


def finish(watched: Watched) -> None:
    watched.says("bye")


def forget(watched: Watched) -> None:
    watched.says("forget me")


def fall_idle(watched: Watched) -> None:
    watched.page.clock.fast_forward(181_000)
    with watched.page.expect_navigation(url="**/today"):
        watched.page.clock.fast_forward(31_000)


def walk_away(watched: Watched) -> None:
    """The window stays open, and its script never runs again."""
    watched.page.goto("about:blank")


ENDS = {
    "leave": leave, "escape": escape, "finish": finish, "forget": forget, "idle": fall_idle,
    "away": walk_away,
}  # fmt: skip


def is_nowhere(page: Page) -> None:
    parts = MARK.split()
    kept = page.content() + page.url
    kept += page.evaluate(
        "[...document.querySelectorAll('input, textarea')].map(f => f.value).join()"
    )
    assert not [part for part in parts if part in kept]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_typed_is_nowhere_afterwards(
    browser: Browser,
    content: Content,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    end: str,
    language: str,
) -> None:
    data = tmp_path / "server"
    data.mkdir()
    with running(content, data) as kiosk:
        watched = Watched(browser.new_context(locale="en-US"), kiosk.url)
        if end == "idle":
            watched.page.clock.install()
        walk(watched, f"welcome/language/{language}", "where/ask/prison")
        watched.says(MARK)
        is_nowhere(watched.page)
        alarm = "i want to kill myself" if language == "en" else "quiero morirme"
        watched.says(f"{MARK} {alarm}")
        is_nowhere(watched.page)
        watched.sends("/to/coping/safety-plan")
        watched.picks("coping/safety-plan/start/ready")
        watched.page.locator("textarea").first.fill(MARK)
        watched.page.locator("#text").fill(MARK)
        watched.page.wait_for_timeout(100)
        if language == "es" and end == "leave":
            watched.taps("Salir")
        else:
            ENDS[end](watched)
        if end != "away":
            assert watched.context.cookies() == []
            is_nowhere(watched.page)
        for _ in range(8):
            try_back(watched.page)
            is_nowhere(watched.page)
        watched.page.goto(kiosk.url)
        is_nowhere(watched.page)
        stored = watched.page.evaluate(
            """async () => {
              let out = JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie]);
              out += JSON.stringify(history.state);
              for (const base of await indexedDB.databases()) out += base.name;
              for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                  out += request.url + await (await cache.match(request)).text();
                }
              }
              return out;
            }"""
        )
        for request in watched.requests:
            assert "xyzzy" not in request
        assert "xyzzy" not in stored
        cached = watched.page.evaluate(
            """async () => {
              const paths = [];
              for (const name of await caches.keys()) {
                const kept = await (await caches.open(name)).keys();
                paths.push(...kept.map((request) => new URL(request.url).pathname));
              }
              return paths;
            }"""
        )
        assert set(cached) <= OFFLINE  # no page of a talk
        watched.context.close()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            for part in MARK.split():
                assert part.encode() not in path.read_bytes(), path
    printed = capfd.readouterr()
    assert "xyzzy" not in printed.out + printed.err


# ── paper ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scripts", [True, False])
def test_a_sheet_is_never_sent_and_gone_when_left(visit: Visit, scripts: bool) -> None:
    watched = visit(java_script_enabled=scripts)
    walk(watched, *PRISON, *PLAN)
    page = watched.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    areas = page.locator("textarea")
    assert areas.count() >= 7
    for area in areas.all():
        assert area.get_attribute("name") is None
        assert area.get_attribute("autocomplete") == "off"
        assert area.evaluate("area => area.form") is None
        area.fill(MARK)
    if scripts:
        page.reload()
        assert page.locator("textarea").first.input_value() == ""
        page.locator("textarea").first.fill(MARK)
    watched.taps("I wrote it")
    try_back(page)
    if page.locator("textarea").count():
        assert page.locator("textarea").first.input_value() == ""
    assert not [body for body in sent if "xyzzy" in body]


def test_printing_a_sheet(visit: Visit) -> None:
    watched = visit()
    walk(watched, *PRISON, *PLAN)
    page = watched.page
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    page.locator(".sheet .print").click()
    assert page.evaluate("window.printed") == 1
    page.emulate_media(media="print")
    for gone in ("header", "nav", ".words", ".options", ".sheet .note"):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator(".sheet h2").is_visible()
    assert page.locator("textarea").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_printing_cards_opens_what_is_folded(visit: Visit) -> None:
    watched = visit()
    walk(watched, "welcome/language/en", "where/ask/community")
    watched.says("need a bed tonight")
    watched.picks("reentry/housing/out/tonight")
    assert watched.page.locator(".cards .print").is_visible()
    watched.page.emulate_media(media="print")
    assert watched.page.locator(".cards article").first.is_visible()
    assert not watched.page.locator("nav").is_visible()


def test_without_scripts_it_says_how_to_print(visit: Visit) -> None:
    watched = visit(java_script_enabled=False)
    walk(watched, *PRISON, *PLAN)
    assert "press Ctrl and P" in watched.words
    assert not watched.page.locator(".print").first.is_visible()


# ── hide, stay, come back ──────────────────────────────────────────────────────────────────────


def test_f2_hides_everything_and_any_key_brings_it_back(visit: Visit) -> None:
    watched = visit()
    walk(watched, *PRISON)
    page = watched.page
    page.locator("#text").fill("half a mess")
    page.keyboard.press("F2")
    assert page.locator("#cover").is_visible()
    assert not page.locator(".asks").is_visible()
    assert not page.locator("#text").is_visible()
    box = page.locator("#cover").bounding_box()
    assert box is not None
    assert (box["x"], box["y"]) == (0, 0)
    page.keyboard.press("x")
    assert not page.locator("#cover").is_visible()
    assert page.locator("#text").input_value() == "half a mess"
    page.get_by_role("link", name="Hide").click()
    assert page.locator("#cover").is_visible()
    page.mouse.click(200, 200)
    assert page.locator(".asks").is_visible()


def test_hiding_without_scripts(visit: Visit) -> None:
    watched = visit(java_script_enabled=False)
    walk(watched, *PRISON)
    watched.page.get_by_role("link", name="Hide").click()
    assert "What do you need" not in watched.words
    watched.page.get_by_role("link", name="Go on").click()
    assert "What do you need" in watched.words


def test_one_key_extends_and_the_warning_is_long_enough(visit: Visit) -> None:
    watched = visit()
    watched.page.clock.install()
    walk(watched, *PRISON)
    page = watched.page
    page.clock.fast_forward(181_000)
    dialog = page.locator("dialog#idle")
    assert dialog.is_visible()
    page.clock.fast_forward(20_000)
    assert dialog.is_visible()
    page.keyboard.press("a")
    assert not dialog.is_visible()
    assert "What do you need" in watched.words


@pytest.mark.parametrize("scripts", [True, False])
def test_reading_choices_keep_the_place_and_go_with_the_talk(visit: Visit, scripts: bool) -> None:
    watched = visit(java_script_enabled=scripts)
    walk(watched, "welcome/language/es", "where/ask/prison")
    page = watched.page
    page.get_by_role("link", name="Lectura").click()
    for label in ("Mucho contraste", "Más grande", "Más espacio"):
        watched.taps(label)
        assert (
            page.get_by_role("button", name=label, exact=True).get_attribute("aria-pressed")
            == "true"
        )
    page.get_by_role("link", name="Volver a la plática").click()
    assert page.locator("html").get_attribute("class") == "theme-contrast text-large space-wide"
    assert "¿Qué necesitas ahora mismo?" in watched.words
    cookie = next(c for c in watched.context.cookies() if c["name"] == "peerpath-look")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert cookie["expires"] == -1
    watched.taps("Salir")
    assert watched.context.cookies() == []
    page.goto(watched.url)
    assert page.locator("html").get_attribute("class") == "theme-auto text-normal space-normal"


def test_a_stopped_server_shows_a_calm_page_and_comes_back(
    browser: Browser, content: Content, tmp_path: Path
) -> None:
    with running(content, tmp_path) as kiosk:
        port = int(kiosk.url.rpartition(":")[2])
        watched = Watched(browser.new_context(locale="en-US"), kiosk.url)
        walk(watched, *PRISON)
        watched.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        watched.page.reload()  # from here on the worker sees the pages
    watched.page.locator("#text").fill("is anybody there")
    watched.page.locator("button.send").click()
    watched.page.get_by_text("It comes back by itself").wait_for()
    assert "Tell any officer or use the call button" in watched.words
    assert "Dile a un oficial" in watched.words
    with running(content, tmp_path, port=port):
        watched.page.locator("#talk").wait_for(timeout=25_000)
        assert "What do you need right now?" in watched.words
        watched.context.close()
