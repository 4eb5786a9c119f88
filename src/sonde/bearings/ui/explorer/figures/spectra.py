"""Class-mean spectra with their spread."""

from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sonde.bearings.core.class_spectra import ClassCurve, ClassSpectra, SpectrumKind
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.ui.class_marks import class_colour, pale
from sonde.platform.ui.figures import Axis, new_figure

MOST_BANDS: Final = 4
_FLOOR: Final = 1e-30


def spectra_figure(found: ClassSpectra, *, logarithmic: bool, unit: str) -> go.Figure:
    """Return one line for each class; bands from the 10th to the 90th percentile for a few."""
    shown = found.classes
    in_ms = found.kind is SpectrumKind.CEPSTRUM
    step = float(found.axis[1] - found.axis[0]) * (1000 if in_ms else 1)
    is_log = logarithmic and not in_ms
    traces: list[Any] = []
    if len(shown) <= MOST_BANDS:
        for one in shown:
            traces += _band(one, step, is_log=is_log)
    for one in shown:
        trace = go.Scatter(
            y=_drawn(one.mean, is_log=is_log),
            x0=step,
            dx=step,
            mode="lines",
            name=f"{class_title(one.label)} ({one.n})",
            line={"color": class_colour(one.label), "width": 1.4},
            hovertemplate="%{x:.4g}: %{y:.3g}<extra>" + class_title(one.label) + "</extra>",
        )
        traces.append(trace)
    x = Axis("Quefrency, ms" if in_ms else "Frequency, Hz")
    y = Axis(height_title(found.kind, unit), None, is_log)
    figure = new_figure(traces, x=x, y=y, legend=True)
    figure.layout.legend.traceorder = "normal"
    figure.layout.yaxis.exponentformat = "power"
    return figure


def height_title(kind: SpectrumKind, unit: str) -> str:
    """Return what the height of a curve means.

    Examples
    --------
    >>> height_title(SpectrumKind.PSD, "g"), height_title(SpectrumKind.PSD, "m/s²")
    ('Power density, g²/Hz', 'Power density, (m/s²)²/Hz')
    """
    if kind is SpectrumKind.ENVELOPE:
        return "Squared envelope, relative to its mean"
    if kind is SpectrumKind.CEPSTRUM:
        return "Real cepstrum"
    if not unit or unit == "unknown":
        return "Power density, square of the signal's unit per Hz"
    return f"Power density, {f'({unit})²' if '/' in unit else f'{unit}²'}/Hz"


def _band(one: ClassCurve, step: float, *, is_log: bool) -> list[go.Scatter]:
    plain = {
        "x0": step,
        "dx": step,
        "mode": "lines",
        "line": {"width": 0},
        "showlegend": False,
        "hoverinfo": "skip",
    }
    fill = {"fill": "tonexty", "fillcolor": pale(class_colour(one.label), 0.18)}
    return [
        go.Scatter(y=_drawn(one.low, is_log=is_log), **plain),
        go.Scatter(y=_drawn(one.high, is_log=is_log), **plain, **fill),
    ]


def _drawn(values: NDArray[np.float32], *, is_log: bool) -> NDArray[np.float32]:
    return np.maximum(values, np.float32(_FLOOR)) if is_log else values
