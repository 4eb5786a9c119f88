"""The desk: opens, guards, changes and closes trades by orders of the engine."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sonde.markets.core.desk.following import Followed, Happened, Role, after, funded, liquidated
from sonde.markets.core.desk.orders import (
    Guard,
    Moves,
    entry_of,
    guard_of,
    guarded_as,
    guards_of,
    moved,
)
from sonde.markets.core.desk.port import DeskEngine, DeskOrder
from sonde.markets.core.trades import (
    Action,
    Trade,
    TradeState,
    allow,
    exit_asked,
    lessened,
    other_side,
)
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
                raise Conflict(other_side(one.trade))
        self._keep(Followed(trade, {}))
        if is_active:
            self.activate(trade.id)

    def activate(self, trade_id: str) -> None:
        """Send the entry of a pending trade; raises Conflict where that cannot be."""
        trade = self.trade(trade_id)
        allow(trade, Action.ACTIVATE)
        roles, guards = guards_of(trade, trade.wanted_steps)
        numbers = self.engine.place(entry_of(trade), guards)
        orders = dict(zip((Role.ENTRY, *roles), numbers, strict=True))
        self._keep(Followed(replace(trade, is_placed=True), orders))
        self._link(trade)
        self.follow()

    def modify(self, trade_id: str, moves: Moves) -> None:
        """Change the entry, the stop or the target, or take a stop or target away.

        Raises
        ------
        Conflict
            If the trade is in no state for it.
        Invalid
            If the entry has no such price, or the engine refuses it.
        """
        one = self._followed(trade_id)
        allow(one.trade, Action.MODIFY)
        wanted = moved(one.trade, moves)
        if one.trade.state is TradeState.PENDING:
            self._ask_anew(one, wanted)
            return
        if moves.limit_ticks is not None or moves.trigger_ticks is not None:
            raise Invalid("The entry has filled; its price is what it was.", field="entry_price")
        for role in (Role.STOP, Role.TARGET):
            self._guard_as(self._followed(trade_id), role, wanted)
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
                changed = [*(after(one, what) for one in found), *self._lessened(found, what)]
            for one in changed:
                self._keep(one)

    def of_symbol(self, symbol: str) -> Iterable[Followed]:
        """Return the trades of a symbol that have not ended, the oldest first."""
        found = [one for one in self.trades.values() if one.trade.symbol == symbol]
        return [one for one in found if not one.trade.state.is_final]

    def trade(self, trade_id: str) -> Trade:
        """Return a trade; raises NotFound."""
        return self._followed(trade_id).trade

    def stop_ticks(self, trade_id: str) -> int | None:
        """Return where the stop of a trade stands now; None where it has none."""
        one = self._followed(trade_id)
        number = one.orders.get(Role.STOP)
        found = None if number is None else self.engine.level(number)
        return one.trade.stop_ticks if found is None else found

    def _link(self, trade: Trade) -> None:
        """Let two entries of which one is wanted reduce each other, once both wait."""
        numbers = [
            one.orders[Role.ENTRY]
            for one in map(self.trades.get, (trade.id, trade.entry.either))
            if one is not None and Role.ENTRY in one.orders
        ]
        waiting = [one for one in numbers if self.engine.quantity(one) is not None]
        if len(waiting) == 2:
            self.engine.link(waiting)

    def _lessened(self, found: Iterable[Followed], what: Happened) -> list[Followed]:
        """Return the trades that are wanted less by what the other entry has filled."""
        filled = [one for one in found if one.role_of(what.order) is Role.ENTRY]
        others = [self.trades.get(one.trade.entry.either) for one in filled]
        return [
            replace(other, trade=lessened(other.trade, what.steps))
            for other in others
            if other is not None and what.kind == "fill" and Role.ENTRY in other.orders
        ]

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
        order = DeskOrder(trade.symbol, "market", -trade.side.sign, steps, reduce_only=True)
        (number,) = self.engine.place(order, ())
        self._keep(Followed(trade, {**one.orders, Role.EXIT: number}))
        self.follow()

    def _cancel_order(self, trade_id: str, role: Role) -> None:
        number = self._followed(trade_id).orders.get(role)
        if number is not None and self.engine.quantity(number) is not None:
            self.engine.cancel(number)
            self.follow()

    def _ask_anew(self, one: Followed, wanted: Trade) -> None:
        """Take a pending entry back and send it again as it is wanted now."""
        self._keep(Followed(replace(wanted, is_placed=False), {}))
        if one.trade.is_placed:
            self.engine.cancel(one.orders[Role.ENTRY])
            self.activate(wanted.id)

    def _guard_as(self, one: Followed, role: Role, wanted: Trade) -> None:
        """Let a stop or target be as it is wanted: moved, sent anew, or taken away."""
        before, after = guard_of(one.trade, role), guard_of(wanted, role)
        if before == after:
            return
        one = replace(one, trade=guarded_as(one.trade, role, after))
        number = one.orders.get(role)
        is_live = number is not None and self.engine.quantity(number) is not None
        if after is None:
            self._keep(one)
            self._cancel_order(one.trade.id, role)
        elif number is not None and is_live and _both_stand(before, after):
            self.engine.change(number, ticks=after[0])
            self._keep(one)
        else:
            self._keep(self._guard_anew(one))

    def _guard_anew(self, one: Followed) -> Followed:
        """Replace stop and target by a new pair; both belong to what is open now."""
        if (
            one.trade.state is not TradeState.OPEN
            or one.trade.filled_steps < one.trade.wanted_steps
        ):
            raise Conflict("Add a stop or a target when the entry has filled.")
        for role in (Role.STOP, Role.TARGET):
            self._cancel_order(one.trade.id, role)
        roles, guards = guards_of(one.trade, one.trade.open_steps)
        numbers = self.engine.guard(guards)
        return Followed(one.trade, {**one.orders, **dict(zip(roles, numbers, strict=True))})


def _both_stand(before: Guard | None, after: Guard) -> bool:
    """Say whether a guard only moves: it neither trailed nor will."""
    return before is not None and before[1] is None and after[1] is None
