"""The orders of a trade: its entry, its stop and target, and how they are changed."""

from dataclasses import dataclass, replace
from typing import cast

from sonde.markets.core.desk.following import Role
from sonde.markets.core.desk.port import DeskOrder
from sonde.markets.core.engine.orders import Force, OrderKind
from sonde.markets.core.entries import EntryOrder
from sonde.markets.core.trades import Trade
from sonde.platform.core.errors import Invalid

Guard = tuple[int | None, int | None]


@dataclass(frozen=True)
class Moves:
    """What is to be changed of a trade; None leaves it as it is.

    Parameters
    ----------
    limit_ticks, trigger_ticks : int, optional
        Of an entry that waits.
    stop_ticks, target_ticks : int, optional
    trail_ticks : int, optional
        Lets the stop follow the price at this distance; it stands in for a fixed one.
    removed : frozenset of Role
        Stop or target that is taken away.
    """

    limit_ticks: int | None = None
    trigger_ticks: int | None = None
    stop_ticks: int | None = None
    target_ticks: int | None = None
    trail_ticks: int | None = None
    removed: frozenset[Role] = frozenset()


def moved(trade: Trade, moves: Moves) -> Trade:
    """Return a trade as it is wanted.

    Raises
    ------
    Invalid
        If its entry has no price of the kind that is changed.

    Examples
    --------
    >>> from sonde.markets.core.sides import Side
    >>> asked = Trade("t", "x:BTC", Side.LONG, 5, 0, stop_ticks=90, target_ticks=120)
    >>> moved(asked, Moves(target_ticks=130, removed=frozenset({Role.STOP}))).stop_ticks is None
    True
    """
    if moves.limit_ticks is not None and trade.limit_ticks is None:
        raise Invalid("Only a pending limit entry has a price to change.", field="entry_price")
    if moves.trigger_ticks is not None and trade.entry.trigger_ticks is None:
        raise Invalid("Only a pending stop entry has a trigger to change.", field="trigger")
    trigger = moves.trigger_ticks or trade.entry.trigger_ticks
    wanted = replace(
        trade,
        limit_ticks=moves.limit_ticks or trade.limit_ticks,
        entry=replace(trade.entry, trigger_ticks=trigger) if trigger else trade.entry,
        target_ticks=moves.target_ticks or trade.target_ticks,
    )
    if moves.stop_ticks is not None or moves.trail_ticks is not None:
        wanted = guarded_as(wanted, Role.STOP, (moves.stop_ticks, moves.trail_ticks))
    for role in moves.removed:
        wanted = guarded_as(wanted, role, None)
    return wanted


def guard_of(trade: Trade, role: Role) -> Guard | None:
    """Return where a stop or target stands, or how far it trails; None where there is none."""
    if role is Role.STOP:
        both = trade.stop_ticks, trade.trail_ticks
        return None if both == (None, None) else both
    return None if trade.target_ticks is None else (trade.target_ticks, None)


def guarded_as(trade: Trade, role: Role, guard: Guard | None) -> Trade:
    """Return a trade with this stop or target."""
    ticks, trail = (None, None) if guard is None else guard
    if role is Role.STOP:
        return replace(trade, stop_ticks=ticks, trail_ticks=trail)
    return replace(trade, target_ticks=ticks)


def entry_of(trade: Trade) -> DeskOrder:
    """Return the order that enters a trade."""
    entry: EntryOrder = trade.entry
    return DeskOrder(
        trade.symbol,
        cast(OrderKind, trade.entry_kind),
        trade.side.sign,
        trade.wanted_steps,
        limit_ticks=trade.limit_ticks,
        trigger_ticks=entry.trigger_ticks,
        trail_ticks=entry.trail_ticks,
        post_only=entry.post_only,
        force=cast(Force, entry.force),
        expires_ms=entry.expires_ms,
    )


def guards_of(trade: Trade, steps: int) -> tuple[list[Role], list[DeskOrder]]:
    """Return stop and target of a trade as orders of so many steps; one cancels the other."""
    sign, symbol = -trade.side.sign, trade.symbol
    orders = {}
    if trade.trail_ticks is not None:
        orders[Role.STOP] = DeskOrder(
            symbol, "trailing", sign, steps, trail_ticks=trade.trail_ticks, reduce_only=True
        )
    elif trade.stop_ticks is not None:
        orders[Role.STOP] = DeskOrder(
            symbol, "stop", sign, steps, trigger_ticks=trade.stop_ticks, reduce_only=True
        )
    if trade.target_ticks is not None:
        orders[Role.TARGET] = DeskOrder(
            symbol, "take_profit", sign, steps, trigger_ticks=trade.target_ticks, reduce_only=True
        )
    return list(orders), list(orders.values())
