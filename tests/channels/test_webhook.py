"""The phone channels beside the kiosk, in one server, and as processes of their own."""

import contextlib
import io
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from click.testing import CliRunner

from bot.channels import logs
from bot.channels.phones import Phones, Setup
from bot.channels.sms import Account
from bot.channels.sms.line import signature
from bot.channels.web import serve
from bot.cli import main
from bot.engine.content import Content
from bot.engine.model import Conversation
from bot.service import Service
from bot.store import open_store
from tests.channels.botapi import TOKEN, BotApi, serving
from tests.conftest import ROOT

SECRET = b"a secret of the tests"
ANA, BEN = 1001, 1002
TYPED = "xyzzy-what-a-person-typed"
CARRIER = "the carrier's token"


@pytest.fixture
def api() -> Iterator[BotApi]:
    with serving() as server:
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def house(api: BotApi, content: Content, path: Path, port: int = 0) -> Iterator[str]:
    """A kiosk with a Telegram webhook and a text line beside it."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    service = Service(content, open_store(f"sqlite:///{path}"), SECRET)
    setup = Setup(TOKEN, api.url, "", 1000.0, Account(CARRIER), url)
    app = serve.application(service, Conversation(), phones=Phones(service, SECRET, setup))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait(lambda: server.started)
    try:
        yield url
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def wait(true: Callable[[], object], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.01)


def test_telegram_posts_and_is_answered_beside_the_kiosk(
    api: BotApi, content: Content, tmp_path: Path
) -> None:
    with house(api, content, tmp_path / "one.sqlite3") as url:
        wait(lambda: api.webhook)
        assert api.webhook["url"].startswith(f"{url}/telegram/")
        assert set(api.webhook["allowed_updates"]) == {
            "message", "edited_message", "callback_query", "my_chat_member",
        }  # fmt: skip
        api.says(ANA, "/start")
        wait(lambda: api.texts(ANA))
        assert "Which language" in api.texts(ANA)[0]
        assert "Peerpath" in httpx.get(url).text
        assert httpx.get(f"{url}/readyz").status_code == 200


def test_an_update_delivered_again_is_answered_once(
    api: BotApi, content: Content, tmp_path: Path
) -> None:
    api.duplicate = True
    with house(api, content, tmp_path / "one.sqlite3"):
        api.says(ANA, "/start")
        api.says(ANA, "cant sleep")
        wait(lambda: not api.pending)
        wait(lambda: len(api.texts(ANA)) == 2)
        time.sleep(0.3)
        assert len(api.texts(ANA)) == 2
        assert len(api.delivered) == 4


def test_nobody_else_may_post(api: BotApi, content: Content, tmp_path: Path) -> None:
    with house(api, content, tmp_path / "one.sqlite3") as url:
        wait(lambda: api.webhook)
        update = {"update_id": 1, "message": api.message(ANA, text="/start")}
        where = api.webhook["url"]
        head = {"X-Telegram-Bot-Api-Secret-Token": api.webhook["secret_token"]}
        assert httpx.post(where, json=update).status_code == 403
        wrong = {"X-Telegram-Bot-Api-Secret-Token": "guessed"}
        assert httpx.post(where, json=update, headers=wrong).status_code == 403
        assert httpx.post(f"{url}/telegram/guessed", json=update, headers=head).status_code == 404
        # What is no update is not sent again for ever, and breaks nothing.
        for body in (b"{", b"[]", b"null", b'{"update_id": "x"}', b'{"update_id": 1}'):
            assert httpx.post(where, content=body, headers=head).status_code == 200
        assert not api.sent


def test_address_and_secret_stay_the_same_and_are_told_again_at_every_start(
    api: BotApi, content: Content, tmp_path: Path
) -> None:
    port, seen = free_port(), []
    for number in (1, 2):
        with house(api, content, tmp_path / "one.sqlite3", port):
            wait(lambda number=number: len(api.calls("setWebhook")) == number)
            seen.append((api.webhook["url"], api.webhook["secret_token"]))
        api.webhook = {}  # somebody polled in between
    assert seen[0] == seen[1]
    told = {str(asked.get("drop_pending_updates")) for asked in api.calls("setWebhook")}
    assert told <= {"False", "false", "None"}


def test_what_was_posted_while_we_were_away_is_answered(
    api: BotApi, content: Content, tmp_path: Path
) -> None:
    port = free_port()
    with house(api, content, tmp_path / "one.sqlite3", port):
        wait(lambda: api.webhook)
    api.says(ANA, "/start")
    api.says(ANA, "i want to kill myself")
    time.sleep(0.3)
    assert not api.texts(ANA)
    with house(api, content, tmp_path / "one.sqlite3", port):
        wait(lambda: len(api.texts(ANA)) == 2)
    assert "988" in api.texts(ANA)[1]


def test_a_carrier_posts_beside_it(api: BotApi, content: Content, tmp_path: Path) -> None:
    with house(api, content, tmp_path / "one.sqlite3") as url:
        form = {"MessageSid": "SM1", "From": "+15555550100", "Body": "help"}
        head = {"X-Twilio-Signature": signature(f"{url}/sms", form, CARRIER)}
        answer = httpx.post(f"{url}/sms", data=form, headers=head)
        assert answer.headers["content-type"].startswith("text/xml")
        assert "988" in answer.text
        assert httpx.post(f"{url}/sms", data=form).status_code == 403


def test_counts_and_times_are_all_that_is_measured(
    api: BotApi, content: Content, tmp_path: Path
) -> None:
    with house(api, content, tmp_path / "one.sqlite3") as url:
        api.says(ANA, f"i want to kill myself {TYPED}")
        wait(lambda: api.texts(ANA))
        httpx.get(f"{url}/{TYPED}")
        httpx.get(url)
        wait(lambda: 'peerpath_messages{state="done"} 1.0' in httpx.get(f"{url}/metrics").text)
        said = httpx.get(f"{url}/metrics").text
    assert "peerpath_store_ready 1.0" in said
    assert 'peerpath_counted{kind="turn"}' in said
    assert 'peerpath_request_seconds_bucket{le="0.1",page="talk",status="200"}' in said
    for words in (TYPED, str(ANA), "suicide", "Marisol", "127.0.0.1"):
        assert words not in said


def test_logs_are_json_without_what_an_error_quotes() -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    sink = io.StringIO()
    try:
        logs.configure(sink)
        log = logging.getLogger("peerpath")
        try:
            int(TYPED)
        except ValueError:
            log.exception("it failed")
        log.info("counted %d", 3)
        logging.getLogger("httpx").critical("https://api.telegram.org/bot%s/getMe", TOKEN)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    first, second = (json.loads(line) for line in sink.getvalue().splitlines())
    assert first["event"] == "it failed"
    assert first["error"] == "ValueError"
    assert first["level"] == "error"
    assert second["event"] == "counted 3"
    assert TYPED not in sink.getvalue()
    assert TOKEN not in sink.getvalue()


@contextlib.contextmanager
def process(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    child = subprocess.Popen(
        command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            child.wait(30)
        assert child.stdout
        child.stdout.close()


@pytest.mark.kill
def test_the_procfile_runs_under_honcho_and_stops_gracefully(api: BotApi, tmp_path: Path) -> None:
    port = free_port()
    # The flows without all that is known beside them, which takes long to learn.
    shutil.copytree(ROOT / "flows", tmp_path / "content" / "flows")
    environment = {
        "PEERPATH_CONTENT_DIR": str(tmp_path / "content"), "PORT": str(port), "PEERPATH_DATA_DIR": str(tmp_path), "PEERPATH_TELEGRAM_TOKEN": TOKEN,
        "PEERPATH_TELEGRAM_API_URL": api.url, "PEERPATH_SECRET": "a secret of the tests",
    }  # fmt: skip
    honcho = (sys.executable, "-m", "honcho")
    with process(*honcho, "run", "peerpath", "db", "upgrade", **environment) as release:
        assert release.wait(60) == 0
    with process(*honcho, "start", "web", "worker", **environment) as child:
        wait(lambda: api.calls("getUpdates"), 90)
        api.says(ANA, f"/start {TYPED}")
        wait(lambda: api.texts(ANA), 30)
        wait(lambda: _answers(f"http://127.0.0.1:{port}/readyz"), 60)
        child.send_signal(signal.SIGTERM)
        assert child.stdout
        said = child.stdout.read()
        child.wait(30)
    assert '"event": "working"' in said
    assert '"event": "stopped"' in said  # and not killed
    assert TYPED not in said
    assert TOKEN not in said
    lines = [re.sub(r"^\S+ \S+ +\| ", "", line) for line in said.splitlines()]
    assert any(json.loads(line)["logger"] == "uvicorn.error" for line in lines if line[:1] == "{")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def test_what_is_missing_is_said_in_one_line(tmp_path: Path) -> None:
    usual = {"PEERPATH_DATA_DIR": str(tmp_path), "PEERPATH_CONTENT_DIR": str(tmp_path)}
    (tmp_path / "flows").mkdir()
    for command, environment, words in (
        ("telegram", {"PEERPATH_TELEGRAM_TOKEN": ""}, "BotFather"),
        ("serve", {"PEERPATH_SMS_TOKEN": "x"}, "PEERPATH_PUBLIC_URL"),
        ("telegram", {"PEERPATH_TELEGRAM_WEBHOOK_SECRET": "with spaces"}, "letters, digits"),
    ):
        result = CliRunner(env={**usual, **environment}).invoke(main, [command])
        assert result.exit_code == 2
        assert words in result.output
