"""Class spectra in closed form."""

import numpy as np
import pytest

from sonde.bearings.core.class_spectra import (
    ClassSignal,
    ClassSpectraSettings,
    SpectrumKind,
    axis_of,
    class_spectra,
)
from sonde.platform.core.errors import Invalid

RATE = 2000.0
TIME = np.arange(8000) / RATE


def _tone(label, amplitude, hz=50.0, rate=RATE, seconds=4.0):
    time_s = np.arange(int(seconds * rate)) / rate
    samples = (amplitude * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)
    return ClassSignal(label, samples, rate)


def test_mean_and_spread_of_three_tones():
    found = class_spectra(
        [_tone("x", 1.0), _tone("x", 2.0), _tone("x", 3.0)], ClassSpectraSettings(top=400.0), RATE
    )
    (curve,) = found.classes
    step = found.axis[0]
    # the power of a sine is half its squared amplitude: 0.5, 2, 4.5
    assert curve.mean.sum() * step == pytest.approx(7 / 3, rel=1e-3)
    assert curve.low.sum() * step == pytest.approx(np.quantile([0.5, 2, 4.5], 0.1), rel=1e-3)
    assert curve.high.sum() * step == pytest.approx(np.quantile([0.5, 2, 4.5], 0.9), rel=1e-3)
    assert found.axis[curve.mean.argmax()] == 50.0


def test_rates_and_lengths_meet_on_one_axis():
    signals = [_tone("x", 1.0), _tone("x", 1.0, rate=5000.0, seconds=3.0), _tone("y", 2.0)]
    found = class_spectra(signals, ClassSpectraSettings(top=400.0), RATE)
    assert [(one.label, one.n) for one in found.classes] == [("x", 2), ("y", 1)]
    first = found.classes[0]
    assert first.low.max() == pytest.approx(first.high.max(), rel=0.02)


def test_the_envelope_shows_what_modulates():
    carrier = np.sin(2 * np.pi * 500 * TIME) * (1 + 0.4 * np.cos(2 * np.pi * 20 * TIME))
    signal = ClassSignal("x", carrier.astype(np.float32), RATE)
    settings = ClassSpectraSettings(kind=SpectrumKind.ENVELOPE, band=(300.0, 700.0), top=200.0)
    found = class_spectra([signal, signal], settings, RATE)
    assert found.axis[found.classes[0].mean.argmax()] == 20.0
    assert found.classes[0].mean.max() == pytest.approx(2 * 0.4 / (1 + 0.4**2 / 2), rel=0.01)


def test_the_cepstrum_shows_an_echo():
    samples = np.random.default_rng(0).standard_normal(8000)
    samples[20:] += 0.5 * samples[:-20]
    signal = ClassSignal("x", samples.astype(np.float32), RATE)
    found = class_spectra([signal], ClassSpectraSettings(kind=SpectrumKind.CEPSTRUM), RATE)
    curve = found.classes[0].mean
    assert found.axis[curve.argmax()] == pytest.approx(20 / RATE)
    assert curve.max() == pytest.approx(0.25, abs=0.06)


def test_what_is_too_short_is_counted_and_nothing_is_refused():
    short = ClassSignal("x", np.zeros(10, dtype=np.float32), RATE)
    found = class_spectra([short, _tone("x", 1.0)], ClassSpectraSettings(), RATE)
    assert (found.n_short, found.classes[0].n) == (1, 1)
    with pytest.raises(Invalid, match="long enough"):
        class_spectra([short], ClassSpectraSettings(), RATE)


def test_axes_that_cannot_be_are_refused():
    with pytest.raises(Invalid, match="half the lowest"):
        axis_of(ClassSpectraSettings(top=1500.0), RATE)
    with pytest.raises(Invalid, match="s: give"):
        axis_of(ClassSpectraSettings(kind=SpectrumKind.CEPSTRUM, top=50.0), RATE)
    with pytest.raises(Invalid, match="cannot end at"):
        axis_of(ClassSpectraSettings(kind=SpectrumKind.CEPSTRUM, top=1e308), RATE)
    with pytest.raises(Invalid, match="cannot end at"):
        axis_of(ClassSpectraSettings(top=1e-320), RATE)
    for wrong in ({"top": -1.0}, {"per_class": 1}, {"band": (9.0, 3.0)}):
        with pytest.raises(Invalid):
            ClassSpectraSettings(**wrong)
