"""Logs as JSON, a line an event, with nothing of anybody in them.

No message of ours names what a person typed or who they are. What others log may: so tracebacks,
which quote values, are cut down to the error's type, and libraries that log addresses are silent.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

SILENT = ("httpx", "httpcore", "telegram", "telegram.ext", "aiosqlite", "uvicorn.access")


def configure(sink: TextIO | None = None) -> None:
    """Log to `sink` (standard error, if not given), from `info` on."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _without_traceback,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sink or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in ("uvicorn", "uvicorn.error"):  # through the root, like everybody else
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True


def _without_traceback(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The type of an error, and not what it says."""
    if found := event.pop("exc_info", None):
        error = found[1] if isinstance(found, tuple) else sys.exc_info()[1]
        event["error"] = type(error).__name__
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    return event
