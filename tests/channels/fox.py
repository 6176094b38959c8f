"""A real Firefox for tests, driven through Marionette, the protocol it brings along: Playwright
drives only a Firefox of its own, and the one people have is the system's."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

NAMES = ("firefox-esr", "firefox")
PATIENCE = 60  # seconds that a start may take
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # what WebDriver calls a reference to an element


def firefox() -> str:
    """Where the system's Firefox is; skipped, or in CI failed, where it isn't."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    reason = "needs Firefox: install your system's `firefox-esr` package"
    if os.environ.get("PEERPATH_SKIP_NOTHING"):
        pytest.fail(reason)
    pytest.skip(reason)


class Fox:
    """One window, and what can be done in it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._numbers = count(1)
        self._read()  # who it is
        self.tell("WebDriver:NewSession", capabilities={"alwaysMatch": {"webSocketUrl": False}})

    def tell(self, command: str, **values: Any) -> Any:
        message = json.dumps([0, next(self._numbers), command, values]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        assert error is None, f"{command}: {error}"
        return result["value"] if isinstance(result, dict) and "value" in result else result

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            byte = self._connection.recv(1)
            assert byte, "Firefox has gone"
            length += byte
        body = b""
        while len(body) < int(length[:-1]):
            body += self._connection.recv(65536)
        return json.loads(body)

    def goes(self, url: str) -> None:
        self.tell("WebDriver:Navigate", url=url)

    def runs(self, script: str, *values: Any) -> Any:
        return self.tell("WebDriver:ExecuteScript", script=script, args=list(values))

    def waits(self, script: str) -> Any:
        """What a script gives to its last argument, a function."""
        return self.tell("WebDriver:ExecuteAsyncScript", script=script, args=[])

    def _find(self, css: str) -> str:
        found = self.tell("WebDriver:FindElement", using="css selector", value=css)
        return str(found[ELEMENT])

    def clicks(self, css: str) -> None:
        self.tell("WebDriver:ElementClick", id=self._find(css))

    def types(self, css: str, text: str) -> None:
        self.tell("WebDriver:ElementSendKeys", id=self._find(css), text=text)

    def says(self, text: str) -> None:
        self.types("#text", text)
        self.clicks("button.send")

    def picks(self, option: str) -> None:
        self.clicks(f'button[name="pick"][value="{option}"]')

    @property
    def words(self) -> str:
        return str(self.tell("WebDriver:GetElementText", id=self._find("body")))

    @property
    def url(self) -> str:
        return str(self.tell("WebDriver:GetCurrentURL"))

    @property
    def cookies(self) -> list[Any]:
        return list(self.tell("WebDriver:GetCookies"))


@contextmanager
def foxing(*, scripts: bool = True) -> Iterator[Fox]:
    """A Firefox with a profile of its own, gone afterwards."""
    path = firefox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="fox-", ignore_cleanup_errors=True) as folder:
        settings = {
            "marionette.port": port,
            "javascript.enabled": scripts,
            "datareporting.policy.dataSubmissionEnabled": False,
            "app.update.enabled": False,
            "ui.prefersReducedMotion": 1,  # words that fade in are pale while they do
            "network.captive-portal-service.enabled": False,
            "network.connectivity-service.enabled": False,
        }
        lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in settings.items()]
        (Path(folder) / "user.js").write_text("\n".join(lines), encoding="utf-8")
        process = subprocess.Popen(
            [path, "--marionette", "--headless", "--no-remote", "--profile", folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": folder, "MOZ_CRASHREPORTER_DISABLE": "1"},
        )
        try:
            with _connected(port, process) as connection:
                yield Fox(connection)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _connected(port: int, process: "subprocess.Popen[bytes]") -> socket.socket:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        except OSError:
            assert process.poll() is None, "Firefox did not start"
            assert time.monotonic() < until, "Firefox did not listen"
            time.sleep(0.2)
        else:
            connection.settimeout(PATIENCE)
            return connection
