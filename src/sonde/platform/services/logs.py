"""Structured logs: one line an event, with the request it belongs to and without secrets."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET_NAME = re.compile(r"password|token|secret|cookie|authorization|api_key", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"(://[^:/@\s]*:)[^@\s]+(@)")
_LINE_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\x1b": "\\x1b", "\u2028": " "})

Event = MutableMapping[str, Any]


def mask(_logger: Any, _method: str, event: Event) -> Event:
    """Hide secrets, and let nobody write lines of their own into the log."""
    for name, value in event.items():
        if _SECRET_NAME.search(name):
            event[name] = "***"
        elif isinstance(value, str):
            event[name] = clean(value) if name != "exception" else _without_secrets(value)
    return event


def clean(text: str) -> str:
    """Return `text` on one line, without passwords in URLs.

    Examples
    --------
    >>> clean("postgresql://me:hunter2@host/db")
    'postgresql://me:***@host/db'
    """
    return _without_secrets(text).translate(_LINE_BREAKS)


def _without_secrets(text: str) -> str:
    return _SECRET_IN_URL.sub(r"\1***\2", text)


def configure_logging(level: str = "INFO") -> None:
    """Send every log line of this process through one chain, as JSON on standard error."""
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    structlog.configure(
        processors=[*chain, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(), foreign_pre_chain=chain
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "httpx", "celery.redirected"):
        logging.getLogger(noisy).setLevel("WARNING")
