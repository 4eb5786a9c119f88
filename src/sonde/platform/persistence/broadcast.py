"""Broadcasts through Valkey: fast, to whoever listens now, and lost to everybody else."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sonde.platform.core.broadcast import Say
from sonde.platform.core.errors import Unavailable
from sonde.platform.persistence import valkey

if TYPE_CHECKING:
    from redis import Redis
    from redis.asyncio import Redis as AsyncRedis

_PREFIX = "sonde:broadcast:"


@dataclass(frozen=True)
class ValkeyBroadcast:
    """Says and hears broadcasts.

    Parameters
    ----------
    client : Redis
    """

    client: "Redis"

    @classmethod
    def connect(cls, url: str) -> "ValkeyBroadcast":
        """Make the publisher; no connection is opened yet."""
        return cls(valkey.connect(url))

    def publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Say (channel, message) pairs in order and in one go; may be lost."""
        from redis import RedisError

        pipeline = self.client.pipeline(transaction=False)
        for channel, message in messages:
            pipeline.publish(_PREFIX + channel, message)
        try:
            pipeline.execute()
        except RedisError:
            return

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[Say]:
        """Yield a way to publish from an event loop, which goes on meanwhile."""
        from redis import RedisError

        async def say(messages: Sequence[tuple[str, bytes]]) -> None:
            pipeline = client.pipeline(transaction=False)
            for channel, message in messages:
                pipeline.publish(_PREFIX + channel, message)
            with suppress(RedisError):
                await pipeline.execute()

        async with self._open(socket_timeout=valkey.PATIENCE_S) as client:
            yield say

    def _open(self, **options: Any) -> "AsyncRedis":
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        known = self.client.connection_pool.connection_kwargs
        return Redis(
            host=known.get("host", "localhost"),
            port=known.get("port", 6379),
            username=known.get("username"),
            password=known.get("password"),
            socket_connect_timeout=valkey.PATIENCE_S,
            retry=Retry(NoBackoff(), 1),
            **options,
        )

    async def listen(self, channels: Sequence[str]) -> AsyncIterator[tuple[str, bytes]]:
        """Go through what is said on `channels` from now on; raises Unavailable."""
        from redis import RedisError

        client = self._open()
        try:
            async with client, client.pubsub() as subscription:
                await subscription.subscribe(*(_PREFIX + channel for channel in channels))
                async for message in subscription.listen():
                    if message["type"] == "message":
                        channel = message["channel"].decode().removeprefix(_PREFIX)
                        yield channel, message["data"]
        except RedisError as error:
            raise Unavailable("Broadcasts do not arrive at the moment.") from error
