"""One client that follows the price of one symbol at a time."""

import json
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from sonde.markets.core.streaming.requests import read_symbol
from sonde.markets.services.streams import live_prices
from sonde.markets.services.streams.live_prices import PriceNews
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
    _symbol: str = field(default="")

    def follow(self, symbol: str) -> None:
        """Follow another symbol; raises Invalid for what cannot be one."""
        self._symbol = read_symbol(symbol)
        self.outbox.forget(_PRICE)
        tell = partial(self._tell, self._symbol)
        self._start(
            _PRICE,
            live_prices.follow(self.outside, self.actor, self._symbol, self.hubs.prices, tell),
        )

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

    def _tell(self, symbol: str, news: PriceNews) -> None:
        if symbol == self._symbol:
            self._latest(_PRICE, news.written("", price_document))
