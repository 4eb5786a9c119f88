"""The bicoherence: pairs of frequencies whose sum keeps step with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sonde.bearings.core.bicoherence import Bicoherence
from sonde.bearings.ui.signal.figures import Raster, percents, raster_figure
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.timefrequency import COLOURS
from sonde.bearings.ui.signal.views.view import View, chart
from sonde.platform.ui.figures import Axis, Twin
from sonde.platform.ui.tables import Column

SETTINGS = (
    Setting(
        "length",
        "Stretch",
        "512",
        tuple((str(one), f"{one:,} samples") for one in (128, 256, 512, 1024, 2048)),
    ),
    Setting("highest", "Sum up to", kind=Kind.NUMBER, low=1, unit="Hz", hint="all"),
    COLOURS,
)
_LISTED = 10


@dataclass(frozen=True)
class BicoherenceFound:
    """What the bicoherence view shows."""

    bicoherence: Bicoherence


def panel(found: BicoherenceFound, _state: ViewState, values: Values) -> Sequence[Any]:
    """Return the map of pairs."""
    seen = found.bicoherence
    raster = Raster(
        percents(np.nan_to_num(seen.values, nan=0.0)),
        seen.first_hz,
        seen.second_hz,
        "%",
        values.text("colours"),
    )
    figure = raster_figure(
        raster,
        Axis("First frequency, Hz", grid=False),
        Axis("Second frequency, Hz", grid=False),
        "%{x:,.0f} and %{y:,.0f} Hz",
    )
    return [
        chart(
            "bicoherence",
            figure,
            name="Bicoherence",
            summary=summary(seen),
            twin=_twin(seen),
        )
    ]


def summary(seen: Bicoherence) -> str:
    """Return what the bicoherence shows, in one sentence."""
    found = seen.strongest(1)
    rest = (
        f"Noise rarely exceeds {seen.threshold:.2f} with {seen.n_stretches:,} stretches. Harmonics "
        "of one shaft always keep step."
    )
    if not found:
        return f"No two frequencies keep step with their sum. {rest}"
    best = found[0]
    return (
        f"{best.first_hz:,.1f} and {best.second_hz:,.1f} Hz keep step with their sum "
        f"{best.sum_hz:,.1f} Hz: {best.bicoherence:.2f}. {rest}"
    )


def _twin(seen: Bicoherence) -> Twin:
    rows = [
        (f"{one.first_hz:,.1f}", f"{one.second_hz:,.1f}", f"{one.sum_hz:,.1f}",
         f"{one.bicoherence:.3f}")
        for one in seen.strongest(_LISTED)
    ]  # fmt: skip
    names = ("First, Hz", "Second, Hz", "Sum, Hz", "Bicoherence")
    return Twin(tuple(Column(name, numeric=True) for name in names), rows)


VIEW = View(
    "bicoherence",
    "Bicoherence",
    "Which frequencies belong together: their sum keeps step with them.",
    SETTINGS,
    panel,
    has_zoom=False,
)
