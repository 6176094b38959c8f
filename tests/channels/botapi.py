"""A Bot API server, as strict as the real one: over HTTP, for tests.

It holds updates until they are acknowledged by a higher offset or by a webhook's 2xx, in order for
each chat; it refuses a second poller (409), words of more than 4,096 UTF-16 units, buttons of more
than 64 bytes, marks outside the words, edits that change nothing, old taps, chats that blocked the
bot (403), and whoever writes too fast (429 with `retry_after`).
"""

import asyncio
import contextlib
import itertools
import json
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

TOKEN = "123456:a-token-of-the-tests"
BOT = {"id": 123456, "is_bot": True, "first_name": "Peerpath", "username": "peerpath_bot"}
AT = 1_795_000_000
COLORS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


class Refused(Exception):
    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass
class BotApi:
    """The server's memory. Every method may be called from the test's own thread."""

    url: str = ""
    pending: deque[dict[str, Any]] = field(default_factory=deque)  # not acknowledged yet
    sent: list[dict[str, Any]] = field(default_factory=list)  # every message, as it is now
    log: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # method, parameters
    blocked: set[int] = field(default_factory=set)
    refuse: list[Refused] = field(default_factory=list)  # for the next sends, in turn
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    acknowledged: list[int] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    old_taps: set[str] = field(default_factory=set)
    per_second: int = 0  # messages in one chat; 0 for no limit
    duplicate: bool = False  # deliver each update twice by webhook, as after a lost answer
    next_update: int = 7001
    next_message: int = 1
    polling: str = ""
    called: dict[int, str] = field(default_factory=dict)  # chat -> how its owner is called there
    told_at: dict[int, float] = field(default_factory=dict)  # update -> when it was first delivered
    _by_chat: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _times: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _changed: threading.Condition = field(default_factory=threading.Condition)

    # ── what people do ─────────────────────────────────────────────────────────────────────────

    def update(self, chat: int, **parts: Any) -> int:
        with self._changed:
            number = self.next_update
            self.next_update += 1
            self.pending.append({"update_id": number, "_chat": chat, **parts})
            self._changed.notify_all()
        return number

    def person(self, chat: int, language: str = "en") -> dict[str, Any]:
        name = self.called.get(chat, "Marisol")
        return {
            "id": chat, "is_bot": False, "first_name": name, "last_name": f"{name}son",
            "username": f"{name.lower()}_tg", "language_code": language,
        }  # fmt: skip

    def message(self, chat: int, language: str = "en", **parts: Any) -> dict[str, Any]:
        with self._changed:
            number = self.next_message
            self.next_message += 1
        kind = {"id": chat, "type": "private", "first_name": self.called.get(chat, "Marisol")}
        if chat < 0:
            kind = {"id": chat, "type": "supergroup", "title": "A group"}
        out = {
            "message_id": number,
            "date": AT,
            "chat": kind,
            "from": self.person(abs(chat), language),
        }
        out.update(parts)
        text = out.get("text", "")
        if text.startswith("/"):
            length = units(text.split()[0])
            out["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return out

    def says(self, chat: int, text: str, language: str = "en", **parts: Any) -> int:
        return self.update(chat, message=self.message(chat, language, text=text, **parts))

    def sends(self, chat: int, language: str = "en", **parts: Any) -> int:
        return self.update(chat, message=self.message(chat, language, **parts))

    def taps(self, chat: int, label: str, language: str = "en", *, old: bool = False) -> int:
        """Tap the newest button of a chat whose label has these words in it."""
        message, data = self.button(chat, label)
        name = f"tap{self.next_update}"
        if old:
            self.old_taps.add(name)
        shown = {k: v for k, v in message.items() if not k.startswith("_")}
        return self.update(
            chat,
            callback_query={
                "id": name, "from": self.person(chat, language), "message": shown,
                "chat_instance": "1", "data": data,
            },
        )  # fmt: skip

    def button(self, chat: int, label: str) -> tuple[dict[str, Any], str]:
        for message in reversed(self.of(chat)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    words = button["text"].partition(". ")[2] or button["text"]
                    if words == label or button["text"] == label:
                        return message, button["callback_data"]
        raise AssertionError(f"no button “{label}” in {self.labels(chat)}")

    # ── what a test looks at ───────────────────────────────────────────────────────────────────

    def of(self, chat: int) -> list[dict[str, Any]]:
        return list(self._by_chat[chat])

    def texts(self, chat: int) -> list[str]:
        return [message["text"] for message in self.of(chat)]

    def labels(self, chat: int) -> list[str]:
        for message in reversed(self.of(chat)):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            if rows:
                return [button["text"] for row in rows for button in row]
        return []

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [parameters for name, parameters in list(self.log) if name == method]

    # ── the server ─────────────────────────────────────────────────────────────────────────────

    def app(self) -> Starlette:
        @contextlib.asynccontextmanager
        async def lifespan(_app: Starlette) -> Any:
            pushing = asyncio.create_task(self._push())
            yield
            pushing.cancel()

        return Starlette(
            routes=[Route("/bot{token}/{method}", self._call, methods=["GET", "POST"])],
            lifespan=lifespan,
        )

    async def _call(self, request: Request) -> JSONResponse:
        method = request.path_params["method"]
        if request.path_params["token"] != TOKEN:
            return _no(Refused(401, "Unauthorized"))
        asked = dict(await request.form()) or dict(request.query_params)
        parameters = {name: _value(value) for name, value in asked.items()}
        answer = getattr(self, f"do_{_snake(method)}", None)
        if answer is None:
            return _no(Refused(404, "Not Found"))
        self.log.append((method, parameters))
        try:
            result = answer(parameters)
            result = await result if asyncio.iscoroutine(result) else result
        except Refused as refused:
            return _no(refused)
        return JSONResponse({"ok": True, "result": result})

    def do_get_me(self, _: dict[str, Any]) -> Any:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}  # fmt: skip

    def do_set_my_commands(self, asked: dict[str, Any]) -> Any:
        for command in asked["commands"]:
            if (
                not 1 <= len(command["command"]) <= 32
                or not 1 <= len(command["description"]) <= 256
            ):
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands[asked.get("language_code", "")] = asked["commands"]
        return True

    def do_delete_webhook(self, asked: dict[str, Any]) -> Any:
        self.webhook = {}
        if str(asked.get("drop_pending_updates", "")).lower() == "true":
            self.pending.clear()
        return True

    def do_set_webhook(self, asked: dict[str, Any]) -> Any:
        token = asked.get("secret_token", "")
        if not (1 <= len(token) <= 256 and set(token) <= COLORS):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = asked
        if str(asked.get("drop_pending_updates", "")).lower() == "true":
            self.pending.clear()
        return True

    async def do_get_updates(self, asked: dict[str, Any]) -> Any:
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        me = self.polling = str(time.perf_counter_ns())
        offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", 100))
        until = time.monotonic() + float(asked.get("timeout", 0))
        with self._changed:
            while offset and self.pending and self.pending[0]["update_id"] < offset:
                self.acknowledged.append(self.pending.popleft()["update_id"])
        while True:
            allowed = asked.get("allowed_updates") or []
            first = list(itertools.islice(self.pending, 2 * limit))
            found = [_public(u) for u in first if not allowed or set(u) & set(allowed)]
            if found or time.monotonic() >= until:
                for update in found[:limit]:
                    self._tell(update["update_id"])
                return found[:limit]
            await asyncio.sleep(0.01)
            if self.polling != me:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot "
                    "instance is running",
                )

    def _tell(self, number: int) -> None:
        self.delivered.append(number)
        self.told_at.setdefault(number, time.perf_counter())

    async def _push(self) -> None:
        """Post to the webhook: each chat's updates in order, again until one is acknowledged."""
        busy: set[int] = set()

        async def post(client: httpx.AsyncClient, update: dict[str, Any]) -> None:
            head = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
            try:
                for _ in range(2 if self.duplicate else 1):
                    self._tell(update["update_id"])
                    answer = await client.post(
                        self.webhook["url"], json=_public(update), headers=head
                    )
                if answer.is_success:
                    with self._changed, contextlib.suppress(ValueError):
                        self.pending.remove(update)
                        self.acknowledged.append(update["update_id"])
                else:
                    await asyncio.sleep(0.05)
            except (httpx.TransportError, KeyError):
                await asyncio.sleep(0.05)
            finally:
                busy.discard(update["_chat"])

        limits = httpx.Limits(max_connections=40)
        async with httpx.AsyncClient(limits=limits, timeout=30) as client:
            tasks: set[asyncio.Task[None]] = set()
            while True:
                if self.webhook:
                    for update in list(itertools.islice(self.pending, 400)):
                        if update["_chat"] not in busy and len(busy) < 40:
                            busy.add(update["_chat"])
                            task = asyncio.create_task(post(client, update))
                            tasks.add(task)
                            task.add_done_callback(tasks.discard)
                await asyncio.sleep(0.005)

    # ── sending ────────────────────────────────────────────────────────────────────────────────

    def do_send_message(self, asked: dict[str, Any]) -> Any:
        chat = int(asked["chat_id"])
        self._allow(chat)
        message = {
            "message_id": self.next_message, "date": AT, "from": BOT,
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup", "first_name": "M"},
            **_written(asked),
        }  # fmt: skip
        self.next_message += 1
        self.sent.append(message)
        self._by_chat[chat].append(message)
        return message

    def do_edit_message_text(self, asked: dict[str, Any]) -> Any:
        chat, number = int(asked["chat_id"]), int(asked["message_id"])
        self._allow(chat)
        for message in self.of(chat):
            if message["message_id"] == number:
                written = _written(asked)
                if all(
                    message.get(k) == written.get(k) for k in ("text", "entities", "reply_markup")
                ):
                    raise Refused(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same")  # fmt: skip
                for key in ("text", "entities", "reply_markup"):
                    message.pop(key, None)
                message.update(written)
                return message
        raise Refused(400, "Bad Request: message to edit not found")

    def do_answer_callback_query(self, asked: dict[str, Any]) -> Any:
        if asked["callback_query_id"] in self.old_taps:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")  # fmt: skip
        return True

    def _allow(self, chat: int) -> None:
        if self.refuse:
            raise self.refuse.pop(0)
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if self.per_second:
            now, times = time.monotonic(), self._times[chat]
            while times and times[0] < now - 1:
                times.popleft()
            if len(times) >= self.per_second:
                raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
            times.append(now)


def _written(asked: dict[str, Any]) -> dict[str, Any]:
    """Words, marks and buttons, if the real server would have taken them."""
    text = asked.get("text", "")
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if units(text) > 4096:
        raise Refused(400, "Bad Request: message is too long")
    out: dict[str, Any] = {"text": text}
    if "parse_mode" in asked:
        raise Refused(400, "Bad Request: can't parse entities: this server takes none")
    for mark in asked.get("entities") or []:
        end = mark["offset"] + mark["length"]
        if mark["length"] <= 0 or mark["offset"] < 0 or end > units(text):
            raise Refused(400, "Bad Request: can't parse entities: out of the text")
        out.setdefault("entities", []).append(mark)
    if markup := asked.get("reply_markup"):
        for row in markup.get("inline_keyboard", []):
            for button in row:
                if not button["text"].strip():
                    raise Refused(400, "Bad Request: text buttons are unallowed in the inline keyboard")  # fmt: skip
                if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
                    raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        out["reply_markup"] = markup
    return out


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _value(value: Any) -> Any:
    """Structures are sent as JSON within a form."""
    if isinstance(value, str) and value[:1] in "[{":
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def _public(update: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in update.items() if not name.startswith("_")}


def _no(refused: Refused) -> JSONResponse:
    body: dict[str, Any] = {
        "ok": False, "error_code": refused.code, "description": refused.description,
    }  # fmt: skip
    if refused.parameters:
        body["parameters"] = refused.parameters
    return JSONResponse(body, status_code=refused.code)


@contextlib.contextmanager
def serving(port: int = 0) -> Iterator[BotApi]:
    """The server, on a port of its own, until the block ends."""
    api = BotApi()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(api.app(), port=port, log_level="critical", access_log=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the Bot API server did not start")
        time.sleep(0.01)
    api.url = f"http://127.0.0.1:{port}"
    try:
        yield api
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
