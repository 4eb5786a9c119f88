"""Clients of Valkey that answer soon or not at all: a dead server must not hold up a request."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redis import Redis

PATIENCE_S = 0.5


def connect(url: str) -> "Redis":
    """Make a client with short timeouts and one retry, for connections that went stale."""
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(
        url,
        socket_connect_timeout=PATIENCE_S,
        socket_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=0,
    )
