"""What Ctrl+K finds of markets: series of prices by their symbol."""

from collections.abc import Sequence

from sonde.markets.services import price_store
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PaletteEntry
from sonde.platform.ui.wording import count

_SHOWN = 6


def palette(actor: Actor, text: str) -> Sequence[PaletteEntry]:
    """Return the series whose name holds every word of `text`."""
    words = text.lower().split()
    found = [
        one
        for one in price_store.list_series(actor)
        if all(word in f"{one.key} prices".lower() for word in words)
    ]
    return [
        PaletteEntry(
            one.key,
            f"/markets/data/{one.id}",
            "Prices",
            "tabler:chart-candle",
            f"{count(one.n_bars)} bars",
        )
        for one in found[:_SHOWN]
    ]
