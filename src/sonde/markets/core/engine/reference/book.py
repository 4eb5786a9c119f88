"""The orders of the reference engine and what ends or changes them besides their own fills."""

from collections.abc import Iterator

from sonde.markets.core.engine.reference.acceptance import (
    Market,
    hold_price,
    needed,
    reduces,
    refusal,
)
from sonde.markets.core.engine.reference.account import Account
from sonde.markets.core.engine.reference.values import (
    NEEDS_LIMIT,
    NEEDS_TRIGGER,
    Order,
    Request,
    State,
)
from sonde.platform.core.errors import Conflict, Invalid, NotFound

CHANGEABLE = ("quantity", "limit", "trigger", "distance", "hold_price")


class Book:
    """All orders by number, with their groups (3.3 to 3.11)."""

    def __init__(self, account: Account) -> None:
        """Begin without orders."""
        self.account = account
        self.market = Market()
        self.orders: dict[int, Order] = {}
        self.live: dict[int, Order] = {}  # those that have not ended

    def get(self, number: int) -> Order:
        """Return one order.

        Raises
        ------
        NotFound
            If there is none of that number.
        """
        if number not in self.orders:
            raise NotFound(f"There is no order {number}.")
        return self.orders[number]

    def working(self) -> Iterator[Order]:
        """Yield the orders that can act now, by number; what ends on the way is left out."""
        for order in list(self.live.values()):
            if order.working:
                yield order

    def add(self, request: Request, at_ms: int, *, pending: bool = False) -> Order:
        """Enter an order; refuse it by its state and code, or hold what it needs."""
        order = Order(
            number=len(self.orders) + 1,
            request=request,
            quantity=request.quantity,
            active_from_ms=at_ms + self.account.terms.latency_ms,
            limit=request.limit,
            trigger=request.trigger,
            distance=request.distance,
        )
        self.orders[order.number] = self.live[order.number] = order
        if pending:
            order.state, order.quantity = "pending", 0
            return order
        order.hold_price = hold_price(order, self.market)
        code = refusal(order, self.account, self.market)
        if code:
            order.state, order.code = "rejected", code
            del self.live[order.number]
        else:
            self.hold(order, needed(order, self.account))
        return order

    def hold(self, order: Order, units: int) -> None:
        """Set aside `units` for the order instead of what it had."""
        self.account.free += order.held - units
        self.account.held += units - order.held
        order.held = units

    def hold_no_more(self, order: Order, at_most: int) -> None:
        """Hold anew for what remains, never more than `at_most` (3.6)."""
        self.hold(order, 0)
        wanted = needed(order, self.account) if order.open else 0
        self.hold(order, min(wanted, at_most, self.account.free))

    def end(self, order: Order, state: State, code: str) -> None:
        """End an order, give its hold back, and tell its group (3.10)."""
        order.state, order.code = state, code
        self.live.pop(order.number, None)
        self.hold(order, 0)
        if order.filled == 0:
            for number in order.children:
                child = self.orders[number]
                if child.state == "pending":
                    self.end(child, "cancelled", "entry_ended")

    def cancel(self, number: int) -> None:
        """End an order by hand.

        Raises
        ------
        Conflict
            If it has ended already.
        """
        order = self.get(number)
        if not order.open and order.state != "pending":
            raise Conflict(f"Order {number} is {order.state}; only an open one can be cancelled.")
        self.end(order, "cancelled", "requested")

    def modify(self, number: int, **changes: int) -> None:
        """Change quantity, limit, trigger or distance (3.7).

        Raises
        ------
        Conflict
            If it has ended, or has not begun.
        Invalid
            If the changed order would be refused; nothing is changed then.
        """
        order = self.get(number)
        if not order.open:
            raise Conflict(f"Order {number} is {order.state}; only an open one can be changed.")
        alien = set(changes) - _changeable(order)
        if alien:
            raise Invalid(f"A {order.request.kind} order has no {', '.join(sorted(alien))}.")
        before = {name: getattr(order, name) for name in CHANGEABLE}
        held = order.held
        self.hold(order, 0)
        for name, value in changes.items():
            setattr(order, name, value)
        order.hold_price = hold_price(order, self.market)
        code = refusal(order, self.account, self.market)
        if code:
            for name, value in before.items():
                setattr(order, name, value)
            self.hold(order, held)
            raise Invalid(f"Order {number} cannot be changed so: {code}.", field=code)
        order.resting = False
        self.hold(order, needed(order, self.account))

    def expire(self, now_ms: int) -> None:
        """End good-till orders whose time has come (4.2)."""
        for order in list(self.live.values()):
            request = order.request
            if order.open and request.force == "gtd" and (request.expires_ms or 0) <= now_ms:
                self.end(order, "expired", "expired")

    def awaken(self, now_ms: int) -> None:
        """Make orders eligible whose time has come (3.8)."""
        for order in self.live.values():
            if order.open and order.active_from_ms <= now_ms:
                order.eligible = True

    def follow(self, order: Order, quantity: int, point: int, held: int) -> list[Order]:
        """Let hold and group follow a fill; return the children that begin to work (5.5).

        Parameters
        ----------
        order : Order
        quantity : int
            Steps that filled.
        point : int
            Where the price stands, ticks.
        held : int
            What the order held before, units.
        """
        self.hold_no_more(order, held)
        if not order.remaining:
            self.live.pop(order.number, None)
        for number in order.oco:
            sibling = self.orders[number]
            if sibling.open:
                sibling.quantity = max(sibling.quantity - quantity, sibling.filled)
                if sibling.remaining <= 0:
                    self.end(sibling, "cancelled", "oco")
                else:
                    self.hold_no_more(sibling, sibling.held)
        begun = self._children_follow(order, quantity, point)
        if order.entry:
            self._end_entry_of(order)
        self.nothing_to_reduce()
        return [child for child in begun if child.open]

    def _children_follow(self, order: Order, quantity: int, point: int) -> list[Order]:
        begun = []
        for number in order.children:
            child = self.orders[number]
            if child.state == "pending":
                child.state, child.eligible = "accepted", True
                if child.request.kind == "trailing":
                    child.best = point
                begun.append(child)
            if child.open:
                child.quantity += quantity
        return begun

    def _end_entry_of(self, child: Order) -> None:
        entry = self.orders[child.entry]
        if entry.open:
            self.end(entry, "cancelled", "bracket_exit")

    def nothing_to_reduce(self) -> None:
        """Cancel what can only reduce and finds nothing (3.11)."""
        for order in list(self.live.values()):
            idle = reduces(order, self.account) and not self.account.opposes(order.side)
            if order.open and idle:
                self.end(order, "cancelled", "nothing_to_reduce")
                if order.entry:
                    self._end_entry_of(order)

    def faults(self) -> list[str]:
        """Return what is wrong with the orders; nothing if they are in order."""
        found = []
        if sum(order.held for order in self.live.values()) != self.account.held:
            found.append("what orders hold does not add up to held")
        for order in self.live.values():
            if order.held < 0 or not (order.open or order.state == "pending"):
                found.append(f"order {order.number} holds {order.held} while {order.state}")
            if order.filled > order.quantity:
                found.append(f"order {order.number} filled more than was asked for")
        return found


def _changeable(order: Order) -> set[str]:
    """Return what an order of its kind has to change."""
    kind = order.request.kind
    has = {
        "limit": kind in NEEDS_LIMIT,
        "trigger": kind in NEEDS_TRIGGER,
        "distance": kind == "trailing",
    }
    return {"quantity"} | {name for name, true in has.items() if true}
