"""Charts of an account's trades: balance and drawdown, periods, costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sonde.markets.core.backtesting.metrics.drawdown import fall_below_peak
from sonde.markets.core.backtesting.metrics.periods import Period
from sonde.markets.core.trade_analytics import TradeAnalytics
from sonde.markets.ui.candle_figures import FALLING, RISING, iso_times
from sonde.platform.ui.figures import Axis, new_figure
from sonde.platform.ui.theme import series_colour

_STEPS: Final = 2_000
_UNDER: Final = "rgba(221,96,116,0.25)"


@dataclass(frozen=True, eq=False)
class Balance:
    """An account's balance over time: constant from one exit to the next.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (point,)
    worth : ndarray of float64, shape (point,)
        In the account's currency.
    start : float
    """

    time_ms: NDArray[np.int64]
    worth: NDArray[np.float64]
    start: float


def balance_of(found: TradeAnalytics) -> Balance:
    """Return the balance from the first entry on, in as many points as can be told apart."""
    if not len(found.closed):
        return Balance(np.zeros(0, np.int64), np.zeros(0), found.start)
    times = np.concatenate(([found.closed.entry_time_ms.min()], found.closed.exit_time_ms))
    worth = np.concatenate(([found.start], found.balance))
    every = max(1, -(-times.size // _STEPS))
    kept = np.unique(np.append(np.arange(0, times.size, every), times.size - 1))
    return Balance(times[kept], worth[kept], found.start)


def balance_figure(
    balance: Balance, holding: tuple[NDArray[np.int64], NDArray[np.float64]] | None, unit: str
) -> go.Figure:
    """Return the balance with who had bought and held above, and the drawdown below."""
    times = iso_times(balance.time_ms)
    fall = -100 * fall_below_peak(balance.worth, balance.start) if times else balance.worth
    traces: list[Any] = [
        go.Scatter(
            x=times,
            y=balance.worth,
            name="Account",
            mode="lines",
            line={"shape": "hv", "width": 1.6, "color": series_colour(0)},
            hovertemplate="%{x}<br>%{y:,.2f}<extra>Account</extra>",
        )
    ]
    if holding is not None:
        traces.append(
            go.Scatter(
                x=iso_times(holding[0]),
                y=holding[1],
                name="Buy and hold",
                mode="lines",
                line={"width": 1.2, "dash": "dot", "color": series_colour(1)},
                hovertemplate="%{x}<br>%{y:,.2f}<extra>Buy and hold</extra>",
            )
        )
    traces.append(_fall(times, fall))
    figure = new_figure(traces, x=Axis("Time, UTC", grid=False), legend=True)
    figure.layout.update(_strips(unit))
    return figure


def _fall(times: list[str], fall: NDArray[np.float64]) -> go.Scatter:
    return go.Scatter(
        x=times,
        y=fall,
        yaxis="y2",
        name="Drawdown",
        mode="lines",
        showlegend=False,
        fill="tozeroy",
        fillcolor=_UNDER,
        line={"shape": "hv", "width": 1, "color": FALLING},
        hovertemplate="%{x}<br>%{y:.2f} %<extra>Drawdown</extra>",
    )


_FALL: Final = {"text": "Drawdown, %", "font": {"size": 12}}


def _strips(unit: str) -> dict[str, Any]:
    grid = {"gridcolor": "rgba(125,133,148,0.22)", "zeroline": False, "automargin": True}
    return {
        "xaxis": {"type": "date", "anchor": "y2"},
        "yaxis": {**grid, "domain": [0.34, 1.0], "title": {"text": f"Balance, {unit}"}},
        "yaxis2": {**grid, "domain": [0.0, 0.27], "title": _FALL, "nticks": 3},
    }


def period_figure(rows: Sequence[Period], unit: str) -> go.Figure:
    """Return what each period brought; gains and losses differ in more than colour: the sign."""
    profits = [row.profit for row in rows]
    bars = go.Bar(
        x=[row.name for row in rows],
        y=profits,
        marker={"color": [RISING if profit >= 0 else FALLING for profit in profits]},
        hovertemplate="%{x}<br>%{y:+,.2f}<extra></extra>",
    )
    figure = new_figure([bars], x=Axis(""), y=Axis(f"Profit, {unit}"))
    figure.layout.xaxis.type = "category"
    return figure


def cost_figure(found: TradeAnalytics) -> go.Figure:
    """Return the way from gross to net."""
    overall = found.overall
    steps = go.Waterfall(
        x=["Gross", "Fees", "Funding", "Net"],
        y=[overall.gross, -overall.fees, -overall.funding, 0],
        measure=["absolute", "relative", "relative", "total"],
        increasing={"marker": {"color": RISING}},
        decreasing={"marker": {"color": FALLING}},
        totals={"marker": {"color": series_colour(0)}},
        connector={"line": {"width": 1, "color": "rgba(125,133,148,0.5)"}},
        hovertemplate="%{x}<br>%{y:,.2f}<extra></extra>",
    )
    figure = new_figure([steps], x=Axis(""), y=Axis(f"Amount, {found.currency.code}"))
    figure.layout.xaxis.type = "category"
    return figure


def result_figure(found: TradeAnalytics) -> go.Figure:
    """Return how often trades made how much."""
    net = found.closed.net_units / 10.0**found.currency.decimals
    bars = go.Histogram(
        x=net,
        nbinsx=min(40, max(8, int(net.size**0.5) * 2)),
        marker={"color": series_colour(0)},
        hovertemplate="%{x}<br>%{y} trades<extra></extra>",
    )
    along = Axis(f"Result of a trade, {found.currency.code}")
    return new_figure([bars], x=along, y=Axis("Trades"))
