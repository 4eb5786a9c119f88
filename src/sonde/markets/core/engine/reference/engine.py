"""The reference engine: what is submitted, bars, quotes, funding; checked after every event."""

from sonde.markets.core.engine.reference.account import Account
from sonde.markets.core.engine.reference.book import Book
from sonde.markets.core.engine.reference.filling import Filler, Moment
from sonde.markets.core.engine.reference.values import (
    BUY,
    SELL,
    STOPS,
    Bar,
    Fill,
    Kind,
    Order,
    Quote,
    Request,
    Terms,
)
from sonde.markets.core.engine.reference.walk import Walk, follow_best
from sonde.platform.core.errors import Conflict, Invalid

TAKE_PROFITS: tuple[Kind, ...] = ("take_profit",)


class ReferenceEngine:
    """One account and one instrument, by the rules of ``docs/guide/markets-fills.md``.

    Parameters
    ----------
    terms : Terms

    Examples
    --------
    Bought at the next open, stopped in the bar after at the stop's price.

    >>> engine = ReferenceEngine(Terms(start=10**9))
    >>> number = engine.submit(Request("market", 1, 1000), stop=Request("stop", -1, 0, trigger=95))
    >>> engine.on_bar(Bar(0, 100, 110, 99, 105, 0))
    >>> engine.on_bar(Bar(60_000, 105, 106, 90, 92, 0))
    >>> [(fill.price, fill.gross) for fill in engine.fills], engine.account.free
    ([(100, 0), (95, -5000)], 999995000)
    """

    def __init__(self, terms: Terms) -> None:
        """Begin with the money of the terms."""
        self.terms = terms
        self.account = Account(terms)
        self.account.transfer(terms.start)
        self.book = Book(self.account)
        self.filler = Filler(self.book)
        self.ambiguous = False
        self._funding: list[tuple[int, int]] = []

    @property
    def fills(self) -> list[Fill]:
        """Return every fill so far, in order."""
        return self.filler.fills

    @property
    def submitted(self) -> int:
        """Return how many orders there are; they are numbered from 1."""
        return len(self.book.orders)

    @property
    def equity(self) -> int:
        """Return free + held + margin + unrealised, in units."""
        account = self.account
        total = account.free + account.held + account.margin
        last = self.book.market.last
        return total if last is None else total + account.unrealised(last)

    def submit(
        self, request: Request, stop: Request | None = None, target: Request | None = None
    ) -> int:
        """Submit an order, with children if it is the entry of a bracket; return its number."""
        entry = self.book.add(request, self.book.market.time_ms)
        if entry.state != "rejected":
            wanted = [child for child in (stop, target) if child is not None]
            self._group(
                [self.book.add(child, entry.active_from_ms, pending=True) for child in wanted],
                entry,
            )
        self._check()
        return entry.number

    def submit_oco(self, requests: list[Request]) -> list[int]:
        """Submit orders of which one reduces the others; return their numbers (3.9)."""
        orders = [self.book.add(request, self.book.market.time_ms) for request in requests]
        self._group([order for order in orders if order.open])
        self._check()
        return [order.number for order in orders]

    def link(self, numbers: list[int]) -> None:
        """Let open orders reduce each other from now on (3.9)."""
        orders = [self.book.get(number) for number in dict.fromkeys(numbers)]
        others = [self.book.get(number) for order in orders for number in order.oco]
        is_taken = any(other.open or other.state == "pending" for other in others)
        if is_taken or len(orders) < 2 or not all(order.open for order in orders):
            raise Conflict("Link two open orders or more, of which none is in a group already.")
        self._group(orders)
        self._check()

    def modify(self, number: int, **changes: int) -> None:
        """Change an open order (3.7)."""
        self.book.modify(number, **changes)
        self._check()

    def cancel(self, number: int) -> None:
        """Cancel an open order (3.3)."""
        self.book.cancel(number)
        self._check()

    def transfer(self, units: int) -> None:
        """Put money in, or take it out (2.6)."""
        self.account.transfer(units)
        self._check()

    def order(self, number: int) -> Order:
        """Return one order."""
        return self.book.get(number)

    def on_funding(self, time_ms: int, rate: int) -> None:
        """Note a funding rate, parts per 10**9; it is settled at the next price (4.1)."""
        self._funding.append((time_ms, rate))

    def on_bar(self, bar: Bar, length_ms: int = 60_000) -> None:
        """Act on one bar (4).

        Raises
        ------
        Invalid
            If the bar contradicts itself.
        """
        if not 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high:
            raise Invalid(f"The bar at {bar.open_ms} contradicts itself: {bar}.")
        share = self.terms.share
        moment = Moment(
            time_ms=bar.open_ms,
            point=bar.open,
            bid=bar.open,
            ask=bar.open,
            volume=bar.volume,
            left=None if share is None else bar.volume * share // 10**9,
            spread=self.terms.half_spread,
        )
        self._arrive(moment)
        walk = Walk(self.filler, bar, moment)
        walk.run()
        self.ambiguous = walk.ambiguous
        market = self.book.market
        market.last = market.bid = market.ask = bar.close
        market.time_ms = bar.open_ms + length_ms
        self._check()

    def on_quote(self, quote: Quote) -> None:
        """Act on one quote (9).

        Raises
        ------
        Invalid
            If the quote contradicts itself.
        """
        if not 0 < quote.bid <= quote.ask or quote.last <= 0:
            raise Invalid(f"The quote at {quote.time_ms} contradicts itself: {quote}.")
        moment = Moment(
            time_ms=quote.time_ms,
            point=quote.last,
            bid=quote.bid,
            ask=quote.ask,
            volume=quote.depth,
            left=quote.depth,
            spread=0,
            levels=(
                {BUY: [list(one) for one in quote.asks], SELL: [list(one) for one in quote.bids]}
                if quote.asks
                else None
            ),
        )
        self._arrive(moment)
        self.ambiguous = False
        market = self.book.market
        market.last, market.bid, market.ask = quote.last, quote.bid, quote.ask
        market.time_ms = quote.time_ms
        self._check()

    def close_all(self) -> None:
        """Cancel every order and close the position at the last price by market (10.4)."""
        for order in list(self.book.live.values()):
            if order.open or order.state == "pending":
                self.book.end(order, "cancelled", "end_of_data")
        last, account = self.book.market.last, self.account
        if last is None or account.position == 0:
            return
        side = SELL if account.position > 0 else -SELL
        request = Request("market", side, abs(account.position), reduce_only=True)
        order = self.book.add(request, 0)
        now = self.book.market.time_ms
        moment = Moment(now, last, last, last, None, None, self.terms.half_spread)
        self.filler.take(order, moment)
        self._check()

    def _group(self, orders: list[Order], entry: Order | None = None) -> None:
        for order in orders:
            order.oco = [each.number for each in orders if each is not order]
            if entry is not None:
                order.entry = entry.number
                entry.children.append(order.number)

    def _arrive(self, moment: Moment) -> None:
        """Settle, expire, awaken, then act at the one price of the moment (4.1 to 4.3)."""
        if moment.time_ms < self.book.market.time_ms:
            raise Invalid(f"The price of {moment.time_ms} is older than what has been seen.")
        for time_ms, rate in self._funding:
            if time_ms <= moment.time_ms and self.account.position:
                self.account.fund(moment.point, rate)
        self._funding = [one for one in self._funding if one[0] > moment.time_ms]
        self.book.expire(moment.time_ms)
        self.book.awaken(moment.time_ms)
        if self.account.liquidated_at(moment.point):
            self.filler.liquidate(moment)
        present = list(self.book.working())
        fresh = [order for order in present if not order.fired]
        for kinds, toward in ((STOPS, 1), (TAKE_PROFITS, -1)):
            for order in fresh:
                if order.acts_as in kinds and _reached(order, moment.point, toward):
                    self.filler.trigger(order, moment)
        self._market_and_limit(present, fresh, moment)
        follow_best(self.filler, moment.point)

    def _market_and_limit(self, present: list[Order], fresh: list[Order], moment: Moment) -> None:
        """Act on market orders, on what is left of triggered ones, and on limits (4.3)."""
        tried = {order.number for order in fresh if order.fired}
        for order in present:
            if order.working and order.acts_as == "market" and order.number not in tried:
                self.filler.take(order, moment)
        for order in present:
            if order.working and order.acts_as == "limit":
                if not order.resting:
                    self.filler.try_limit(order, moment)
                elif moment.left != 0 and moment.passed(order, touch=self.terms.touch):
                    self.filler.make(order, moment)

    def _check(self) -> None:
        """Raise if the books do not balance: a fault of the engine, never of its user."""
        found = self.account.faults() + self.book.faults()
        if found:
            raise ArithmeticError("; ".join(found))


def _reached(order: Order, price: int, toward: int) -> bool:
    level = order.level if order.working else None
    return level is not None and toward * order.side * (price - level) >= 0
