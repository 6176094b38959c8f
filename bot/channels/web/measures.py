"""Counts and times for whoever runs the program (`/metrics`, in Prometheus' format). Never a text, an
address, a person, or which danger somebody was in."""

import time
from collections import Counter as Tally

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.inbox import Inbox
from bot.service import Service

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
TYPE = "text/plain; version=0.0.4; charset=utf-8"
KNOWN = ("say", "leave", "awake", "healthz", "readyz", "sms", "telegram", "static", "metrics")


class Measures:
    """What is measured in one process."""

    def __init__(self, service: Service, inbox: Inbox | None = None) -> None:
        self._service, self._inbox = service, inbox
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "peerpath_request_seconds",
            "Time to answer a request",
            ["page", "status"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._counted = Gauge(
            "peerpath_counted", "What was counted in the store, by kind", ["kind"],
            registry=self._registry,
        )  # fmt: skip
        self._messages = Gauge(
            "peerpath_messages", "Messages of phones since the start, by what became of them",
            ["state"], registry=self._registry,
        )  # fmt: skip
        self._waiting = Gauge(
            "peerpath_messages_waiting", "Messages of phones that wait", registry=self._registry
        )
        self._answering = Gauge(
            "peerpath_messages_seconds", "From taken in to answered, all together",
            registry=self._registry,
        )  # fmt: skip
        self._ready = Gauge(
            "peerpath_store_ready", "1 if the store answers", registry=self._registry
        )

    async def page(self, _request: Request) -> Response:
        """All of it."""
        tally: Tally[str] = Tally()
        store = self._service.store
        try:
            for (_, kind, _), count in (await store.counts()).items():
                tally[kind] += count
            for kind, count in tally.items():
                self._counted.labels(kind).set(count)
            if self._inbox:
                sql = "SELECT COUNT(*) FROM inbox WHERE state = 'waiting'"
                ((waiting,),) = await store.rows(sql)
                self._waiting.set(float(waiting or 0))
            self._ready.set(1)
        except Exception:  # noqa: BLE001 - whatever it is, the store is not ready
            self._ready.set(0)
        if self._inbox:
            counts = self._inbox.counts
            for state in ("taken_in", "done", "failed", "again"):
                self._messages.labels(state).set(getattr(counts, state))
            self._answering.set(counts.seconds)
        return Response(generate_latest(self._registry), media_type=TYPE)

    def around(self, app: ASGIApp) -> ASGIApp:
        """An application whose answers are timed."""

        async def timed(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began, status = time.perf_counter(), "500"

            async def noting(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = str(message["status"])
                await send(message)

            try:
                await app(scope, receive, noting)
            finally:
                # By the first part of the address, if it is ours: others' may hold anything.
                first = scope["path"].strip("/").partition("/")[0]
                page = first if first in KNOWN else "other" if first else "talk"
                self._seconds.labels(page, status).observe(time.perf_counter() - began)

        return timed
