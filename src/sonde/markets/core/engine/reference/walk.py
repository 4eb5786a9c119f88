"""The way of the price inside a bar, by the rule that is worst for the trader (4.5, 8)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from sonde.markets.core.engine.reference.filling import Filler, Moment
from sonde.markets.core.engine.reference.values import BUY, SELL, STOPS, Bar, Order

Waypoint = Literal["low", "high", "close"]
DOWN, UP = -1, 1


@dataclass(frozen=True)
class Trigger:
    """A price at which something happens: an order's, or the liquidation of the position.

    Parameters
    ----------
    price : int
        Ticks.
    toward : {1, -1}
        Whether a rising or a falling price brings it about.
    strict : bool
        Whether the price must go beyond.
    rank : int
        0 liquidation, 1 stops, 2 take-profits, 3 limits.
    order : Order or None
    """

    price: int
    toward: int
    strict: bool
    rank: int
    order: Order | None

    def reached_by(self, price: int) -> bool:
        """Return whether `price` brings it about."""
        beyond = self.toward * (price - self.price)
        return beyond > 0 if self.strict else beyond >= 0

    def ahead_of(self, point: int, extreme: int) -> bool:
        """Return whether it lies between `point`, which has not reached it, and `extreme`."""
        return self.reached_by(extreme) and not self.reached_by(point)


def trigger_of(order: Order, moment: Moment, *, touch: bool) -> Trigger | None:
    """Return where a working order would act, None if nowhere inside the bar."""
    kind = order.acts_as
    if kind == "market":
        return None
    if kind == "limit":
        if moment.left == 0 or order.limit is None:
            return None
        return Trigger(order.limit, -order.side, not touch, 3, order)
    if order.level is None:
        return None
    if kind in STOPS:
        return Trigger(order.level, order.side, False, 1, order)
    return Trigger(order.level, -order.side, False, 2, order)


@dataclass
class Walk:
    """One walk through one bar."""

    filler: Filler
    bar: Bar
    moment: Moment
    seen: set[Waypoint] = field(default_factory=set)
    ambiguous: bool = False

    def run(self) -> None:
        """Walk from the open to the close."""
        self.ambiguous = self._both_sides(self.triggers(), self.moment.point)
        while "close" not in self.seen:
            waypoint = self._next()
            price = self._price(waypoint)
            toward = self._direction(waypoint)
            found = self._nearest(price)
            self.filler.begun = []
            if found is None:
                self.moment.stand_at(price)
                self.seen.add(waypoint)
                begun = follow_best(self.filler, price)
                if waypoint != "close":
                    self._judge(begun, toward)
                continue
            if not found.reached_by(self.moment.point):
                self.moment.stand_at(found.price)
            act(self.filler, found, self.moment)
            self._judge(self.filler.begun, toward)

    def triggers(self) -> list[Trigger]:
        """Return everything that could happen inside the bar, in order of rank and number."""
        touch = self.filler.terms.touch
        each = (trigger_of(order, self.moment, touch=touch) for order in self.filler.book.working())
        found = [one for one in each if one is not None]
        account = self.filler.account
        price = account.liquidation_price()
        if price is not None:
            found.append(Trigger(price, DOWN if account.position > 0 else UP, False, 0, None))
        return sorted(found, key=lambda one: (one.rank, one.order.number if one.order else 0))

    def _nearest(self, target: int) -> Trigger | None:
        point = self.moment.point
        best: Trigger | None = None
        for one in self.triggers():
            if not (one.reached_by(point) or one.reached_by(target)):
                continue
            if best is None or self._distance(one) < self._distance(best):
                best = one
        return best

    def _distance(self, one: Trigger) -> int:
        point = self.moment.point
        return 0 if one.reached_by(point) else abs(one.price - point)

    def _price(self, waypoint: Waypoint) -> int:
        return {"low": self.bar.low, "high": self.bar.high, "close": self.bar.close}[waypoint]

    def _direction(self, waypoint: Waypoint) -> int:
        if waypoint == "close":
            return (self.bar.close > self.moment.point) - (self.bar.close < self.moment.point)
        return UP if waypoint == "high" else DOWN

    def _next(self) -> Waypoint:
        position = self.filler.account.position
        if position > 0:
            return self._first("low", "high")
        if position < 0:
            return self._first("high", "low")
        return self._flat()

    def _first(self, *wanted: Waypoint) -> Waypoint:
        """Return the first that has not been seen, else the close."""
        return next((one for one in wanted if one not in self.seen), "close")

    def _flat(self) -> Waypoint:
        """Choose for a flat position: lines a to f of 4.5."""
        point, low, high = self.moment.point, self.bar.low, self.bar.high
        entries = [one for one in self.triggers() if one.order is not None]
        stops = [one for one in entries if one.rank == 1]
        others = [one for one in entries if one.rank > 1]
        rules: tuple[tuple[Waypoint, Callable[[], bool], tuple[Waypoint, ...]], ...] = (
            ("high", lambda: _any(stops, BUY, lambda s: point < s.price <= high), ("high",)),
            ("low", lambda: _any(stops, SELL, lambda s: low <= s.price < point), ("low",)),
            ("low", lambda: _any(others, BUY, lambda s: s.reached_by(low)), ("high", "low")),
            ("high", lambda: _any(others, SELL, lambda s: s.reached_by(high)), ("low", "high")),
        )
        for unseen, applies, wanted in rules:
            if unseen not in self.seen and applies():
                return self._first(*wanted)
        trailing = [order.side for order in self.filler.book.working() if _trails(order)]
        if BUY in trailing:
            return self._first("high", "low")
        return self._first("low", "high") if trailing else "close"

    def _both_sides(self, found: list[Trigger], point: int) -> bool:
        below = any(one.toward == DOWN and one.ahead_of(point, self.bar.low) for one in found)
        above = any(one.toward == UP and one.ahead_of(point, self.bar.high) for one in found)
        return below and above

    def _judge(self, begun: list[Order], toward: int) -> None:
        """Mark the bar if what begins to work might have been passed already (8.2)."""
        touch = self.filler.terms.touch
        working = (trigger_of(one, self.moment, touch=touch) for one in begun if one.working)
        found = [one for one in working if one is not None]
        point = self.moment.point
        end = {UP: (self.bar.low, self.bar.high), DOWN: (self.bar.high, self.bar.low)}
        if toward == 0 or not found:
            return
        behind_end, ahead_end = end[toward]
        ahead = any(s.toward == toward and s.ahead_of(point, ahead_end) for s in found)
        for one in found:
            behind = one.toward == -toward and one.ahead_of(point, behind_end)
            if behind and (ahead or not one.reached_by(self.bar.close)):
                self.ambiguous = True


def _any(found: list[Trigger], side: int, holds: Callable[[Trigger], bool]) -> bool:
    return any(one.order is not None and one.order.side == side and holds(one) for one in found)


def _trails(order: Order) -> bool:
    return order.request.kind == "trailing" and not order.fired


def act(filler: Filler, found: Trigger, moment: Moment) -> None:
    """Let happen what was triggered, at the moment's price."""
    if found.order is None:
        filler.liquidate(moment)
    elif found.rank == 3:
        filler.make(found.order, moment)
    else:
        filler.trigger(found.order, moment)


def follow_best(filler: Filler, price: int) -> list[Order]:
    """Let trailing stops take `price` if it is better; return those that moved."""
    moved = []
    for order in filler.book.working():
        if _trails(order) and (order.best is None or order.side * (order.best - price) > 0):
            order.best = price
            moved.append(order)
    return moved
