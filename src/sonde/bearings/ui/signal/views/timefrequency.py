"""Time and frequency at once: spectrogram, wavelets, pseudo-Wigner-Ville."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sonde.bearings.core.signal_views import named_unit
from sonde.bearings.core.spectra import Window
from sonde.bearings.core.timefrequency.family import TRANSFORMS, Settings, settings_of
from sonde.bearings.core.timefrequency.image import TimeFrequencyImage
from sonde.bearings.ui.signal.figures import COLOUR_MAPS, Raster, decibels, raster_figure, written
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.spectrum import WINDOWS
from sonde.bearings.ui.signal.views.view import View, chart
from sonde.platform.ui.figures import Axis, Twin
from sonde.platform.ui.tables import Column

COLOURS = Setting("colours", "Colours", "Viridis", COLOUR_MAPS)
DEPTH = Setting(
    "depth", "Depth", "60", (("30", "30 dB"), ("45", "45 dB"), ("60", "60 dB"), ("80", "80 dB"))
)
SETTINGS = (
    Setting("method", "Method", "stft", tuple((one.key, one.title) for one in TRANSFORMS.values())),
    Setting(
        "length",
        "Window length",
        "1024",
        tuple((str(length), f"{length:,}") for length in (128, 256, 512, 1024, 2048, 4096)),
        hint="samples",
    ),
    Setting("window", "Window", "hann", WINDOWS),
    Setting(
        "cycles", "Wavelet cycles", "6", tuple((str(one), str(one)) for one in (4, 6, 10, 16, 30))
    ),
    Setting("top", "Up to", kind=Kind.NUMBER, low=1, unit="Hz", hint="all"),
    COLOURS,
    DEPTH,
)
_STRONGEST = 8


@dataclass(frozen=True)
class TimeFrequencyFound:
    """What the time-frequency view shows: the image, its unit, and how it was made."""

    image: TimeFrequencyImage
    unit: str
    method: str


def transform_settings(values: Values, nyquist_hz: float) -> Settings:
    """Return the settings of the chosen transform; raises Invalid."""
    method = values.text("method")
    length = values.count("length")
    if method == "stft":
        chosen: dict[str, Any] = {"length": length, "window": Window(values.text("window"))}
    elif method == "cwt":
        top = values.number("top")
        chosen = {"rows": 96, "cycles": values.number("cycles")}
        if top is not None and top < nyquist_hz:
            chosen["highest_hz"] = top
    else:
        chosen = {"lines": min(length // 2, 512)}
    return settings_of(method, chosen)


def panel(found: TimeFrequencyFound, state: ViewState, values: Values) -> Sequence[Any]:
    """Return the image."""
    image = _below(found.image, values.number("top"))
    is_power = image.unit != "u"
    shown = decibels(np.maximum(image.values, 0), is_power=is_power)
    raster = Raster(shown, image.times_s, image.frequencies_hz, "dB", values.text("colours"))
    is_log = found.method == "cwt"
    figure = raster_figure(
        raster,
        Axis("Time, s", state.span, grid=False),
        Axis("Frequency, Hz", logarithmic=is_log, grid=False),
        "%{x:.4f} s<br>%{y:,.0f} Hz",
    )
    figure.data[0].zmin = -values.count("depth")
    return [
        chart(
            "time-frequency",
            figure,
            name=TRANSFORMS[found.method].title,
            summary=_summary(found, image),
            twin=_twin(image),
        )
    ]


def _below(image: TimeFrequencyImage, top_hz: float | None) -> TimeFrequencyImage:
    """Return the rows up to a frequency; all of them where none would be left."""
    if top_hz is None:
        return image
    rows = int(np.searchsorted(image.frequencies_hz, top_hz, side="right"))
    if rows < 2:
        return image
    return TimeFrequencyImage(
        image.times_s, image.frequencies_hz[:rows], image.values[:rows], image.quantity, image.unit
    )


def _summary(found: TimeFrequencyFound, image: TimeFrequencyImage) -> str:
    row, column = np.unravel_index(int(image.values.argmax()), image.values.shape)
    unit = named_unit(image.unit, found.unit)
    named = "" if unit == "unknown" else f" {written(unit)}"
    return (
        f"{TRANSFORMS[found.method].title}: 0 dB is the strongest, {image.values[row, column]:.3g}"
        f"{named} at {image.times_s[column]:.3f} s and {image.frequencies_hz[row]:,.0f} Hz. "
        f"{TRANSFORMS[found.method].advice}"
    )


def _twin(image: TimeFrequencyImage) -> Twin:
    """Return the frequencies that are strongest over the whole time."""
    highest = image.values.max(axis=1)
    strongest = np.argsort(highest)[::-1][:_STRONGEST]
    rows = [
        (
            f"{image.frequencies_hz[row]:,.1f}",
            f"{image.times_s[image.values[row].argmax()]:.4f}",
            f"{highest[row]:.4g}",
            f"{image.values[row].mean():.4g}",
        )
        for row in strongest
    ]
    columns = (
        Column("Hz", numeric=True),
        Column("Strongest at, s", numeric=True),
        Column("Height", numeric=True),
        Column("Mean", numeric=True),
    )
    return Twin(columns, rows)


VIEW = View(
    "time-frequency",
    "Time-frequency",
    "When which frequency is strong; drag over a stretch to see it in more detail.",
    SETTINGS,
    panel,
)
