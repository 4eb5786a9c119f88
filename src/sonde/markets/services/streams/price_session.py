"""One client that follows the price of one symbol at a time."""

import json
from dataclasses import dataclass
from typing import Final

from sonde.markets.core.feeds.quotes import Quote
from sonde.markets.core.streaming.requests import read_symbol
from sonde.markets.services.streams import live_prices
from sonde.markets.services.streams.live_prices import PriceEars
from sonde.markets.services.streams.messages import price_document
from sonde.markets.services.streams.session import StreamSession
from sonde.platform.core.errors import Invalid

_PRICE: Final = "price"


@dataclass
class PriceSession(StreamSession):
    """Tells one price after the other, each as a document of its own.

    Parameters
    ----------
    beat_every_s : float
    """

    beat_every_s: float = 30.0

    def follow(self, symbol: str) -> None:
        """Follow another symbol; raises Invalid for what cannot be one."""
        wanted = read_symbol(symbol)
        self._ears.forget(_PRICE)
        self.outbox.forget(_PRICE)
        self._ears = PriceEars(self._take_prices, _document)
        follow = live_prices.follow(
            self.outside, self.actor, self.hubs.prices, self._ears, _PRICE, wanted
        )
        self._start(_PRICE, follow)

    def take_in(self, text: str) -> None:
        """Switch to the symbol that the client names."""
        try:
            self.follow(text)
        except Invalid as error:
            self._keep(json.dumps({"error": error.message, "code": error.code}))

    async def write(self, _number: int, messages: tuple[str, ...], /) -> None:
        """Send each message by itself."""
        for message in messages:
            await self.send(message)

    def beat(self) -> str:
        """Return the heartbeat as it has always been."""
        now = self.outside.clock().isoformat()
        return json.dumps({"type": "heartbeat", "timestamp": now})


def _document(_symbol: str, quote: Quote) -> str:
    return price_document(quote)
