"""The 36 features against closed forms, slow references and laws that must hold."""

import numpy as np
import pytest
import pywt
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal as sps
from scipy import stats

from sonde.bearings.core.features.catalogue import FAMILIES, NAMES, signal_features
from sonde.platform.core.errors import Invalid

RATE_HZ = 4096.0
UNCHANGED_BY_SCALE = (
    "Kurtosis", "Skewness", "CrestFactor", "ShapeFactor", "ImpulseFactor", "ClearanceFactor",
    "DominantFreq", "SpectralCentroid", "SpectralEntropy", "SpectralPeakiness", "EnvelopeKurtosis",
    "ModulationFreq", "WaveletEnergyRatio", "WaveletKurtosis", "BispectrumPeakRatio",
)  # fmt: skip
LINEAR_IN_SCALE = ("RMS", "LowBandEnergy", "TotalSpectralPower", "SpectralStd", "EnvelopeRMS",
                   "EnvelopePeak")  # fmt: skip


def named(samples, shaft_hz=None):
    return dict(zip(NAMES, signal_features(samples, RATE_HZ, shaft_hz), strict=True))


def test_there_are_36_in_the_order_of_the_contract():
    assert len(NAMES) == 36
    assert len(set(NAMES)) == 36
    assert [len(names) for names, _ in FAMILIES.values()] == [7, 12, 4, 7, 6]
    assert NAMES[0] == "RMS"
    assert NAMES[7] == "DominantFreq"
    assert NAMES[35] == "BispectrumPeakRatio"


def test_a_sine_has_its_closed_forms():
    time_s = np.arange(8192) / RATE_HZ
    values = named(2 * np.sin(2 * np.pi * 97 * time_s))
    assert values["RMS"] == pytest.approx(np.sqrt(2))
    assert values["Kurtosis"] == pytest.approx(-1.5)
    assert values["CrestFactor"] == pytest.approx(np.sqrt(2), rel=1e-3)
    assert values["ShapeFactor"] == pytest.approx(np.pi / (2 * np.sqrt(2)), rel=1e-3)
    assert values["DominantFreq"] == 97
    assert values["EnvelopeRMS"] == pytest.approx(2)
    assert values["EnvelopePeak"] == pytest.approx(2)
    assert values["LowBandEnergy"] == pytest.approx(2)
    assert values["SpectralCentroid"] == pytest.approx(97, rel=1e-6)


def test_harmonics_refer_to_the_shaft_where_its_speed_is_known():
    time_s = np.arange(8192) / RATE_HZ
    tones = np.sin(2 * np.pi * 32 * time_s) + 3 * np.sin(2 * np.pi * 64 * time_s)
    assert named(tones, shaft_hz=32.0)["Harmonic2X1X"] == pytest.approx(3)
    assert named(tones)["Harmonic2X1X"] == pytest.approx(0, abs=1e-9)


def _slow(x):
    n = len(x)
    amplitude = 2 / n * np.abs(np.fft.rfft(x))
    frequency = np.fft.rfftfreq(n, 1 / RATE_HZ)
    share = amplitude / amplitude.sum()
    envelope = np.abs(sps.hilbert(x))
    spectrum = np.abs(np.fft.rfft(envelope))
    above = np.fft.rfftfreq(n, 1 / RATE_HZ) > 1
    parts = pywt.wavedec(x, "db4", level=5)
    energy = [np.sum(part**2) for part in parts]
    cepstrum = np.abs(np.fft.irfft(np.log(np.abs(np.fft.rfft(x)) ** 2), n)[: n // 2])
    segments = x[: n // 512 * 512].reshape(-1, 512)
    lines = np.fft.rfft(segments, axis=1)
    slices = np.abs(np.mean([one[:128] ** 2 * one[0:256:2].conj() for one in lines], axis=0))
    p = slices / slices.sum()
    return {
        "Kurtosis": stats.kurtosis(x),
        "Skewness": stats.skew(x),
        "ClearanceFactor": np.abs(x).max() / np.mean(np.sqrt(np.abs(x))) ** 2,
        "ImpulseFactor": np.abs(x).max() / np.abs(x).mean(),
        "SpectralCentroid": np.sum(frequency * share),
        "SpectralEntropy": -np.sum(share * np.log(share)),
        "MidBandEnergy": amplitude[(frequency >= 500) & (frequency < 2000)].sum(),
        "SpectralStd": amplitude.std(),
        "SpectralPeakiness": amplitude.max() / amplitude.mean(),
        "EnvelopeRMS": np.sqrt(np.mean(envelope**2)),
        "EnvelopeKurtosis": stats.kurtosis(envelope),
        "EnvelopePeak": envelope.max(),
        "ModulationFreq": frequency[above][spectrum[above].argmax()],
        "WaveletEnergyRatio": sum(energy[1:]) / sum(energy),
        "WaveletKurtosis": np.mean([stats.kurtosis(part) for part in parts[1:]]),
        "WaveletEnergy_D1": energy[5],
        "WaveletEnergy_D3": energy[3],
        "WaveletEnergy_D5": energy[1],
        "CepstralPeakRatio": cepstrum.max() / cepstrum.mean(),
        "QuefrencyCentroid": np.sum(np.arange(n // 2) / RATE_HZ * cepstrum) / cepstrum.sum(),
        "BispectrumPeak": slices.max(),
        "BispectrumMean": slices.mean(),
        "BispectrumEntropy": -np.sum(p * np.log(p)),
        "PhaseCoupling": np.tanh(slices.sum() / np.sum(np.abs(lines[0]) ** 2)),
        "NonlinearityIndex": (slices.mean() + abs(stats.skew(x))) / 2,
    }


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-9), (np.float32, 2e-3)])
@pytest.mark.parametrize("length", [8192, 8193])
def test_fast_equals_slow(dtype, tolerance, length):
    x = np.random.default_rng(5).gamma(2.0, 1.0, length) - 1.5
    fast, slow = named(x.astype(dtype)), _slow(x)
    for name, value in slow.items():
        assert fast[name] == pytest.approx(value, rel=tolerance, abs=tolerance), name


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.floats(1e-3, 1e3))
def test_scaling_the_signal_scales_what_it_should(seed, scale):
    x = np.random.default_rng(seed).standard_t(4, 2048)
    plain, scaled = named(x), named(x * scale)
    for name in UNCHANGED_BY_SCALE:
        assert scaled[name] == pytest.approx(plain[name], rel=1e-6, abs=1e-9), name
    for name in LINEAR_IN_SCALE:
        assert scaled[name] == pytest.approx(plain[name] * scale, rel=1e-6), name


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_no_unit_is_too_small_or_too_large_for_single_precision(scale):
    x = np.random.default_rng(3).standard_t(4, 4096)
    plain, scaled = named(x.astype(np.float32)), named((x * scale).astype(np.float32))
    for name in ("Kurtosis", "Skewness", "CrestFactor", "EnvelopeKurtosis", "WaveletKurtosis"):
        assert scaled[name] == pytest.approx(plain[name], rel=1e-4), name


def test_a_constant_has_no_shape():
    for constant in (np.full(1000, 0.1), np.full(1000, 0.1, dtype=np.float32)):
        values = named(constant)
        assert (values["Kurtosis"], values["Skewness"]) == (0, 0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), shift=st.integers(1, 2047))
def test_turning_the_signal_round_changes_neither_waveform_nor_spectrum(seed, shift):
    x = np.random.default_rng(seed).normal(size=2048)
    plain, turned = named(x), named(np.roll(x, shift))
    for name in (*NAMES[:19], "EnvelopeRMS", "EnvelopeKurtosis", "EnvelopePeak"):
        if name != "DominantFreq":
            assert turned[name] == pytest.approx(plain[name], rel=1e-6, abs=1e-9), name


@pytest.mark.parametrize("samples", [np.zeros(1000), np.full(1000, 3.5), np.eye(1, 1000)[0]])
def test_silence_constants_and_one_impulse_give_finite_numbers(samples):
    assert np.isfinite(signal_features(samples, RATE_HZ)).all()


@pytest.mark.parametrize(
    ("samples", "rate"),
    [
        (np.zeros(10), 1.0),
        (np.zeros((2, 500)), 1.0),
        (np.zeros(500), 0.0),
        (np.full(500, np.nan), 1.0),
    ],
)
def test_what_has_no_features_is_refused(samples, rate):
    with pytest.raises(Invalid):
        signal_features(samples, rate)
