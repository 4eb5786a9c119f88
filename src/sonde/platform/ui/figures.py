"""One factory for every chart: the same look, typed arrays, a name, a summary, a table twin.

Colours of text and grid come from ``assets/sonde.css``, so that a chart follows the theme without
being drawn again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from dash import dcc, html
from numpy.typing import ArrayLike

from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import FONT, SERIES

GRAPH_CONFIG: Final[dict[str, Any]] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    "toImageButtonOptions": {"format": "svg", "filename": "sonde"},
}
_INK: Final = "#6f7787"
_GRID: Final = "rgba(125,133,148,0.22)"


@dataclass(frozen=True)
class Axis:
    """One axis: its title with the unit, a range where it is fixed, a logarithmic scale."""

    title: str = ""
    range: tuple[float, float] | None = None
    logarithmic: bool = False
    grid: bool = True
    categories: Sequence[str] = ()


@dataclass(frozen=True)
class Twin:
    """The table beside a chart: the same facts for those who read instead of look."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]] = field(default=())


def new_figure(
    traces: Sequence[Any] = (),
    *,
    x: Axis | None = None,
    y: Axis | None = None,
    legend: bool = False,
) -> go.Figure:
    """Return a figure in the look of the house, with its axes named."""
    # the layout goes in at once: update_layout afterwards costs five times as much
    layout: dict[str, Any] = {
        "template": go.layout.Template(),
        "colorway": list(SERIES),
        "font": {"family": FONT, "size": 12, "color": _INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 56, "r": 16, "t": 12, "b": 44},
        "hovermode": "closest",
        "hoverlabel": {"font": {"family": FONT, "size": 12}, "bordercolor": "rgba(0,0,0,0)"},
        "showlegend": legend,
        "legend": {
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "bgcolor": "rgba(0,0,0,0)",
        },
        "uirevision": "keep",
        "dragmode": "zoom",
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": _INK, "activecolor": SERIES[0]},
        "xaxis": _axis(x or Axis(grid=False)),
        "yaxis": _axis(y or Axis()),
    }
    return go.Figure(list(traces), layout=layout)


def line(
    y: ArrayLike,
    *,
    x: ArrayLike | None = None,
    x0: float = 0.0,
    dx: float = 1.0,
    name: str = "",
    colour: str = SERIES[0],
    width: float = 1.3,
) -> go.Scatter:
    """Return a line; values stay typed arrays, and even spacing is `x0` and `dx`."""
    values = np.ascontiguousarray(y, dtype=np.float32)
    place = {"x0": x0, "dx": dx} if x is None else {"x": np.ascontiguousarray(x)}
    return go.Scatter(
        y=values, mode="lines", name=name, line={"color": colour, "width": width}, **place
    )


def bars(
    names: Sequence[str], values: ArrayLike, *, colours: Sequence[str] = (), name: str = ""
) -> go.Bar:
    """Return bars over named things."""
    return go.Bar(
        x=list(names),
        y=np.asarray(values),
        name=name,
        marker={"color": list(colours) or SERIES[0], "cornerradius": 4},
    )


def graph(
    figure: go.Figure,
    *,
    id: Any,
    name: str,
    summary: str,
    twin: Twin | None = None,
    height: int = 300,
) -> html.Figure:
    """Return a chart that everyone can read.

    Parameters
    ----------
    figure : Figure
        From `new_figure`.
    id : str or dict
        Of the `dcc.Graph`; the one-sentence summary gets ``<id>-summary``.
    name : str
        What the chart is, for screen readers.
    summary : str
        What it shows, in one sentence.
    twin : Twin, optional
        The same facts as a table.
    height : int
        In pixels.
    """
    chart = dcc.Graph(
        id=id, figure=figure, config=GRAPH_CONFIG, style={"height": f"{height}px", "width": "100%"}
    )
    summary_id = {"id": f"{id}-summary"} if isinstance(id, str) else {}
    children = [
        html.Div(chart, role="group", **{"aria-label": f"{name}. {summary}"}),
        html.Figcaption(summary, className="sonde-chart-summary", **summary_id),
    ]
    if twin is not None:
        children.append(table_twin(twin))
    return html.Figure(children, className="sonde-chart")


def table_twin(twin: Twin) -> html.Details:
    """Return the table beside a chart, folded away."""
    return html.Details(
        [html.Summary("Show as table"), plain_table(twin.columns, twin.rows)],
        className="sonde-twin",
    )


def _axis(axis: Axis) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "title": {"text": axis.title, "font": {"size": 12}, "standoff": 8},
        "showgrid": axis.grid,
        "gridcolor": _GRID,
        "zeroline": False,
        "linecolor": _GRID,
        "ticks": "",
        "tickfont": {"size": 11},
        "automargin": True,
    }
    if axis.logarithmic:
        properties["type"] = "log"
    if axis.categories:
        properties |= {"type": "category", "categoryarray": list(axis.categories)}
    if axis.range is not None:
        properties["range"] = list(axis.range)
    return properties
