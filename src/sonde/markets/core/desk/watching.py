"""What an account waits for in a symbol: the prices at which something happens to it.

Kept beside the account, it says without opening it whether a price matters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sonde.markets.core.engine.engine import Position
    from sonde.markets.core.engine.orders import OrderView


@dataclass(frozen=True)
class Watch:
    """The nearest prices at which something happens, in ticks.

    Parameters
    ----------
    below, above : int, optional
        A price at or below, at or above it reaches an order or the liquidation.
    is_eager : bool
        Whether every price matters: an order waits for the next one, or trails.
    seen_ms : int
        When a price was seen last; 0 for never.
    """

    below: int | None
    above: int | None
    is_eager: bool
    seen_ms: int


def watch_of(place: "Position", orders: Iterable["OrderView"], seen_ms: int) -> Watch | None:
    """Return what is waited for; None where nothing is open.

    Parameters
    ----------
    place : Position
    orders : iterable of OrderView
        The live orders of the symbol.
    seen_ms : int
        When the newest price was seen, milliseconds UTC.
    """
    live = [one for one in orders if one.key == place.key and one.is_open]
    if not live and not place.steps:
        return None
    below: list[int] = []
    above: list[int] = []
    if place.steps and place.liquidation:
        (below if place.steps > 0 else above).append(place.liquidation)
    is_eager = False
    for one in live:
        if one.kind in ("market", "trailing") or one.triggered or _is_new(one, seen_ms):
            is_eager = True
        elif _waits_below(one):
            below.append(one.limit if one.kind == "limit" else one.trigger)
        else:
            above.append(one.limit if one.kind == "limit" else one.trigger)
    return Watch(max(below, default=None), min(above, default=None), is_eager, seen_ms)


def _is_new(order: "OrderView", seen_ms: int) -> bool:
    return max(order.submitted_ms, order.active_from_ms) >= seen_ms


def _waits_below(order: "OrderView") -> bool:
    """Say whether an order waits for a lower price: bought lower, or stopped out of a long."""
    if order.kind in ("limit", "take_profit"):
        return order.side > 0
    return order.side < 0
