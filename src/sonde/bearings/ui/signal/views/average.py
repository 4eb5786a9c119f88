"""The time-synchronous average: what repeats with every turn of the shaft."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sonde.bearings.core.curves import Curve
from sonde.bearings.core.speed_profile import SpeedProfile
from sonde.bearings.core.synchronous_average import SynchronousAverage
from sonde.bearings.ui.signal.figures import Trace, amplitude_axis, curve_figure
from sonde.bearings.ui.signal.settings import Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.orders import SPEED, speed_chart
from sonde.bearings.ui.signal.views.view import View, chart
from sonde.platform.ui.figures import Axis, Twin
from sonde.platform.ui.tables import Column

SETTINGS = (
    *SPEED,
    Setting(
        "turns",
        "Pattern of",
        "1",
        (("1", "1 turn"), ("2", "2 turns"), ("3", "3 turns"), ("4", "4 turns")),
    ),
)
_ORDERS = 8


@dataclass(frozen=True)
class AverageFound:
    """What the average view shows.

    Parameters
    ----------
    average : SynchronousAverage
    single : Curve
        The first course alone, over the angle in degrees.
    profile : SpeedProfile
    duration_s : float
    unit : str
    """

    average: SynchronousAverage
    single: Curve
    profile: SpeedProfile
    duration_s: float
    unit: str


def panel(found: AverageFound, state: ViewState, _values: Values) -> Sequence[Any]:
    """Return the average over the angle, with one turn alone behind it."""
    average = found.average
    figure = curve_figure(
        [
            Trace("one course alone", found.single.places, found.single.values, 7, width=0.8),
            Trace("average", average.angle_deg, average.values, 0, width=1.8),
        ],
        Axis("Angle of the shaft, degrees", state.span),
        amplitude_axis(found.unit),
    )
    return [
        chart(
            "average",
            figure,
            name="Time-synchronous average",
            summary=summary(found),
            twin=_twin(found),
            height=380,
        ),
        speed_chart(found.profile, found.duration_s),
    ]


def summary(found: AverageFound) -> str:
    """Return what the average shows, in one sentence."""
    average = found.average
    fell = np.sqrt(average.n_averages)
    return (
        f"Mean of {average.n_averages:,} courses: it explains {average.share:.1%} of the signal's "
        f"variance; what does not follow the shaft fell {fell:.1f} times."
    )


def _twin(found: AverageFound) -> Twin:
    """Return the strongest orders of the average."""
    spectrum = found.average.spectrum()
    strongest = np.argsort(spectrum.values[1:])[::-1][:_ORDERS] + 1
    rows = [
        (f"{place * spectrum.resolution:g}", f"{float(spectrum.values[place]):.4g}")
        for place in sorted(strongest)
    ]
    return Twin((Column("Order", numeric=True), Column("Amplitude", numeric=True)), rows)


VIEW = View(
    "average",
    "Average",
    "Turns of the shaft laid on top of each other: what follows the shaft stays.",
    SETTINGS,
    panel,
)
