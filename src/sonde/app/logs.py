"""Logs as one JSON object a line (coloured words on a terminal), with the request's or job's id."""

import logging
import sys

import structlog

from sonde.platform.services.logs import mask

_QUIET = (
    "celery.worker.strategy",
    "celery.app.trace",
    "celery.bootsteps",
    "celery.beat",
    "celery.worker.request",
    "alembic.runtime",
)


def configure_logging(level: str = "INFO") -> None:
    """Send our own log and that of every library to standard error, in one form."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    common: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        mask,
    ]
    structlog.configure(
        processors=[*common, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(number),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=common,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=number, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def _rendering() -> list[structlog.typing.Processor]:
    if sys.stderr.isatty():
        return [structlog.dev.ConsoleRenderer()]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
