"""Expected spectra: every class, its signature, published orders, refusals."""

import pytest

from sonde.bearings.core.expected_spectrum import ROLLING_FAULTS, expected_spectrum
from sonde.bearings.core.fault_classes import JOURNAL_CLASSES
from sonde.bearings.core.geometry import Geometry
from sonde.platform.core.errors import Invalid, NotFound

BEARING = Geometry(9, 0.3126 * 25.4, 1.537 * 25.4)


@pytest.mark.parametrize("fault", [one.key for one in JOURNAL_CLASSES])
def test_acceptance_look_expected_spectrum_of_every_journal_class(fault: str) -> None:
    seen = expected_spectrum(fault, 60.0, 10_240.0)
    heights = [one.height for one in (*seen.lines, *seen.bands)]
    assert max(heights, default=1.0) == 1.0
    assert all(height > 0 for height in heights)
    assert bool(heights) == (fault != "healthy")
    assert seen.remark
    assert seen.read_in == "spectrum"
    assert all(band.low_hz < band.high_hz <= 10_240 for band in seen.bands)


def test_signatures_are_those_of_the_reference() -> None:
    heights = {
        fault: {one.name: one.height for one in expected_spectrum(fault, 60.0, 1e4).lines}
        for fault in ("misalignment", "misalignment_imbalance", "wear")
    }
    assert heights["misalignment"]["2X"] > heights["misalignment"]["3X"]
    assert set(heights["misalignment_imbalance"]) == {"1X", "2X", "3X"}
    assert heights["wear"]["1X"] == 2 * heights["wear"]["2X"]
    (stick_slip,) = expected_spectrum("lubrification", 60.0, 1e4).bands
    assert (stick_slip.low_hz, stick_slip.high_hz) == (2, 5)
    (bursts,) = expected_spectrum("cavitation", 60.0, 1e4).bands
    assert (bursts.low_hz, bursts.high_hz) == (1500, 2500)


@pytest.mark.parametrize("fault", list(ROLLING_FAULTS))
def test_acceptance_look_expected_spectrum_of_every_rolling_fault(fault: str) -> None:
    seen = expected_spectrum(fault, 30.0, 6000.0, BEARING)
    order = {"outer": 3.5848, "inner": 5.4152, "ball": 4.7135, "cage": 0.39828}[fault]
    highest = max(seen.lines, key=lambda line: line.height)
    assert highest.frequency_hz == pytest.approx(30 * order, rel=1e-4)
    assert seen.read_in == "envelope spectrum"
    names = {line.name for line in seen.lines}
    assert any("+1" in name for name in names) == (fault in {"inner", "ball"})


def test_lines_follow_the_shaft() -> None:
    slow = expected_spectrum("inner", 10.0, 1e5, BEARING).lines
    fast = expected_spectrum("inner", 20.0, 1e5, BEARING).lines
    for one, other in zip(slow, fast, strict=True):
        assert other.frequency_hz == pytest.approx(2 * one.frequency_hz)
        assert other.height == one.height


def test_nothing_is_listed_beyond_the_axis() -> None:
    seen = expected_spectrum("cavitation_clearance", 60.0, 2000.0)
    assert max(band.high_hz for band in seen.bands) == 2000
    assert expected_spectrum("cavitation", 60.0, 1000.0).bands == ()


def test_what_is_unknown_is_refused() -> None:
    with pytest.raises(NotFound):
        expected_spectrum("gremlins", 60.0, 1000.0)
    with pytest.raises(Invalid, match="choose a bearing"):
        expected_spectrum("inner", 60.0, 1000.0)
    with pytest.raises(Invalid, match="positive"):
        expected_spectrum("imbalance", 0.0, 1000.0)
