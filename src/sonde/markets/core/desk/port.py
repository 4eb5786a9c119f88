"""What the desk asks of an engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from sonde.markets.core.accounts import Balance
from sonde.markets.core.desk.following import Happened


@dataclass(frozen=True)
class DeskOrder:
    """One order of a trade.

    Parameters
    ----------
    symbol : str
        Key of the instrument.
    kind : {"market", "limit", "stop", "take_profit", "trailing"}
    sign : {1, -1}
        Buys or sells.
    steps : int
    ticks : int, optional
        Limit, trigger, or the distance of a trailing stop.
    reduce_only : bool
    """

    symbol: str
    kind: Literal["market", "limit", "stop", "take_profit", "trailing"]
    sign: int
    steps: int
    ticks: int | None = None
    reduce_only: bool = False


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

    def quantity(self, order: int) -> int | None:
        """Return the steps that an order has left; None if it has ended."""
        ...
