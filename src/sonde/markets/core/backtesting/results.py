"""What a backtest leaves behind: its fills, its trades, its equity bar by bar, its totals."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import Currency
from sonde.platform.core.errors import Invalid

EXIT_REASONS = (
    "signal",
    "stop",
    "target",
    "trailing stop",
    "liquidation",
    "end of data",
    "reverse",
    "limit",
)
"""What ``exit_reason`` counts: the name of each code."""

Ints = NDArray[np.int64]


class Columns:
    """Arrays of one length, one per field, frozen; a row is what stands at one index of all."""

    def __post_init__(self) -> None:
        """Freeze the arrays and refuse columns of different lengths."""
        lengths = set()
        for one in fields(self):  # type: ignore[arg-type]
            column = np.asarray(getattr(self, one.name))
            column.setflags(write=False)
            object.__setattr__(self, one.name, column)
            lengths.add(len(column))
        if len(lengths) > 1:
            raise Invalid(f"{type(self).__name__}: columns of different lengths {sorted(lengths)}.")

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]

    def rows(self, chosen: NDArray[Any] | slice) -> Self:
        """Return the chosen rows (a mask, indices or a slice) as the same kind of columns."""
        columns = {one.name: getattr(self, one.name)[chosen] for one in fields(self)}  # type: ignore[arg-type]
        return type(self)(**columns)


@dataclass(frozen=True)
class Fills(Columns):
    """Every fill of a run, in the order in which they happened; arrays (fill,).

    Parameters
    ----------
    time_ms : ndarray of int64
        Open time of the bar (or detail bar) in which it happened, milliseconds UTC.
    bar : ndarray of int64
        Number of that bar in the candles.
    order_id : ndarray of int64
    side : ndarray of int8
        +1 bought, -1 sold.
    ticks, reference_ticks : ndarray of int64
        The price paid, and the price before spread and slippage, in ticks.
    quantity_steps : ndarray of int64
    fee_units, slippage_units, gross_units : ndarray of int64
        Units of the account; slippage is already inside the price, gross is what closing realised.
    maker : ndarray of bool
    reason : ndarray of int8
        Code of ``EXIT_REASONS`` for what triggered the order.
    """

    time_ms: Ints
    bar: Ints
    order_id: Ints
    side: NDArray[np.int8]
    ticks: Ints
    reference_ticks: Ints
    quantity_steps: Ints
    fee_units: Ints
    slippage_units: Ints
    gross_units: Ints
    maker: NDArray[np.bool_]
    reason: NDArray[np.int8]


@dataclass(frozen=True)
class Trades(Columns):
    """Every round trip from flat to flat, in the order of their exits; arrays (trade,).

    Parameters
    ----------
    entry_time_ms, exit_time_ms : ndarray of int64
        Open time of the bar of the first and of the last fill, milliseconds UTC; a trade closed
        at the end of the data ends at the last bar's close time.
    side : ndarray of int8
        +1 long, -1 short.
    quantity_steps : ndarray of int64
        Bought in all by a long (sold in all by a short), in steps.
    entry_price, exit_price : ndarray of float64
        Volume weighted, in quote.
    gross_units, fees_units, slippage_units, funding_units, net_units : ndarray of int64
        Units of the account; ``net = gross - fees - funding``. Slippage is what spread and
        slippage cost; it is already inside gross.
    exit_reason : ndarray of int8
        Code of ``EXIT_REASONS``.
    bars_held : ndarray of int64
        Bars between entry and exit; 0 inside one bar.
    mae, mfe : ndarray of float64
        Largest move against and for the trade, as a fraction of the entry price, both >= 0, from
        highs and lows of the bars that it was open in.
    ambiguous : ndarray of bool
        An ambiguous bar decided something in it.
    symbol : ndarray of str
    """

    entry_time_ms: Ints
    exit_time_ms: Ints
    side: NDArray[np.int8]
    quantity_steps: Ints
    entry_price: NDArray[np.float64]
    exit_price: NDArray[np.float64]
    gross_units: Ints
    fees_units: Ints
    slippage_units: Ints
    funding_units: Ints
    net_units: Ints
    exit_reason: NDArray[np.int8]
    bars_held: Ints
    mae: NDArray[np.float64]
    mfe: NDArray[np.float64]
    ambiguous: NDArray[np.bool_]
    symbol: NDArray[np.str_]

    def reasons(self) -> tuple[str, ...]:
        """Return the name of each trade's exit reason."""
        return tuple(EXIT_REASONS[code] for code in self.exit_reason)


@dataclass(frozen=True)
class Totals:
    """The sums of a run, in units of the account; ``net = gross - fees - funding``."""

    gross_units: int
    fees_units: int
    slippage_units: int
    funding_units: int
    net_units: int


@dataclass(frozen=True)
class OrderCounts:
    """How the orders of a run ended."""

    submitted: int
    filled: int
    rejected: int
    cancelled: int
    expired: int


class Account:
    """What runs say of their money, whatever they traded."""

    currency: Currency
    start_units: int
    open_time_ms: Ints
    equity_units: Ints
    totals: Totals

    @property
    def n_bars(self) -> int:
        """Return the number of bars."""
        return len(self.open_time_ms)

    @property
    def start(self) -> Decimal:
        """Return the money at the beginning, in the account's currency."""
        return self.currency.amount_of(self.start_units)

    @property
    def net_profit(self) -> Decimal:
        """Return what was won after all costs, in the account's currency."""
        return self.currency.amount_of(self.totals.net_units)

    @property
    def fees(self) -> Decimal:
        """Return what was paid in fees, in the account's currency."""
        return self.currency.amount_of(self.totals.fees_units)

    def equity(self) -> NDArray[np.float64]:
        """Return the equity at each bar's close in the account's currency, float64 (bar,)."""
        exact: NDArray[np.float64] = self.equity_units / 10.0**self.currency.decimals
        return exact


@dataclass(frozen=True)
class HeldBack:
    """An entry that the limits did not allow.

    Parameters
    ----------
    time_ms : int
        Close of the bar that decided, milliseconds UTC.
    symbol : str
    side : int
        +1 long, -1 short.
    rules : tuple of str
        Codes of the rules that blocked.
    words : str
        Why, for people.
    """

    time_ms: int
    symbol: str
    side: int
    rules: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Run(Account):
    """One backtest.

    Parameters
    ----------
    instrument, currency : Instrument, Currency
        What was traded, and what the account counts in.
    timeframe_ms : int
        Length of a bar, milliseconds.
    start_units : int
        Units of the account at the beginning.
    open_time_ms : ndarray of int64, shape (bar,)
    equity_units, position_steps, cash_units : ndarray of int64, shape (bar,)
        At each bar's close: equity = free + held + margin + unrealised; the signed position;
        cash = free + held.
    fills : Fills
    trades : Trades
        With the one that was closed at the end, if ``closed_at_end`` is 1.
    totals : Totals
    orders : OrderCounts
    ambiguous_bars : int
        Bars in which the order of high and low would have changed what filled.
    closed_at_end : int
        Positions (0 or 1) that were still open and were closed at the last close.
    held_back : tuple of HeldBack
        Entries that the limits did not allow.
    """

    instrument: Instrument
    currency: Currency
    timeframe_ms: int
    start_units: int
    open_time_ms: Ints
    equity_units: Ints
    position_steps: Ints
    cash_units: Ints
    fills: Fills
    trades: Trades
    totals: Totals
    orders: OrderCounts
    ambiguous_bars: int
    closed_at_end: int
    held_back: tuple[HeldBack, ...] = ()


@dataclass(frozen=True)
class Together(Account):
    """A backtest of several instruments in one account; amounts and times as in `Run`.

    Parameters
    ----------
    instruments : tuple of Instrument
    currency : Currency
    timeframe_ms, start_units : int
    open_time_ms : ndarray of int64, shape (bar,)
        A bar of any instrument opens.
    equity_units, cash_units : ndarray of int64, shape (bar,)
    position_steps : ndarray of int64, shape (instrument, bar)
    fills : Fills
        Of all, in order of time.
    fill_instrument : ndarray of int64, shape (fill,)
        Which of the instruments.
    trades : Trades
        Of all, in the order of their exits; quantities in steps of their own instrument.
    totals, orders, ambiguous_bars, closed_at_end, held_back
        As in `Run`, over all instruments.
    """

    instruments: tuple[Instrument, ...]
    currency: Currency
    timeframe_ms: int
    start_units: int
    open_time_ms: Ints
    equity_units: Ints
    cash_units: Ints
    position_steps: Ints
    fills: Fills
    fill_instrument: Ints
    trades: Trades
    totals: Totals
    orders: OrderCounts
    ambiguous_bars: int
    closed_at_end: int
    held_back: tuple[HeldBack, ...] = ()

    @property
    def open_positions(self) -> Ints:
        """Return how many instruments are held at each close, int64 (bar,)."""
        found: Ints = np.count_nonzero(self.position_steps, axis=0).astype(np.int64)
        return found
