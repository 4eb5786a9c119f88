"""How one order of the reference engine fills at one moment (5, 6, 7)."""

import copy
from dataclasses import dataclass

from sonde.markets.core.engine.reference.acceptance import reduces
from sonde.markets.core.engine.reference.book import Book
from sonde.markets.core.engine.reference.values import (
    BUY,
    SELL,
    Fill,
    Order,
    share_of,
    slipped,
)


@dataclass
class Moment:
    """Where the price stands and what liquidity is left there.

    Parameters
    ----------
    time_ms : int
    point : int
        The price that triggers are compared with, ticks.
    bid, ask : int
        References of sellers and of buyers, ticks.
    volume : int or None
        What impact is measured against, steps; None is no impact.
    left : int or None
        Liquidity that nobody has taken yet, steps; None is unlimited.
    spread : int
        Half spread on top of bid and ask, parts per 10**6.
    levels : dict, optional
        What buyers and sellers can take from a book: price and what is left, the best first.
    """

    time_ms: int
    point: int
    bid: int
    ask: int
    volume: int | None
    left: int | None
    spread: int
    levels: dict[int, list[list[int]]] | None = None

    def stand_at(self, price: int) -> None:
        """Move the price."""
        self.point = self.bid = self.ask = price

    def reference(self, side: int) -> int:
        """Return the price before slippage for `side`, ticks."""
        return self.ask if side == BUY else self.bid

    def passed(self, order: Order, *, touch: bool) -> bool:
        """Return whether the price has passed the order's resting limit (4.4, 9)."""
        limit = order.limit or 0
        if order.side == BUY:
            distance = limit - min(self.point, self.ask)
        else:
            distance = max(self.point, self.bid) - limit
        return distance >= 0 if touch else distance > 0


class Filler:
    """Fills orders of one book, and keeps the fills."""

    def __init__(self, book: Book) -> None:
        """Begin without fills."""
        self.book = book
        self.account = book.account
        self.terms = book.account.terms
        self.fills: list[Fill] = []
        self.begun: list[Order] = []

    def take(self, order: Order, moment: Moment, bound: int | None = None) -> None:
        """Fill by market at the moment's reference, not beyond `bound` (1.3, 5)."""
        order.fired = order.fired or order.request.kind not in ("market", "limit")
        if moment.levels is not None:
            self._take_levels(order, moment, bound)
            return
        quantity = self._available(order, moment)
        if quantity == 0:
            return
        reference = moment.reference(order.side)
        price = self._worse(reference, order.side, quantity, moment)
        if bound is not None:
            price = min(price, bound) if order.side == BUY else max(price, bound)
        self._fill(order, moment, price, reference, quantity)

    def make(self, order: Order, moment: Moment) -> None:
        """Fill a resting limit at its price (4.3)."""
        quantity, limit = self._available(order, moment), order.limit or 0
        passing = self._passing(order, moment)
        if passing is not None:
            quantity = min(quantity, sum(left for _, left in passing))
        if quantity:
            before = order.filled
            self._fill(order, moment, limit, limit, quantity)
            _use(passing or [], order.filled - before)

    def _passing(self, order: Order, moment: Moment) -> list[list[int]] | None:
        """Return the levels that have passed a limit; None where it is bound by none (9.2)."""
        limit = order.limit or 0
        last_is_beyond = order.side * (limit - moment.point)
        enough = 0 if self.terms.touch else 1
        if moment.levels is None or last_is_beyond >= enough:
            return None
        found = moment.levels[order.side]
        return [level for level in found if order.side * (limit - level[0]) >= enough]

    def _take_levels(self, order: Order, moment: Moment, bound: int | None) -> None:
        """Take level by level from the book, all of it one chance (9.2)."""
        force, wanted, levels = order.request.force, self._wanted(order), moment.levels or {}
        within = [
            level
            for level in levels[order.side]
            if bound is None or order.side * (bound - level[0]) >= 0
        ]
        if force == "fok":
            offered = sum(left for _, left in within)
            if offered < wanted or not self._would_fill(order, moment, within, wanted):
                self.book.end(order, "cancelled", "fok")
                return
        self._walk_levels(order, moment, within)
        if order.open and force == "ioc":
            self.book.end(order, "cancelled", "ioc")

    def _would_fill(
        self, order: Order, moment: Moment, within: list[list[int]], wanted: int
    ) -> bool:
        """Try on a copy of everything whether all of an order would fill."""
        other, then, levels = copy.deepcopy((self, moment, within))
        tried = other.book.orders[order.number]
        before = tried.filled
        other._walk_levels(tried, then, levels)
        return tried.filled - before == wanted

    def _walk_levels(self, order: Order, moment: Moment, within: list[list[int]]) -> None:
        reference = moment.reference(order.side)
        for level in within:
            quantity = min(self._wanted(order), level[1])
            if order.open and quantity:
                before = order.filled
                self._fill(order, moment, level[0], reference, quantity, whole=False)
                level[1] -= order.filled - before

    def try_limit(self, order: Order, moment: Moment) -> None:
        """Let a limit that is not resting take, or make it rest (4.3 line 5)."""
        limit = order.limit or 0
        if order.side * (limit - moment.reference(order.side)) < 0:
            order.resting = True
            if order.request.force in ("ioc", "fok"):
                self.book.end(order, "cancelled", order.request.force)
        elif order.request.post_only:
            self.book.end(order, "cancelled", "post_only")
        else:
            self.take(order, moment, bound=limit)
            order.resting = True

    def trigger(self, order: Order, moment: Moment) -> None:
        """Let a stop or take-profit act at the moment's price (4.3, 4.5)."""
        order.fired = True
        if order.request.kind == "stop_limit":
            self.try_limit(order, moment)
            if order.open:
                self.begun.append(order)
        else:
            self.take(order, moment)

    def liquidate(self, moment: Moment) -> None:
        """Close all of the position by market; liquidity does not bound it (7)."""
        account = self.account
        side, quantity = (SELL if account.position > 0 else BUY), abs(account.position)
        reference = moment.reference(side)
        if moment.levels is None:
            price = self._worse(reference, side, quantity, moment)
        else:
            price = _use(moment.levels[side], quantity)
        gross, fee = account.reduce(price, quantity, self.terms.taker)
        self._record(0, moment, (side, price, reference, quantity), (fee, gross, False))
        if moment.left is not None:
            moment.left = max(0, moment.left - quantity)
        self.book.nothing_to_reduce()

    def _worse(self, reference: int, side: int, quantity: int, moment: Moment) -> int:
        ppm = moment.spread + self.terms.slippage
        if moment.volume is not None:
            ratio = (quantity, moment.volume) if moment.volume else (1, 1)
            ppm += share_of(self.terms.impact, *ratio)
        return slipped(reference, side, ppm)

    def _wanted(self, order: Order) -> int:
        """Return what the order wants here (5.1)."""
        if reduces(order, self.account):
            return min(order.remaining, abs(self.account.position))
        return order.remaining

    def _available(self, order: Order, moment: Moment) -> int:
        """Return what the order can fill here, ending it if its force says so (5.1, 5.2)."""
        wanted = self._wanted(order)
        quantity = wanted if moment.left is None else min(wanted, moment.left)
        force = order.request.force
        if quantity == 0 and force == "ioc":
            self.book.end(order, "cancelled", force)
        if quantity < wanted and force == "fok":
            self.book.end(order, "cancelled", force)
            return 0
        return quantity

    def _fill(
        self,
        order: Order,
        moment: Moment,
        price: int,
        reference: int,
        quantity: int,
        *,
        whole: bool = True,
    ) -> None:
        """Post reducing and opening part, then let hold and group follow (5.3 to 5.5).

        A part that is not the whole chance leaves it to its caller to judge the order's force.
        """
        force = order.request.force if whole else "gtc"
        maker = order.resting and order.acts_as == "limit"
        rate = self.terms.maker if maker else self.terms.taker
        closing = quantity if self.account.opposes(order.side) else 0
        closing = min(closing, abs(self.account.position))
        opening = self._affordable(order, price, closing, quantity - closing, rate)
        if force == "fok" and closing + opening < quantity:
            self.book.end(order, "cancelled", "fok")
            return
        held = order.held
        self.book.hold(order, 0)
        if closing:
            gross, fee = self.account.reduce(price, closing, rate)
            row = (order.side, price, reference, closing)
            self._record(order.number, moment, row, (fee, gross, maker))
        if opening:
            fee = self.account.open(order.side, price, opening, rate)
            row = (order.side, price, reference, opening)
            self._record(order.number, moment, row, (fee, 0, maker))
        if moment.left is not None:
            moment.left -= closing + opening
        self._after(order, moment, (closing + opening, quantity, held), force)

    def _affordable(self, order: Order, price: int, closing: int, opening: int, rate: int) -> int:
        """Return how much of the opening part can be paid (5.3)."""
        money = self.account.free + order.held
        if closing:
            _, margin_out, gross, fee = self.account.reduced(price, closing, rate)
            money += margin_out + gross - fee
        return self.account.affordable(money, price, opening, rate)

    def _after(
        self, order: Order, moment: Moment, quantities: tuple[int, int, int], force: str
    ) -> None:
        done, wanted, held = quantities
        if done:
            order.filled += done
            order.state = "partially_filled" if order.remaining else "filled"
            self.begun += self.book.follow(order, done, moment.point, held)
        if order.open and done < wanted:
            self.book.end(order, "cancelled", "insufficient_balance")
        elif order.open and force == "ioc":
            self.book.end(order, "cancelled", "ioc")

    def _record(
        self,
        number: int,
        moment: Moment,
        row: tuple[int, int, int, int],
        money: tuple[int, int, bool],
    ) -> None:
        side, price, reference, quantity = row
        fee, gross, maker = money
        slippage = self.account.value(abs(price - reference), quantity)
        self.fills.append(
            Fill(
                order=number,
                time_ms=moment.time_ms,
                side=side,
                price=price,
                reference=reference,
                quantity=quantity,
                fee=fee,
                slippage=slippage,
                gross=gross,
                maker=maker,
            )
        )


def _use(levels: list[list[int]], quantity: int) -> int:
    """Use up levels, the best first; return the price that was reached (9.2)."""
    price = 0
    for level in levels:
        price, used = level[0], min(quantity, level[1])
        level[1] -= used
        quantity -= used
        if quantity == 0:
            break
    return price
