"""The waterfall: the spectra of a data set below each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.recording_query import SortKey
from sonde.bearings.core.waterfall import Waterfall
from sonde.bearings.ui.signal.figures import Raster, Trace, curve_figure, decibels, raster_figure
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.timefrequency import COLOURS, DEPTH
from sonde.bearings.ui.signal.views.view import View, chart
from sonde.platform.core.jobs import Job
from sonde.platform.ui.components import note
from sonde.platform.ui.figures import Axis, Twin
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.tables import Column

SETTINGS = (
    Setting(
        "among",
        "Of",
        "",
        (("", "The data set"), ("label", "This class"), ("bearing", "This bearing")),
    ),
    Setting(
        "sort",
        "Sorted by",
        SortKey.STORED.value,
        (
            (SortKey.STORED.value, "Order of storing"),
            (SortKey.SPEED.value, "Speed"),
            (SortKey.LABEL.value, "Class"),
            (SortKey.SEVERITY.value, "Severity"),
            (SortKey.SESSION.value, "Session"),
            (SortKey.RMS.value, "RMS"),
        ),
    ),
    Setting("axis", "Axis", "Hz", (("Hz", "Hz"), ("orders", "Orders")), Kind.SWITCH),
    Setting("top", "Up to", kind=Kind.NUMBER, low=1, hint="1000 Hz or 20"),
    Setting("style", "Show", "image", (("image", "Image"), ("lines", "Lines")), Kind.SWITCH),
    Setting(
        "heights",
        "Heights",
        "all",
        (("all", "Of all"), ("each", "Of each")),
        Kind.SWITCH,
    ),
    COLOURS,
    DEPTH,
)
COLUMNS = 480
_LINES = 24
_LISTED = 40


@dataclass(frozen=True)
class WaterfallFound:
    """What the waterfall view shows.

    Parameters
    ----------
    waterfall : Waterfall or Job
        The job while it is computed.
    """

    waterfall: Waterfall | Job


def highest_of(values: Values) -> float:
    """Return where the axis ends."""
    return values.number("top") or (20.0 if values.text("axis") == "orders" else 1000.0)


def panel(found: WaterfallFound, _state: ViewState, values: Values) -> Sequence[Any]:
    """Return the waterfall, or how far the job is that computes it."""
    if isinstance(found.waterfall, Job):
        text = "The spectra of this data set are read by a job. They are kept for a week."
        return [note(text), job_progress(found.waterfall)]
    seen = found.waterfall
    draw = _lines if values.text("style") == "lines" else _image
    return [
        chart(
            "waterfall",
            draw(seen, values),
            name="Waterfall",
            summary=_summary(seen),
            twin=_twin(seen),
            height=540,
        )
    ]


def _title(seen: Waterfall) -> str:
    return "Frequency, Hz" if seen.axis_unit == "Hz" else "Order of the shaft"


def _image(seen: Waterfall, values: Values) -> Any:
    shown = decibels(_heights(seen, values))
    raster = Raster(
        shown,
        seen.axis,
        np.arange(1, len(seen.names) + 1, dtype=np.float32),
        "dB",
        values.text("colours"),
    )
    figure = raster_figure(
        raster,
        Axis(_title(seen), grid=False),
        Axis("Recording", grid=False),
        f"recording %{{y}}<br>%{{x:.2f}} {seen.axis_unit}",
    )
    figure.data[0].zmin = -values.count("depth")
    figure.layout.yaxis.update(tickformat="d", nticks=min(len(seen.names) + 1, 12))
    return figure


def _heights(seen: Waterfall, values: Values) -> NDArray[np.floating]:
    """Return the heights, of each row against its own highest line where that is chosen."""
    heights = np.nan_to_num(seen.values, nan=0.0)
    if values.text("heights") == "all":
        return heights
    highest = heights.max(axis=1, keepdims=True)
    return heights / np.where(highest > 0, highest, 1.0)


def _lines(seen: Waterfall, values: Values) -> Any:
    """Return up to 24 spectra, each standing a step above the last."""
    rows = np.linspace(0, len(seen.names) - 1, min(_LINES, len(seen.names))).round().astype(int)
    heights = _heights(seen, values)[rows]
    highest = float(heights.max(initial=0.0)) or 1.0
    step = 2.5 / max(len(rows), 1)
    traces = [
        Trace(seen.names[row], seen.axis, place + heights[place] / highest / step, 0)
        for place, row in enumerate(rows)
    ]
    figure = curve_figure(traces[::-1], Axis(_title(seen)), Axis("Recording, heights to scale"))
    figure.layout.showlegend = False
    figure.layout.yaxis.update(
        tickvals=list(range(len(rows))), ticktext=[str(row + 1) for row in rows]
    )
    return figure


def _summary(seen: Waterfall) -> str:
    values = np.nan_to_num(seen.values, nan=0.0)
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return (
        f"{len(seen.names)} recordings in the same unit; the highest line, "
        f"{values[row, column]:.3g}, stands at {seen.axis[column]:,.2f} {seen.axis_unit} in "
        f"recording {row + 1} ({seen.names[row]})."
    )


def _twin(seen: Waterfall) -> Twin:
    values = np.nan_to_num(seen.values, nan=0.0)
    rows = [
        (
            place + 1,
            seen.names[place],
            f"{seen.axis[values[place].argmax()]:,.2f}",
            f"{values[place].max():.4g}",
        )
        for place in range(min(len(seen.names), _LISTED))
    ]
    columns = (
        Column("Row", numeric=True),
        Column("Recording"),
        Column(f"Highest at, {seen.axis_unit}", numeric=True),
        Column("Height", numeric=True),
    )
    return Twin(columns, rows)


VIEW = View(
    "waterfall",
    "Waterfall",
    "The spectra of many recordings below each other: what moves, grows or stays.",
    SETTINGS,
    panel,
    has_zoom=False,
)
