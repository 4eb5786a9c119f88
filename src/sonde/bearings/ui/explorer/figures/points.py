"""Recordings as points: projections, and features against each other."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sonde.bearings.core.exploring.facts import Facts
from sonde.bearings.core.exploring.overview import class_order
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.features.table import FeatureTable
from sonde.bearings.ui.class_marks import class_colour, pale, sign_of
from sonde.platform.ui.figures import Axis, new_figure

_GRID: Final = "rgba(125,133,148,0.22)"
_SOLID_GRID: Final = "#9097a5"  # three dimensions know no half-transparent lines
_HOVER: Final = "%{customdata[1]}<br>%{customdata[0]}<br>click to look at it<extra></extra>"
_PANE_HOVER: Final = "%{fullData.name}<br>%{customdata[0]}<br>click to look at it<extra></extra>"


def projection_figure(
    points: NDArray[np.float32], facts: Facts, titles: Sequence[str]
) -> go.Figure:
    """Return a cloud in two or three dimensions, one sign and colour for each class."""
    in_space = points.shape[1] == 3
    traces = [
        _cloud(points[facts.labels == label], facts.at(np.flatnonzero(facts.labels == label)))
        for label in class_order(frozenset(facts.labels.tolist()))
    ]
    figure = new_figure(traces, x=Axis(titles[0]), y=Axis(titles[1]), legend=True)
    if in_space:
        axis = {
            "backgroundcolor": "rgba(0,0,0,0)",
            "gridcolor": _SOLID_GRID,
            "zerolinecolor": _SOLID_GRID,
            "showspikes": False,
            "tickfont": {"size": 10},
        }
        figure.layout.scene = {
            f"{name}axis": {**axis, "title": {"text": title}}
            for name, title in zip("xyz", titles, strict=True)
        }
        figure.layout.scene.camera = {"eye": {"x": 1.55, "y": 1.55, "z": 1.2}}
        figure.layout.legend.itemsizing = "constant"
        figure.layout.margin = {"l": 0, "r": 0, "t": 8, "b": 0}
    figure.layout.dragmode = "orbit" if in_space else "pan"
    return figure


def _cloud(points: NDArray[np.float32], facts: Facts) -> Any:
    label = str(facts.labels[0])
    in_space = points.shape[1] == 3
    marker = {
        "color": class_colour(label),
        "symbol": sign_of(label, in_space=in_space),
        "size": 3.5 if in_space else 7,
        "opacity": 0.82,
    }
    place = {
        name: np.ascontiguousarray(points[:, at])
        for at, name in enumerate("xyz"[: points.shape[1]])
    }
    kind = go.Scatter3d if in_space else go.Scatter
    return kind(
        **place,
        mode="markers",
        name=f"{class_title(label)} ({len(points)})",
        marker=marker,
        customdata=about(facts),
        hovertemplate=_HOVER,
    )


def about(facts: Facts) -> NDArray[np.object_]:
    """Return what a point tells: its id; its class, severity and bearing."""
    columns = (facts.labels.tolist(), facts.severities.tolist(), facts.bearings.tolist())
    titles = {label: class_title(label) for label in set(columns[0])}
    rows = [
        (one, f"{titles[label]} · {severity or 'severity not stated'}<br>{bearing}")
        for one, label, severity, bearing in zip(facts.id_texts(), *columns, strict=True)
    ]
    return np.array(rows, dtype=object)  # an array is checked at once, a list one by one


def matrix_figure(facts: Facts, table: FeatureTable) -> go.Figure:
    """Return features against each other below the diagonal, histograms on it."""
    n = len(table.names)
    labels = class_order(frozenset(facts.labels.tolist()))
    looks = {label: _looks(facts, label) for label in labels}
    traces: list[Any] = [_key(label) for label in labels]
    for row in range(n):
        for column in range(row + 1):
            axes = _axes(row * n + column)
            if row == column:
                traces.append(_diagonal(table.values[:, row], axes))
            else:
                traces += [_pairs(table, (row, column), one, axes) for one in looks.values()]
    figure = new_figure(traces, legend=True)
    figure.update_layout(_panes(table.names))
    figure.layout.margin = {"l": 64, "r": 12, "t": 12, "b": 52}
    figure.layout.legend = {"x": 1, "xanchor": "right", "y": 1, "yanchor": "top"}
    figure.layout.legend.itemsizing = "constant"
    return figure


def _looks(facts: Facts, label: str) -> tuple[NDArray[np.intp], dict[str, Any]]:
    """Return where a class' points are and how they look, which is the same in every pane."""
    places = np.flatnonzero(facts.labels == label)
    marker = {"color": class_colour(label), "symbol": sign_of(label), "size": 5, "opacity": 0.75}
    known = {
        "name": class_title(label),
        "marker": marker,
        "customdata": about(facts.at(places))[:, :1],
        "hovertemplate": _PANE_HOVER,
    }
    return places, known


def _key(label: str) -> go.Scatter:
    """Return an entry of the legend."""
    marker = {"color": class_colour(label), "symbol": sign_of(label), "size": 7}
    return go.Scatter(x=[None], y=[None], mode="markers", name=class_title(label), marker=marker)


def _axes(cell: int) -> dict[str, str]:
    number = "" if cell == 0 else str(cell + 1)
    return {"xaxis": f"x{number}", "yaxis": f"y{number}"}


def _panes(names: Sequence[str]) -> dict[str, Any]:
    n = len(names)
    width, gap = 1 / n, 0.035
    layout: dict[str, Any] = {}
    plain = {"showgrid": True, "gridcolor": _GRID, "zeroline": False, "tickfont": {"size": 9}}
    for row in range(n):
        for column in range(row + 1):
            axes = _axes(row * n + column)
            x_name, y_name = (
                axes["xaxis"].replace("x", "xaxis"),
                axes["yaxis"].replace("y", "yaxis"),
            )
            bottom = 1 - (row + 1) * width
            x_title = names[column] if row == n - 1 else ""
            y_title = names[row] if column == 0 else ""
            layout[x_name] = plain | {
                "domain": [column * width + gap / 2, (column + 1) * width - gap / 2],
                "anchor": axes["yaxis"],
                "title": {"text": x_title, "font": {"size": 11}},
                "nticks": 4,
            }
            layout[y_name] = plain | {
                "domain": [bottom + gap / 2, bottom + width - gap / 2],
                "anchor": axes["xaxis"],
                "title": {"text": y_title, "font": {"size": 11}},
                "nticks": 4,
            }
    return layout


def _diagonal(values: NDArray[np.float64], axes: dict[str, str]) -> go.Histogram:
    return go.Histogram(
        x=values[np.isfinite(values)],
        nbinsx=24,
        showlegend=False,
        marker={"color": pale("#8b93a1", 0.55), "line": {"width": 0}},
        hovertemplate="%{x}: %{y}<extra></extra>",
        **axes,
    )


def _pairs(
    table: FeatureTable,
    cell: tuple[int, int],
    looks: tuple[NDArray[np.intp], dict[str, Any]],
    axes: dict[str, str],
) -> go.Scatter:
    places, known = looks
    row, column = cell
    return go.Scatter(
        x=table.values[places, column].astype(np.float32),
        y=table.values[places, row].astype(np.float32),
        mode="markers",
        showlegend=False,
        **known,
        **axes,
    )
