"""Noise layers have the spectra that they promise; effects do what their physics says."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from scipy import signal as scipy_signal

from sonde.bearings.core.fault_classes import JOURNAL_CLASSES
from sonde.bearings.core.simulate.augmenting import METHODS, augment
from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.journal.rotor_effects import critical_speeds
from sonde.bearings.core.simulate.plan import PRESETS, GenerationConfig
from sonde.bearings.core.simulate.settings import Augmentation, Conditions, Effects, Noise
from sonde.bearings.core.simulate.waves import pink_noise, steady_tone, tone_along

RATE = 20_480.0
LAYERS = "measurement mains pink drift sensor_drift impulses aliasing quantisation"
OFF = dict.fromkeys(LAYERS.split(), False)
SILENT = Noise(**OFF)
BASE = GenerationConfig(
    classes=("imbalance",),
    per_class=1,
    severities=("severe",),
    evolution_share=0.0,
    transient_share=0.0,
    duration_s=5.0,
    noise=SILENT,
    conditions=Conditions(speed_rpm=(3600.0, 3600.0), temperature_c=(60.0, 60.0)),
)


def _samples(config):
    return simulate(config, 0).samples[0].astype(float)


def _layer(**changes):
    """Return what one layer adds, exactly: all other streams stay as they are."""
    noisy = replace(BASE, noise=replace(SILENT, **changes))
    return _samples(noisy) - _samples(BASE)


def _tone_hz(samples):
    padded = 8 * len(samples)
    lines = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), padded))
    return float(np.argmax(lines) * RATE / padded)


def test_measurement_noise_is_white_and_gaussian():
    layer = _layer(measurement=True)
    assert layer.std() == pytest.approx(0.03, rel=0.02)
    frequency_hz, power = scipy_signal.welch(layer, RATE, nperseg=2048)
    low, high = power[(frequency_hz < 5000)].mean(), power[frequency_hz > 5000].mean()
    assert low / high == pytest.approx(1.0, rel=0.1)


def test_acceptance_simulate_pink_noise_falls_with_one_over_f():
    layer = _layer(pink=True)
    assert np.sqrt(np.mean(layer**2)) == pytest.approx(0.02, rel=0.01)
    frequency_hz, power = scipy_signal.periodogram(layer, RATE)
    within = (frequency_hz > 2) & (frequency_hz < 8000)
    slope = np.polyfit(np.log(frequency_hz[within]), np.log(power[within]), 1)[0]
    assert slope == pytest.approx(-1.0, abs=0.05)


@pytest.mark.parametrize("mains_hz", ["50", "60"])
def test_mains_is_a_tone_at_50_or_60_hz(mains_hz):
    layer = _layer(mains=True, mains_hz=mains_hz)
    assert _tone_hz(layer) == pytest.approx(float(mains_hz), abs=0.05)
    assert 0.0099 < np.abs(layer).max() < 0.0151


def test_drift_is_slow_and_begins_anywhere():
    layer = _layer(drift=True)
    assert np.abs(layer).max() == pytest.approx(0.015, rel=0.01)
    assert _tone_hz(layer - layer.mean()) == pytest.approx(1 / 1.5, abs=0.1)
    others = [
        _samples(replace(BASE, seed=seed, noise=replace(SILENT, drift=True)))[0]
        - _samples(replace(BASE, seed=seed))[0]
        for seed in range(6)
    ]
    assert np.ptp(others) > 0.005


def test_sensor_drift_is_per_second():
    layer = _layer(sensor_drift=True)
    assert layer[-1] - layer[0] == pytest.approx(0.001 * 5.0, rel=0.02)


def test_impulses_come_twice_a_second():
    layer = _layer(impulses=True)
    apart = np.diff(np.flatnonzero(np.abs(layer) > 1e-6))
    assert 8 <= 1 + np.sum(apart > 20) <= 10


def test_aliasing_folds_back_below_half_the_rate_in_a_tenth_of_the_records():
    layer = _layer(aliasing=True, aliasing_share=1.0)
    assert np.abs(layer).max() == pytest.approx(0.005, rel=0.02)
    assert RATE / 2 - 300 < _tone_hz(layer) < RATE / 2 - 100
    short = replace(BASE, per_class=150, duration_s=0.1, noise=replace(SILENT, aliasing=True))
    quiet = replace(short, noise=SILENT)
    hit = sum(
        simulate(short, index).samples.tobytes() != simulate(quiet, index).samples.tobytes()
        for index in range(150)
    )
    assert 5 <= hit <= 28


def test_acceptance_simulate_quantisation_comes_last():
    noisy = replace(BASE, noise=Noise(quantisation_step=0.01))
    steps = _samples(noisy) / 0.01
    assert np.abs(steps - np.rint(steps)).max() < 1e-4
    smooth = replace(noisy, noise=replace(noisy.noise, quantisation=False))
    assert np.abs(_samples(noisy) - _samples(smooth)).max() <= 0.005 + 1e-6


def test_tones_are_what_they_say():
    time_s = np.arange(5000) / RATE
    assert steady_tone(5000, 61.3 / RATE, 0.1) == pytest.approx(
        np.sin(2 * np.pi * (61.3 * time_s + 0.1)), abs=2e-6
    )
    assert tone_along(61.3 * time_s, 2.0, 0.3) == pytest.approx(
        np.sin(2 * np.pi * (122.6 * time_s + 0.3)), abs=2e-6
    )
    assert pink_noise(777, np.random.default_rng(1)).shape == (777,)


def _speed_track(config):
    """Return the instantaneous frequency of an imbalance's tone, in Hz."""
    analytic = scipy_signal.hilbert(_samples(config))
    return np.diff(np.unwrap(np.angle(analytic))) * RATE / (2 * np.pi)


def test_acceptance_simulate_speed_fluctuation_is_frequency_modulation():
    steady, moving = BASE, replace(BASE, effects=Effects(speed_fluctuation=True))
    middle = slice(2000, -2000)
    smooth = np.ones(400) / 400
    still = np.convolve(_speed_track(steady), smooth, "same")[middle]
    wandering = np.convolve(_speed_track(moving), smooth, "same")[middle]
    assert still.std() < 0.5
    assert 0.7 < wandering.std() < 3.5
    assert wandering.mean() == pytest.approx(60.0, abs=2.0)


def test_run_up_and_coast_down_change_the_frequency():
    tracks = {}
    for seed in range(8):
        config = replace(BASE, seed=seed, effects=Effects(run_up=True, run_up_s=3.0))
        made = simulate(config, 0)
        track = np.convolve(_speed_track(config), np.ones(1024) / 1024, "same")
        tracks[made.conditions["manoeuvre"]] = track
    assert set(tracks) == {"run-up", "coast-down"}
    assert tracks["run-up"][int(4 * RATE)] == pytest.approx(60.0, rel=0.05)
    assert tracks["coast-down"][int(1 * RATE)] == pytest.approx(60.0, rel=0.05)
    assert tracks["coast-down"][int(3.5 * RATE)] < 45.0


def test_resonance_amplifies_at_both_critical_speeds():
    gain = np.abs(critical_speeds(Effects(), np.array([1.0, 45.0, 120.0, 5000.0])))
    assert gain[1] == pytest.approx(10.0, rel=0.05)
    assert gain[2] == pytest.approx(10.0, rel=0.05)
    assert gain[[0, 3]] == pytest.approx(1.0, abs=0.05)
    at_critical = replace(BASE, conditions=Conditions(speed_rpm=(2700.0, 2700.0)))
    resonant = replace(at_critical, effects=Effects(resonance=True))
    assert _samples(resonant).std() > 5 * _samples(at_critical).std()


def test_cross_coupling_feeds_what_whirls_forward():
    both = replace(BASE, channels=("x", "y"))
    plain, coupled = (
        simulate(both, 0),
        simulate(replace(both, effects=Effects(cross_coupling=True)), 0),
    )
    x, y = plain.samples.astype(float)
    assert np.allclose(coupled.samples[0], x + 0.3 * y, atol=0.02)
    assert y.std() / x.std() == pytest.approx(0.8, rel=0.05)
    lag = np.angle(np.vdot(scipy_signal.hilbert(x), scipy_signal.hilbert(y)))
    assert lag == pytest.approx(-np.pi / 2, abs=0.05)


def test_the_axial_channel_hears_misalignment_best():
    def axial_share(key):
        made = simulate(replace(BASE, classes=(key,), channels=("x", "axial")), 0)
        return made.samples[1].std() / made.samples[0].std()

    assert axial_share("misalignment") > 2 * axial_share("imbalance")


def test_thermal_growth_and_the_path_change_the_size():
    hot = replace(BASE, conditions=Conditions(temperature_c=(80.0, 80.0)))
    grown = replace(hot, effects=Effects(thermal_growth=True, thermal_growth_per_c=0.01))
    assert _samples(grown).std() > 1.01 * _samples(hot).std()
    cavitating = replace(BASE, classes=("cavitation",))
    carried = replace(cavitating, effects=Effects(transfer_path=True))
    assert _samples(carried).std() > _samples(cavitating).std()


@pytest.mark.parametrize("name", sorted(METHODS))
def test_augmented_copies_are_changed_and_keep_their_shape(name):
    rng = np.random.default_rng(5)
    samples = rng.standard_normal((2, 3000)).astype(np.float32)
    other = rng.standard_normal((2, 3000)).astype(np.float32)
    change, called = augment(samples, Augmentation(1.0, (name,)), rng, lambda: other)
    assert called == name
    assert change.samples.shape == samples.shape
    assert not np.array_equal(change.samples, samples)
    assert np.isfinite(change.samples).all()
    assert 0.4 < change.samples.std() < 1.6


def test_a_stretched_copy_says_how_fast_the_shaft_seems_to_turn():
    config = replace(
        BASE, augmentation=Augmentation(1.0, ("window_slicing",)), conditions=Conditions()
    )
    parent, copy = simulate(config, 0), simulate(config, 1)
    assert copy.speed_rpm == pytest.approx(0.9 * parent.speed_rpm)
    assert _tone_hz(copy.samples[0].astype(float)) == pytest.approx(copy.speed_rpm / 60, abs=0.1)
    assert (copy.parent, copy.bearing) == (0, parent.bearing)


GOLDEN = "c451c2f7cbfefc4f4bf572c243992ecdf58bcefda85476400044c6094d407a13"


def test_acceptance_simulate_the_original_equations_are_frozen():
    config = replace(PRESETS["original-v2"].config, per_class=4, duration_s=0.5)
    digest = hashlib.sha256()
    for index in range(config.n_signals):
        rounded = np.round(simulate(config, index).samples.astype(float), 5) + 0.0
        digest.update(np.rint(rounded * 1e5).astype("<i8").tobytes())
    assert digest.hexdigest() == GOLDEN


def test_the_original_squares_severity_in_mixed_classes():
    config = replace(
        BASE, equations="original-v2", classes=tuple(one.key for one in JOURNAL_CLASSES)
    )

    def size(level):
        made = simulate(replace(config, severities=(level,)), 8)
        return made.samples.std(), made.conditions["severity_factor"]

    (small, low), (large, high) = size("incipient"), size("severe")
    assert large / small == pytest.approx((high / low) ** 2, rel=0.05)
