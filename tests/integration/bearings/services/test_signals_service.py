"""Looking at recordings: what the service shows, to whom, how fast and how small."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from dash._utils import to_json

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.core.signal_views import POINTS, Look
from sonde.bearings.core.simulate.impacts import Fault
from sonde.bearings.core.simulate.rolling import (
    PlannedRecording,
    SimulationConfig,
    simulate_recording,
)
from sonde.bearings.persistence.signal_files import samples_hash, writing
from sonde.bearings.services import datasets
from sonde.bearings.services.signals import diagnosis, measures, places, spectra
from sonde.bearings.ui.signal.looks.panel import panel
from sonde.bearings.ui.signal.page import known, show, show_choice
from sonde.bearings.ui.signal.state import ViewState
from sonde.bearings.ui.signal.views.catalogue import VIEWS
from sonde.bearings.ui.signal.zone import ZoneFound
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work

RATE_HZ = 20_480.0
N_SAMPLES = 102_400
IMAGES = {"time-frequency", "waterfall", "coherence", "bicoherence"}


@pytest.fixture(scope="module")
def recording_ids(
    ports: Ports, actor: Actor, tmp_path_factory: pytest.TempPathFactory
) -> list[str]:
    """A stored data set of an outer race fault (two channels) and a healthy bearing."""
    plans = tuple(
        PlannedRecording(fault.value, fault, 1.0, 1800.0, 0.8)
        for fault in (Fault.OUTER, Fault.HEALTHY)
    )
    config = SimulationConfig(
        5, "6205", find_bearing("6205").geometry, RATE_HZ, N_SAMPLES / RATE_HZ, plans, noise=0.1
    )
    made = [simulate_recording(config, index) for index in range(2)]
    path: Path = tmp_path_factory.mktemp("signals") / "signals.h5"
    new = []
    with writing(path) as writer:
        for number, each in enumerate(made):
            channels = ("DE", "FE") if number == 0 else ("DE",)
            samples = np.stack([each.samples] * len(channels))
            samples[-1] *= 0.5 if number == 0 else 1.0
            place = writer.add(samples, channels=channels, sampling_rate_hz=RATE_HZ)
            new.append(
                NewRecording(
                    file=f"{each.name}.npy",
                    signal_path=place,
                    channels=channels,
                    n_samples=N_SAMPLES,
                    sampling_rate_hz=RATE_HZ,
                    speed_rpm=1800.0,
                    unit="g",
                    label=each.plan.fault.value,
                    bearing=each.plan.bearing,
                    lineage=each.name,
                    content_hash=samples_hash(samples),
                )
            )
    with unit_of_work(ports):
        key = datasets.store_signals(path)
        plan = datasets.DatasetPlan("Simulated", "import", "6205-2RS", tuple(new))
        stored = datasets.create_sealed(actor, plan, file_key=key)
        return [each.id for each in datasets.recordings(actor, stored.id)]


@pytest.fixture(autouse=True)
def work(ports: Ports) -> Iterator[None]:
    """One unit of work around each test."""
    with unit_of_work(ports):
        yield


def test_a_recording_knows_its_neighbours(actor: Actor, recording_ids: list[str]) -> None:
    first, second = (places.place(actor, Look(each)) for each in recording_ids)
    assert (first.previous_id, first.next_id) == ("", second.recording.id)
    assert (second.position, second.total) == (2, 2)
    assert first.bearing == "6205-2RS"


def test_the_course_keeps_the_extremes_of_what_was_measured(
    actor: Actor, recording_ids: list[str]
) -> None:
    samples = datasets.read_samples(actor, recording_ids[0])
    course = spectra.course(actor, Look(recording_ids[0]))
    assert len(course.values) == POINTS
    assert course.n_samples == N_SAMPLES
    assert course.values.max() == samples.max()
    assert course.values.min() == samples.min()


def test_a_short_stretch_is_shown_sample_by_sample(actor: Actor, recording_ids: list[str]) -> None:
    samples = datasets.read_samples(actor, recording_ids[0])
    course = spectra.course(actor, Look(recording_ids[0]), 1.0, 1.01)
    first = int(1.0 * RATE_HZ)
    np.testing.assert_array_equal(course.values, samples[first : first + len(course.values)])
    assert course.time_s[0] == pytest.approx(1.0)


@pytest.mark.parametrize("span", [(-5.0, 99.0), (4.9999, 5.0), (50.0, 60.0)])
def test_a_stretch_beyond_the_ends_is_cut(
    actor: Actor, recording_ids: list[str], span: tuple[float, float]
) -> None:
    course = spectra.course(actor, Look(recording_ids[0]), *span)
    assert 0 <= course.time_s[0] <= course.time_s[-1] < N_SAMPLES / RATE_HZ


def test_another_channel_is_another_signal(actor: Actor, recording_ids: list[str]) -> None:
    first = spectra.course(actor, Look(recording_ids[0], "DE"))
    second = spectra.course(actor, Look(recording_ids[0], "FE"))
    assert second.rms == pytest.approx(first.rms / 2, rel=1e-4)
    with pytest.raises(Invalid):
        spectra.course(actor, Look(recording_ids[0], "XX"))


def test_the_diagnosis_is_the_one_of_physics_and_is_kept(
    actor: Actor, recording_ids: list[str]
) -> None:
    found = diagnosis.diagnosis(actor, Look(recording_ids[0]))
    assert found is not None
    assert found.verdict.value == "outer"
    assert diagnosis.diagnosis(actor, Look(recording_ids[0])) == found
    healthy = diagnosis.diagnosis(actor, Look(recording_ids[1]))
    assert healthy is not None
    assert healthy.verdict.value == "healthy"


def test_the_envelope_marks_the_lines_of_the_bearing(
    actor: Actor, recording_ids: list[str]
) -> None:
    look = spectra.envelope(actor, Look(recording_ids[0]))
    marked = {mark.name: mark.frequency_hz for mark in look.marks if mark.multiple == 1}
    assert marked["BPFO"] == pytest.approx(3.5848 * 30, rel=1e-3)
    highest = look.spectrum.values.argmax() * look.spectrum.resolution_hz
    assert highest == pytest.approx(marked["BPFO"], rel=0.03)
    own = spectra.envelope(actor, Look(recording_ids[0]), (2000.0, 4000.0))
    assert own.band == (2000.0, 4000.0)
    with pytest.raises(Invalid):
        spectra.envelope(actor, Look(recording_ids[0]), (2000.0, 99_000.0))


def test_a_recording_of_others_is_not_there(other_actor: Actor, recording_ids: list[str]) -> None:
    look = Look(recording_ids[0])
    for ask in (
        places.place,
        spectra.course,
        spectra.spectrum,
        spectra.envelope,
        diagnosis.diagnosis,
    ):
        with pytest.raises(NotFound):
            ask(other_actor, look)


@pytest.mark.parametrize("view", list(VIEWS))
def test_every_view_is_drawn_and_small(actor: Actor, recording_ids: list[str], view: str) -> None:
    drawn = to_json(panel(actor, ViewState(recording_ids[0], view, channel="DE")))
    assert "sonde-refusal" not in drawn
    assert "sonde-twin" in drawn
    assert len(drawn) < (200_000 if view in IMAGES else 60_000)


@pytest.mark.parametrize("view", ["time", "spectrum"])
def test_acceptance_look_comparison_lays_signals_over_each_other(
    actor: Actor, recording_ids: list[str], view: str
) -> None:
    first, second = recording_ids
    drawn = to_json(panel(actor, ViewState(first, view, others=(second, second, second))))
    assert drawn.count('"name":"healthy_1800rpm_80') == 3
    assert len(drawn) < 60_000
    with pytest.raises(Invalid):
        places.compared(actor, (second,) * 4)


def test_the_page_is_drawn_from_its_address(actor: Actor, recording_ids: list[str]) -> None:
    query = {"channel": "FE", "view": "envelope", "band": "2000-5000", "side": "0"}
    path = f"/signal-viewer/{recording_ids[0]}"
    view = show(PageRequest(actor, path, {"recording_id": recording_ids[0]}, query))
    text = json.dumps(json.loads(to_json(view.body)))
    assert "Outer race fault" in text
    assert "Band 2,000 to 5,000 Hz" in text
    assert show_choice(PageRequest(actor, "/signal-viewer", {}, {})).title == "Signals"


@pytest.mark.parametrize(
    "query",
    [
        {"from": "x", "to": "2"},
        {"from": "3", "to": "1"},
        {"view": "nonsense"},
        {"view": "spectrum", "window": "nonsense", "averages": "1e9", "cursor": "-4"},
        {"view": "envelope", "band": "nan-1"},
        {"channel": "XX", "with": "01J,01K,01L,01M,01N"},
    ],
)
def test_an_address_that_makes_no_sense_shows_everything(
    actor: Actor, recording_ids: list[str], query: dict[str, str]
) -> None:
    request = PageRequest(actor, "/", {"recording_id": recording_ids[0]}, query)
    assert show(request).title


def test_an_unknown_bearing_is_told_and_leaves_the_lines_away(
    actor: Actor, recording_ids: list[str]
) -> None:
    told = known(actor, Look(recording_ids[0], "", "no such bearing"), ZoneFound())
    assert "no bearing 'no such bearing'" in told.refused
    assert known(actor, Look(recording_ids[0], "", "n=8,d=6.7,D=28.5"), ZoneFound()).refused == ""


def test_features_come_with_their_units(actor: Actor, recording_ids: list[str]) -> None:
    groups = measures.features(actor, Look(recording_ids[0]))
    by_name = {one.name: one for members in groups.values() for one in members}
    course = spectra.course(actor, Look(recording_ids[0]))
    assert by_name["RMS"].unit == "g"
    assert by_name["RMS"].value == pytest.approx(course.rms, rel=1e-3)
    assert by_name["EnvelopeBPFO"].value > by_name["EnvelopeBPFI"].value
