"""Feeding machines: from data sets and watched folders; each thing once, whatever happens."""

import os
from datetime import timedelta

import numpy as np
import pytest

from sonde.bearings.core.condition.alarms import AlarmState
from sonde.bearings.core.condition.machines import NodeKind
from sonde.bearings.persistence import machines as rows
from sonde.bearings.services import datasets, machines
from sonde.bearings.services.condition import (
    demonstration,
    feeds,
    folders,
    health,
    log,
    measurements,
    overview,
    reports,
    trends,
)
from sonde.bearings.services.condition.feeds import FeedWish
from sonde.bearings.services.condition.log import NoteKind
from sonde.bearings.services.machines import NewNode
from sonde.platform.core.actor import Role
from sonde.platform.core.errors import Forbidden, Invalid
from sonde.platform.core.jobs import WorkerLeaves
from sonde.platform.services import accounts, jobs
from sonde.platform.services.schedules import start_scheduled
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings.machine_data import RATE_HZ, START, channel, signal
from tests.integration.bearings.signal_data import store

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def stored(ports, actor, tmp_path_factory):
    """The id of a data set of four recordings without moments of their own."""
    store(ports, actor, tmp_path_factory.mktemp("set"), "To feed")
    with unit_of_work(ports):
        return datasets.find(actor, "To feed").id


def _n_measured(ports, channel_id):
    with unit_of_work(ports):
        return rows.counts([channel_id]).get(channel_id, 0)


def test_acceptance_condition_a_data_set_is_fed_exactly_once(ports, actor, stored, monkeypatch):
    with unit_of_work(ports):
        *_, channel_id = channel(actor, plant="Fed")
        job = feeds.start(actor, channel_id, FeedWish(stored, START, timedelta(hours=1)))
    add, calls = measurements.add, []

    def dying(*given):
        calls.append(given)
        if len(calls) == 3:
            raise WorkerLeaves
        return add(*given)

    monkeypatch.setattr(measurements, "add", dying)
    run_job(ports, job.id, "dies")
    assert _n_measured(ports, channel_id) == 2
    monkeypatch.setattr(measurements, "add", add)
    assert run_job(ports, job.id, "lives") == "succeeded"
    assert _n_measured(ports, channel_id) == 4
    with unit_of_work(ports):
        again = feeds.start(actor, channel_id, FeedWish(stored, START, timedelta(hours=1)))
    assert run_job(ports, again.id, "again") == "succeeded"
    assert _n_measured(ports, channel_id) == 4
    with unit_of_work(ports):
        assert jobs.get(actor, again.id).result["there already"] == 4
        found = trends.trend(actor, channel_id, "RMS")
    assert [one - START for one in found.moments] == [timedelta(hours=n) for n in range(4)]


def test_a_feed_that_makes_no_sense_is_refused(ports, unit, actor, stored):
    plant_id, *_, channel_id = channel(actor)
    hour = timedelta(hours=1)
    for place, wish, why in (
        (plant_id, FeedWish(stored, START, hour), "choose a channel"),
        (channel_id, FeedWish(stored, START, timedelta(0)), "positive"),
        (channel_id, FeedWish(stored, START, hour, session="none"), "fits"),
        (channel_id, FeedWish(stored, START, timedelta(days=9_000)), "in the future"),
        (channel_id, FeedWish(stored, START, timedelta(days=9_000_000)), "calendars"),
    ):
        with pytest.raises(Invalid, match=why):
            feeds.start(actor, place, wish)


@pytest.fixture
def watched(ports, admin, tmp_path):
    """A folder that is watched, and the channel it feeds."""
    with unit_of_work(ports):
        *_, channel_id = channel(admin, plant=f"Watched {tmp_path.name}")
        folder = folders.watch(admin, channel_id, str(tmp_path), {"sampling_rate_hz": RATE_HZ})
    yield tmp_path, channel_id
    with unit_of_work(ports):
        folders.unwatch(admin, folder.id)


def _look(ports, admin):
    with unit_of_work(ports):
        job = jobs.enqueue(admin, kind="bearings.watch_folders", params={}, title="Look")
    assert run_job(ports, job.id, "test") == "succeeded"
    with unit_of_work(ports):
        return jobs.get(admin, job.id).result


def _old(path):
    os.utime(path, (1_700_000_000, 1_700_000_000))


def test_acceptance_condition_a_folder_is_watched(ports, admin, watched):
    folder, channel_id = watched
    np.save(folder / "pump_20260105T063000.npy", signal())
    assert _look(ports, admin)["taken"] == 0, "it may still be growing"
    assert _look(ports, admin)["taken"] == 1
    assert _look(ports, admin)["taken"] == 0
    with unit_of_work(ports):
        (found,) = trends.measured(admin, channel_id)
    assert found.taken_at.isoformat() == "2026-01-05T06:30:00+00:00"
    assert found.file == "pump_20260105T063000.npy"


def test_who_is_no_administrator_any_more_reads_no_folder(ports, admin, people, tmp_path):
    former = people("Former", Role.ADMIN)
    with unit_of_work(ports):
        *_, channel_id = channel(former, plant="Former")
        folder = folders.watch(former, channel_id, str(tmp_path), {"sampling_rate_hz": RATE_HZ})
        accounts.change_role(admin, former.user_id, Role.ANALYST)
    np.save(tmp_path / "one.npy", signal())
    _old(tmp_path / "one.npy")
    _look(ports, admin)
    assert _n_measured(ports, channel_id) == 0
    with unit_of_work(ports):
        (seen,) = folders.folders(former)
        assert (seen.n_taken, "administrator" in seen.said.lower()) == (0, True)
        folders.unwatch(former, folder.id)


def test_a_file_that_grows_waits(ports, admin, watched):
    folder, _ = watched
    whole = folder / "late.npy"
    np.save(whole, signal())
    content = whole.read_bytes()
    for share in (0.3, 0.6, 1.0):
        whole.write_bytes(content[: int(share * len(content))])
        assert _look(ports, admin) == {"folders": 1, "taken": 0, "refused": 0}
    assert _look(ports, admin)["taken"] == 1


def test_a_hostile_file_is_refused_once_and_named(ports, admin, watched):
    folder, channel_id = watched
    bomb = folder / "bomb.npy"
    bomb.write_bytes(
        b"\x93NUMPY\x01\x00v\x00"
        + b"{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999,), }".ljust(117)
        + b"\n"
    )
    _old(bomb)
    secret = folder.parent / f"{folder.name}-secret.npy"
    np.save(secret, signal())
    (folder / "link.npy").symlink_to(secret)
    np.save(folder / "good.npy", signal())
    _old(folder / "good.npy")
    assert _look(ports, admin) == {"folders": 1, "taken": 1, "refused": 1}
    assert _look(ports, admin) == {"folders": 1, "taken": 0, "refused": 0}
    with unit_of_work(ports):
        (event,) = log.events(admin, channel_id)
        (shown,) = folders.folders(admin, channel_id)
    assert event.kind == "not read"
    assert "bomb.npy" in event.text
    assert (shown.n_taken, shown.n_refused) == (1, 1)


def test_the_clock_looks_only_where_a_folder_is_watched(ports, unit, admin, tmp_path):
    kind = "bearings.watch_folders"
    if not folders.is_any_watched():
        assert start_scheduled(kind) is None
    *_, channel_id = channel(admin, plant="By the clock")
    folders.watch(admin, channel_id, str(tmp_path), {})
    assert start_scheduled(kind).kind == kind


def test_folders_are_for_administrators(ports, unit, actor, admin, tmp_path):
    *_, channel_id = channel(actor)
    with pytest.raises(Forbidden):
        folders.watch(actor, channel_id, str(tmp_path), {})
    with pytest.raises(Forbidden):
        folders.folders(actor)
    *_, own = channel(admin)
    for path, why in (("relative", "whole path"), ("/does/not/exist", "no such folder")):
        with pytest.raises(Invalid, match=why):
            folders.watch(admin, own, path, {})
    link = tmp_path / "link"
    link.symlink_to("/etc")
    with pytest.raises(Invalid, match="links"):
        folders.watch(admin, own, str(link), {})
    endless = tmp_path / "endless"
    endless.symlink_to(endless)
    with pytest.raises(Invalid, match="no such folder"):
        folders.watch(admin, own, str(endless), {})


@pytest.fixture(scope="module")
def demo(ports, actor):
    """The channel of a demo machine."""
    with unit_of_work(ports):
        job = demonstration.start(actor)
    assert run_job(ports, job.id, "test") == "succeeded"
    with unit_of_work(ports):
        plant = next(
            one for one in machines.tree(actor) if one.name.startswith(demonstration.PLANT)
        )
        *_, node = machines.below(machines.tree(actor), plant.id)
        return node


def test_acceptance_condition_a_demo_machine_runs_to_failure(ports, actor, demo):
    with unit_of_work(ports):
        found = trends.trend(actor, demo.id, "EnvelopeRMS")
        cards = overview.cards(actor)
        outlook = health.outlook(actor, demo.id, "EnvelopeRMS")
        known = health.health(actor, demo.id)
        events = log.events(actor, demo.id)
    assert found.n_measured == demonstration.N_RECORDINGS
    assert found.states[-1] is AlarmState.WARNING
    assert cards[0].state is AlarmState.ALARM
    assert outlook.life is not None
    assert 0 < outlook.life.low < outlook.life.median < outlook.life.high
    assert known.merit.monotonicity > 0.1
    assert known.values[:10].mean() < 3 < known.values[-1]
    assert {one.kind for one in events} >= {"warning", "alarm"}


def test_acceptance_condition_a_report_is_one_page(ports, actor, demo):
    with unit_of_work(ports):
        _, machine, *_ = machines.way(actor, demo.id)
        found = reports.report(actor, machine.id)
        with pytest.raises(Invalid, match="Reports are of machines"):
            reports.report(actor, demo.id)
    assert found.content.startswith(b"%PDF-")
    assert found.content.count(b"/Type /Page\n") == 1


def test_a_replacement_begins_a_new_life(ports, actor, demo):
    with unit_of_work(ports):
        moments = trends.trend(actor, demo.id, "RMS").moments
        with pytest.raises(Forbidden, match="stays in the log"):
            log.remove_note(actor, log.events(actor, demo.id)[0].id)
        _, machine, *_ = machines.way(actor, demo.id)
        log.note(actor, machine.id, NoteKind.REPLACED, "new bearing", moments[29])
        known = health.health(actor, demo.id)
        assert len(known.values) == 30
        assert known.n_lives == 1
        assert 0 <= known.merit.prognosability <= 1
        note = next(one for one in log.events(actor, demo.id) if one.is_note)
        log.remove_note(actor, note.id)
        assert len(health.health(actor, demo.id).values) == 60


def test_nothing_is_said_of_what_was_not_measured(unit, actor):
    *_, channel_id = channel(actor)
    with pytest.raises(Invalid, match="Nothing was measured"):
        health.health(actor, channel_id)
    with pytest.raises(Invalid, match="no alarm limit"):
        health.outlook(actor, channel_id, "RMS")
    assert trends.trend(actor, channel_id, "RMS").moments == ()


def test_siblings_that_failed_teach_the_fleet(unit, actor):
    plant_id, *_ = channel(actor, plant="Fleet")
    rng = np.random.default_rng(3)
    last = ""
    for number in range(6):
        ids = [plant_id]
        for kind, name in (
            (NodeKind.MACHINE, f"M{number}"),
            (NodeKind.POINT, "DE"),
            (NodeKind.CHANNEL, "Radial"),
        ):
            ids.append(machines.add(actor, NewNode(kind, name, ids[-1], {})).id)
        last = ids[-1]
        _grow(actor, last, rng)
        if number < 5:
            log.note(actor, ids[1], NoteKind.FAILED, "", START + timedelta(hours=60))
    found = health.outlook(actor, last, "RMS", limit=30.0)
    assert found.n_fleet == 5
    assert found.life is not None


def _grow(actor, channel_id, rng):
    """Put a history into the table: quiet, then exponential."""
    node = machines.get(actor, channel_id)
    rate = 0.12 * np.exp(0.1 * rng.standard_normal())
    for hour in range(60):
        grown = 0.2 * np.exp(rate * max(hour - 25, 0)) if hour > 25 else 0.0
        value = 1 + 0.02 * rng.standard_normal() + grown * np.exp(0.05 * rng.standard_normal())
        measured = {
            "taken_at": START + timedelta(hours=hour),
            "sampling_rate_hz": 1.0,
            "speed_rpm": 0.0,
            "n_samples": 1,
        }
        rows.add_measurement(node, measured, {"RMS": float(value)})
