"""Candles and decisions of one or several instruments as the tables that the driver reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sonde.markets.core.backtesting.settings import Funding
from sonde.markets.core.candles import Candles, IntCandles
from sonde.markets.core.engine.layout import Ints
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import RATE_PARTS
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.strategies.decisions import FLAGS, Decisions, Floats
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


@dataclass(frozen=True, eq=False)
class Course:
    """The bars of a run, whatever is decided at them: made once, it serves every cell of a sweep.

    Parameters
    ----------
    opens : ndarray of int64, shape (bar,)
        The times at which a bar of any lane opens, increasing.
    pieces : ndarray of int64, shape (piece, 8)
        Bars, or detail bars in their place, in order of time and then of lane.
    ends : ndarray of int64, shape (bar,)
        The first piece behind each bar.
    sources : tuple of tuple
        Candles and detail of each lane.
    """

    opens: Ints
    pieces: Ints
    ends: Ints
    sources: tuple[tuple[Candles, Candles | None], ...]

    def require(self, lanes: Sequence[Lane]) -> None:
        """Refuse lanes over other candles; raises Invalid."""
        if self.sources != _sources(lanes):
            raise Invalid("These bars were laid out from other candles.", field="candles")


def _sources(lanes: Sequence[Lane]) -> tuple[tuple[Candles, Candles | None], ...]:
    return tuple((lane.candles, lane.detail) for lane in lanes)


def course_of(lanes: Sequence[Lane]) -> Course:
    """Return the bars of all lanes; raises Invalid if a price is not on its instrument's grid."""
    parts = [_pieces(lane, number) for number, lane in enumerate(lanes)]
    if len(lanes) == 1:
        opens, pieces = lanes[0].candles.open_time_ms, parts[0]
        if lanes[0].detail is None:
            return Course(opens, pieces, np.arange(1, len(opens) + 1), _sources(lanes))
    else:
        opens = np.unique(np.concatenate([lane.candles.open_time_ms for lane in lanes]))
        pieces = np.concatenate(parts)
        pieces = np.ascontiguousarray(pieces[np.lexsort((pieces[:, 7], pieces[:, 0]))])
    owner = np.searchsorted(opens, pieces[:, 0], "right") - 1
    ends = np.cumsum(np.bincount(owner, minlength=len(opens)))
    return Course(opens, pieces, ends, _sources(lanes))


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


def wishes_of(
    lanes: Sequence[Lane], opens: Ints, limits: RiskSettings | None = None
) -> tuple[Ints, Ints]:
    """Return the bars whose closes decide something, (wish,), and what, int64 (wish, lane, 7).

    The last bar decides nothing: no open follows. Where limits name a stop or a target, entries
    without their own get it, from the close that decides.
    """
    rows = [np.flatnonzero(lane.decisions.any_wish()) for lane in lanes]
    places = [
        np.searchsorted(opens, lane.candles.open_time_ms[own])
        for lane, own in zip(lanes, rows, strict=True)
    ]
    bars = np.unique(np.concatenate(places))
    wishes = np.zeros((len(bars), len(lanes), 7), np.int64)
    for number, lane in enumerate(lanes):
        own = _wishes(lane, rows[number])
        if limits is not None:
            _protect(own, lane.candles.close[rows[number]], lane.candles.instrument, limits)
        wishes[np.searchsorted(bars, places[number]), number] = own
    n = int(np.searchsorted(bars, len(opens) - 1))
    return bars[:n], wishes[:n]


def _protect(wishes: Ints, close: Floats, one: Instrument, limits: RiskSettings) -> None:
    """Give entries without a stop or a target those that the limits name."""
    ticks, side = close / float(one.tick), wishes[:, 0]
    if limits.stop_loss_percent is not None:
        bare = (side != 0) & (wishes[:, 3] == 0) & (wishes[:, 5] == 0)
        away = 1 - side * float(limits.stop_loss_percent) / 100
        wishes[bare, 3] = _rounded(ticks * away)[bare]
    if limits.take_profit_percent is not None:
        bare = (side != 0) & (wishes[:, 4] == 0)
        away = 1 + side * float(limits.take_profit_percent) / 100
        wishes[bare, 4] = _rounded(ticks * away)[bare]


def extremes_of(lane: Lane, opens: Ints) -> tuple[Floats, Floats]:
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


def _wishes(lane: Lane, rows: Ints) -> Ints:
    """Return decisions as the driver reads them, int64 (row, 7) (rules 10.1 and 10.3)."""
    decisions = lane.decisions
    enter_long, exit_long, enter_short, exit_short = (
        getattr(decisions, name)[rows] for name in FLAGS
    )
    both = enter_long & enter_short
    long = enter_long & ~exit_long & ~both
    short = enter_short & ~exit_short & ~both
    wishes = np.zeros((len(rows), 7), np.int64)
    wishes[:, 0] = long.astype(np.int64) - short.astype(np.int64)
    wishes[:, 1] = exit_long | (wishes[:, 0] < 0)
    wishes[:, 2] = exit_short | (wishes[:, 0] > 0)
    tick = float(lane.candles.instrument.tick)
    prices = (decisions.stop_price, decisions.target_price, decisions.trail_distance)
    for place, column in enumerate(prices, 3):
        if column is not None:
            wishes[:, place] = _rounded(column[rows] / tick)
    if decisions.size_fraction is not None:
        wishes[:, 6] = _rounded(decisions.size_fraction[rows] * RATE_PARTS)
    return wishes


def _rounded(column: Floats) -> Ints:
    """Return whole numbers, halves up, at least 1; 0 for NaN."""
    known = np.isfinite(column)
    whole = np.floor(np.where(known, column, 0.0) + 0.5)
    return np.where(known, np.maximum(whole, 1), 0).astype(np.int64)
