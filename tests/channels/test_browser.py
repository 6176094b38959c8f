"""The kiosk in a real browser: as a resident meets it, with and without scripts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from bot.engine.content import Content
from tests.channels.browsing import Watched, browsing, try_back
from tests.channels.serving import Running, running

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 720}
NARROW = {"width": 320, "height": 568}

# Ways from the first page to one screen of each kind: a welcome, a menu, a question, a scale, a
# list of resources, breathing, an alarm, a check-in, a list of guesses, words nobody understood.
SCREENS: dict[str, tuple[str, ...]] = {
    "welcome": (),
    "where": ("welcome/language/{}",),
    "menu": ("welcome/language/{}", "where/ask/prison"),
    "scale": ("welcome/language/{}", "where/ask/prison", "!breathing exercise"),
    "breathing": (
        "welcome/language/{}", "where/ask/prison", "!breathing exercise", "!7", "!next", "!next", "!next",
    ),
    "resources": ("welcome/language/{}", "where/ask/community", "!need a bed tonight", "reentry/housing/out/tonight"),
    "alarm": ("welcome/language/{}", "where/ask/prison", "!i want to kill myself"),
    "check-in": ("welcome/language/{}", "where/ask/prison", "!whats the point of living"),
    "unclear": ("welcome/language/{}", "where/ask/prison", "!qwertzuiop asdfgh"),
    "privacy": ("welcome/language/{}", "where/ask/prison", "/privacy"),
    "help": ("/help",),
    "sheet": (
        "welcome/language/{}", "where/ask/prison", "menu/ask/calm", "menu/coping/more",
        "menu/coping-more/safe", "coping/safety-plan/start/ready",
    ),
    "list": (
        "welcome/language/{}", "where/ask/community", "/to/reentry/first-days",
        "reentry/first-days/after-ask/food", "reentry/first-days/after-next/paper",
    ),
    "change": (
        "welcome/language/{}", "where/ask/prison", "!breathing exercise", "!7", "!next", "!next", "!next", "!1", "!3",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as one:
        yield one


@pytest.fixture(scope="module")
def kiosk(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(content, tmp_path_factory.mktemp("kiosk")) as server:
        yield server


Visit = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, kiosk: Running) -> Iterator[Visit]:
    """Open the kiosk in a window of its own. Afterwards nothing may have complained."""
    visits: list[Watched] = []

    def go(**options: Any) -> Watched:
        options = {"viewport": DESK, "locale": "en-US", **options}
        visits.append(Watched(browser.new_context(**options), kiosk.url))
        return visits[-1]

    yield go
    for one in visits:
        one.is_clean()
        one.context.close()


def walk_to(watched: Watched, screen: str, language: str = "en") -> None:
    for step in SCREENS[screen]:
        if step.startswith("/to/"):
            watched.sends(step)
        elif step.startswith("!"):
            watched.says(step[1:])
        else:
            watched.picks(step.format(language))


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_first_page_to_something_that_helps(visit: Visit, scripts: bool) -> None:
    watched = visit(java_script_enabled=scripts)
    watched.picks("welcome/language/en")
    watched.picks("where/ask/prison")
    watched.says("i cant slep its to loud")
    assert "sleep" in watched.words.lower()
    assert watched.page.locator(".options button, .scale button").count() >= 2
    watched.says("1")
    assert "Or tell me in your own words" in watched.words


@pytest.mark.parametrize("scripts", [True, False])
def test_quiero_morirme_on_the_first_page(visit: Visit, scripts: bool) -> None:
    watched = visit(java_script_enabled=scripts)
    watched.says("quiero morirme")
    assert "¿Estás pensando en matarte ahora mismo?" in watched.words
    assert watched.page.locator("html").get_attribute("lang") == "es"


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [
    "theme-light text-normal space-normal",
    "theme-dark text-large space-wide",
    "theme-contrast text-huge space-wide",
    "theme-auto text-normal space-normal",
]


def has_no_barrier(watched: Watched) -> None:
    """axe finds nothing, in any theme, at any size."""
    assert watched.page.locator("html").get_attribute("class") in LOOKS
    for look in LOOKS:
        watched.page.evaluate(f"document.documentElement.className = '{look}'")
        found = Axe().run(watched.page, options={"runOnly": RULES})
        assert found.violations_count == 0, f"{look}: {found.generate_report()}"


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
def test_no_barrier_that_axe_can_see(visit: Visit, screen: str, language: str, scheme: str) -> None:
    watched = visit(color_scheme=scheme, reduced_motion="reduce")
    walk_to(watched, screen, language)
    has_no_barrier(watched)


@pytest.mark.parametrize("path", ["reading", "cover", "today", "offline", "still-there"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_barrier_around_the_talk(visit: Visit, path: str, language: str) -> None:
    watched = visit(reduced_motion="reduce")
    watched.page.goto(f"{watched.url}/{path}?lang={language}")
    has_no_barrier(watched)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", ["desk", "narrow"])
def test_help_is_in_sight_and_everything_fits(visit: Visit, screen: str, size: str) -> None:
    window = DESK if size == "desk" else NARROW
    watched = visit(viewport=window)
    walk_to(watched, screen)
    page = watched.page
    help_button = page.locator("nav button.help")
    for where in ("0", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo(0, {where})")
        box = help_button.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= window["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]
    for target in page.locator(
        "button:visible, input:visible, textarea:visible, summary:visible, a.button:visible"
    ).all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target.inner_text()


def test_the_screen_is_not_all_bar_on_a_small_phone(visit: Visit) -> None:
    watched = visit(viewport=NARROW)
    walk_to(watched, "menu")
    box = watched.page.locator("nav").bounding_box()
    assert box is not None
    assert box["height"] <= NARROW["height"] * 0.3


@pytest.mark.parametrize("scripts", [True, False])
def test_in_danger_the_answers_stand_before_the_cards(visit: Visit, scripts: bool) -> None:
    window = {"width": 1280, "height": 800}
    watched = visit(viewport=window, java_script_enabled=scripts)
    watched.picks("welcome/language/en")
    watched.picks("where/ask/community")
    watched.says("i want to kill myself")
    page = watched.page
    said, answer, card = (
        page.locator(one).first.bounding_box() for one in ("#said", ".options button", ".cards")
    )
    assert said
    assert answer
    assert card
    assert "call or text 988" in page.locator("#said").inner_text()
    assert said["y"] < answer["y"] < card["y"]
    nav = page.locator("nav").bounding_box()
    assert nav
    assert answer["y"] + answer["height"] <= nav["y"]  # in sight, and not under the bar


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_bars_are_thin_on_a_small_phone(visit: Visit, language: str) -> None:
    watched = visit(viewport={"width": 320, "height": 640})
    watched.picks(f"welcome/language/{language}")
    watched.picks("where/ask/community")
    watched.says({"en": "i want to kill myself", "es": "me quiero matar"}[language])
    page = watched.page
    bars = [page.locator(bar).bounding_box() for bar in ("header", "nav")]
    assert all(bar and bar["height"] <= 112 for bar in bars), bars


def test_by_keyboard_alone(visit: Visit) -> None:
    watched = visit()
    page = watched.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # the first answer: English
    walk = 0
    while page.evaluate("document.activeElement.id") != "text":
        page.keyboard.press("Tab")
        walk += 1
        assert walk < 30
    page.keyboard.type("i want to kill myself")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "killing yourself" in watched.words


def test_by_touch(visit: Visit) -> None:
    watched = visit(has_touch=True, viewport=NARROW)
    with watched.page.expect_navigation():
        watched.page.locator('button[value="welcome/language/es"]').tap()
    assert watched.page.locator("html").get_attribute("lang") == "es"
    with watched.page.expect_navigation():
        watched.page.locator("nav button.help").tap()
    assert watched.page.locator("body.urgent").count() == 1


def test_the_language_switch_says_the_same_in_the_other(visit: Visit) -> None:
    watched = visit()
    walk_to(watched, "menu")
    assert "What do you need right now?" in watched.words
    watched.taps("Español")
    assert "¿Qué necesitas ahora mismo?" in watched.words
    watched.taps("English")
    assert "What do you need right now?" in watched.words


def test_esc_twice_leaves_and_back_finds_nothing(visit: Visit) -> None:
    watched = visit()
    walk_to(watched, "alarm")
    with watched.page.expect_navigation(url="**/today"):
        watched.page.keyboard.press("Escape")
        watched.page.keyboard.press("Escape")
    assert watched.context.cookies() == []
    for _ in range(6):
        try_back(watched.page)
        assert "kill" not in watched.words


def test_leaving_without_scripts(visit: Visit) -> None:
    watched = visit(java_script_enabled=False)
    walk_to(watched, "alarm")
    watched.taps("Leave")
    assert watched.page.url.endswith("/today")
    assert watched.context.cookies() == []
    try_back(watched.page)
    assert "kill" not in watched.words


def test_a_talk_left_alone_asks_then_forgets(visit: Visit) -> None:
    watched = visit()
    watched.page.clock.install()
    walk_to(watched, "menu")
    page = watched.page
    dialog = page.locator("dialog#idle")
    assert not dialog.is_visible()
    page.clock.fast_forward(181_000)
    assert dialog.is_visible()
    page.get_by_role("button", name="I'm still here").click()
    assert not dialog.is_visible()
    assert "What do you need right now?" in watched.words
    page.clock.fast_forward(181_000)
    assert dialog.is_visible()
    with page.expect_navigation(url="**/today"):
        page.clock.fast_forward(31_000)
    assert watched.context.cookies() == []


def test_typing_keeps_the_talk_awake(visit: Visit) -> None:
    watched = visit()
    watched.page.clock.install()
    walk_to(watched, "menu")
    for _ in range(3):
        watched.page.clock.fast_forward(170_000)
        watched.page.locator("#text").press("a")
    assert not watched.page.locator("dialog#idle").is_visible()


def test_a_button_pressed_twice_in_a_hurry_is_one_turn(visit: Visit) -> None:
    watched = visit()
    walk_to(watched, "where")
    with watched.page.expect_navigation():
        watched.page.locator('button[value="where/ask/prison"]').dblclick(no_wait_after=True)
    watched.page.wait_for_load_state()
    assert "What do you need right now?" in watched.words


def test_breathing_along(visit: Visit) -> None:
    watched = visit()
    watched.page.clock.install()
    walk_to(watched, "breathing")
    pace = watched.page.locator(".pace")
    assert pace.locator("ol").is_visible()
    pace.get_by_role("button", name="Start").click()
    watched.page.clock.run_for(500)
    assert "1" in pace.locator(".now").inner_text()
    watched.page.clock.run_for(1000)
    assert "2" in pace.locator(".now").inner_text()
    pace.get_by_role("button", name="Stop").click()
    assert pace.locator("ol").is_visible()
    watched.page.clock.run_for(3000)
    assert pace.locator(".now").inner_text() == ""


def test_nothing_is_stored_in_the_browser(visit: Visit) -> None:
    watched = visit()
    walk_to(watched, "unclear")
    kept = watched.page.evaluate(
        "[localStorage.length, sessionStorage.length, document.cookie.length]"
    )
    assert kept == [0, 0, 0]
    cookie = watched.context.cookies()[0]
    assert cookie["expires"] == -1
    assert cookie["httpOnly"]


def test_an_empty_message_sends_nothing(visit: Visit) -> None:
    watched = visit()
    walk_to(watched, "menu")
    before = watched.requests.count(f"{watched.url}/say")
    watched.page.locator("button.send").click()
    watched.page.wait_for_timeout(100)
    assert watched.requests.count(f"{watched.url}/say") == before
    assert watched.page.evaluate("document.activeElement.id") == "text"
