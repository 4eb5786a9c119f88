"""Measurements of machines, and the alarms that follow from them."""

from datetime import timedelta

import pytest

from sonde.bearings.core.condition.alarms import AlarmState, BandKind
from sonde.bearings.core.condition.machines import NodeKind
from sonde.bearings.persistence import condition as rows
from sonde.bearings.services import machines
from sonde.bearings.services.condition import alarms, measurements
from sonde.bearings.services.condition.alarms import BandWish
from sonde.bearings.services.machines import NewNode
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.integration.bearings.machine_data import START, channel, measure, signal, taken

pytestmark = pytest.mark.integration


def _told(node_id):
    return [(one.kind, one.feature) for one in reversed(rows.events([node_id]))]


def test_a_measurement_keeps_its_figures(unit, actor):
    *_, channel_id = channel(actor)
    (found,) = measure(actor, channel_id, [1.0])
    assert found.figures["RMS"] == pytest.approx(1.0, abs=0.05)
    assert found.unit == "g"
    assert found.speed_rpm == 1500
    assert "EnvelopeBPFO" in found.figures
    assert "VelocityRMS" in found.figures


def test_the_same_moment_is_measured_once(unit, actor):
    *_, channel_id = channel(actor)
    measure(actor, channel_id, [1.0])
    with pytest.raises(Conflict, match="already"):
        measure(actor, channel_id, [2.0])


def test_what_cannot_be_measured_is_refused(unit, actor):
    plant_id, *_, channel_id = channel(actor)
    with pytest.raises(Invalid, match="choose a channel"):
        measure(actor, plant_id, [1.0])
    with pytest.raises(Invalid, match="future"):
        measurements.add(actor, channel_id, taken(24 * 365 * 50))
    with pytest.raises(Invalid, match="at least"):
        measurements.add(actor, channel_id, measurements.Taken(signal()[:10], 100.0, START))


def test_acceptance_condition_alarms_are_told_once(unit, actor):
    *_, channel_id = channel(actor)
    measure(actor, channel_id, [1.0] * 10)
    alarms.set_band(actor, channel_id, "RMS", BandWish(BandKind.FIXED, 2.0, 4.0))
    measure(actor, channel_id, [3, 3, 3, 5, 5, 5, 5], first=10)
    assert _told(channel_id) == [("warning", "RMS"), ("alarm", "RMS")]
    measure(actor, channel_id, [1.0], first=17)
    assert _told(channel_id)[-1] == ("normal", "RMS")
    measurements.add(actor, channel_id, taken(-5, 9.0))
    assert len(_told(channel_id)) == 3, "what comes late says nothing of today"


def test_a_new_band_judges_what_was_measured(unit, actor):
    *_, channel_id = channel(actor)
    measure(actor, channel_id, [1.0] * 8 + [5.0] * 3)
    wish = BandWish(BandKind.STATISTICAL, n_baseline=8)
    found = alarms.set_band(actor, channel_id, "RMS", wish)
    assert found.state is AlarmState.ALARM
    alarms.set_band(actor, channel_id, "RMS", BandWish(BandKind.FIXED, 50, 60))
    assert alarms.bands(actor, [channel_id])[0].state is AlarmState.NORMAL
    alarms.remove_band(actor, channel_id, "RMS")
    assert alarms.bands(actor, [channel_id]) == ()


def test_iso_limits_need_what_the_standard_needs(unit, actor):
    _, machine_id, _, channel_id = channel(actor)
    with pytest.raises(Invalid, match="Measure once"):
        alarms.set_band(actor, channel_id, "VelocityRMS", BandWish(BandKind.ISO_20816))
    measure(actor, channel_id, [1.0])
    found = alarms.set_band(actor, channel_id, "VelocityRMS", BandWish(BandKind.ISO_20816))
    assert (found.band.warning, found.band.alarm) == (2.8, 4.5)
    machines.change(actor, machine_id, details={"speed_rpm": 1500})
    with pytest.raises(Invalid, match="group is not declared"):
        alarms.set_band(actor, channel_id, "VelocityRMS", BandWish(BandKind.ISO_20816))


def test_limits_that_make_no_sense_are_refused(unit, actor):
    *_, channel_id = channel(actor)
    for feature, wish, why in (
        ("RMS", BandWish(BandKind.FIXED, 4, 2), "below"),
        ("RMS", BandWish(BandKind.FIXED), "Say the warning"),
        ("RMS", BandWish(BandKind.STATISTICAL), "eight"),
        ("Nonsense", BandWish(BandKind.FIXED, 1, 2), "no feature"),
        ("RMS", BandWish(BandKind.ISO_20816), "VelocityRMS only"),
    ):
        with pytest.raises(Invalid, match=why):
            alarms.set_band(actor, channel_id, feature, wish)


def test_acceptance_condition_machines_belong_to_people(unit, actor, other_actor, viewer):
    _plant_id, machine_id, *_, channel_id = channel(actor)
    assert machines.tree(other_actor) == []
    with pytest.raises(NotFound):
        machines.get(other_actor, machine_id)
    with pytest.raises(NotFound):
        measurements.add(other_actor, channel_id, taken(0))
    with pytest.raises(NotFound):
        alarms.set_band(other_actor, channel_id, "RMS", BandWish(BandKind.FIXED, 1, 2))
    with pytest.raises(Forbidden):
        machines.add(viewer, NewNode(NodeKind.PLANT, "Mine", "", {}))


def test_places_stand_where_they_belong(unit, actor):
    plant_id, machine_id, *_ = channel(actor)
    with pytest.raises(Invalid, match="stands below"):
        machines.add(actor, NewNode(NodeKind.CHANNEL, "X", plant_id, {}))
    with pytest.raises(Conflict, match="already"):
        machines.add(actor, NewNode(NodeKind.MACHINE, "Pump", plant_id, {}))
    machines.change(actor, machine_id, name="Fan")
    machines.remove(actor, plant_id)
    assert machines.tree(actor) == []


def test_moments_need_a_time_zone(unit, actor):
    *_, channel_id = channel(actor)
    bare = measurements.Taken(signal(), 4096.0, (START + timedelta(1)).replace(tzinfo=None))
    with pytest.raises(Invalid, match="time zone"):
        measurements.add(actor, channel_id, bare)
