"""What stands around every page: the headers that keep a shared machine from remembering, and a
limit on what is read."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 128 * 1024  # of a request's body; a long message is a few thousand

# Only what the page uses, and all of it ours. Nothing may frame it or be sent elsewhere.
# `connect-src` is for the one line a script sends: somebody is still here.
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
VOICE = "; media-src 'self'"  # only where the server reads aloud
HEADERS = {
    "cache-control": "no-store",
    "pragma": "no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# Style and script are the same for everybody, and may be kept for a while.
STATIC = {**HEADERS, "cache-control": "public, max-age=3600"}
del STATIC["pragma"]


class Guardrails:
    """Adds the headers, and answers a body that is too large before it is read."""

    def __init__(self, app: ASGIApp, *, voice: bool = False) -> None:
        self.app = app
        self.policy = POLICY + (VOICE if voice else "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = STATIC if scope["path"].startswith("/static/") else HEADERS
        taken = 0

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                out["content-security-policy"] = self.policy
                for name, value in headers.items():
                    out[name] = value
                if scope["scheme"] == "https":
                    out["strict-transport-security"] = "max-age=31536000"
            await send(message)

        async def receive_limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MOST_BYTES:
                # Cut off: the form ends here, and what was read so far is heard.
                return {"type": "http.request", "body": b"", "more_body": False}
            return message

        await self.app(scope, receive_limited, send_guarded)
