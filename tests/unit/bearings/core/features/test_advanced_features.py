"""Advanced features against closed forms and published values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.features.complexity import (
    approximate_entropy,
    complexity_features,
    dfa_alpha,
    hurst,
    matches,
    pattern_pairs,
    sample_entropy,
)
from sonde.bearings.core.features.machine import (
    bearing_line_features,
    order_features,
    velocity_rms,
)
from sonde.bearings.core.features.measuring import Circumstances, measure
from sonde.bearings.core.features.registry import REGISTRY
from sonde.bearings.core.features.shared import Signal
from sonde.bearings.core.features.time_frequency import spectral_kurtosis, time_frequency_features
from sonde.bearings.core.features.time_scale import time_scale_features
from sonde.platform.core.errors import Invalid


def _fractional_noise(hurst_exponent: float, n: int, seed: int) -> np.ndarray:
    """Return exact fractional Gaussian noise (Davies and Harte)."""
    lag = np.arange(n + 1.0)
    power = 2 * hurst_exponent
    covariance = 0.5 * (np.abs(lag + 1) ** power - 2 * lag**power + np.abs(lag - 1) ** power)
    spectrum = np.fft.fft(np.concatenate([covariance, covariance[-2:0:-1]])).real
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((2, 2 * n))
    return np.fft.fft(np.sqrt(spectrum / (2 * n)) * (noise[0] + 1j * noise[1])).real[:n]


def test_approximate_entropy_of_a_published_sequence():
    # The heart rate of the usual worked example: 85, 80, 89 repeated 17 times, m = 2, r = 3.
    near = matches(np.tile([85.0, 80.0, 89.0], 17), 3.0)
    assert approximate_entropy(near) == pytest.approx(1.0996541105257052e-05, rel=1e-6)


def test_sample_entropy_of_gaussian_noise_is_that_of_the_theory():
    # Two samples of a Gaussian differ by less than r = 0.2 std with probability erf(0.1).
    noise = np.random.default_rng(1).standard_normal(102_400).astype(np.float32)
    found = complexity_features(Signal(noise, 1.0))["SampleEntropy"]
    assert found == pytest.approx(-math.log(math.erf(0.1)), abs=0.05)


def test_sample_entropy_of_uniform_noise_is_that_of_the_theory():
    noise = np.random.default_rng(2).uniform(0, 1, 4000)
    tolerance = 0.1
    found = sample_entropy(*pattern_pairs(matches(noise, tolerance)))
    assert found == pytest.approx(-math.log(2 * tolerance - tolerance**2), abs=0.02)


def test_dfa_of_white_noise_and_of_its_running_sum():
    noise = np.random.default_rng(3).standard_normal(50_000)
    assert dfa_alpha(noise) == pytest.approx(0.5, abs=0.04)
    assert dfa_alpha(np.cumsum(noise)) == pytest.approx(1.5, abs=0.06)


@pytest.mark.parametrize("exponent", [0.2, 0.35, 0.5, 0.7, 0.9])
def test_hurst_exponent_of_fractional_noise(exponent):
    found = [hurst(_fractional_noise(exponent, 2**14, seed)) for seed in range(4)]
    assert np.mean(found) == pytest.approx(exponent, abs=0.04)


def test_the_hurst_exponent_is_no_copy_of_the_exponent_of_fluctuations():
    # A slow swing on noise: fluctuations grow with it, details of the fine octaves do not see it.
    time = np.arange(2**14)
    samples = np.random.default_rng(8).standard_normal(2**14) + np.sin(2 * np.pi * time / 2**11)
    assert abs(dfa_alpha(samples) - hurst(samples)) > 0.1


def test_morlet_transform_finds_frequency_and_amplitude_of_a_tone():
    time_s = np.arange(20_480) / 20_480
    values = time_scale_features(Signal(1.5 * np.sin(2 * np.pi * 1000 * time_s), 20_480.0))
    assert values["CWTDominantFreq"] == pytest.approx(1000, rel=0.04)
    assert values["CWTPeakEnergy"] == pytest.approx(1.5**2, rel=0.05)
    # The energy at the tone is A^2; the Gaussian gain over log f has area sqrt(pi) / 6.
    spacing = math.log(0.4 / 0.005) / 63
    assert values["CWTTotalEnergy"] == pytest.approx(
        1.5**2 * math.sqrt(math.pi) / 6 / spacing, rel=0.05
    )


def test_wavelet_packets_keep_the_energy_and_find_the_packet_of_a_tone():
    rng = np.random.default_rng(4)
    noise = rng.standard_normal(4096)
    values = time_scale_features(Signal(noise, 4096.0))
    total = values["WPTMaxEnergy"] / values["WPTEnergyRatio"]
    assert total == pytest.approx(float(np.mean(noise**2)), rel=1e-9)  # Parseval
    assert values["WPTEntropy"] == pytest.approx(math.log(16), abs=0.05)
    tone = np.sin(2 * np.pi * 64 * np.arange(4096) / 4096)
    assert time_scale_features(Signal(tone, 4096.0))["WPTEnergyRatio"] > 0.95


def test_spectrogram_of_white_noise_holds_its_variance():
    noise = 2.0 * np.random.default_rng(5).standard_normal(60_000)
    values = time_frequency_features(Signal(noise, 12_000.0))
    assert values["STFTMean"] * 129 * 12_000 / 256 == pytest.approx(4.0, rel=0.03)
    assert values["STFTStd"] == pytest.approx(values["STFTMean"], rel=0.05)  # exponential law


def test_spectral_kurtosis_of_noise_of_a_tone_and_of_bursts():
    rng = np.random.default_rng(6)
    noise = rng.standard_normal(102_400)
    assert abs(spectral_kurtosis(Signal(noise, 20_480.0))[0]) < 0.6
    bursts = 0.05 * rng.standard_normal(102_400)
    for start in range(0, 102_400, 4096):
        time = np.arange(200)
        bursts[start : start + 200] += np.exp(-time / 40) * np.sin(2 * np.pi * time * 0.15)
    kurtosis, frequency = spectral_kurtosis(Signal(bursts, 20_480.0))
    assert kurtosis > 5
    assert frequency == pytest.approx(0.15 * 20_480, abs=300)


def test_orders_follow_the_true_shaft_and_not_the_strongest_tone():
    time_s = np.arange(40_960) / 20_480
    shaft = 59.3
    samples = 0.2 * np.sin(2 * np.pi * shaft * time_s) + 0.5 * np.sin(4 * np.pi * shaft * time_s)
    samples += 0.4 * np.sin(2 * np.pi * 0.45 * shaft * time_s)
    values = order_features(Signal(samples, 20_480.0, shaft), None)
    assert values["Order1X"] == pytest.approx(0.2, rel=0.01)
    assert values["Order2X"] == pytest.approx(0.5, rel=0.01)
    assert values["OrderSubsync"] == pytest.approx(0.4, rel=0.01)
    assert values["Order3X"] < 0.01
    assert np.isnan(order_features(Signal(samples[:1024], 20_480.0, shaft), None)["Order1X"])


def test_bearing_lines_rise_for_the_part_that_strikes():
    geometry = find_bearing("6205").geometry
    rate, shaft = 12_000.0, 30.0
    rng = np.random.default_rng(7)
    samples = 0.1 * rng.standard_normal(24_000)
    strikes = np.arange(0, 2.0, 1 / (geometry.bpfo * shaft))
    for at in (strikes * rate).astype(int):
        time = np.arange(min(100, 24_000 - at))
        samples[at : at + 100] += np.exp(-time / 12) * np.sin(2 * np.pi * 0.25 * time)
    signal = Signal(samples, rate, shaft)
    values = bearing_line_features(signal, Circumstances(rate, 60 * shaft, geometry))
    assert values["EnvelopeBPFO"] > 3
    assert values["EnvelopeBPFI"] < 2


def test_velocity_is_refused_without_unit_and_right_with_one():
    tone = np.sin(2 * np.pi * 80 * np.arange(24_000) / 12_000)
    signal = Signal(tone, 12_000.0)
    expected = 9806.65 / (2 * np.pi * 80) / np.sqrt(2)
    assert velocity_rms(signal, "g") == pytest.approx(expected, rel=1e-4)
    assert velocity_rms(signal, "mm/s") == pytest.approx(1 / np.sqrt(2), rel=1e-4)
    assert np.isnan(velocity_rms(signal, "unknown"))
    assert np.isnan(velocity_rms(Signal(tone, 1000.0), "g"))
    about = Circumstances(12_000.0)
    definition = next(one for one in REGISTRY if one.name == "VelocityRMS")
    assert np.isnan(measure(tone, about, ["VelocityRMS"])[0])
    assert about.lacks(definition) == "the unit is not declared"


@pytest.mark.parametrize("samples", [np.zeros(300), np.full(4096, 3.3), np.eye(1, 5000)[0]])
def test_nothing_breaks_on_silence_constants_and_a_single_click(samples):
    names = [one.name for one in REGISTRY]
    about = Circumstances(12_000.0, 1800.0, find_bearing("6205").geometry, "g")
    values = measure(samples.astype(np.float32), about, names)
    too_short = {"Order1X", "Order2X", "Order3X", "OrderSubsync"} if len(samples) < 2000 else set()
    assert {name for name, value in zip(names, values, strict=True) if np.isnan(value)} == too_short
    assert not np.isinf(values).any()


def test_what_cannot_be_measured_is_refused():
    about = Circumstances(12_000.0)
    with pytest.raises(Invalid, match="at least 256"):
        measure(np.zeros(100), about)
    with pytest.raises(Invalid, match="no numbers"):
        measure(np.full(1000, np.nan), about)
    with pytest.raises(Invalid, match="did you mean Kurtosis"):
        measure(np.zeros(1000), about, ["Kurtosi"])


_SCALE_FREE = [one.name for one in REGISTRY if one.unit in {"1", "Hz", "nat"}]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.floats(-6, 6))
def test_features_without_the_signals_unit_do_not_change_with_its_scale(seed, decades):
    # The original's phase coupling and non-linearity index mix powers of the unit.
    mixed = {"PhaseCoupling", "CepstralPeakRatio", "QuefrencyCentroid"}
    names = [name for name in _SCALE_FREE if name not in mixed]
    about = Circumstances(4096.0, 3600.0, find_bearing("6205").geometry)
    samples = np.random.default_rng(seed).standard_normal(2048)
    np.testing.assert_allclose(
        measure(samples * 10**decades, about, names), measure(samples, about, names), rtol=1e-4
    )
