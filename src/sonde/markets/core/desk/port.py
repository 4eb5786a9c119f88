"""What the desk asks of an engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sonde.markets.core.accounts import Balance
from sonde.markets.core.desk.following import Happened
from sonde.markets.core.engine.orders import Force, OrderKind


@dataclass(frozen=True)
class DeskOrder:
    """One order of a trade.

    Parameters
    ----------
    symbol : str
        Key of the instrument.
    kind : {"market", "limit", "stop", "stop_limit", "take_profit", "trailing"}
    sign : {1, -1}
        Buys or sells.
    steps : int
    limit_ticks, trigger_ticks : int, optional
    trail_ticks : int, optional
        Distance of a trailing order from the best price.
    reduce_only, post_only : bool
    force : {"GTC", "IOC", "FOK", "GTD"}
    expires_ms : int
    """

    symbol: str
    kind: OrderKind
    sign: int
    steps: int
    limit_ticks: int | None = None
    trigger_ticks: int | None = None
    trail_ticks: int | None = None
    reduce_only: bool = False
    post_only: bool = False
    force: Force = "GTC"
    expires_ms: int = 0


class DeskEngine(Protocol):
    """An account that carries orders out.

    Every method that is refused raises ``Conflict`` or ``Invalid`` and changes nothing.
    """

    def place(self, entry: DeskOrder, guards: Sequence[DeskOrder]) -> tuple[int, ...]:
        """Submit an entry with the orders that guard what it fills; return their numbers."""
        ...

    def guard(self, orders: Sequence[DeskOrder]) -> tuple[int, ...]:
        """Submit orders of which one reduces the others; return their numbers."""
        ...

    def link(self, orders: Sequence[int]) -> None:
        """Let open orders reduce each other: what one fills, the others lose."""
        ...

    def change(self, order: int, *, steps: int | None = None, ticks: int | None = None) -> None:
        """Change the quantity, or the limit or trigger, of an open order."""
        ...

    def cancel(self, order: int) -> None:
        """Cancel an open order."""
        ...

    def happened(self) -> Sequence[Happened]:
        """Return what happened since this was asked last."""
        ...

    def balance(self) -> Balance:
        """Return what is in the account."""
        ...

    def level(self, order: int) -> int | None:
        """Return the ticks at which an open order acts, a trailing one's present level."""
        ...

    def quantity(self, order: int) -> int | None:
        """Return the steps that an order has left; None if it has ended."""
        ...
