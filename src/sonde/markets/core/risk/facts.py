"""What the rules look at: the trade that is asked for, and what was measured when it was."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from sonde.markets.core.engine.layout import MOST_LEVELS
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.risk.kill_switch import NOT_PRESSED, KillSwitch
from sonde.markets.core.risk.locks import Forgiven, Lock
from sonde.markets.core.sides import Side


@dataclass(frozen=True)
class TradeRequest:
    """A trade that somebody asks for.

    Parameters
    ----------
    instrument : Instrument
    side : Side
        Of the position that it opens, or closes.
    quantity : Decimal
        Coins (base units), positive.
    price : Decimal
        At which it is expected to fill.
    leverage : Decimal
    stop_price, target_price : Decimal, optional
    confidence : Decimal, optional
        0 to 1, where a forecast or a strategy says it.
    is_exit : bool
        Whether it only makes a position smaller. Exits are never held back by limits of entries.
    at_market : bool
        Whether it fills as taker; a resting limit order pays the maker's fee and no slippage.
    """

    instrument: Instrument
    side: Side
    quantity: Decimal
    price: Decimal
    leverage: Decimal = Decimal(1)
    stop_price: Decimal | None = None
    target_price: Decimal | None = None
    confidence: Decimal | None = None
    is_exit: bool = False
    at_market: bool = True

    @property
    def notional(self) -> Decimal:
        """Quantity times price, in the quote currency."""
        return self.quantity * self.price

    @property
    def entry_fee(self) -> Decimal:
        """The fee of the entry, not rounded."""
        fees = self.instrument.fees
        return self.notional * (fees.taker if self.at_market else fees.maker)


@dataclass(frozen=True)
class Quote:
    """The newest price, and where it came from.

    Parameters
    ----------
    bid, ask : Decimal, optional
        None where the feed gives none.
    last : Decimal
    time_ms : int
    source : str
        ``live``, ``replay`` or ``file``, with the venue.
    every_ms : int
        How far apart the source's prices are at best: the length of a bar where it tells closes, 0
        where it tells trades. A price is not old before the next one is due.
    bids, asks : tuple of (Decimal, Decimal)
        Levels of price and quantity, the best first, where a new book was told with it.
    waits_for_book : bool
        Whether a book was told lately, but no new one with this price: what it offered counts as
        taken, so that only what was traded through fills before the next.
    """

    last: Decimal
    time_ms: int
    source: str
    bid: Decimal | None = None
    ask: Decimal | None = None
    every_ms: int = 0
    bids: tuple[tuple[Decimal, Decimal], ...] = ()
    asks: tuple[tuple[Decimal, Decimal], ...] = ()
    waits_for_book: bool = False


Levels = tuple[tuple[int, int], ...]


def levels_of(quote: Quote, one: Instrument) -> tuple[Levels, Levels] | None:
    """Return bids and asks in ticks and steps; None where no book was told that can be taken.

    Where the next book is waited for, one used-up level of each side.

    A level off the grid is counted at the tick that is worse for who takes it; what is less than a
    step offers nothing.

    Examples
    --------
    >>> from sonde.markets.core.instruments import FEE_PRESETS
    >>> btc = Instrument("x", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.001"),
    ...                  Decimal(0), FEE_PRESETS["file"])
    >>> asks = ((Decimal("2.021"), Decimal("1.5")), (Decimal("2.03"), Decimal("0.0004")))
    >>> bids = ((Decimal("2.005"), Decimal(1)),)
    >>> levels_of(Quote(Decimal("2.01"), 0, "live x", bids=bids, asks=asks), btc)
    (((200, 1000),), ((203, 1500),))
    """
    if quote.waits_for_book and not quote.asks:
        best = (quote.bid or quote.last, quote.ask or quote.last)
        bid, ask = (int((price / one.tick).to_integral_value()) for price in best)
        return ((bid, 0),), ((ask, 0),)
    found = []
    for side, rounding in ((quote.bids, ROUND_FLOOR), (quote.asks, ROUND_CEILING)):
        levels: dict[int, int] = {}
        for price, quantity in side:
            ticks = int((price / one.tick).to_integral_value(rounding))
            steps = one.steps_within(quantity)
            if steps > 0 and ticks > 0:
                levels[ticks] = levels.get(ticks, 0) + steps
        found.append(tuple(levels.items())[:MOST_LEVELS])
    bids, asks = found
    if not (bids and asks) or bids[0][0] > asks[0][0]:
        return None
    return bids, asks


@dataclass(frozen=True)
class OpenPosition:
    """A position at its mark price; ``quantity`` in coins, positive."""

    symbol: str
    side: Side
    quantity: Decimal
    mark_price: Decimal

    @property
    def notional(self) -> Decimal:
        """Quantity times mark price."""
        return self.quantity * self.mark_price


@dataclass(frozen=True)
class PendingEntry:
    """An order that would open or enlarge a position when it fills."""

    symbol: str
    side: Side
    notional: Decimal


@dataclass(frozen=True)
class PastTrade:
    """A closed trade, as far as pauses ask.

    Parameters
    ----------
    symbol : str
    side : Side
    exit_time_ms : int
    return_percent : Decimal
        Net, of the entry's notional.
    stopped : bool
        Whether a stop, a trailing stop or a liquidation closed it at a loss.
    """

    symbol: str
    side: Side
    exit_time_ms: int
    return_percent: Decimal
    stopped: bool


@dataclass(frozen=True)
class Measured:
    """What was so at the moment of asking.

    Parameters
    ----------
    now_ms : int
        Time of the account's clock, which in a replay is the replay's.
    equity, free : Decimal
        Of the account, in its currency.
    equity_peak : Decimal
        The highest equity since the account was made or reset.
    day_start_equity : Decimal
        Equity at 00:00 UTC of the day.
    positions, pending : tuple
    quote : Quote, optional
        None where there is no price.
    atr_percent : Decimal, optional
        Average true range of the last bars, of the price.
    slippage_percent : Decimal
        Expected distance of a market fill from the mid price, of the price.
    recent : tuple of PastTrade
        Closed trades, any order.
    bar_ms : int
        Length of the bars in which the stop guard counts.
    locks, forgiven, kill_switch
        See their modules.
    open_trades : int
        Trades that are open or wait to be.
    currency : str
    """

    now_ms: int
    equity: Decimal
    free: Decimal
    equity_peak: Decimal
    day_start_equity: Decimal
    quote: Quote | None = None
    positions: tuple[OpenPosition, ...] = ()
    pending: tuple[PendingEntry, ...] = ()
    atr_percent: Decimal | None = None
    slippage_percent: Decimal = Decimal(0)
    recent: tuple[PastTrade, ...] = ()
    bar_ms: int = 3_600_000
    locks: tuple[Lock, ...] = ()
    forgiven: tuple[Forgiven, ...] = ()
    kill_switch: KillSwitch = NOT_PRESSED
    open_trades: int = 0
    currency: str = "USDT"

    @property
    def spread_percent(self) -> Decimal | None:
        """Ask less bid, of the middle; None where the feed gives none."""
        if self.quote is None or self.quote.bid is None or self.quote.ask is None:
            return None
        middle = (self.quote.bid + self.quote.ask) / 2
        return (self.quote.ask - self.quote.bid) / middle * 100 if middle > 0 else None

    def exposure(self, symbol: str | None = None) -> Decimal:
        """Notional of positions and pending entries, of one symbol or of all."""
        everything: tuple[OpenPosition | PendingEntry, ...] = (*self.positions, *self.pending)
        wanted = (one.notional for one in everything if symbol in (None, one.symbol))
        return sum(wanted, Decimal(0))

    def percent_of_equity(self, amount: Decimal) -> Decimal | None:
        """An amount in percent of equity; None where nothing is left to take a percentage of."""
        return amount / self.equity * 100 if self.equity > 0 else None
