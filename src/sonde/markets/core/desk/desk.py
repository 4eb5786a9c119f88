"""The desk: opens, guards, changes and closes trades by orders of the engine."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sonde.markets.core.desk.following import Followed, Role, after, funded, liquidated
from sonde.markets.core.desk.port import DeskEngine, DeskOrder
from sonde.markets.core.trades import Action, Trade, TradeState, allow, exit_asked
from sonde.platform.core.errors import Conflict, Invalid, NotFound


class Desk:
    """The trades of one account that have not ended, and its engine.

    Parameters
    ----------
    engine : DeskEngine
    trades : iterable of Followed
        The oldest first.

    Attributes
    ----------
    trades : dict of str to Followed
        By id, in the order in which they were asked for; ended ones stay until the desk is left.
    changed : set of str
        Ids of the trades that are not as they were.
    """

    def __init__(self, engine: DeskEngine, trades: Iterable[Followed] = ()) -> None:
        self.engine = engine
        self.trades = {one.trade.id: one for one in trades}
        self.changed: set[str] = set()

    def open(self, trade: Trade, *, is_active: bool = True) -> None:
        """Take a new trade, and send its entry unless it waits to be activated.

        Raises
        ------
        Conflict
            If a trade of the symbol looks the other way and is not being closed, or the engine
            refuses the entry.
        """
        for one in self.of_symbol(trade.symbol):
            is_leaving = one.trade.state is TradeState.CLOSING
            if one.trade.side is not trade.side and not is_leaving:
                raise Conflict(
                    f"You are {one.trade.side} in {trade.symbol}: close or cancel that first. "
                    "All trades of a symbol look the same way."
                )
        self._keep(Followed(trade, {}))
        if is_active:
            self.activate(trade.id)

    def activate(self, trade_id: str) -> None:
        """Send the entry of a pending trade; raises Conflict where that cannot be."""
        trade = self.trade(trade_id)
        allow(trade, Action.ACTIVATE)
        entry = DeskOrder(
            trade.symbol,
            "market" if trade.limit_ticks is None else "limit",
            trade.side.sign,
            trade.wanted_steps,
            trade.limit_ticks,
        )
        roles, guards = _guards(trade, trade.wanted_steps)
        numbers = self.engine.place(entry, guards)
        orders = dict(zip((Role.ENTRY, *roles), numbers, strict=True))
        self._keep(Followed(replace(trade, is_placed=True), orders))
        self.follow()

    def modify(
        self,
        trade_id: str,
        *,
        limit_ticks: int | None = None,
        stop_ticks: int | None = None,
        target_ticks: int | None = None,
    ) -> None:
        """Change the entry's limit, the stop or the target; None leaves it as it is.

        Raises
        ------
        Conflict
            If the trade is in no state for it.
        Invalid
            If the entry is no limit order, or the engine refuses the price.
        """
        one = self._followed(trade_id)
        allow(one.trade, Action.MODIFY)
        if one.trade.state is TradeState.PENDING:
            self._ask_anew(one, limit_ticks, stop_ticks, target_ticks)
            return
        if limit_ticks is not None:
            raise Invalid("Only a pending limit entry has a price to change.", field="entry_price")
        for role, ticks in ((Role.STOP, stop_ticks), (Role.TARGET, target_ticks)):
            if ticks is not None:
                one = self._move_guard(one, role, ticks)
        self.follow()

    def reduce(self, trade_id: str, steps: int, reason: str = "manual") -> None:
        """Close a part of a trade at market; raises Conflict and Invalid."""
        trade = self.trade(trade_id)
        allow(trade, Action.REDUCE)
        if not 0 < steps <= trade.open_steps:
            raise Invalid(
                f"Close a part of what is open: 1 to {trade.open_steps} steps, not {steps}.",
                field="amount",
            )
        if steps == trade.open_steps:
            self.close(trade_id, reason)
            return
        one = self._followed(trade_id)
        self._need_no_exit(one)
        for role in (Role.STOP, Role.TARGET):
            left = self.engine.quantity(one.orders[role]) if role in one.orders else None
            if left is not None:
                self.engine.change(one.orders[role], steps=trade.open_steps - steps)
        self._send_exit(self._followed(trade_id), steps, reason)

    def close(self, trade_id: str, reason: str = "manual") -> None:
        """Close everything of a trade at market, what is left of its entry is cancelled."""
        trade = self.trade(trade_id)
        allow(trade, Action.CLOSE)
        self._need_no_exit(self._followed(trade_id))
        for role in (Role.ENTRY, Role.STOP, Role.TARGET):
            self._cancel_order(trade_id, role)
        one = self._followed(trade_id)
        one = replace(one, trade=exit_asked(one.trade, reason))
        self._send_exit(one, one.trade.open_steps, reason)

    def cancel(self, trade_id: str, reason: str = "manual") -> None:
        """Take a pending trade back; raises Conflict."""
        one = self._followed(trade_id)
        allow(one.trade, Action.CANCEL)
        self._cancel_order(trade_id, Role.ENTRY)
        one = self._followed(trade_id)
        ended = one.trade.closed_ms if one.trade.state.is_final else one.trade.asked_ms
        gone = replace(one.trade, state=TradeState.CANCELLED, closed_ms=ended, exit_reason=reason)
        self._keep(replace(one, trade=gone))

    def end_everything(self, reason: str) -> None:
        """Cancel what is pending and close what is open."""
        for trade_id in list(self.trades):
            state = self.trade(trade_id).state
            if state is TradeState.PENDING:
                self.cancel(trade_id, reason)
            elif state is TradeState.OPEN:
                self.close(trade_id, reason)

    def follow(self) -> None:
        """Take in what the engine has done since."""
        for what in self.engine.happened():
            alike = list(self.of_symbol(what.symbol))
            if what.kind == "funding":
                changed: Sequence[Followed] = funded(alike, what)
            elif what.order == 0:
                changed = liquidated(alike, what)
            else:
                found = [one for one in alike if one.role_of(what.order) is not None]
                changed = [after(one, what) for one in found]
            for one in changed:
                self._keep(one)

    def of_symbol(self, symbol: str) -> Iterable[Followed]:
        """Return the trades of a symbol that have not ended, the oldest first."""
        found = [one for one in self.trades.values() if one.trade.symbol == symbol]
        return [one for one in found if not one.trade.state.is_final]

    def trade(self, trade_id: str) -> Trade:
        """Return a trade; raises NotFound."""
        return self._followed(trade_id).trade

    def _followed(self, trade_id: str) -> Followed:
        if trade_id not in self.trades:
            raise NotFound("There is no such trade.", id=trade_id)
        return self.trades[trade_id]

    def _keep(self, one: Followed) -> None:
        self.trades[one.trade.id] = one
        self.changed.add(one.trade.id)

    def _need_no_exit(self, one: Followed) -> None:
        if Role.EXIT in one.orders and self.engine.quantity(one.orders[Role.EXIT]) is not None:
            raise Conflict("A part of this trade is being closed; wait until that has filled.")

    def _send_exit(self, one: Followed, steps: int, reason: str) -> None:
        trade = replace(one.trade, exit_reason=reason)
        order = DeskOrder(trade.symbol, "market", -trade.side.sign, steps, None, reduce_only=True)
        (number,) = self.engine.place(order, ())
        self._keep(Followed(trade, {**one.orders, Role.EXIT: number}))
        self.follow()

    def _cancel_order(self, trade_id: str, role: Role) -> None:
        number = self._followed(trade_id).orders.get(role)
        if number is not None and self.engine.quantity(number) is not None:
            self.engine.cancel(number)
            self.follow()

    def _ask_anew(
        self, one: Followed, limit: int | None, stop: int | None, target: int | None
    ) -> None:
        """Take a pending entry back and send it again as it is wanted now."""
        trade = one.trade
        if limit is not None and trade.limit_ticks is None:
            raise Invalid("Only a pending limit entry has a price to change.", field="entry_price")
        trade = replace(
            trade,
            limit_ticks=limit or trade.limit_ticks,
            stop_ticks=stop or trade.stop_ticks,
            trail_ticks=None if stop else trade.trail_ticks,
            target_ticks=target or trade.target_ticks,
            is_placed=False,
        )
        self._keep(Followed(trade, {}))
        if one.trade.is_placed:
            self.engine.cancel(one.orders[Role.ENTRY])
            self.activate(trade.id)

    def _move_guard(self, one: Followed, role: Role, ticks: int) -> Followed:
        if role is Role.STOP:
            had = one.trade.stop_ticks
            trade = replace(one.trade, stop_ticks=ticks, trail_ticks=None)
        else:
            had, trade = one.trade.target_ticks, replace(one.trade, target_ticks=ticks)
        if had is not None and self.engine.quantity(one.orders[role]) is not None:
            self.engine.change(one.orders[role], ticks=ticks)
            one = replace(one, trade=trade)
        else:
            one = self._guard_anew(replace(one, trade=trade))
        self._keep(one)
        return one

    def _guard_anew(self, one: Followed) -> Followed:
        """Replace stop and target by a new pair; both belong to what is open now."""
        if (
            one.trade.state is not TradeState.OPEN
            or one.trade.filled_steps < one.trade.wanted_steps
        ):
            raise Conflict("Add a stop or a target when the entry has filled.")
        for role in (Role.STOP, Role.TARGET):
            self._cancel_order(one.trade.id, role)
        roles, guards = _guards(one.trade, one.trade.open_steps)
        numbers = self.engine.guard(guards)
        return Followed(one.trade, {**one.orders, **dict(zip(roles, numbers, strict=True))})


def _guards(trade: Trade, steps: int) -> tuple[list[Role], list[DeskOrder]]:
    sign, symbol = -trade.side.sign, trade.symbol
    orders = {}
    if trade.trail_ticks is not None:
        orders[Role.STOP] = DeskOrder(
            symbol, "trailing", sign, steps, trade.trail_ticks, reduce_only=True
        )
    elif trade.stop_ticks is not None:
        orders[Role.STOP] = DeskOrder(
            symbol, "stop", sign, steps, trade.stop_ticks, reduce_only=True
        )
    if trade.target_ticks is not None:
        orders[Role.TARGET] = DeskOrder(
            symbol, "take_profit", sign, steps, trade.target_ticks, reduce_only=True
        )
    return list(orders), list(orders.values())
