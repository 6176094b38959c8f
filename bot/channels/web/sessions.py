"""Who somebody is: a random cookie of this browser window, and nothing else.

The cookie is worth nothing after it lay idle, when the person leaves, or when the talk is over. A
second cookie holds how they like to read (colors, size, spacing), and goes with the first.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "peerpath"
LOOK = "peerpath-look"

# How a page can look: one of each. The first is what a page is without a choice.
LOOKS: Mapping[str, tuple[str, ...]] = {
    "theme": ("auto", "light", "dark", "contrast"),
    "text": ("normal", "large", "huge"),
    "space": ("normal", "wide"),
}


def fresh() -> str:
    """A session that nobody can guess."""
    return secrets.token_urlsafe(24)


def session_of(request: Request) -> str:
    """The session of this window, or nothing."""
    return request.cookies.get(COOKIE, "")[:64]


def token(key: str) -> str:
    """What a form of this session carries, so that no other site can send one."""
    return hmac.new(key.encode(), b"form", hashlib.sha256).hexdigest()[:32]


def token_fits(key: str, given: str) -> bool:
    """Whether a form was made for this session."""
    return hmac.compare_digest(token(key).encode(), given.encode())


def look_of(request: Request) -> Mapping[str, str]:
    """How this person likes to read: each kind with its choice."""
    chosen = {kind: choices[0] for kind, choices in LOOKS.items()}
    for pair in request.cookies.get(LOOK, "")[:100].split("."):
        kind, _, choice = pair.partition("-")
        if choice in LOOKS.get(kind, ()):
            chosen[kind] = choice
    return chosen


def give(request: Request, response: Response, session: str) -> None:
    """The cookie of this window: for this site alone, gone when the browser closes."""
    _set(request, response, COOKIE, session)


def give_look(request: Request, response: Response, look: Mapping[str, str]) -> None:
    """Keep how they like to read for as long as this window's talk."""
    _set(request, response, LOOK, ".".join(f"{kind}-{choice}" for kind, choice in look.items()))


def take(request: Request, response: Response) -> None:
    """Leave nothing in this window."""
    for name in (COOKIE, LOOK):
        response.delete_cookie(
            name, httponly=True, samesite="strict", secure=request.url.scheme == "https"
        )


def _set(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )
