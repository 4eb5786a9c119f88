"""Candles and decisions of one or several instruments as the tables that the driver reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.settings import Funding
from sonde.markets.core.candles import Candles, IntCandles
from sonde.markets.core.engine.layout import Ints
from sonde.markets.core.money import RATE_PARTS
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.strategies.decisions import Decisions
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class Lane:
    """One instrument of a run.

    Parameters
    ----------
    candles : Candles
        At least one bar.
    decisions : Decisions
        One row per bar; row k is acted on at the open of bar k + 1 at the earliest.
    detail : Candles or None
        Finer bars of the same instrument; where they cover a bar whole, they stand in for it.
    funding : Funding or None
        What a perpetual pays.

    Raises
    ------
    Invalid
        If there is no bar, the decisions are of another length, or the detail is not finer or of
        another instrument.
    """

    candles: Candles
    decisions: Decisions
    detail: Candles | None = None
    funding: Funding | None = None

    def __post_init__(self) -> None:
        """Refuse what does not belong together."""
        candles, detail = self.candles, self.detail
        if candles.n == 0:
            raise Invalid("There is no bar to run over.", field="candles")
        if self.decisions.n != candles.n:
            raise Invalid(
                f"{self.decisions.n} rows of decisions for {candles.n} bars: there must be one for "
                "each.",
                field="decisions",
            )
        if detail is None:
            return
        if detail.instrument != candles.instrument:
            raise Invalid(
                f"The detail is of {detail.instrument.key}, the candles of "
                f"{candles.instrument.key}.",
                field="detail",
            )
        length = candles.timeframe.ms
        if length % detail.timeframe.ms or detail.timeframe.ms >= length:
            raise Invalid(
                f"Detail of {detail.timeframe} cannot stand in for bars of {candles.timeframe}.",
                field="detail",
            )


def opens_of(lanes: Sequence[Lane]) -> Ints:
    """Return the times at which a bar of any lane opens, int64 (bar,), increasing."""
    if len(lanes) == 1:
        return lanes[0].candles.open_time_ms
    every = np.concatenate([lane.candles.open_time_ms for lane in lanes])
    found: Ints = np.unique(every)
    return found


def tables_of(lanes: Sequence[Lane], opens: Ints) -> tuple[Ints, Ints]:
    """Return the pieces of all lanes, (piece, 8), and the first piece behind each bar, (bar,)."""
    parts = [_pieces(lane, number) for number, lane in enumerate(lanes)]
    pieces = np.concatenate(parts) if len(parts) > 1 else parts[0]
    if len(parts) > 1:
        pieces = np.ascontiguousarray(pieces[np.lexsort((pieces[:, 7], pieces[:, 0]))])
    elif lanes[0].detail is None:
        return pieces, np.arange(1, len(opens) + 1)
    owner = np.searchsorted(opens, pieces[:, 0], "right") - 1
    return pieces, np.cumsum(np.bincount(owner, minlength=len(opens)))


def dues_of(lanes: Sequence[Lane], pieces: Ints) -> Ints:
    """Return the fundings of all lanes, (payment, 2): the piece at which each is due, its rate.

    That is the first piece of its lane at or behind its time; what is due behind the last is left.
    """
    found = [np.zeros((0, 2), np.int64)]
    for number, lane in enumerate(lanes):
        if lane.funding is not None:
            own = np.flatnonzero(pieces[:, 7] == number)
            places = np.searchsorted(pieces[own, 0], lane.funding.time_ms)
            is_due = places < len(own)
            rates = lane.funding.rate_parts[is_due]
            found.append(np.column_stack((own[places[is_due]], rates)))
    dues = np.concatenate(found)
    return np.ascontiguousarray(dues[np.argsort(dues[:, 0], kind="stable")])


def wishes_of(lanes: Sequence[Lane], opens: Ints, limits: RiskSettings | None = None) -> Ints:
    """Return the decisions of all lanes as the driver reads them, int64 (bar, lane, 7).

    Where limits name a stop or a target, entries without their own get it, from the close that
    decides.
    """
    wishes = np.zeros((len(opens), len(lanes), 7), np.int64)
    for number, lane in enumerate(lanes):
        places = np.searchsorted(opens, lane.candles.open_time_ms)
        own = _wishes(lane.candles, lane.decisions)
        if limits is not None:
            _protect(own, lane.candles, limits)
        wishes[places, number] = own
    return wishes


def _protect(wishes: Ints, candles: Candles, limits: RiskSettings) -> None:
    """Give entries without a stop or a target those that the limits name."""
    ticks, side = candles.close / float(candles.instrument.tick), wishes[:, 0]
    if limits.stop_loss_percent is not None:
        bare = (side != 0) & (wishes[:, 3] == 0) & (wishes[:, 5] == 0)
        away = 1 - side * float(limits.stop_loss_percent) / 100
        wishes[bare, 3] = _rounded(ticks * away)[bare]
    if limits.take_profit_percent is not None:
        bare = (side != 0) & (wishes[:, 4] == 0)
        away = 1 + side * float(limits.take_profit_percent) / 100
        wishes[bare, 4] = _rounded(ticks * away)[bare]


def extremes_of(lane: Lane, opens: Ints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return highs and lows for each bar of a run; where a lane has none, those before."""
    places = np.searchsorted(lane.candles.open_time_ms, opens, "right") - 1
    places = np.maximum(places, 0)
    return lane.candles.high[places], lane.candles.low[places]


def _pieces(lane: Lane, number: int) -> Ints:
    """Return bars, or detail bars where they cover a bar whole, in order of time (rule 10.5)."""
    whole = lane.candles.ticks()
    bars = _table(whole, number)
    if lane.detail is None:
        return bars
    fine = _table(lane.detail.ticks(), number)
    owner = np.searchsorted(bars[:, 0], fine[:, 0], "right") - 1
    inside = (owner >= 0) & (fine[:, 0] < bars[np.maximum(owner, 0), 6])
    needed = whole.timeframe.ms // lane.detail.timeframe.ms
    is_whole = np.bincount(owner[inside], minlength=whole.n) == needed
    pieces = np.concatenate((fine[inside & is_whole[owner]], bars[~is_whole]))
    return np.ascontiguousarray(pieces[np.argsort(pieces[:, 0], kind="stable")])


def _table(bars: IntCandles, number: int) -> Ints:
    """Return bars as an int64 array (bar, 8)."""
    columns = (bars.open_time_ms, bars.open, bars.high, bars.low, bars.close, bars.volume)
    table = np.empty((bars.n, 8), np.int64)
    for place, column in enumerate(columns):
        table[:, place] = column
    table[:, 6] = bars.open_time_ms + bars.timeframe.ms
    table[:, 7] = number
    return table


def _wishes(candles: Candles, decisions: Decisions) -> Ints:
    """Return decisions as the driver reads them, int64 (bar, 7) (rules 10.1 and 10.3)."""
    both = decisions.enter_long & decisions.enter_short
    long = decisions.enter_long & ~decisions.exit_long & ~both
    short = decisions.enter_short & ~decisions.exit_short & ~both
    wishes = np.zeros((candles.n, 7), np.int64)
    wishes[:, 0] = long.astype(np.int64) - short.astype(np.int64)
    wishes[:, 1] = decisions.exit_long | (wishes[:, 0] < 0)
    wishes[:, 2] = decisions.exit_short | (wishes[:, 0] > 0)
    tick = float(candles.instrument.tick)
    prices = (decisions.stop_price, decisions.target_price, decisions.trail_distance)
    for place, column in enumerate(prices, 3):
        if column is not None:
            wishes[:, place] = _rounded(column / tick)
    if decisions.size_fraction is not None:
        wishes[:, 6] = _rounded(decisions.size_fraction * RATE_PARTS)
    return wishes


def _rounded(column: NDArray[np.float64]) -> Ints:
    """Return whole numbers, halves up, at least 1; 0 for NaN."""
    known = np.isfinite(column)
    whole = np.floor(np.where(known, column, 0.0) + 0.5)
    return np.where(known, np.maximum(whole, 1), 0).astype(np.int64)
