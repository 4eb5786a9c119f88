"""Charts of the visualization page."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sonde.platform.ui.figures import Axis, line, new_figure
from sonde.platform.ui.theme import SERIES, series_colour

_SIGNS: Final = ("circle", "square", "diamond", "triangle-up", "cross", "x")
_DIVERGING: Final = [[0.0, "#c2410c"], [0.5, "#e8eaee"], [1.0, SERIES[0]]]
_HOT: Final = [[0.0, "rgba(232,133,58,0.0)"], [1.0, "rgba(232,133,58,0.85)"]]
_CALM: Final = "#8b93a1"
_RISING: Final = [[0.0, "rgba(125,133,148,0.10)"], [1.0, SERIES[0]]]
_MOST_NAMES: Final = 12
_MOST_POINTS: Final = 2000


def names_in_order(found: Mapping[str, Any], marks: Sequence[str]) -> list[str]:
    """Return every name once: classes as everywhere, so that they keep their colours, else sorted.

    Examples
    --------
    >>> names_in_order({"class_names": ["healthy", "ball"]}, ["ball", "healthy", "ball"])
    ['healthy', 'ball']
    >>> names_in_order({"class_names": ["healthy"]}, ["g2", "g1"])
    ['g1', 'g2']
    """
    there = set(marks)
    if there <= set(found["class_names"]):
        return [name for name in found["class_names"] if name in there]
    return sorted(there)


def map_figure(found: Mapping[str, Any], marks: Sequence[str]) -> go.Figure:
    """Return samples in the plane; `marks` says what each is coloured by."""
    names = names_in_order(found, marks)
    shown = names[:_MOST_NAMES]
    x, y = np.array(found["x"], dtype=float), np.array(found["y"], dtype=float)
    where = np.array(marks)
    traces = []
    for place, name in enumerate([*shown, *(["others"] if len(names) > len(shown) else [])]):
        mine = where == name if name in shown else ~np.isin(where, shown)
        rows = np.flatnonzero(mine)
        traces.append(
            go.Scatter(
                x=x[rows],
                y=y[rows],
                mode="markers",
                name=str(name),
                marker={
                    "size": 7,
                    "opacity": 0.8,
                    "color": series_colour(place),
                    "symbol": _SIGNS[place % len(_SIGNS)],
                },
                customdata=[found["samples"][row] for row in rows.tolist()],
                text=[
                    f"{found['recordings'][row]}<br>{found['groups'][row]}<br>"
                    f"sample {found['samples'][row]}"
                    for row in rows.tolist()
                ],
                hovertemplate="%{text}<extra>%{fullData.name}</extra>",
            )
        )
    shares = [f" ({share:.0%} of the variance)" for share in found["explained"]] or ["", ""]
    titles = [f"First axis{shares[0]}", f"Second axis{shares[-1]}"]
    return new_figure(
        traces, x=Axis(titles[0], grid=False), y=Axis(titles[1], grid=False), legend=True
    )


def activation_figure(found: Mapping[str, Any]) -> go.Figure:
    """Return one layer's answers over time, strongest filter first."""
    values = np.array(found["map"], dtype=float)[::-1]  # the first row on top
    reach = float(np.abs(values).max()) or 1.0
    image = go.Heatmap(
        z=values,
        x0=0.0,
        dx=found["duration_s"] / values.shape[1],
        y=[f"filter {row}" for row in reversed(found["rows"])],
        zmin=-reach,
        zmax=reach,
        colorscale=_DIVERGING,
        colorbar={"thickness": 10},
        hovertemplate="%{x:.4f} s, %{y}: %{z:.3g}<extra></extra>",
    )
    return new_figure([image], x=Axis("Time (s)", grid=False), y=Axis("", grid=False))


def picture_figure(found: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> go.Figure:
    """Return one sample as an image."""
    values = np.rint(arrays["values"])
    image = go.Heatmap(
        z=values.astype(np.int8) if np.isfinite(values).all() else values,
        x=arrays["x"].astype(np.float32),
        y=arrays["y"].astype(np.float32),
        zmin=found["low"],
        zmax=found["high"],
        colorscale="Viridis",
        colorbar={"title": {"text": found["unit"]}, "thickness": 12, "outlinewidth": 0},
        hovertemplate=f"%{{x:,.4~g}}, %{{y:,.4~g}}: %{{z}} {found['unit']}<extra></extra>",
    )
    axes = [
        Axis(found[name]["title"], logarithmic=found[name]["is_log"], grid=False)
        for name in ("x", "y")
    ]
    figure = new_figure([image], x=axes[0], y=axes[1])
    octaves = {"tick0": 0, "dtick": float(np.log10(2.0))}
    return figure.update_yaxes(**octaves) if found["y"]["is_log"] else figure


def window_figure(values: Sequence[float] | NDArray[Any], duration_s: float) -> go.Figure:
    """Return the sample itself."""
    shown = _peaks(np.asarray(values, dtype=float))
    trace = line(shown, dx=duration_s / len(shown), name="Window")
    return new_figure([trace], x=Axis("Time (s)"), y=Axis("Signal"))


def gradient_figure(
    window: NDArray[np.floating[Any]], gradient: NDArray[np.floating[Any]], rate_hz: float
) -> go.Figure:
    """Return a window, its stretches shaded by the size of the gradient there."""
    window, size = window[: len(gradient)], np.abs(gradient)
    n_cells = min(len(size), 240)
    edges = np.linspace(0, len(size), n_cells + 1).astype(int)
    shade = np.array([size[low:high].mean() for low, high in pairwise(edges.tolist())])
    low, high = float(window.min()), float(window.max())
    image = go.Heatmap(
        z=[shade / (float(shade.max()) or 1.0)],
        x=edges / rate_hz,
        y=[low, high],
        colorscale=_HOT,
        showscale=False,
        hoverinfo="skip",
    )
    shown = _peaks(window)
    trace = line(shown, dx=len(window) / rate_hz / len(shown), width=0.9, colour=_CALM)
    return new_figure([image, trace], x=Axis("Time (s)", grid=False), y=Axis("Signal", grid=False))


def _peaks(values: NDArray[np.floating[Any]]) -> NDArray[Any]:
    """Return at most about 2,000 values: lowest and highest of each stretch, so no peak is lost."""
    if len(values) <= _MOST_POINTS:
        return np.asarray(values)
    edges = np.linspace(0, len(values), _MOST_POINTS // 2 + 1).astype(int)
    pairs = [(values[low:high].min(), values[low:high].max()) for low, high in pairwise(edges)]
    return np.array(pairs).ravel()


def gradient_spectrum_figure(spectrum: NDArray[np.floating[Any]], rate_hz: float) -> go.Figure:
    """Return the spectrum of the gradient: which frequencies move the answer."""
    step_hz = rate_hz / 2.0 / max(len(spectrum) - 1, 1)
    n_bins = min(len(spectrum), 400)
    edges = np.linspace(0, len(spectrum), n_bins + 1).astype(int)
    shares = np.add.reduceat(spectrum.astype(float), edges[:-1])
    trace = line(shares, dx=step_hz * len(spectrum) / n_bins)
    return new_figure([trace], x=Axis("Frequency (Hz)"), y=Axis("Share of the gradient's energy"))


def filter_figure(found: Mapping[str, Any]) -> go.Figure:
    """Return what each filter lets through, ordered by its peak."""
    image = go.Heatmap(
        z=np.array(found["responses"], dtype=float),
        x0=0.0,
        dx=found["step_hz"],
        y=[f"filter {one}" for one in found["filters"]],
        colorscale=_RISING,
        colorbar={"thickness": 10},
        hovertemplate="%{x:.0f} Hz, %{y}: %{z:.2f}<extra></extra>",
    )
    return new_figure([image], x=Axis("Frequency (Hz)", grid=False), y=Axis("", grid=False))
