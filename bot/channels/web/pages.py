"""Pages from templates: Jinja2, everything escaped, nothing inline that a page policy forbids."""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from bot.channels.web.words import ui
from bot.engine import plain
from bot.engine.house import LANGUAGES
from bot.engine.model import Change, Reply

HERE = Path(__file__).parent
CARDS_AT_ONCE = 4  # the others wait behind one press
BAR = 200  # length of a full bar in the picture of before and now


def page(name: str, language: str, look: Mapping[str, str], **words: Any) -> str:
    """A page in a language, as its reader likes to see it."""
    shown = language if language in LANGUAGES else "en"
    return _PAGES.get_template(name).render(
        ui=ui(shown),
        language=shown,
        other="es" if shown == "en" else "en",
        look=" ".join(f"{kind}-{choice}" for kind, choice in look.items()),
        **{"refresh": "", **words},
    )


def talk(reply: Reply, look: Mapping[str, str], **words: Any) -> str:
    """The page with a reply on it, and a fresh turn id for its forms."""
    cards = reply.resources
    return page(
        "talk.html",
        reply.language,
        look,
        reply=reply,
        cards=cards[:CARDS_AT_ONCE],
        more_cards=cards[CARDS_AT_ONCE:],
        counted=list(plain.counted(reply.pace, reply.language)) if reply.pace else [],
        bars=bars(reply.change) if reply.change else (),
        turn=secrets.token_urlsafe(12),
        **words,
    )


def desk_page(name: str, language: str, **words: Any) -> str:
    """A page of the mentors' desk. Its words stand in the templates, both languages side by side:
    `t("Sign in", "Entrar")`."""
    shown = language if language in LANGUAGES else "en"
    return _PAGES.get_template(f"desk/{name}").render(
        language=shown,
        other="es" if shown == "en" else "en",
        t=lambda english, spanish: spanish if shown == "es" else english,
        **words,
    )


def when(at: float) -> str:
    """A day and time, UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def bars(change: Change) -> tuple[int, int]:
    """How long the bars of before and now are. A zero is still a sliver one can see."""
    span = max(1, change.high - change.low)
    before, after = (
        max(4, round(BAR * min(1, max(0, value - change.low) / span)))
        for value in (change.before, change.after)
    )
    return before, after


def marked(words: str) -> Markup:
    """Words with `*stars*` made strong, and list lines made lines. Everything else is escaped."""
    parts = str(escape(words)).split("*")
    out = "".join(
        f"<strong>{part}</strong>" if number % 2 and number < len(parts) - 1 else part
        for number, part in enumerate(parts)
    )
    return Markup(out.replace("\n", "<br>"))  # noqa: S704 - escaped above


def tel(value: str) -> str:
    """The digits to dial of a number with a note behind it."""
    number = value.partition(" (")[0]
    digits = "".join(letter for letter in number if letter.isdecimal())
    return digits if len(digits) > 2 else ""


_PAGES = Environment(
    loader=FileSystemLoader(HERE / "pages"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # a page made is a page kept; templates don't change under a server
)
_FILTERS: Mapping[str, Callable[..., Any]] = {"marked": marked, "tel": tel, "when": when}
_PAGES.filters.update(_FILTERS)
