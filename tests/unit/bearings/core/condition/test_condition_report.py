"""The report of a machine: one page, its own fonts, nothing from outside; small laws beside."""

import re
import zlib
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sonde.bearings.core.condition.alarms import AlarmBand, AlarmState, BandKind
from sonde.bearings.core.condition.demonstration import run_to_failure, samples_of
from sonde.bearings.core.condition.figures import FIGURES, checked_figure
from sonde.bearings.core.condition.health import indicator_along
from sonde.bearings.core.condition.machines import Measurement, Node, NodeKind
from sonde.bearings.core.condition.moments import moment_in_name
from sonde.bearings.core.condition.report import MachineReport, PointLine, Spark
from sonde.bearings.core.condition.report_pages import as_pdf
from sonde.bearings.core.condition.zones import VELOCITY, zone_note
from sonde.platform.core.errors import Invalid

START = datetime(2026, 1, 1, tzinfo=UTC)


def _report(n_points=3, n_events=3, name="Pompe n° 3, Évreux, Ελλάδα"):
    moments = tuple(START + timedelta(hours=n) for n in range(40))
    band = AlarmBand(BandKind.FIXED, 2.0, 4.0)
    spark = Spark("RMS, Radial", "g", moments, np.linspace(1, 5, 40), band)
    point = PointLine("Drive end / Radial", START, ("1", "2"), "B", AlarmState.WARNING)
    return MachineReport(
        machine=name,
        plant="Usine",
        state=AlarmState.WARNING,
        facts=[("Speed", "1480")],
        columns=["RMS", "Kurtosis"],
        points=[point] * n_points,
        sparks=[spark] * 4,
        outlook=["About 5 days."],
        events=[("2026-01-01", "warning", "RMS " * 60)] * n_events,
        method="So it was computed. " * 60,
        made_at=START,
        version="0",
    )


def _streams(content):
    """Return what the PDF's compressed parts hold."""
    found = []
    for part in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(part.strip()))
        except zlib.error:
            found.append(part)
    return found


@pytest.mark.parametrize(("n_points", "n_events"), [(0, 0), (3, 3), (300, 300)])
def test_acceptance_condition_report_is_one_page_whatever_it_holds(n_points, n_events):
    content = as_pdf(_report(n_points, n_events, "M" * 300))
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1
    assert b"/URI" not in content
    assert b"http" not in b"".join(_streams(content)[:1])
    assert content.count(b"/FontFile2") == 2


def test_the_same_report_gives_the_same_bytes():
    assert as_pdf(_report()) == as_pdf(_report())


def test_a_report_without_anything_is_still_a_page():
    empty = MachineReport("New", "Plant", None, [], [], [], [], [], [], "", START, "0")
    assert as_pdf(empty).count(b"/Type /Page\n") == 1


def test_letters_of_french_and_greek_have_glyphs():
    from reportlab.pdfbase import pdfmetrics

    as_pdf(_report())
    for name in ("SondeSans", "SondeSansBold"):
        known = pdfmetrics.getFont(name).face.charToGlyph
        assert all(ord(letter) in known for letter in "éèçœÉÀ°µαβΩλάδ≤²·–")


def test_moments_are_read_from_names():
    assert moment_in_name("a_2026-02-30_10-00-00.csv") is None
    assert moment_in_name("20260105063059.wav") == datetime(2026, 1, 5, 6, 30, 59, tzinfo=UTC)
    assert moment_in_name("12345678901234567890.wav") is None


def test_zones_say_why_there_is_none():
    way = (Node("1", "w", "o", NodeKind.MACHINE, "M", "", {"machine_group": "2"}),)
    measured = Measurement("m", "n", START, 4096.0, 1500.0, "g", 8192, {VELOCITY: 3.0})
    assert "support is not declared" in zone_note(way, measured).sentence
    whole = (
        Node("1", "w", "o", NodeKind.MACHINE, "M", "", {**way[0].details, "support": "rigid"}),
    )
    assert zone_note(whole, measured).zone == "C"
    for facts, why in (
        ({"speed_rpm": 500.0}, "from 2 Hz"),
        ({"unit": "um"}, "displacement"),
        ({"n_samples": 2000}, "at least 1 s"),
        ({"figures": {}}, "unknown"),
    ):
        found = zone_note(whole, Measurement(**{**vars(measured), **facts}))
        assert found.zone is None
        assert why in found.sentence
    assert "Nothing" in zone_note(whole, None).sentence


def test_figures_that_are_not_kept_are_refused():
    assert "RMS" in FIGURES
    with pytest.raises(Invalid, match="not kept"):
        checked_figure("SampleEntropy")


def test_a_baseline_is_not_better_than_the_rest_of_a_healthy_life():
    rng = np.random.default_rng(2)
    values = rng.normal(3.0, 0.2, size=(400, 5))
    found = indicator_along(tuple("abcde"), values, np.arange(400) < 20)
    assert 0.6 < np.median(found[:20]) / np.median(found[20:]) < 1.6


def test_the_demo_run_is_the_same_machine_getting_worse():
    run = run_to_failure(START, 12)
    loud = [float(np.std(samples_of(one, duration_s=0.25))) for one in (run[0], run[-1])]
    assert loud[1] > 1.2 * loud[0]
    assert (
        samples_of(run[0], duration_s=0.25).tolist()
        == samples_of(run_to_failure(START, 12)[0], duration_s=0.25).tolist()
    )
