"""What is drawn keeps what was measured."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sonde.bearings.core.downsampling import kept_positions, with_peaks
from sonde.bearings.core.spectra import Spectrum

signals = arrays(
    np.float32, st.integers(1, 5000), elements=st.floats(-100, 100, allow_nan=False, width=32)
)


@settings(deadline=None)
@given(signals)
def test_extremes_are_kept_in_order(signal: np.ndarray) -> None:
    positions = kept_positions(signal, 200)
    assert len(positions) <= max(200, 1)
    assert (np.diff(positions) >= 0).all()
    assert signal[positions].max() == signal.max()
    assert signal[positions].min() == signal.min()


@settings(deadline=None)
@given(signals, st.integers(10, 400))
def test_the_highest_line_of_a_spectrum_is_kept_at_its_place(
    signal: np.ndarray, points: int
) -> None:
    spectrum = Spectrum(0.5, np.abs(signal), "u")
    coarse = with_peaks(spectrum, points)
    assert len(coarse.values) <= points
    assert coarse.values.max() == spectrum.values.max()
    place = coarse.values.argmax() * coarse.resolution_hz
    assert abs(place - spectrum.values.argmax() * 0.5) <= coarse.resolution_hz
