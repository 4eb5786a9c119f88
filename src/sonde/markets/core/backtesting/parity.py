"""A paper replay against the backtest of the same period: every difference, and why.

Both come from one engine, so what differs comes from what the two were told: latency, costs,
finer candles, a feed that went stale. A difference that none of these explains is said to be
unexplained, and is worth a look.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from sonde.markets.core.backtesting.results import Trades
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.candles import Candles
from sonde.markets.core.instruments import FeeSchedule
from sonde.platform.core.errors import Invalid

DifferenceKind = Literal["missing", "extra", "time", "price", "quantity", "fee"]
_SAME = 1e-12


@dataclass(frozen=True)
class Conditions:
    """What one side was told.

    Parameters
    ----------
    timeframe_ms : int
        Length of a bar, milliseconds.
    fees : FeeSchedule
    costs : Mapping of str to object
        Spread, slippage, impact, volume share and rule of limits, by name.
    latency_ms : int
        From a decision until its order can be acted on.
    detail_ms : int or None
        Length of a bar of the finer candles, None without.
    stale_ms : tuple of (int, int)
        Spans [from, to) in which the feed was stale and entries were blocked.
    """

    timeframe_ms: int
    fees: FeeSchedule
    costs: Mapping[str, object]
    latency_ms: int = 0
    detail_ms: int | None = None
    stale_ms: tuple[tuple[int, int], ...] = ()


def conditions_of(
    candles: Candles,
    settings: BacktestSettings,
    detail: Candles | None = None,
    stale_ms: tuple[tuple[int, int], ...] = (),
) -> Conditions:
    """Return what a backtest, or a replay with the same settings, was told.

    Parameters
    ----------
    candles : Candles
    settings : BacktestSettings
    detail : Candles or None
    stale_ms : tuple of (int, int)
        Spans in which the feed was stale; a backtest has none.

    Returns
    -------
    Conditions
    """
    return Conditions(
        timeframe_ms=candles.timeframe.ms,
        fees=settings.fees or candles.instrument.fees,
        costs=asdict(settings.costs),
        latency_ms=settings.latency_ms,
        detail_ms=None if detail is None else detail.timeframe.ms,
        stale_ms=stale_ms,
    )


@dataclass(frozen=True)
class TradeDifference:
    """One difference.

    Parameters
    ----------
    kind : {"missing", "extra", "time", "price", "quantity", "fee"}
        Missing and extra as seen from the paper account.
    symbol : str
    what : str
        "entry", "exit" or "trade".
    paper_row, backtest_row : int or None
        Which trades, counted from 0.
    paper, backtest : float or None
        What differs: milliseconds UTC, price, steps or units of the account.
    explanation : str
        Which setting makes the difference; empty if none does.
    """

    kind: DifferenceKind
    symbol: str
    what: str
    paper_row: int | None
    backtest_row: int | None
    paper: float | None
    backtest: float | None
    explanation: str

    @property
    def is_explained(self) -> bool:
        """Whether a setting makes the difference."""
        return bool(self.explanation)


@dataclass(frozen=True)
class Parity:
    """Trade by trade.

    Parameters
    ----------
    pairs : tuple of (int, int)
        Rows of paper and backtest that are the same trade.
    identical : int
        Pairs without any difference.
    differences : tuple of TradeDifference
        In order of time.
    """

    pairs: tuple[tuple[int, int], ...]
    identical: int
    differences: tuple[TradeDifference, ...]

    @property
    def unexplained(self) -> tuple[TradeDifference, ...]:
        """Differences that no setting makes."""
        return tuple(each for each in self.differences if not each.is_explained)

    def count(self, kind: DifferenceKind) -> int:
        """Return how many differences are of a kind."""
        return sum(each.kind == kind for each in self.differences)


def parity(paper: Trades, backtest: Trades, told: tuple[Conditions, Conditions]) -> Parity:
    """Set the trades of a paper account beside those of a backtest.

    Parameters
    ----------
    paper, backtest : Trades
        Of the same period, in one account unit.
    told : (Conditions, Conditions)
        What the paper account and the backtest were told.

    Returns
    -------
    Parity

    Raises
    ------
    Invalid
        If the two count in bars of different lengths.
    """
    if told[0].timeframe_ms != told[1].timeframe_ms:
        raise Invalid(
            f"Paper decides on bars of {told[0].timeframe_ms} ms and the backtest on bars of "
            f"{told[1].timeframe_ms} ms; these are two strategies.",
            field="timeframe",
        )
    pairs = _pairs(paper, backtest, told)
    found: list[tuple[int, TradeDifference]] = []
    identical, moved = 0, False
    for row, other in pairs:
        differences = tuple(_of_pair(paper, backtest, (row, other), told, moved=moved))
        identical += not differences
        moved = moved or bool(differences)
        found += [(int(backtest.entry_time_ms[other]), each) for each in differences]
    found += _alone(paper, backtest, pairs, told)
    found.sort(key=lambda each: each[0])
    return Parity(pairs, identical, tuple(each for _, each in found))


def _pairs(
    paper: Trades, backtest: Trades, told: tuple[Conditions, Conditions]
) -> tuple[tuple[int, int], ...]:
    """Return rows of the same symbol and side whose entries lie within a bar and the latency."""
    near_ms = told[0].timeframe_ms + abs(told[0].latency_ms - told[1].latency_ms)
    pairs: list[tuple[int, int]] = []
    for symbol in np.unique(np.concatenate((paper.symbol, backtest.symbol))):
        for side in (1, -1):
            rows = [
                np.flatnonzero((each.symbol == symbol) & (each.side == side))
                for each in (paper, backtest)
            ]
            pairs += _nearest(
                [int(row) for row in rows[0]],
                [int(row) for row in rows[1]],
                (paper.entry_time_ms, backtest.entry_time_ms),
                near_ms,
            )
    return tuple(sorted(pairs))


def _nearest(
    own: list[int],
    other: list[int],
    times_ms: tuple[np.typing.NDArray[np.int64], np.typing.NDArray[np.int64]],
    near_ms: int,
) -> Iterator[tuple[int, int]]:
    """Walk both lists in order of entry; a trade is paired with the nearest of the other side."""
    own = sorted(own, key=lambda row: times_ms[0][row])
    other = sorted(other, key=lambda row: times_ms[1][row])
    i = j = 0
    while i < len(own) and j < len(other):
        apart = int(times_ms[0][own[i]] - times_ms[1][other[j]])
        if abs(apart) > near_ms:
            i, j = (i, j + 1) if apart > 0 else (i + 1, j)
        elif j + 1 < len(other) and abs(int(times_ms[0][own[i]] - times_ms[1][other[j + 1]])) < abs(
            apart
        ):
            j += 1
        elif i + 1 < len(own) and abs(int(times_ms[0][own[i + 1]] - times_ms[1][other[j]])) < abs(
            apart
        ):
            i += 1
        else:
            yield own[i], other[j]
            i, j = i + 1, j + 1


def _of_pair(
    paper: Trades,
    backtest: Trades,
    rows: tuple[int, int],
    told: tuple[Conditions, Conditions],
    *,
    moved: bool,
) -> Iterator[TradeDifference]:
    """Return what differs between two rows that are the same trade."""
    row, other = rows
    symbol = str(paper.symbol[row])
    late = price = False
    for what in ("entry", "exit"):
        mine = int(getattr(paper, f"{what}_time_ms")[row])
        yours = int(getattr(backtest, f"{what}_time_ms")[other])
        moment = mine != yours
        if moment:
            why = _why_time(mine, yours, told)
            yield TradeDifference("time", symbol, what, row, other, mine, yours, why)
        paid = float(getattr(paper, f"{what}_price")[row])
        there = float(getattr(backtest, f"{what}_price")[other])
        if abs(paid - there) > _SAME * max(abs(paid), abs(there)):
            price = True
            why = _why_price(told, moment=moment)
            yield TradeDifference("price", symbol, what, row, other, paid, there, why)
        late = late or moment
    steps = int(paper.quantity_steps[row]), int(backtest.quantity_steps[other])
    if steps[0] != steps[1]:
        why = _why_quantity(told, price=price, moved=moved)
        yield TradeDifference("quantity", symbol, "trade", row, other, *steps, why)
    fees = int(paper.fees_units[row]), int(backtest.fees_units[other])
    if fees[0] != fees[1]:
        why = _why_fee(told, price=price, quantity=steps[0] != steps[1])
        yield TradeDifference("fee", symbol, "trade", row, other, *fees, why)


def _alone(
    paper: Trades,
    backtest: Trades,
    pairs: tuple[tuple[int, int], ...],
    told: tuple[Conditions, Conditions],
) -> Iterator[tuple[int, TradeDifference]]:
    """Return the trades that only one side has."""
    sides: tuple[tuple[DifferenceKind, Trades, int, Conditions, Conditions], ...] = (
        ("extra", paper, 0, told[1], told[0]),
        ("missing", backtest, 1, told[0], told[1]),
    )
    for kind, trades, place, lacking, having in sides:
        known = {pair[place] for pair in pairs}
        for row in range(len(trades)):
            if row in known:
                continue
            entry_ms = int(trades.entry_time_ms[row])
            yield (
                entry_ms,
                TradeDifference(
                    kind,
                    str(trades.symbol[row]),
                    "trade",
                    row if kind == "extra" else None,
                    row if kind == "missing" else None,
                    entry_ms if kind == "extra" else None,
                    entry_ms if kind == "missing" else None,
                    _why_alone(entry_ms, int(trades.exit_time_ms[row]), lacking, having),
                ),
            )


def _why_time(mine: int, yours: int, told: tuple[Conditions, Conditions]) -> str:
    apart, bar = abs(mine - yours), told[0].timeframe_ms
    if any(_is_stale(min(mine, yours), each) for each in told):
        return "stale feed: no price, so nothing filled until it came back"
    if told[0].detail_ms != told[1].detail_ms and apart < bar:
        return "finer candles: one side knows when inside the bar it happened"
    latency = abs(told[0].latency_ms - told[1].latency_ms)
    if latency and apart <= latency + bar:
        return f"latency: {latency} ms later, so the next bar filled it"
    if _costs_differ(told):
        return "costs: another volume share or rule of limits fills at another bar"
    return ""


def _why_price(told: tuple[Conditions, Conditions], *, moment: bool) -> str:
    if moment:
        return "follows from the time"
    if _costs_differ(told):
        return "costs: spread, slippage or volume share differ"
    if told[0].detail_ms != told[1].detail_ms:
        return "finer candles: the order of high and low inside the bar is known"
    if told[0].latency_ms != told[1].latency_ms:
        return "latency: the order met another price inside the bar"
    return ""


def _why_quantity(told: tuple[Conditions, Conditions], *, price: bool, moved: bool) -> str:
    if price:
        return "follows from the price"
    if moved:
        return "follows from an earlier trade: the account has another balance"
    if told[0].fees != told[1].fees:
        return "fees: what is kept for them limits the quantity"
    return "costs: another volume share" if _costs_differ(told) else ""


def _why_fee(told: tuple[Conditions, Conditions], *, price: bool, quantity: bool) -> str:
    if told[0].fees != told[1].fees:
        return "fees: another schedule"
    if price or quantity:
        return f"follows from the {'price' if price else 'quantity'}"
    return ""


def _why_alone(entry_ms: int, exit_ms: int, lacking: Conditions, having: Conditions) -> str:
    if _is_stale(entry_ms, lacking):
        return "stale feed: entries were blocked"
    latency = abs(lacking.latency_ms - having.latency_ms)
    if latency and exit_ms - entry_ms <= latency + lacking.timeframe_ms:
        return f"latency: over before {latency} ms had passed"
    if _costs_differ((lacking, having)):
        return "costs: another volume share or rule of limits, so it filled on one side only"
    if lacking.detail_ms != having.detail_ms:
        return "finer candles: the order of high and low inside a bar decided otherwise"
    return ""


def _is_stale(moment_ms: int, told: Conditions) -> bool:
    """Whether the bar of this moment, or the decision a bar before it, met a stale feed."""
    return any(
        begin - told.timeframe_ms <= moment_ms < end + told.timeframe_ms
        for begin, end in told.stale_ms
    )


def _costs_differ(told: tuple[Conditions, Conditions]) -> bool:
    return dict(told[0].costs) != dict(told[1].costs)
