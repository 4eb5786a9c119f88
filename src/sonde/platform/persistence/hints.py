"""Hints to open pages, over Valkey's publish and subscribe."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sonde.platform.core.errors import Unavailable
from sonde.platform.persistence import valkey

if TYPE_CHECKING:
    from redis import Redis


def channel_of(user_id: str) -> str:
    """Return the channel on which a person's pages listen."""
    return f"sonde:hints:{user_id}"


@dataclass(frozen=True)
class ValkeyHints:
    """Publishes hints; what cannot be published is lost, and the page looks again anyway.

    Parameters
    ----------
    client : Redis
    """

    client: "Redis"

    @classmethod
    def connect(cls, url: str) -> "ValkeyHints":
        """Make the publisher; no connection is opened yet."""
        return cls(valkey.connect(url))

    def publish(self, user_id: str, topic: str) -> None:
        """Hint that `topic` changed; may be lost."""
        from redis import RedisError

        try:
            self.client.publish(channel_of(user_id), topic)
        except RedisError:
            return

    async def listen(self, user_id: str) -> AsyncIterator[str]:
        """Go through the topics hinted to a person from now on; raises Unavailable."""
        from redis import RedisError
        from redis.asyncio import Redis

        options = self.client.connection_pool.connection_kwargs
        client = Redis(
            host=options.get("host", "localhost"),
            port=options.get("port", 6379),
            db=options.get("db", 0),
            username=options.get("username"),
            password=options.get("password"),
            socket_connect_timeout=valkey.PATIENCE_S,
        )
        try:
            async with client, client.pubsub() as subscription:
                await subscription.subscribe(channel_of(user_id))
                async for message in subscription.listen():
                    if message["type"] == "message":
                        yield message["data"].decode()
        except RedisError as error:
            raise Unavailable("Hints do not arrive at the moment.") from error
