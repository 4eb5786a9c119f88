"""What a fault should show, laid over what was measured: schematic, with dotted lines."""

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.curves import Curve
from sonde.bearings.core.expected_spectrum import ROLLING_FAULTS, ExpectedSpectrum
from sonde.bearings.core.fault_classes import JOURNAL_CLASSES
from sonde.bearings.ui.signal.figures import Trace
from sonde.bearings.ui.signal.settings import Setting

OF_JOURNAL = Setting(
    "expected",
    "Expected of",
    "",
    (("", "Nothing"), *((one.key, one.title) for one in JOURNAL_CLASSES)),
)
OF_ROLLING = Setting("expected", "Expected of", "", (("", "Nothing"), *ROLLING_FAULTS.items()))


def expected_trace(expected: ExpectedSpectrum, curve: Curve) -> Trace:
    """Return lines and bands as one dotted trace, as high as the measured curve at most."""
    highest = float(curve.values.max(initial=0.0)) or 1.0
    positive = curve.values[curve.values > 0]
    floor = float(positive.min()) if len(positive) else highest / 1e3
    xs: list[float] = []
    ys: list[float] = []
    for line in expected.lines:
        xs += [line.frequency_hz, line.frequency_hz, np.nan]
        ys += [floor, highest * line.height, np.nan]
    for band in expected.bands:
        top = highest * band.height
        xs += [band.low_hz, band.low_hz, band.high_hz, band.high_hz, np.nan]
        ys += [floor, top, top, floor, np.nan]
    return Trace(f"expected: {expected.title}", _array(xs), _array(ys), 1, "dot", 1.8)


def expected_words(expected: ExpectedSpectrum | None) -> str:
    """Return what tells this fault from others, with a blank before it."""
    return f" {expected.title}: {expected.remark}" if expected else ""


def _array(values: list[float]) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)
