"""The signal over time: drawn anew from the samples at every zoom, no extreme lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sonde.bearings.core.curves import Curve
from sonde.bearings.core.signal_views import Course, FaultMark
from sonde.bearings.ui.signal.figures import Trace, amplitude_axis, curve_figure, written
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.view import View, chart
from sonde.platform.ui.figures import Axis, Twin
from sonde.platform.ui.tables import Column
from sonde.platform.ui.wording import count

_MOST_TURNS = 60

SETTINGS = (
    Setting(
        "show",
        "Show",
        "",
        (("envelope", "Envelope"), ("extremes", "Extremes"), ("turns", "Revolutions")),
        Kind.MANY,
    ),
    Setting("a", "Marker A", kind=Kind.NUMBER, low=0, unit="s", hint="click"),
    Setting("b", "Marker B", kind=Kind.NUMBER, low=0, unit="s", hint="click"),
)


@dataclass(frozen=True)
class TimeFound:
    """What the time view shows.

    Parameters
    ----------
    course : Course
    unit : str
    shaft_hz : float
    envelope : Curve, optional
    others : tuple of (str, Course)
        Titles and courses of what is laid over it.
    """

    course: Course
    unit: str
    shaft_hz: float
    envelope: Curve | None = None
    others: tuple[tuple[str, Course], ...] = ()


def panel(found: TimeFound, state: ViewState, values: Values) -> Sequence[Any]:
    """Return the chart over time."""
    course = found.course
    traces = [Trace("signal", course.time_s, course.values)]
    if found.envelope is not None:
        envelope = found.envelope
        traces.append(Trace("envelope", envelope.places, envelope.values, 1, width=1.6))
    for place, (title, other) in enumerate(found.others):
        traces.append(Trace(title, other.time_s, other.values, place + 2))
    marks = _marks(found, values)
    figure = curve_figure(
        traces, Axis("Time, s", state.span), amplitude_axis(found.unit), marks, "s"
    )
    summary = f"{course_summary(course, found.unit)}{_between(found, values)}"
    return [chart("time", figure, name="Signal over time", summary=summary, twin=_twin(found))]


def course_summary(course: Course, unit: str) -> str:
    """Return what the time chart shows, in one sentence."""
    named = "" if unit == "unknown" else f" {written(unit)}"
    return (
        f"{count(course.n_samples)} samples in {count(len(course.values))} points; "
        f"RMS {course.rms:.3g}{named}, peak {course.peak:.3g}{named}."
    )


def _marks(found: TimeFound, values: Values) -> list[FaultMark]:
    marks = []
    times, heights = found.course.time_s, found.course.values
    shown = values.parts("show")
    if "extremes" in shown:
        marks.append(FaultMark("highest", 1, float(times[heights.argmax()])))
        marks.append(FaultMark("lowest", 1, float(times[heights.argmin()])))
    if "turns" in shown:
        marks += _turns(float(times[0]), float(times[-1]), found.shaft_hz)
    for name in ("a", "b"):
        place = values.number(name)
        if place is not None and times[0] <= place <= times[-1]:
            marks.append(FaultMark(f"marker {name.upper()}", 1, place))
    return marks


def _turns(start_s: float, stop_s: float, shaft_hz: float) -> list[FaultMark]:
    """Return where each revolution begins, as long as they can be told apart."""
    if shaft_hz <= 0 or (stop_s - start_s) * shaft_hz > _MOST_TURNS:
        return []
    first, last = int(np.ceil(start_s * shaft_hz)), int(stop_s * shaft_hz)
    return [FaultMark("revolution", turn, turn / shaft_hz) for turn in range(first, last + 1)]


def _between(found: TimeFound, values: Values) -> str:
    first, second = values.number("a"), values.number("b")
    too_long = (found.course.time_s[-1] - found.course.time_s[0]) * found.shaft_hz > _MOST_TURNS
    hint = ""
    if "turns" in values.parts("show") and too_long:
        hint = f" Zoom in to at most {_MOST_TURNS} revolutions to see them marked."
    if first is None or second is None or first == second:
        return hint
    apart = abs(second - first)
    order = f" ({1 / apart / found.shaft_hz:.3g} orders)" if found.shaft_hz > 0 else ""
    return f" A and B stand {apart:.5g} s apart: {1 / apart:.5g} Hz{order}.{hint}"


def _twin(found: TimeFound) -> Twin:
    """Return what can be read off the stretch that is shown."""
    course = found.course
    crest = course.peak / course.rms if course.rms else 0.0
    rows = [
        ("From, s", f"{course.time_s[0]:.4f}"),
        ("To, s", f"{course.time_s[-1]:.4f}"),
        ("RMS", f"{course.rms:.4g}"),
        ("Peak", f"{course.peak:.4g}"),
        ("Crest factor", f"{crest:.2f}"),
        ("Highest at, s", f"{course.time_s[course.values.argmax()]:.5f}"),
        ("Lowest at, s", f"{course.time_s[course.values.argmin()]:.5f}"),
    ]
    rows += [(f"RMS of {title}", f"{other.rms:.4g}") for title, other in found.others]
    return Twin((Column("Figure"), Column("Value", numeric=True)), rows)


VIEW = View(
    "time",
    "Time",
    "Drag to zoom: every stretch is drawn anew from the samples. Double-click for all of it.",
    SETTINGS,
    panel,
)
