"""Both engines behind one face, and short words for what is submitted to them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from sonde.markets.core.engine.engine import Engine
from sonde.markets.core.engine.layout import Bar as FastBar
from sonde.markets.core.engine.listings import Costs, EngineSettings, Listing
from sonde.markets.core.engine.orders import OrderRequest, OrderView
from sonde.markets.core.engine.reference import Bar, Fill, Quote, ReferenceEngine, Request, Terms
from sonde.markets.core.instruments import FeeSchedule, Instrument
from sonde.markets.core.money import Currency

PERCENT = 10**7  # of parts per 10**9
MINUTE = 60_000
KEY = "desk:XUSD"

# One unit per tick and step, 0.1 % taker, 0.05 % maker, a perpetual without leverage.
PLAIN = Terms(start=10**9, taker=PERCENT // 10, maker=PERCENT // 20)
FREE = Terms(start=10**9)


@dataclass(frozen=True)
class Books:
    """What an account holds, and its postings."""

    free: int
    held: int
    margin: int
    position: int
    cost: int
    liquidation: int | None
    postings: dict[str, int]


@dataclass(frozen=True)
class Told:
    """What is told of an order."""

    state: str
    code: str
    quantity: int
    filled: int
    held: int
    limit: int | None
    best: int | None
    fired: bool

    @property
    def remaining(self) -> int:
        """Return what has not filled."""
        return self.quantity - self.filled


class Desk(Protocol):
    """What every engine can be asked to do."""

    fills: list[Fill]
    submitted: int

    @property
    def books(self) -> Books: ...
    @property
    def equity(self) -> int: ...
    @property
    def ambiguous(self) -> bool: ...
    def order(self, number: int) -> Told: ...
    def submit(
        self, request: Request, stop: Request | None = None, target: Request | None = None
    ) -> int: ...
    def submit_oco(self, requests: list[Request]) -> list[int]: ...
    def link(self, numbers: list[int]) -> object: ...
    def modify(self, number: int, **changes: int) -> object: ...
    def cancel(self, number: int) -> object: ...
    def transfer(self, units: int) -> object: ...
    def on_funding(self, time_ms: int, rate: int) -> object: ...
    def on_bar(self, bar: Bar, length_ms: int = MINUTE) -> object: ...
    def on_quote(self, quote: Quote) -> object: ...
    def close_all(self) -> object: ...


class SlowDesk(ReferenceEngine):
    """The reference."""

    @property
    def books(self) -> Books:
        """Return what the account holds."""
        account = self.account
        return Books(
            account.free,
            account.held,
            account.margin,
            account.position,
            account.cost,
            account.liquidation_price(),
            dict(account.postings),
        )


class FastDesk:
    """The compiled engine, spoken to as the reference is."""

    def __init__(self, terms: Terms) -> None:
        """Build an instrument whose step is worth the wanted units at one tick."""
        self.engine = Engine(EngineSettings(Currency("USD", 0), (listing_of(terms),)))
        self.engine.transfer(terms.start)
        self.fills: list[Fill] = []
        self.submitted = 0

    @property
    def books(self) -> Books:
        """Return what the account holds."""
        money, held = self.engine.balance(), self.engine.position(KEY)
        names = ("transfers", "gross", "fees", "funding")
        return Books(
            money.free,
            money.held,
            money.margin,
            held.steps,
            held.cost,
            held.liquidation or None,
            {name: getattr(money, name) for name in names},
        )

    @property
    def equity(self) -> int:
        """Return what the account is worth."""
        return self.engine.balance().equity

    @property
    def ambiguous(self) -> bool:
        """Return whether the last bar was."""
        return self.engine.is_ambiguous

    def order(self, number: int) -> Told:
        """Return what is told of an order."""
        view: OrderView = self.engine.order(number)
        return Told(
            view.state,
            view.code,
            view.quantity,
            view.filled,
            view.held,
            view.limit or None,
            view.best or None,
            view.triggered,
        )

    def submit(
        self, request: Request, stop: Request | None = None, target: Request | None = None
    ) -> int:
        """Submit an order, or a bracket."""
        wanted = [None if one is None else asked(one) for one in (stop, target)]
        number = self.engine.submit(asked(request), *wanted)
        accepted = self.engine.order(number).state != "rejected"
        self.submitted += 1 + accepted * sum(one is not None for one in wanted)
        return number

    def submit_oco(self, requests: list[Request]) -> list[int]:
        """Submit a group."""
        numbers = list(self.engine.submit_oco([asked(one) for one in requests]))
        self.submitted += len(numbers)
        return numbers

    def link(self, numbers: list[int]) -> None:
        """Let orders be of one group."""
        self.engine.link(numbers)

    def modify(self, number: int, **changes: int) -> None:
        """Change an order."""
        self.engine.modify(number, **changes)

    def cancel(self, number: int) -> None:
        """Cancel an order."""
        self.engine.cancel(number)

    def transfer(self, units: int) -> None:
        """Move money."""
        self.engine.transfer(units)

    def on_funding(self, time_ms: int, rate: int) -> None:
        """Note a rate."""
        self.engine.on_funding(KEY, time_ms, rate)

    def on_bar(self, bar: Bar, length_ms: int = MINUTE) -> None:
        """Act on a bar."""
        prices = (bar.open, bar.high, bar.low, bar.close)
        self._keep(self.engine.on_bar(KEY, FastBar(bar.open_ms, *prices, bar.volume), length_ms))

    def on_quote(self, quote: Quote) -> None:
        """Act on a quote."""
        prices = (quote.bid, quote.ask, quote.last)
        book = (quote.bids, quote.asks) if quote.asks else None
        self._keep(self.engine.on_quote(KEY, quote.time_ms, prices, quote.depth, book))

    def close_all(self) -> None:
        """Cancel and close everything."""
        before = self.engine.position(KEY).steps
        self._keep(self.engine.close_all(KEY))
        self.submitted += before != 0

    def _keep(self, events: list) -> None:
        for event in events:
            if event.kind == "fill":
                self.fills.append(
                    Fill(
                        event.order,
                        event.time_ms,
                        event.side,
                        event.ticks,
                        event.reference,
                        event.quantity,
                        event.fee,
                        event.slippage,
                        event.gross,
                        event.maker,
                    )
                )


def listing_of(terms: Terms) -> Listing:
    """Return the same terms as the compiled engine wants them."""
    parts = Decimal(10) ** 9
    instrument = Instrument(
        *KEY.split(":"),
        "X",
        "USD",
        tick=Decimal(terms.unit_value),
        step=Decimal(1),
        min_notional=Decimal(terms.min_notional),
        fees=FeeSchedule(terms.maker / parts, terms.taker / parts),
        kind="spot" if terms.spot else "perpetual",
        max_leverage=Decimal(1 if terms.spot else 200),
        maintenance_rate=terms.maintenance / parts,
    )
    costs = Costs(
        half_spread_ppm=terms.half_spread,
        slippage_ppm=terms.slippage,
        impact_ppm=terms.impact,
        volume_share=None if terms.share is None else terms.share / parts,
        limit_fill="touch" if terms.touch else "through",
    )
    leverage = Decimal(terms.leverage) / 100
    return Listing(instrument, leverage=leverage, costs=costs, latency_ms=terms.latency_ms)


def asked(request: Request) -> OrderRequest:
    """Return the same order as the compiled engine wants it."""
    return OrderRequest(
        key=KEY,
        kind=request.kind,
        side=request.side,
        quantity=request.quantity,
        limit=request.limit or 0,
        trigger=request.trigger or 0,
        distance=request.distance or 0,
        in_ppm=request.relative,
        reduce_only=request.reduce_only,
        post_only=request.post_only,
        force=request.force.upper(),  # type: ignore[arg-type]
        expires_ms=request.expires_ms or 0,
    )


DESKS: dict[str, Callable[[Terms], Desk]] = {"compiled": FastDesk, "reference": SlowDesk}


def bar(minute: int, prices: tuple[int, int, int, int], volume: int = 10**9) -> Bar:
    """Return the bar of a minute from open, high, low and close."""
    return Bar(minute * MINUTE, *prices, volume)


def flat(minute: int, price: int, volume: int = 10**9) -> Bar:
    """Return a bar that never moves."""
    return bar(minute, (price, price, price, price), volume)


def buy(kind: str, quantity: int, **more: object) -> Request:
    """Return a purchase."""
    return Request(kind, 1, quantity, **more)  # type: ignore[arg-type]


def sell(kind: str, quantity: int, **more: object) -> Request:
    """Return a sale."""
    return Request(kind, -1, quantity, **more)  # type: ignore[arg-type]


def prices(desk: Desk) -> list[tuple[int, int, int]]:
    """Return side, price and quantity of every fill."""
    return [(fill.side, fill.price, fill.quantity) for fill in desk.fills]
