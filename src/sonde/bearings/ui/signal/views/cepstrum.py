"""The cepstrum: families of equally spaced lines, each gathered into one peak."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sonde.bearings.core.cepstrum import Cepstrum, Rahmonic
from sonde.bearings.core.curves import drawn
from sonde.bearings.core.signal_views import FaultMark
from sonde.bearings.ui.signal.figures import Trace, curve_figure
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.view import LINES, View, chart
from sonde.platform.ui.figures import Axis, Twin
from sonde.platform.ui.tables import Column

SETTINGS = (
    Setting("kind", "Kind", "real", (("real", "Real"), ("power", "Power")), Kind.SWITCH),
    LINES,
    Setting("cursor", "Cursor", kind=Kind.NUMBER, low=0, unit="ms", hint="click"),
)
SHOWN_TURNS = 4.0


@dataclass(frozen=True)
class CepstrumFound:
    """What the cepstrum view shows.

    Parameters
    ----------
    cepstrum : Cepstrum
        As far as it is of interest.
    marks : tuple of FaultMark
        Quefrencies in ms of one turn of the shaft and one strike of each part.
    strongest_s : float
        Where the highest peak stands beyond 0.15 turns of the shaft.
    cursor : tuple of Rahmonic
    told : str
        Why there is no cursor.
    """

    cepstrum: Cepstrum
    marks: tuple[FaultMark, ...]
    strongest_s: float
    cursor: tuple[Rahmonic, ...] = ()
    told: str = ""


def panel(found: CepstrumFound, state: ViewState, _values: Values) -> Sequence[Any]:
    """Return the cepstrum with the quefrencies to look for."""
    curve = drawn(found.cepstrum.values, found.cepstrum.step_s * 1e3, state.span)
    marks = [*found.marks]
    marks += [FaultMark("Cursor", one.multiple, one.quefrency_s * 1e3) for one in found.cursor]
    figure = curve_figure(
        [Trace("cepstrum", curve.places, curve.values)],
        Axis("Quefrency, ms", state.span),
        Axis("Cepstrum", _heights(curve.values)),
        marks,
        "ms",
    )
    return [chart("cepstrum", figure, name="Cepstrum", summary=summary(found), twin=_twin(found))]


def summary(found: CepstrumFound) -> str:
    """Return what the cepstrum shows, in one sentence."""
    place_s = found.strongest_s
    return (
        f"The highest peak stands at {place_s * 1e3:.2f} ms: lines {1 / place_s:,.2f} Hz apart."
        f"{found.told}"
    )


def _heights(values: Any) -> tuple[float, float] | None:
    """Return an axis on which the peaks are seen, not the beginning that dwarfs them."""
    late = values[len(values) // 25 + 1 :]
    if not len(late) or not late.max() > 0:
        return None
    return float(min(late.min() * 1.1, 0.0)), float(late.max() * 1.3)


def _twin(found: CepstrumFound) -> Twin:
    step_s = found.cepstrum.step_s
    values = found.cepstrum.values
    rows = []
    for mark in found.marks:
        place = round(mark.frequency_hz / 1e3 / step_s)
        near = values[max(place - 2, 0) : place + 3]
        height = f"{float(near.max()):.4f}" if len(near) else ""
        rows.append((mark.name, f"{mark.frequency_hz:.3f}", height))
    rows += [
        (f"Cursor {one.multiple}x", f"{one.quefrency_s * 1e3:.3f}", f"{one.value:.4f}")
        for one in found.cursor
    ]
    columns = (
        Column("Line"),
        Column("Quefrency, ms", numeric=True),
        Column("Highest near", numeric=True),
    )
    return Twin(columns, rows)


VIEW = View(
    "cepstrum",
    "Cepstrum",
    "Equally spaced lines gathered into one peak at one over their distance.",
    SETTINGS,
    panel,
)
