"""The kiosk in Firefox, where it stands beside Chromium: the same walk, help and forgetting."""

import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.engine.content import Content
from tests.channels.fox import Fox, foxing
from tests.channels.serving import Running, running

pytestmark = pytest.mark.browser

MARK = "xyzzy plugh frobnicate"


@pytest.fixture(scope="module")
def kiosk(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(content, tmp_path_factory.mktemp("fox")) as server:
        yield server


@pytest.fixture(scope="module")
def fox() -> Iterator[Fox]:
    with foxing() as one:
        yield one


def barriers(fox: Fox) -> list[str]:
    """What axe complains of on the page that is shown."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    axe = next(Path(spec.origin).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
    found = fox.waits(
        axe + "; const done = arguments[arguments.length - 1];"
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        ".then(found => done(found.violations.map(one => one.id + ' ' + one.nodes[0].html)),"
        "      problem => done([String(problem)]));"
    )
    return list(found)


@pytest.mark.parametrize(
    ("language", "need", "heard", "danger", "screen"),
    [
        ("en", "i cant slep its to loud", "sleep", "i want to kill myself", "killing yourself"),
        ("es", "no puedo dormir", "dormir", "quiero morirme", "matarte ahora mismo"),
    ],
)
def test_a_talk_and_its_end(
    fox: Fox, kiosk: Running, language: str, need: str, heard: str, danger: str, screen: str
) -> None:
    fox.goes(f"{kiosk.url}/?lang={language}")
    assert barriers(fox) == []
    fox.picks(f"welcome/language/{language}")
    fox.picks("where/ask/prison")
    assert barriers(fox) == []
    fox.says(need)
    assert heard in fox.words.lower()
    fox.says(MARK)
    fox.says(danger)
    assert screen in fox.words
    assert barriers(fox) == []
    assert fox.runs("return document.documentElement.scrollWidth <= innerWidth")
    assert (
        fox.runs("return localStorage.length + sessionStorage.length + document.cookie.length") == 0
    )
    fox.clicks("form[action='/leave'] button")
    assert fox.url.endswith("/today")
    assert fox.cookies == []
    for _ in range(5):
        fox.tell("WebDriver:Back")
        source = fox.tell("WebDriver:GetPageSource")
        assert screen not in source
        assert MARK not in source


def test_esc_twice_leaves(fox: Fox, kiosk: Running) -> None:
    fox.goes(f"{kiosk.url}/?lang=en")
    fox.picks("welcome/language/en")
    fox.types("#text", "\ue00c")  # WebDriver's Escape
    fox.types("#text", "\ue00c")
    for _ in range(100):
        if fox.url.endswith("/today"):
            return
        time.sleep(0.1)
    pytest.fail(f"still at {fox.url}")


def test_with_scripts_off(kiosk: Running) -> None:
    with foxing(scripts=False) as fox:
        fox.goes(f"{kiosk.url}/?lang=es")
        fox.picks("welcome/language/es")
        fox.picks("where/ask/prison")
        fox.says("respirar")
        assert "El corazón se acelera" in fox.words
        fox.says("quiero morirme")
        assert "matarte ahora mismo" in fox.words
