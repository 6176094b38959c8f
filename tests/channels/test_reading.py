"""Seeing, hearing and reaching it: scales, pictures, voices, zoom, keyboard, size; in a browser."""

import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from bot.channels.web import pages
from bot.channels.web.voice import Speaker
from bot.engine.content import Content
from bot.engine.model import Card, Change, Reply
from tests.channels.browsing import Watched, browsing
from tests.channels.serving import Running, running

pytestmark = pytest.mark.browser

PRISON = ("welcome/language/en", "where/ask/prison")
SPEAKS = """#!{python}
import struct, sys
words = sys.stdin.read()
with open({log!r}, "a") as log:
    log.write(" ".join(sys.argv[1:]) + "|" + words + "\\n")
sound = bytes(8000)
sys.stdout.buffer.write(b"RIFF" + struct.pack("<I", 0x7fffffff) + b"WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 22050, 44100, 2, 16) + b"data"
    + struct.pack("<I", 0x7fffffff) + sound)
"""

Visit = Callable[..., Watched]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as one:
        yield one


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the stand-in for espeak-ng was told to say."""
    return tmp_path_factory.mktemp("voice") / "spoken.txt"


@pytest.fixture(scope="module")
def kiosk(
    content: Content, tmp_path_factory: pytest.TempPathFactory, spoken: Path
) -> Iterator[Running]:
    program = spoken.parent / "espeak-ng"
    program.write_text(SPEAKS.format(python=sys.executable, log=str(spoken)))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    speaker = Speaker(str(program))
    with running(content, tmp_path_factory.mktemp("kiosk"), speaker=speaker) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, kiosk: Running) -> Iterator[Visit]:
    visits: list[Watched] = []

    def go(**options: Any) -> Watched:
        visits.append(Watched(browser.new_context(**{"locale": "en-US", **options}), kiosk.url))
        return visits[-1]

    yield go
    for one in visits:
        one.is_clean()
        one.context.close()


def walk(watched: Watched, *steps: str) -> None:
    for step in steps:
        if step.startswith("!"):
            watched.says(step[1:])
        else:
            watched.picks(step)


BREATHING = (*PRISON, "!breathing exercise")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_scale_is_a_row_of_large_targets_with_its_ends_named(visit: Visit, width: int) -> None:
    watched = visit(viewport={"width": width, "height": 720})
    walk(watched, *BREATHING)
    buttons = watched.page.locator(".numbers button")
    assert buttons.count() == 11
    for button in buttons.all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    ends = watched.page.locator(".ends").bounding_box()
    last = buttons.last.bounding_box()
    assert ends is not None
    assert last is not None
    assert ends["y"] >= last["y"] + last["height"]
    assert "0 = not at all" in watched.words
    assert "10 = the most" in watched.words


@pytest.mark.parametrize("scripts", [True, False])
def test_before_and_now_are_a_picture(visit: Visit, scripts: bool) -> None:
    watched = visit(java_script_enabled=scripts)
    walk(watched, *BREATHING, "!7", "!next", "!next", "!next", "!1", "!3")
    picture = watched.page.get_by_role("img", name="Before: 7. Now: 3.")
    assert picture.is_visible()
    was, now = (watched.page.locator(f".change .{bar}").bounding_box() for bar in ("was", "is"))
    assert was is not None
    assert now is not None
    assert was["width"] > now["width"] * 2


def test_bars_stay_in_their_picture() -> None:
    assert pages.bars(Change(0, 10, 0, 10)) == (4, pages.BAR)
    assert pages.bars(Change(99, -3, 0, 10)) == (pages.BAR, 4)
    assert pages.bars(Change(1, 1, 1, 1)) == (4, 4)


def test_long_lists_fold_and_lose_nothing() -> None:
    cards = tuple(Card(f"c{n}", f"Card {n}", "About.", (), "Checked.") for n in range(7))
    reply = Reply(("Here.",), resources=cards)
    html = pages.talk(reply, {}, kept=True, token="t", refresh="", idle=1, warning=1, voice=False)
    assert html.count("<article>") == 7
    folded = html.split("<details>")[1].split("</details>")[0]
    assert folded.count("<article>") == 3
    assert "Show more (3)" in folded


def test_new_words_are_announced_and_then_not_twice(visit: Visit) -> None:
    watched = visit()
    watched.page.clock.install()
    walk(watched, *PRISON)
    live = watched.page.locator("#live")
    assert live.get_attribute("role") == "status"
    watched.page.clock.run_for(500)
    assert "What do you need right now?" in live.inner_text()
    watched.page.clock.run_for(7000)
    assert live.inner_text() == ""
    watched.says("i want to kill myself")
    assert watched.page.locator("#live").get_attribute("role") == "alert"


@pytest.mark.parametrize("scripts", [True, False])
def test_after_a_turn_the_keyboard_goes_on_at_the_reply(visit: Visit, scripts: bool) -> None:
    watched = visit(java_script_enabled=scripts)
    walk(watched, *PRISON)
    assert watched.page.url.endswith("/#talk")
    watched.page.keyboard.press("Tab")
    assert watched.page.locator(".options button").first.evaluate("b => b.matches(':focus')")
    assert watched.page.evaluate("scrollY") == 0


def test_at_400_percent_it_fits_and_help_is_in_sight(visit: Visit) -> None:
    watched = visit(viewport={"width": 320, "height": 180})  # 1280 by 720, four times as large
    for step in (*PRISON, "!breathing exercise"):
        walk(watched, step)
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320
        box = watched.page.locator("nav button.help").bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 180 - box["height"]


@pytest.mark.parametrize("look", ["text-huge", "space-wide"])
def test_larger_text_fits_a_phone(visit: Visit, look: str) -> None:
    watched = visit(viewport={"width": 320, "height": 568})
    watched.page.goto(f"{watched.url}/reading?lang=en")
    watched.page.locator(f'button[value="{look}"]').click()
    watched.page.goto(watched.url)
    for step in (*PRISON, "!breathing exercise"):
        walk(watched, step)
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_nothing_moves_where_motion_is_reduced(visit: Visit) -> None:
    watched = visit(reduced_motion="reduce")
    walk(watched, *BREATHING, "!7", "!next", "!next", "!next")
    assert watched.page.evaluate("document.getAnimations().length") == 0
    watched.page.get_by_role("button", name="Start").click()
    assert not watched.page.locator(".ring").is_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_reading_aloud_warns_first(visit: Visit, spoken: Path, language: str) -> None:
    watched = visit()
    walk(watched, f"welcome/language/{language}", "where/ask/prison")
    watched.says("xyzzy plugh")
    aloud = watched.page.locator("#aloud")
    button = aloud.locator("button")
    before = watched.requests.count(f"{watched.url}/voice")
    button.click()
    assert ("headphones" if language == "en" else "audífonos") in aloud.inner_text()
    assert watched.requests.count(f"{watched.url}/voice") == before
    with watched.page.expect_response("**/voice") as answered:
        button.click()
    assert answered.value.ok
    told = spoken.read_text()
    assert ("-v en-us" if language == "en" else "-v es-419") in told
    assert "xyzzy" not in told


def test_the_server_speaks_the_last_reply_once(kiosk: Running, spoken: Path) -> None:
    client = httpx.Client(base_url=kiosk.url)
    client.get("/?lang=en")
    first = client.get("/voice?lang=en")
    asked = spoken.read_text().count("|")
    again = client.get("/voice?lang=en")
    assert first.content == again.content
    assert spoken.read_text().count("|") == asked
    assert first.headers["content-type"] == "audio/wav"
    assert first.headers["cache-control"] == "no-store"
    assert int.from_bytes(first.content[40:44], "little") == len(first.content) - 44
    assert "media-src 'self'" in client.get("/").headers["content-security-policy"]
    client.close()


def test_without_a_voice_nothing_is_promised(content: Content, tmp_path: Path) -> None:
    with running(content, tmp_path) as silent:
        page = httpx.get(silent.url)
        assert "media-src" not in page.headers["content-security-policy"]
        assert "<audio" not in page.text
        assert httpx.get(f"{silent.url}/voice").status_code == 404


def test_the_first_screen_is_small(visit: Visit) -> None:
    sizes: dict[str, int] = {}
    watched = visit()
    watched.page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    watched.page.goto(watched.url, wait_until="networkidle")
    for path in ("/static/kiosk.css", "/static/kiosk.js", "/static/icon.svg", "/sw.js", "/offline"):
        sizes[watched.url + path] = len(httpx.get(watched.url + path).content)
    assert sum(sizes.values()) < 60_000, sizes
