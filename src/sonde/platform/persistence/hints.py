"""Hints to open pages, over Valkey's publish and subscribe."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
