"""The kiosk over real HTTP, with scripts off: forms, sessions, headers, and nothing left behind."""

import asyncio
import html
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from bot.channels.web import serve
from bot.channels.web.guardrails import MOST_BYTES
from bot.channels.web.pages import marked, tel
from bot.channels.web.rates import Rates
from bot.engine.content import Content
from bot.engine.model import Conversation
from bot.service import Service
from bot.store import Saved, StoreProblem, Taken
from bot.store.sqlite import MemoryStore, SqliteStore
from tests.channels.serving import Running, running

MARK = "xyzzy plugh frobnicate"


@pytest.fixture(scope="module")
def kiosk(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(content, tmp_path_factory.mktemp("kiosk")) as server:
        yield server


class Visitor:
    """A browser without scripts: follows redirects, keeps cookies, fills in forms."""

    def __init__(self, kiosk: Running) -> None:
        self.client = httpx.Client(base_url=kiosk.url, follow_redirects=True, timeout=15)
        self.kiosk = kiosk
        self.page = self.client.get("/")

    @property
    def html(self) -> str:
        return html.unescape(self.page.text)

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.html)
        assert found is not None
        return found.group(1)

    def options(self) -> dict[str, str]:
        buttons = re.findall(
            r'name="pick" value="([^"]+)"[^>]*>(.*?)</button>', self.html, re.DOTALL
        )
        return {re.sub(r"<[^>]+>", " ", label).strip(): pick for pick, label in buttons}

    def post(self, **fields: str) -> httpx.Response:
        data = {"turn": self.field("turn"), "token": self.field("token"), "lang": "en", **fields}
        self.page = self.client.post("/say", data=data)
        return self.page

    def says(self, text: str) -> httpx.Response:
        return self.post(text=text)

    def taps(self, pick: str) -> httpx.Response:
        return self.post(pick=pick)

    def close(self) -> None:
        self.client.close()


@pytest.fixture
def visitor(kiosk: Running) -> Iterator[Visitor]:
    one = Visitor(kiosk)
    yield one
    one.close()


def in_prison(visitor: Visitor) -> None:
    visitor.taps("welcome/language/en")
    visitor.taps("where/ask/prison")


def test_a_person_walks_to_something_that_helps(visitor: Visitor) -> None:
    assert "¿Qué idioma prefieres?" in visitor.html
    in_prison(visitor)
    assert "What do you need right now?" in visitor.html
    visitor.says("i cant sleep")
    assert "keeps" in visitor.html or "sleep" in visitor.html.lower()
    assert visitor.page.url.path == "/"


def test_an_alarm_by_text_in_both_languages(visitor: Visitor) -> None:
    visitor.says("quiero morirme")
    assert "¿Estás pensando en matarte ahora mismo?" in visitor.html
    assert 'lang="es"' in visitor.html
    visitor.taps("/language/en")
    in_prison(visitor)
    visitor.says("i want to kill myself")
    assert 'class="talk urgent"' in visitor.html
    assert "call button" in visitor.html
    assert "988" not in visitor.html


def test_help_menu_back_language_and_leave_are_on_every_screen(visitor: Visitor) -> None:
    for pick in ("welcome/language/en", "where/ask/jail", "menu/ask/calm", "menu/coping/sleep"):
        visitor.taps(pick)
        for option in ("/help", "/menu", "/back", "/language/es"):
            assert f'value="{option}"' in visitor.html
        assert 'action="/leave"' in visitor.html


def test_a_button_pressed_twice_is_one_turn_and_two_buttons_are_two(visitor: Visitor) -> None:
    in_prison(visitor)
    first_page = visitor.page
    visitor.taps("menu/ask/calm")
    once = visitor.html
    visitor.page = first_page
    visitor.taps("menu/ask/calm")
    assert _without_tokens(visitor.html) == _without_tokens(once)
    visitor.page = first_page
    visitor.taps("/help")
    assert "urgent" in visitor.html


def test_words_that_alarm_are_never_taken_for_a_repetition(visitor: Visitor) -> None:
    in_prison(visitor)
    first_page = visitor.page
    visitor.says("cant sleep")
    visitor.page = first_page  # the same page again, as after the Back button
    visitor.says("i want to kill myself")
    assert "killing yourself" in visitor.html


def _without_tokens(page: str) -> str:
    return re.sub(r'name="turn" value="[^"]*"', "", page)


def test_reloading_sends_nothing_and_shows_the_same(visitor: Visitor) -> None:
    in_prison(visitor)
    again = visitor.client.get("/")
    assert _without_tokens(html.unescape(again.text)) == _without_tokens(visitor.html)


def test_no_page_is_remembered_and_nothing_foreign_is_loaded(visitor: Visitor) -> None:
    for response in (visitor.page, visitor.client.get("/today"), visitor.client.get("/nowhere")):
        headers = response.headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "http:" not in policy
        assert "server" not in headers
        page = re.sub(r"<svg.*?</svg>", "", response.text)
        assert "<script>" not in page
        assert "style=" not in page
        assert not re.search(r'(src|href)="(?!/|#|tel:|sms:)', page)


def test_the_cookie_is_random_strict_and_hidden_from_scripts(kiosk: Running) -> None:
    seen = set()
    for _ in range(5):
        response = httpx.get(kiosk.url)
        cookie = response.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Max-Age" not in cookie
        assert "expires" not in cookie.lower()
        seen.add(cookie.split(";")[0])
    assert len(seen) == 5


def test_a_form_with_another_sessions_token_is_a_new_talk(kiosk: Running) -> None:
    one, two = Visitor(kiosk), Visitor(kiosk)
    in_prison(one)
    one.says("cant sleep")
    place = one.html
    two.client.cookies = one.client.cookies  # somebody else's cookie, without its token
    two.page = two.client.post("/say", data={"text": "menu", "token": "f" * 32, "turn": "t"})
    assert "Where are you right now" not in place
    assert one.client.get("/").text  # the first talk is where it was
    again = Visitor(kiosk)
    assert "¿Qué idioma prefieres?" in again.html
    for visitor in (one, two, again):
        visitor.close()


def test_with_no_cookies_at_all_people_are_answered(kiosk: Running) -> None:
    response = httpx.post(f"{kiosk.url}/say", data={"text": "i want to kill myself"})
    assert response.status_code == 303
    response = httpx.post(
        f"{kiosk.url}/say", data={"text": "i want to kill myself"}, follow_redirects=True
    )
    assert "set-cookie" in httpx.post(f"{kiosk.url}/say", data={"text": "hi"}).headers


def test_leaving_erases_the_talk(visitor: Visitor, kiosk: Running) -> None:
    in_prison(visitor)
    visitor.says("cant sleep")
    old = dict(visitor.client.cookies)
    visitor.page = visitor.client.post("/leave")
    assert visitor.page.url.path == "/today"
    assert "sleep" not in visitor.html.lower()
    assert not visitor.client.cookies
    page = httpx.get(kiosk.url, cookies=old)
    assert "¿Qué idioma prefieres?" in page.text
    assert _rows(kiosk, old) == 0


def test_finishing_erases_the_talk(visitor: Visitor) -> None:
    in_prison(visitor)
    visitor.says("bye")
    assert "it has been erased" in visitor.html
    visitor.page = visitor.client.get("/")
    assert "¿Qué idioma prefieres?" in visitor.html


def test_a_talk_nobody_touches_is_over(content: Content, tmp_path: Path) -> None:
    with running(content, tmp_path) as kiosk:
        visitor = Visitor(kiosk)
        in_prison(visitor)
        visitor.says("cant sleep")
        kiosk.clock.ahead = 150
        assert "¿Qué idioma prefieres?" not in visitor.client.get("/").text
        kiosk.clock.ahead = 400
        assert "¿Qué idioma prefieres?" in visitor.client.get("/").text
        assert _count(kiosk.path, "conversations") == 0
        visitor.close()


def test_the_sweep_erases_what_nobody_ended(content: Content, tmp_path: Path) -> None:
    with running(content, tmp_path) as kiosk:
        visitor = Visitor(kiosk)
        in_prison(visitor)
        assert _count(kiosk.path, "conversations") == 1
        visitor.close()

    async def sweep() -> int:
        assert kiosk.service is not None
        await kiosk.service.store.open()
        try:
            return await kiosk.service.store.forget_idle(kiosk.clock() + 1, "kiosk-")
        finally:
            await kiosk.service.store.close()

    assert asyncio.run(sweep()) == 1
    assert _count(kiosk.path, "conversations") == 0
    assert _count(kiosk.path, "replies") == 0


def test_still_there_without_scripts(visitor: Visitor) -> None:
    assert 'content="180;url=/still-there?lang=en"' in visitor.html
    page = visitor.client.get("/still-there?lang=es")
    assert "¿Sigues ahí?" in page.text
    assert 'content="30;url=/leave"' in page.text
    assert 'href="/"' in page.text


def test_a_message_that_is_far_too_long_is_heard(visitor: Visitor) -> None:
    visitor.says("i want to kill myself " + "blah " * 50_000)
    assert "killing yourself" in visitor.html or "matarte" in visitor.html


def test_a_body_that_is_no_form_gets_a_kind_page(kiosk: Running) -> None:
    for body, kind in (
        (b"\xff" * 1000, "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"a" * (MOST_BYTES * 3), "text/plain"),
    ):
        response = httpx.post(
            f"{kiosk.url}/say", content=body, headers={"content-type": kind}, follow_redirects=True
        )
        assert response.status_code in {200, 413}
        assert "<main" in response.text


def test_an_address_that_is_not_here(kiosk: Running) -> None:
    response = httpx.get(f"{kiosk.url}/admin.php")
    assert response.status_code == 404
    assert "988" in response.text  # the emergency words stand on every page that is not the talk
    assert httpx.get(f"{kiosk.url}/say").status_code == 405


def test_health(kiosk: Running) -> None:
    assert httpx.get(f"{kiosk.url}/healthz").text == "ok\n"
    assert httpx.get(f"{kiosk.url}/readyz").text == "ready\n"


def test_who_asks_too_fast_is_told_kindly_and_alarms_are_always_answered(
    content: Content, tmp_path: Path
) -> None:
    with running(content, tmp_path, rates=Rates("2/minute", "1000/minute")) as kiosk:
        visitor = Visitor(kiosk)
        in_prison(visitor)
        first_page = visitor.page
        slow = visitor.says("cant sleep")
        assert slow.status_code == 429
        assert 1 <= int(slow.headers["retry-after"]) <= 60
        assert "Please wait a few seconds" in slow.text
        assert "Tell any officer" in slow.text
        visitor.page = first_page
        assert "killing yourself" in visitor.says("i want to kill myself").text
        visitor.page = first_page
        assert "urgent" in visitor.taps("/help").text
        visitor.page = slow
        found = visitor.client.post(
            "/say", data={"token": visitor.field("token"), "lang": "es", "pick": "/help"}
        )
        assert "urgent" in found.text  # the help button of that page works too
        other = Visitor(kiosk)
        other.taps("welcome/language/en")
        assert other.page.status_code == 200
        visitor.close()
        other.close()


def test_one_address_has_a_limit_too(content: Content, tmp_path: Path) -> None:
    with running(content, tmp_path, rates=Rates("1000/minute", "3/minute")) as kiosk:
        codes = [
            httpx.post(f"{kiosk.url}/say", data={"text": "hello"}).status_code for _ in range(5)
        ]
        assert codes == [303, 303, 303, 429, 429]
        alarm = httpx.post(f"{kiosk.url}/say", data={"text": "quiero morirme"})
        assert alarm.status_code == 303


def test_only_a_trusted_proxy_may_say_for_whom_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[uvicorn.Config] = []

    class Server:
        started = True

        def __init__(self, config: uvicorn.Config) -> None:
            made.append(config)

        def run(self) -> None:
            pass

    monkeypatch.setattr(serve.uvicorn, "Server", Server)
    service = Service(Content(), MemoryStore(), b"x" * 16)
    serve.run(service, Conversation(), "127.0.0.1", 0)
    serve.run(service, Conversation(), "127.0.0.1", 0, "10.0.0.0/8")
    assert [config.proxy_headers for config in made] == [False, True]
    assert made[1].forwarded_allow_ips == "10.0.0.0/8"


def test_who_still_writes_is_not_forgotten(content: Content, tmp_path: Path) -> None:
    with running(content, tmp_path) as kiosk:
        visitor = Visitor(kiosk)
        in_prison(visitor)
        page = visitor.html
        token = {"token": visitor.field("token")}
        for minute in (150, 300, 450):
            kiosk.clock.ahead = minute
            assert visitor.client.post("/awake", data=token).status_code == 204
        again = html.unescape(visitor.client.get("/").text)
        assert _without_tokens(again) == _without_tokens(page)
        kiosk.clock.ahead = 700  # too late: a page left alone wakes nothing up
        visitor.client.post("/awake", data=token)
        assert "¿Qué idioma prefieres?" in visitor.client.get("/").text
        assert visitor.client.post("/awake", data={"token": "no"}).status_code == 204
        visitor.close()


class NoStore(MemoryStore):
    async def open(self) -> None:
        raise StoreProblem("unplugged")

    async def load(self, key: str, turn: str) -> Saved:
        raise StoreProblem("unplugged")

    async def last(self, key: str) -> Saved:
        raise StoreProblem("unplugged")

    async def commit(self, taken: Taken) -> None:
        raise StoreProblem("unplugged")

    async def forget(self, key: str) -> None:
        raise StoreProblem("unplugged")


class SlowToOpen(SqliteStore):
    """A file that takes a while to mend, as after a crash."""

    async def open(self) -> None:
        await asyncio.sleep(0.5)
        await super().open()


def test_whoever_comes_first_after_a_restart_finds_their_place(
    content: Content, tmp_path: Path
) -> None:
    stores = [SlowToOpen(str(tmp_path / "slow.sqlite3")) for _ in range(2)]
    with running(content, tmp_path, store=stores[0]) as kiosk:
        visitor = Visitor(kiosk)
        in_prison(visitor)
    with running(content, tmp_path, store=stores[1]) as again:
        visitor.client.base_url = httpx.URL(again.url)
        visitor.page = visitor.client.get("/")
        visitor.close()
        assert "What do you need right now?" in visitor.html


def test_with_the_store_unplugged(content: Content, tmp_path: Path) -> None:
    newcomer = Conversation(setting="prison", facility="prison")
    with running(content, tmp_path, newcomer, store=NoStore()) as kiosk:
        visitor = Visitor(kiosk)
        visitor.says("i want to kill myself")
        assert "killing yourself" in visitor.html
        assert "can't remember" in visitor.html
        visitor.taps(next(pick for label, pick in visitor.options().items() if "Yes" in label))
        assert "Tell any staff member now" in visitor.html
        visitor.page = visitor.client.get("/")
        visitor.taps("menu/ask/calm")  # buttons carry their whole address
        assert "What is it about?" in visitor.html
        assert httpx.get(f"{kiosk.url}/readyz").status_code == 503
        assert httpx.get(f"{kiosk.url}/healthz").status_code == 200
        visitor.close()


def test_what_is_typed_is_nowhere(
    content: Content, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(content, tmp_path) as kiosk:
        visitor = Visitor(kiosk)
        for text in (
            MARK,
            f"{MARK} i want to kill myself",
            f"cant sleep {MARK}",
            "8",
            MARK,
            "menu",
        ):
            response = visitor.says(text)
            for part in MARK.split():
                assert part not in response.text
                assert part not in str(response.url)
                assert part not in str(response.headers)
        visitor.close()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            for part in MARK.split():
                assert part.encode() not in path.read_bytes()
    printed = capfd.readouterr()
    assert "xyzzy" not in printed.out + printed.err


def test_words_are_escaped_and_stars_are_strong() -> None:
    assert str(marked("*Tell* <b>&</b>")) == "<strong>Tell</strong> &lt;b&gt;&amp;&lt;/b&gt;"
    assert str(marked("one * two")) == "one  two"
    assert str(marked("- a\n- b")) == "- a<br>- b"


def test_numbers_to_dial() -> None:
    assert tel("800-656-4673") == "8006564673"
    assert tel("988 (press 2)") == "988"
    assert tel("words") == ""


def _count(path: Path, table: str) -> int:
    with sqlite3.connect(path) as connection:
        count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    connection.close()
    return int(count)


def _rows(kiosk: Running, cookies: dict[str, str]) -> int:
    assert kiosk.service is not None
    key = kiosk.service.key("kiosk", cookies["peerpath"])
    with sqlite3.connect(kiosk.path) as connection:
        rows = [
            connection.execute(f"SELECT 1 FROM {table} WHERE key = ?", (key,)).fetchall()
            for table in ("conversations", "replies", "acts")
        ]
    connection.close()
    return sum(map(len, rows))
