"""What an update of Telegram says, as it comes. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from telegram import Message, Update
from telegram.error import RetryAfter

from bot.engine.house import LANGUAGES

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
NAMES = frozenset({"first_name", "last_name", "username", "title", "phone_number", "vcard"})


def message_of(update: Update) -> Message:
    message = update.effective_message
    if message is None:
        raise ValueError("an update without a message was routed as if it had one")
    return message


def language_of(update: Update) -> str:
    code = (update.effective_user.language_code or "") if update.effective_user else ""
    return code[:2].lower() if code[:2].lower() in LANGUAGES else ""


def chat_of(update: Mapping[str, Any]) -> str:
    """The id of the chat that an update is from, as text."""
    for kind in ALLOWED:
        part = update.get(kind)
        if isinstance(part, dict):
            holder = part.get("message") if kind == "callback_query" else part
            chat = holder.get("chat") if isinstance(holder, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return str(chat["id"])
            if kind == "callback_query" and isinstance(part.get("from"), dict):
                return str(part["from"].get("id", ""))
    return ""


def nameless(value: Any) -> Any:
    """An update without anybody's name, which answering it does not take."""
    if isinstance(value, dict):  # left empty rather than out: some of them must be there
        return {k: "" if k in NAMES else nameless(v) for k, v in value.items()}
    return [nameless(part) for part in value] if isinstance(value, list) else value


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
