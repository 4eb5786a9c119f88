"""Each of the eleven classes shows the signature by which an analyst knows it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import signal as scipy_signal

from sonde.bearings.core.fault_classes import JOURNAL_CLASSES
from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.simulate.settings import Conditions

RATE = 20_480.0
N_RECORDS = 6
BASE = GenerationConfig(
    per_class=N_RECORDS,
    severities=("severe",),
    evolution_share=0.0,
    transient_share=0.0,
    duration_s=2.0,
)
KEYS = tuple(one.key for one in JOURNAL_CLASSES)


def _config(key, **changes):
    return replace(BASE, classes=(key,), **changes)


def _records(key, **changes):
    config = _config(key, **changes)
    return [simulate(config, index) for index in range(config.n_signals)]


def _amplitude(record, low_hz, high_hz):
    """Return the largest amplitude between two frequencies (Hann window, amplitude-true)."""
    samples = record.samples[0].astype(float)
    window = np.hanning(len(samples))
    padded = 4 * len(samples)
    lines = 2 * np.abs(np.fft.rfft((samples - samples.mean()) * window, padded)) / window.sum()
    frequency_hz = np.fft.rfftfreq(padded, 1 / record.sampling_rate_hz)
    return lines[(frequency_hz >= low_hz) & (frequency_hz <= high_hz)].max()


def _order(record, order, width=0.03):
    shaft_hz = record.speed_rpm / 60
    return _amplitude(record, (order - width) * shaft_hz, (order + width) * shaft_hz)


def _rms(record):
    return float(np.sqrt(np.mean(np.square(record.samples[0], dtype=float))))


def _kurtosis(samples):
    moving = samples - samples.mean()
    return float(np.mean(moving**4) / np.mean(moving**2) ** 2)


def _burst_kurtosis(record):
    low, high = 1400.0, 2600.0
    sections = scipy_signal.butter(4, (low, high), "bandpass", fs=RATE, output="sos")
    return _kurtosis(scipy_signal.sosfiltfilt(sections, record.samples[0].astype(float)))


def _flatness(record, low_hz=500.0, high_hz=9000.0):
    """Return the floor's density between two frequencies."""
    frequency_hz, power = scipy_signal.welch(record.samples[0], RATE, nperseg=4096)
    return power[(frequency_hz > low_hz) & (frequency_hz < high_hz)]


def test_acceptance_simulate_healthy_has_the_lowest_level_and_no_tone_but_mains():
    healthy = _records("healthy")
    for key in KEYS[1:]:
        for quiet, faulty in zip(healthy, _records(key), strict=True):
            assert _rms(faulty) > _rms(quiet), key
    for record in healthy:
        assert record.severity == "nominal"
        assert max(_order(record, order) for order in (1, 2, 3)) < 0.005
        assert 0.008 < _amplitude(record, 49.5, 50.5) < 0.02


def test_acceptance_simulate_misalignment_has_2x_over_1x_and_3x():
    for record in _records("misalignment"):
        first, second, third = (_order(record, order) for order in (1, 2, 3))
        assert second > 5 * first
        assert second > third > first
        assert second == pytest.approx(0.35 * record.conditions["severity_factor"], rel=0.1)


def test_acceptance_simulate_imbalance_is_1x_growing_with_speed_squared_and_load():
    def size(speed_rpm, load):
        conditions = Conditions(speed_rpm=(speed_rpm,) * 2, load=(load,) * 2)
        (record, *_) = _records("imbalance", conditions=conditions)
        assert _order(record, 1) > 10 * max(_order(record, order) for order in (2, 3))
        return _order(record, 1) / record.conditions["severity_factor"]

    assert size(3600.0, 1.0) == pytest.approx(0.50, rel=0.05)
    assert size(7200.0, 1.0) / size(3600.0, 1.0) == pytest.approx(4.0, rel=0.05)
    assert size(3600.0, 0.0) / size(3600.0, 1.0) == pytest.approx(0.3, rel=0.1)


def test_acceptance_simulate_clearance_knocks_below_half_the_shaft_frequency():
    for record in _records("clearance"):
        below = _order(record, 0.455, 0.03)
        assert below > _order(record, 1) > _order(record, 2) > 0.05
    cold, hot = (
        _records("clearance", conditions=Conditions(temperature_c=(celsius,) * 2))[0]
        for celsius in (40.0, 80.0)
    )
    ratio = _order(hot, 0.455, 0.03) / _order(cold, 0.455, 0.03)
    assert ratio == pytest.approx(1.1 / 0.9, rel=0.05)


def test_acceptance_simulate_lubrication_is_slow_and_sine_like_not_impulsive():
    for record in _records("lubrication", duration_s=5.0):
        assert _amplitude(record, 1.5, 5.5) > 5 * _amplitude(record, 20.0, 10_000.0)
        assert _kurtosis(record.samples[0].astype(float)) == pytest.approx(1.5, abs=0.25)
    thin, thick = (
        _records("lubrication", conditions=Conditions(temperature_c=(celsius,) * 2))[0]
        for celsius in (70.0, 45.0)
    )
    assert thin.conditions["sommerfeld"] < thick.conditions["sommerfeld"]
    assert _amplitude(thin, 1.5, 5.5) > _amplitude(thick, 1.5, 5.5)


def test_acceptance_simulate_cavitation_comes_in_bursts():
    quiet = [_burst_kurtosis(record) for record in _records("healthy", duration_s=5.0)]
    bursting = [_burst_kurtosis(record) for record in _records("cavitation", duration_s=5.0)]
    assert max(quiet) < 4.0
    assert min(bursting) > 10.0
    for record in _records("cavitation", duration_s=5.0):
        assert _order(record, 1) < 0.01


def test_acceptance_simulate_wear_raises_the_whole_floor_evenly():
    for quiet, worn in zip(_records("healthy"), _records("wear"), strict=True):
        before, after = _flatness(quiet), _flatness(worn)
        assert after.mean() > 5 * before.mean()
        flatness = np.exp(np.log(after).mean()) / after.mean()
        assert flatness > 0.95
        assert 0.02 < _order(worn, 1) < 0.2
        assert _order(worn, 2) < _order(worn, 1)


def test_acceptance_simulate_oil_whirl_is_sub_synchronous_with_sidebands():
    for record in _records("oil_whirl", duration_s=5.0):
        shaft_hz = record.speed_rpm / 60
        below = _amplitude(record, 0.415 * shaft_hz, 0.485 * shaft_hz)
        assert below > 10 * max(_order(record, order) for order in (1, 2, 3))
        expected = 0.40 / np.sqrt(record.conditions["sommerfeld"])
        assert below == pytest.approx(expected * record.conditions["severity_factor"], rel=0.1)
        assert 0.05 * below < _amplitude(record, 0.20 * shaft_hz, 0.25 * shaft_hz) < 0.15 * below


def test_acceptance_simulate_mixed_classes_are_both_at_seven_tenths():
    for record in _records("misalignment_imbalance"):
        factor = 0.7 * record.conditions["severity_factor"]
        load_factor = 0.3 + 0.7 * record.load
        ratio = record.speed_rpm / 3600
        assert _order(record, 2) == pytest.approx(0.35 * factor, rel=0.1)
        assert _order(record, 3) == pytest.approx(0.20 * factor, rel=0.1)
        assert _order(record, 1) == pytest.approx(0.5 * load_factor * ratio**2 * factor, rel=0.1)
    for record in _records("wear_lubrication", duration_s=5.0):
        assert _amplitude(record, 1.5, 5.5) > 0.1
        assert np.median(_flatness(record)) > 3 * np.median(_flatness(_records("healthy")[0]))
    for record in _records("cavitation_clearance", duration_s=5.0):
        assert _order(record, 0.455, 0.03) > 0.1
        assert _burst_kurtosis(record) > 5.0


def test_acceptance_simulate_severity_is_not_squared_in_mixed_classes():
    one, two = (
        _records("misalignment_imbalance", severities=(level,))[0]
        for level in ("incipient", "severe")
    )
    factors = two.conditions["severity_factor"] / one.conditions["severity_factor"]
    assert _order(two, 2) / _order(one, 2) == pytest.approx(factors, rel=0.05)


@pytest.mark.parametrize("key", KEYS[1:])
def test_acceptance_simulate_severities_are_ordered(key):
    levels = ("incipient", "mild", "moderate", "severe")
    groups = [_records(key, severities=(level,), per_class=3) for level in levels]
    factors = [[one.conditions["severity_factor"] for one in group] for group in groups]
    for lower, higher in pairwise(factors):
        assert max(lower) < min(higher)
    sizes = [np.mean([_rms(one) for one in group]) for group in groups]
    assert sizes == sorted(sizes)
    assert {one.severity for one in groups[1]} == {"mild"}


def test_acceptance_simulate_a_share_of_the_records_evolves():
    config = _config("misalignment", evolution_share=0.3, per_class=120, duration_s=0.1)
    records = [simulate(config, index) for index in range(config.n_signals)]
    evolving = [one for one in records if one.conditions["evolves"]]
    assert 0.15 < len(evolving) / len(records) < 0.45
    mild = _records("misalignment", severities=("incipient",), evolution_share=1.0)
    for record in mild:
        first, last = np.array_split(record.samples[0].astype(float), 2)
        assert last.std() > first.std()
        conditions = record.conditions
        grown = conditions["severity_factor_end"] - conditions["severity_factor"]
        assert grown == pytest.approx(0.3)
