"""The spectrum: amplitude or density, of the signal as measured or integrated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sonde.bearings.core.expected_spectrum import ExpectedSpectrum
from sonde.bearings.core.signal_views import FaultMark, SpectrumLook
from sonde.bearings.ui.signal.figures import Trace, amplitude_axis, curve_figure, span_of, written
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.cursor import CURSOR, NO_CURSOR, Cursor, readings
from sonde.bearings.ui.signal.views.expected import OF_JOURNAL, expected_trace, expected_words
from sonde.bearings.ui.signal.views.view import LINES, View, chart
from sonde.platform.ui.figures import Axis, Twin
from sonde.platform.ui.tables import Column

WINDOWS = (
    ("hann", "Hann"),
    ("hamming", "Hamming"),
    ("blackman", "Blackman"),
    ("flattop", "Flat top"),
    ("rectangular", "Rectangular"),
)
SETTINGS = (
    Setting("scaling", "Show", "amplitude", (("amplitude", "Amplitude"), ("psd", "PSD"))),
    Setting(
        "quantity",
        "As",
        "",
        (
            ("", "As measured"),
            ("acceleration", "Acceleration"),
            ("velocity", "Velocity"),
            ("displacement", "Displacement"),
        ),
    ),
    Setting("window", "Window", "hann", WINDOWS),
    Setting(
        "averages",
        "Averages",
        "1",
        (("1", "None"), ("4", "4"), ("8", "8"), ("16", "16"), ("32", "32"), ("64", "64")),
    ),
    Setting("y", "Height", "log", (("log", "Log"), ("linear", "Linear")), Kind.SWITCH),
    Setting("x", "Frequency", "linear", (("linear", "Linear"), ("log", "Log")), Kind.SWITCH),
    replace(LINES, default="shaft"),
    OF_JOURNAL,
    *CURSOR,
)


@dataclass(frozen=True)
class SpectrumFound:
    """What the spectrum view shows.

    Parameters
    ----------
    look : SpectrumLook
    others : tuple of (str, SpectrumLook)
        Titles and spectra of what is laid over it.
    marks : tuple of FaultMark
        Shaft and bearing lines.
    cursor : Cursor
    expected : ExpectedSpectrum, optional
        What a fault class would show.
    """

    look: SpectrumLook
    others: tuple[tuple[str, SpectrumLook], ...] = ()
    marks: tuple[FaultMark, ...] = ()
    cursor: Cursor = NO_CURSOR
    expected: ExpectedSpectrum | None = None


def panel(found: SpectrumFound, state: ViewState, values: Values) -> Sequence[Any]:
    """Return the spectrum with everything that is laid over it."""
    logarithmic = values.text("x") == "log"
    curve = found.look.curve
    traces = [Trace("spectrum", curve.places, curve.values)]
    for place, (title, other) in enumerate(found.others):
        traces.append(Trace(title, other.curve.places, other.curve.values, place + 2))
    if found.expected is not None:
        traces.append(expected_trace(found.expected, curve))
    marks = [*found.marks, *found.cursor.marks]
    figure = curve_figure(
        traces,
        Axis("Frequency, Hz", span_of(state.span, logarithmic=logarithmic), logarithmic),
        amplitude_axis(
            found.look.unit,
            logarithmic=values.text("y") == "log",
            quantity="Density" if values.text("scaling") == "psd" else "Amplitude",
        ),
        marks,
    )
    return [chart("spectrum", figure, name="Spectrum", summary=summary(found), twin=_twin(found))]


def summary(found: SpectrumFound) -> str:
    """Return what the spectrum shows, in one sentence."""
    look = found.look
    named = "" if look.unit == "unknown" else f" {written(look.unit)}"
    peaks = look.peaks
    highest = (
        f"The highest peak stands at {peaks[0][0]:,.2f} Hz with {peaks[0][1]:.3g}{named}"
        if peaks
        else "It is flat"
    )
    measured = look.measured
    times = f", {measured.averages} averages" if measured.averages > 1 else ""
    apart = f"lines every {measured.spectrum.resolution_hz:.3g} Hz{times}"
    return f"{highest}; {apart}.{found.cursor.told}{expected_words(found.expected)}"


def _twin(found: SpectrumFound) -> Twin:
    columns = (Column("Line"), Column("Hz", numeric=True), Column("Height", numeric=True))
    rows = [("Peak", f"{hz:,.2f}", f"{height:.4g}") for hz, height in found.look.peaks]
    reach = 2 * found.look.measured.spectrum.resolution_hz
    return Twin(columns, rows + readings(found.marks, found.cursor, found.look.curve, reach))


VIEW = View(
    "spectrum",
    "Spectrum",
    "Drag to zoom for full resolution; click a peak to set the cursor there.",
    SETTINGS,
    panel,
)
