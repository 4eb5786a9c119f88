"""Drive one or several instruments through one account, and ask the gate where limits are set."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sonde.markets.core.backtesting.guarding import Guard
from sonde.markets.core.backtesting.lanes import Lane, dues_of, opens_of, tables_of, wishes_of
from sonde.markets.core.backtesting.results import HeldBack, OrderCounts, Totals
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.engine.layout import (
    FEES,
    FUNDING,
    GROSS,
    NEXT_ID,
    SLIPPAGE,
    WIDTH,
    Ints,
    new_state,
)
from sonde.markets.core.engine.listings import Listing
from sonde.markets.core.instruments import account_currency
from sonde.markets.core.money import RATE_PARTS, AmountTooLarge, Currency, fitting
from sonde.platform.core.errors import Invalid

_KINDS = ("equity", "quote", "quantity", "risk")


@dataclass(frozen=True)
class Driven:
    """What the driver leaves behind.

    Parameters
    ----------
    opens : ndarray of int64, shape (bar,)
    rows : ndarray of int64, shape (row, WIDTH)
        Fills and fundings in order of time.
    marks : ndarray of int64, shape (2 + instrument, bar)
        Equity, cash, and the position of each instrument at each close.
    """

    opens: Ints
    currency: Currency
    start_units: int
    rows: Ints
    marks: Ints
    totals: Totals
    orders: OrderCounts
    ambiguous_bars: int
    closed_at_end: int
    held_back: tuple[HeldBack, ...]


def conduct(lanes: Sequence[Lane], settings: BacktestSettings) -> Driven:
    """Run the decisions of all lanes through one account.

    Parameters
    ----------
    lanes : sequence of Lane
        Each of another instrument, of one timeframe and one quote currency.
    settings : BacktestSettings

    Returns
    -------
    Driven

    Raises
    ------
    Invalid
        If the lanes do not fit together or an instrument does not allow the leverage.
    AmountTooLarge
        If an amount does not fit into int64.
    """
    _require_alike(lanes, settings)
    currency = settings.currency or common_currency(lanes)
    listings = [
        Listing(
            lane.candles.instrument,
            settings.leverage,
            settings.fees,
            settings.costs,
            settings.latency_ms,
        )
        for lane in lanes
    ]
    opens = opens_of(lanes)
    state = new_state([each.numbers(currency) for each in listings], max(32, 8 * len(lanes) + 8))
    start_units = currency.units_of(settings.start)
    sizes = np.array([_size(lane, settings, currency) for lane in lanes], np.int64)
    tables = tables_of(lanes, opens)
    plan = (
        start_units,
        _KINDS.index(settings.sizing.kind),
        sizes,
        dues_of(lanes, tables[0]),
        settings.limits is not None,
    )
    guard = Guard(lanes, settings, currency, opens)
    wishes = wishes_of(lanes, opens, guard.limits)
    try:
        rows, marks, counts = _driven(state, tables, wishes, plan, guard)
    except OverflowError:
        raise AmountTooLarge from None
    account = [int(number) for number in state[0]]
    filled, rejected, cancelled, expired, ambiguous, n_rows, closed = (int(one) for one in counts)
    net = account[GROSS] - account[FEES] - account[FUNDING]
    return Driven(
        opens=opens,
        currency=currency,
        start_units=start_units,
        rows=rows[:n_rows],
        marks=marks,
        totals=Totals(account[GROSS], account[FEES], account[SLIPPAGE], account[FUNDING], net),
        orders=OrderCounts(account[NEXT_ID] - 1, filled, rejected, cancelled, expired),
        ambiguous_bars=ambiguous,
        closed_at_end=closed,
        held_back=tuple(guard.held_back),
    )


def _driven(
    state: Ints,
    tables: tuple[Ints, Ints],
    wishes: Ints,
    plan: tuple[object, ...],
    guard: Guard,
) -> tuple[Ints, Ints, Ints]:
    """Drive to the end; where an entry is asked about, let the guard answer and go on."""
    from sonde.markets.core.backtesting.driver import AT_DECIDING, drive

    place, counts = np.zeros(6, np.int64), np.zeros(7, np.int64)
    place[AT_DECIDING] = -1
    marks = np.zeros((2 + wishes.shape[1], len(wishes)), np.int64)
    rows = np.zeros((256, WIDTH), np.int64)
    rows, waits = drive(state, tables, wishes, plan, (place, rows, marks, counts))
    while waits:
        guard.answer(state, wishes, (place, rows, marks, counts))
        rows, waits = drive(state, tables, wishes, plan, (place, rows, marks, counts))
    return rows, marks, counts


def common_currency(lanes: Sequence[Lane]) -> Currency:
    """Return the coarsest currency that counts all instruments exactly."""
    found = [account_currency(lane.candles.instrument) for lane in lanes]
    return max(found, key=lambda one: one.decimals)


def _require_alike(lanes: Sequence[Lane], settings: BacktestSettings) -> None:
    first = lanes[0].candles
    for lane in lanes[1:]:
        one = lane.candles
        if one.timeframe != first.timeframe:
            raise Invalid(
                f"{one.instrument.key} has bars of {one.timeframe}, {first.instrument.key} of "
                f"{first.timeframe}; one account takes bars of one length.",
                field="symbols",
            )
        if one.instrument.quote != first.instrument.quote:
            raise Invalid(
                f"{one.instrument.key} is paid in {one.instrument.quote}, {first.instrument.key} "
                f"in {first.instrument.quote}; one account counts in one currency.",
                field="symbols",
            )
    if len({lane.candles.instrument.key for lane in lanes}) < len(lanes):
        raise Invalid("Name each symbol once.", field="symbols")
    if settings.funding is not None:
        raise Invalid("Tell the funding of each instrument with its candles.", field="funding")


def _size(lane: Lane, settings: BacktestSettings, currency: Currency) -> int:
    """Return the size as the driver counts it: parts per 10**9, units or steps."""
    kind, size = settings.sizing.kind, settings.sizing.value
    if kind == "quote":
        return currency.units_of(size)
    if kind == "quantity":
        return lane.candles.instrument.steps_within(size)
    return fitting(int(size * RATE_PARTS))
