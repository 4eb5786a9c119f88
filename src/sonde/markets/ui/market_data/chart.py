"""The chart of a series: candles, what they say in a sentence, and the same as a table."""

from typing import Any, Final

import dash_mantine_components as dmc
import numpy as np
from dash import html
from numpy.typing import NDArray

from sonde.markets.core.indicators.catalogue import INDICATORS
from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.prices.condensing import candle_length, condensed
from sonde.markets.core.prices.views import MOST_INDICATORS, PriceView
from sonde.markets.core.timeframes import timeframe_of_length
from sonde.markets.ui.candle_figures import CandleChart, Curve, Pane, candle_figure
from sonde.markets.ui.market_data.ids import DataId, DataType
from sonde.markets.ui.market_data.state import ViewState
from sonde.platform.ui.components import note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

_TWIN_ROWS: Final = 40
_DAY: Final = 86_400_000
_SPANS: Final = (("1 D", _DAY), ("1 W", 7 * _DAY), ("1 M", 30 * _DAY), ("1 Y", 365 * _DAY))
_COLUMNS = (
    Column("Opened"),
    Column("Open", numeric=True),
    Column("High", numeric=True),
    Column("Low", numeric=True),
    Column("Close", numeric=True),
    Column("Volume", numeric=True),
)
# Outputs that are prices, and so stand among the candles; all others stand below.
_OVER: Final = frozenset(
    {"sma", "ema", "bollinger", "vwap", "keltner", "donchian", "supertrend", "ichimoku"}
)
_HIDDEN: Final = frozenset({"supertrend_direction"})
_PRICES: Final = frozenset({"open", "high", "low", "close", "volume"})


def chart_panel(view: PriceView, state: ViewState) -> list[Any]:
    """Return the chart with its sentence and its table."""
    seen = view.in_view
    if seen.n == 0:
        text = "No bar opened in this period: there is a gap here. Choose another one, or All."
        return [note(text, Tone.WARN, title="Nothing in view")]
    chart = candle_chart(view, state)
    columns = condensed(seen, candle_length(view.series.timeframe, _width(view), _TWIN_ROWS))
    return [
        graph(
            candle_figure(chart),
            id=DataId.CHART.value,
            name=f"Candles of {view.series.key}",
            summary=sentence(view, seen),
            twin=Twin(_COLUMNS, _twin_rows(columns)),
            height=chart.height,
        )
    ]


def candle_chart(view: PriceView, state: ViewState) -> CandleChart:
    """Return what the chart of a view shows."""
    instrument = view.series.instrument
    overlays: list[Curve] = []
    panes: list[Pane] = []
    for name, outputs in view.indicators.items():
        curves = [
            Curve(_output_name(output), values)
            for output, values in outputs.items()
            if output not in _HIDDEN
        ]
        if name in _OVER:
            overlays += curves
        else:
            panes.append(Pane(_pane_title(name), curves))
    return CandleChart(
        view.candles,
        view.span,
        view.length_ms,
        instrument.quote or "quote",
        instrument.base or "base",
        overlays,
        panes,
        state.mark,
    )


def sentence(view: PriceView, seen: PriceColumns) -> str:
    """Say what is in view."""
    first, last = float(seen.open[0]), float(seen.close[-1])
    unit = view.series.instrument.quote
    return (
        f"From {when(int(seen.open_time_ms[0]))} on, the price went from {price_words(first)} to "
        f"{price_words(last)} {unit} ({100 * (last / first - 1):+.2f} %), between "
        f"{price_words(float(seen.low.min()))} and {price_words(float(seen.high.max()))}; "
        f"{count(seen.n)} candles of {length_words(view.length_ms)} each."
    )


def length_words(length_ms: int) -> str:
    """Return how long a candle is.

    Examples
    --------
    >>> length_words(3_600_000), length_words(3 * 7 * 86_400_000)
    ('1h', '3 weeks')
    """
    known = timeframe_of_length(length_ms)
    return known.name if known else f"{length_ms // (7 * _DAY)} weeks"


def indicator_choice(shown: tuple[str, ...]) -> Any:
    """Return the choice of what is drawn over and below the candles."""
    options = [
        {"value": name, "label": each.title}
        for name, each in INDICATORS.items()
        if name not in _PRICES
    ]
    return dmc.MultiSelect(
        id=DataId.SHOW,
        label="Indicators",
        data=options,
        value=list(shown),
        placeholder="None" if not shown else "",
        maxValues=MOST_INDICATORS,
        searchable=True,
        clearable=True,
        className="sonde-look-find",
    )


def span_buttons() -> Any:
    """Return the ways to the end of the series, and to all of it."""
    spans = [*_SPANS, ("All", 0)]
    return html.Div(
        [
            dmc.Button(
                label,
                id={"type": DataType.SPAN.value, "ms": length},
                size="compact-sm",
                variant="default",
                **{"aria-label": "Show all" if not length else f"Show {label} to the end of view"},
            )
            for label, length in spans
        ],
        className="sonde-row",
        role="group",
        **{"aria-label": "Period"},
    )


def _pane_title(name: str) -> str:
    return name.upper() if len(name) <= 4 else name.replace("_", " ").capitalize()


def _output_name(output: str) -> str:
    return output.replace("_", " ")


def _width(view: PriceView) -> int:
    return view.span[1] - view.span[0]


def _twin_rows(columns: PriceColumns) -> list[list[str]]:
    return [
        [
            when(int(columns.open_time_ms[k])),
            *(price_words(float(values[k])) for values in _five(columns)),
        ]
        for k in range(columns.n)
    ]


def _five(columns: PriceColumns) -> tuple[NDArray[np.float64], ...]:
    return columns.open, columns.high, columns.low, columns.close, columns.volume


def price_words(value: float) -> str:
    """Write a price or an amount with as many figures as it needs.

    Examples
    --------
    >>> price_words(64011.5), price_words(0.00001234)
    ('64,011.5', '0.00001234')
    """
    text = f"{value:,.8f}".rstrip("0").rstrip(".")
    return text if abs(value) < 1 else f"{value:,.6f}".rstrip("0").rstrip(".")
