"""Drive one or several instruments through one account, and ask the gate where limits are set."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sonde.markets.core.backtesting.guarding import Guard
from sonde.markets.core.backtesting.lanes import Course, Lane, course_of, dues_of, wishes_of
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


def conduct(
    lanes: Sequence[Lane], settings: BacktestSettings, course: Course | None = None
) -> Driven:
    """Run the decisions of all lanes through one account.

    Parameters
    ----------
    lanes : sequence of Lane
        Each of another instrument, of one timeframe and one quote currency.
    settings : BacktestSettings
    course : Course, optional
        The bars of these lanes, if they have been laid out already.

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
    state = _account(lanes, settings, currency)
    over = course or course_of(lanes)
    over.require(lanes)
    guard = Guard(lanes, settings, currency, over.opens)
    plan = _plan(lanes, settings, currency, over)
    try:
        rows, marks, counts = _driven(state, over, lanes, plan, guard)
    except OverflowError:
        raise AmountTooLarge from None
    filled, rejected, cancelled, expired, ambiguous, n_rows, closed = (int(one) for one in counts)
    return Driven(
        opens=over.opens,
        currency=currency,
        start_units=currency.units_of(settings.start),
        rows=rows[:n_rows],
        marks=marks,
        totals=_totals(state),
        orders=OrderCounts(int(state[0, NEXT_ID]) - 1, filled, rejected, cancelled, expired),
        ambiguous_bars=ambiguous,
        closed_at_end=closed,
        held_back=tuple(guard.held_back),
    )


def _account(lanes: Sequence[Lane], settings: BacktestSettings, currency: Currency) -> Ints:
    """Return the engine's table for the instruments of all lanes."""
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
    return new_state([each.numbers(currency) for each in listings], max(32, 8 * len(lanes) + 8))


def _plan(
    lanes: Sequence[Lane], settings: BacktestSettings, currency: Currency, course: Course
) -> tuple[object, ...]:
    """Return what the driver is told of money, sizes, funding and limits."""
    return (
        currency.units_of(settings.start),
        _KINDS.index(settings.sizing.kind),
        np.array([_size(lane, settings, currency) for lane in lanes], np.int64),
        dues_of(lanes, course.pieces),
        settings.limits is not None,
    )


def _driven(
    state: Ints, course: Course, lanes: Sequence[Lane], plan: tuple[object, ...], guard: Guard
) -> tuple[Ints, Ints, Ints]:
    """Drive to the end; where an entry is asked about, let the guard answer and go on."""
    from sonde.markets.core.backtesting.driver import drive

    tables, wanted = (course.pieces, course.ends), wishes_of(lanes, course.opens, guard.limits)
    place, counts = np.zeros(7, np.int64), np.zeros(7, np.int64)
    marks = np.zeros((2 + len(lanes), len(course.opens)), np.int64)
    rows = np.zeros((256 + len(wanted[0]), WIDTH), np.int64)  # the driver enlarges it
    rows, waits = drive(state, tables, wanted, plan, (place, rows, marks, counts))
    while waits:
        guard.answer(state, wanted[1], (place, rows, marks, counts))
        rows, waits = drive(state, tables, wanted, plan, (place, rows, marks, counts))
    return rows, marks, counts


def _totals(state: Ints) -> Totals:
    gross, fees, slippage, funding = (
        int(state[0, one]) for one in (GROSS, FEES, SLIPPAGE, FUNDING)
    )
    return Totals(gross, fees, slippage, funding, gross - fees - funding)


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
