"""What the trades say: how often and how much they won, and for how long they were held."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.figure import Figure, missing, ratio
from sonde.markets.core.backtesting.results import Trades

_NO_TRADES = "no trades"
_NOTHING_LOST = "no losing trade"
_TWO = "needs two trades that differ"


@dataclass(frozen=True)
class Trading:
    """Figures of a set of trades; amounts in the account's currency, after all costs.

    Parameters
    ----------
    n, wins, losses : int
        A trade that made exactly nothing is neither.
    win_rate : Figure
        With its Wilson interval.
    profit_factor, payoff_ratio : Figure
        Sum of gains over sum of losses; mean gain over mean loss.
    expectancy, expectancy_r : Figure
        Mean result, and the same in units of the mean loss.
    sqn : Figure
        System quality number: sqrt(n) * mean / standard deviation.
    kelly : Figure
        Share of the account that grows it fastest, were the future as these trades; may be
        negative.
    median, best, worst : Figure
        Results of single trades.
    longest_winning, longest_losing : int
        Trades in a row.
    mean_bars, median_bars, longest_bars : Figure
        For how many bars trades were held.
    mean_held_ms : Figure
        For how long, in milliseconds.
    net, gross, fees, slippage, funding : float
        Sums; ``net = gross - fees - funding``, slippage is already inside gross.
    ambiguous : int
        Trades in which the order of high and low inside a bar decided something.
    """

    n: int
    wins: int
    losses: int
    win_rate: Figure
    profit_factor: Figure
    payoff_ratio: Figure
    expectancy: Figure
    expectancy_r: Figure
    sqn: Figure
    kelly: Figure
    median: Figure
    best: Figure
    worst: Figure
    longest_winning: int
    longest_losing: int
    mean_bars: Figure
    median_bars: Figure
    longest_bars: Figure
    mean_held_ms: Figure
    net: float
    gross: float
    fees: float
    slippage: float
    funding: float
    ambiguous: int


def trading(trades: Trades, decimals: int) -> Trading:
    """Return the figures of trades.

    Parameters
    ----------
    trades : Trades
        In the order of their exits.
    decimals : int
        Decimals of the account's currency: a unit is ``10**-decimals``.

    Returns
    -------
    Trading

    Notes
    -----
    System quality number and expectancy in R: V. Tharp, "Trade your way to financial freedom"
    (2007); R is the mean loss here, because not every trade has a stop. Kelly: J. Kelly (1956),
    ``W - (1 - W) / payoff``.
    """
    net = trades.net_units / 10.0**decimals
    gains, losses = net[net > 0], -net[net < 0]
    payoff = _payoff(gains, losses)
    won = wilson(int(gains.size), int(net.size))
    return Trading(
        n=int(net.size),
        wins=int(gains.size),
        losses=int(losses.size),
        win_rate=won,
        profit_factor=_lost(net, float(gains.sum()), float(losses.sum())),
        payoff_ratio=payoff,
        expectancy=_of(np.mean, net),
        expectancy_r=_lost(net, _mean(net), _mean(losses)),
        sqn=_sqn(net),
        kelly=_kelly(won, payoff),
        median=_of(np.median, net),
        best=_of(np.max, net),
        worst=_of(np.min, net),
        longest_winning=longest_run(net > 0),
        longest_losing=longest_run(net < 0),
        mean_bars=_of(np.mean, trades.bars_held),
        median_bars=_of(np.median, trades.bars_held),
        longest_bars=_of(np.max, trades.bars_held),
        mean_held_ms=_of(np.mean, trades.exit_time_ms - trades.entry_time_ms),
        ambiguous=int(trades.ambiguous.sum()),
        **{name: _sum(trades, name, decimals) for name in _SUMS},
    )


_SUMS = ("net", "gross", "fees", "slippage", "funding")


def wilson(wins: int, n: int, coverage: float = 0.95) -> Figure:
    """Return a share with its Wilson score interval.

    Parameters
    ----------
    wins, n : int
        0 <= wins <= n.
    coverage : float
        Between 0 and 1.

    Returns
    -------
    Figure

    Notes
    -----
    E. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
    (1927).

    Examples
    --------
    >>> found = wilson(8, 10)
    >>> found.value, round(found.low, 4), round(found.high, 4)
    (0.8, 0.4902, 0.9433)
    """
    if n == 0:
        return missing(_NO_TRADES)
    z = NormalDist().inv_cdf(0.5 + coverage / 2)
    share, weight = wins / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / weight
    half = z / weight * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return Figure(share, low=max(0.0, middle - half), high=min(1.0, middle + half))


def longest_run(flags: NDArray[np.bool_]) -> int:
    """Return the length of the longest run of True.

    Examples
    --------
    >>> longest_run(np.array([True, True, False, True]))
    2
    """
    edge = np.diff(np.concatenate(([False], flags, [False])).astype(np.int8))
    return int(np.max(np.flatnonzero(edge == -1) - np.flatnonzero(edge == 1), initial=0))


def _sum(trades: Trades, name: str, decimals: int) -> float:
    return float(int(getattr(trades, f"{name}_units").sum()) / 10**decimals)


def _of(measure: np.ufunc | object, values: NDArray[np.generic]) -> Figure:
    return Figure(float(measure(values))) if values.size else missing(_NO_TRADES)  # type: ignore[operator]


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else 0.0


def _lost(net: NDArray[np.float64], above: float, below: float) -> Figure:
    return ratio(above, below, _NOTHING_LOST if net.size else _NO_TRADES)


def _payoff(gains: NDArray[np.float64], losses: NDArray[np.float64]) -> Figure:
    if not gains.size:
        return missing("no winning trade" if losses.size else _NO_TRADES)
    return ratio(_mean(gains), _mean(losses), _NOTHING_LOST)


def _sqn(net: NDArray[np.float64]) -> Figure:
    if net.size < 2 or float(np.ptp(net)) == 0.0:
        return missing(_TWO if net.size else _NO_TRADES)
    return Figure(float(net.size**0.5 * net.mean() / net.std(ddof=1)))


def _kelly(won: Figure, payoff: Figure) -> Figure:
    if won.value is None or payoff.value is None:
        return missing(payoff.reason or won.reason)
    return Figure(won.value - (1 - won.value) / payoff.value)
