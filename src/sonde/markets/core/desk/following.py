"""What the engine's events mean for trades."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from sonde.markets.core.trades import Trade, TradeFill, entry_ended, exit_ended, filled


class Role(StrEnum):
    """What an order is for in its trade."""

    ENTRY = "entry"
    STOP = "stop"
    TARGET = "target"
    EXIT = "exit"


@dataclass(frozen=True)
class Happened:
    """One event of the engine, as far as trades ask.

    Parameters
    ----------
    kind : {"fill", "ended", "funding"}
        A fill; an order that ended without having filled whole; a payment.
    symbol : str
        Key of the instrument.
    time_ms : int
    order : int
        0 for a liquidation and for funding.
    steps, ticks : int
    fee_units, slippage_units : int
    paid_units : int
        Of funding; negative where it was received.
    reason : str
    """

    kind: Literal["fill", "ended", "funding"]
    symbol: str
    time_ms: int
    order: int = 0
    steps: int = 0
    ticks: int = 0
    fee_units: int = 0
    slippage_units: int = 0
    paid_units: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Followed:
    """A trade with the engine's numbers of its orders."""

    trade: Trade
    orders: Mapping[Role, int]

    def role_of(self, order: int) -> Role | None:
        """Return what an order is for here; None if it belongs to another trade."""
        return next((role for role, number in self.orders.items() if number == order), None)


def after(followed: Followed, what: Happened) -> Followed:
    """Return a trade after something happened to one of its orders.

    Examples
    --------
    >>> from sonde.markets.core.sides import Side
    >>> asked = Followed(Trade("t", "x:BTC", Side.LONG, 5, 0), {Role.ENTRY: 7})
    >>> bought = after(asked, Happened("fill", "x:BTC", 9, order=7, steps=5, ticks=100))
    >>> bought.trade.state.value, bought.trade.opened_ms
    ('open', 9)
    """
    role = followed.role_of(what.order)
    trade = followed.trade
    if role is None:
        return followed
    if what.kind == "fill":
        is_exit = role is not Role.ENTRY
        reason = role.value if role in (Role.STOP, Role.TARGET) else ""
        if role is Role.STOP and trade.trail_ticks is not None:
            reason = "trailing stop"
        fill = TradeFill(
            is_exit,
            what.steps,
            what.ticks,
            what.fee_units,
            what.time_ms,
            (what.reason or reason) if is_exit else "",
            what.slippage_units,
        )
        return replace(followed, trade=filled(trade, fill))
    orders = {each: number for each, number in followed.orders.items() if each is not role}
    if role is Role.ENTRY:
        trade = entry_ended(trade, what.time_ms, what.reason)
    elif role is Role.EXIT:
        trade = exit_ended(trade)
    return Followed(trade, orders)


def liquidated(all_of_symbol: Iterable[Followed], what: Happened) -> list[Followed]:
    """Return the trades of a symbol after their position was liquidated, the oldest first.

    The liquidation's quantity, fee and slippage are dealt out by what each trade holds.
    """
    left, fee, slippage = what.steps, what.fee_units, what.slippage_units
    dealt = []
    for one in all_of_symbol:
        steps = min(left, one.trade.open_steps)
        if steps:
            shares = fee * steps // left, slippage * steps // left
            fill = TradeFill(
                True, steps, what.ticks, shares[0], what.time_ms, "liquidation", shares[1]
            )
            dealt.append(replace(one, trade=filled(one.trade, fill)))
            left, fee, slippage = left - steps, fee - shares[0], slippage - shares[1]
    return dealt


def funded(all_of_symbol: Iterable[Followed], what: Happened) -> list[Followed]:
    """Return the trades of a symbol after funding; dealt out by what each holds, to the last unit.

    Examples
    --------
    >>> from sonde.markets.core.sides import Side
    >>> held = [Followed(Trade(str(n), "x:B", Side.LONG, n, 0, filled_steps=n), {}) for n in (1, 2)]
    >>> paid = Happened("funding", "x:B", 5, paid_units=10)
    >>> [one.trade.funding_units for one in funded(held, paid)]
    [3, 7]
    """
    holding = [one for one in all_of_symbol if one.trade.open_steps]
    steps, left = sum(one.trade.open_steps for one in holding), what.paid_units
    dealt = []
    for one in holding:
        share = left * one.trade.open_steps // steps
        steps, left = steps - one.trade.open_steps, left - share
        paid = one.trade.funding_units + share
        dealt.append(replace(one, trade=replace(one.trade, funding_units=paid)))
    return dealt
