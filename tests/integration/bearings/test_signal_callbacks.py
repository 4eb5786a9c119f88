"""What the Signal page answers to its controls, without a browser."""

from collections.abc import Sequence

import pytest
from dash._utils import to_json

from sonde.bearings.ui.signal import callbacks
from sonde.bearings.ui.signal.state import ViewState, as_store
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.integration.bearings.signal_data import store

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def ids(ports: Ports, actor: Actor, tmp_path_factory: pytest.TempPathFactory) -> Sequence[str]:
    """Four recordings: outer race, healthy, a shaft by two probes, one without unit."""
    return store(ports, actor, tmp_path_factory.mktemp("signals"))


@pytest.fixture(autouse=True)
def work(ports: Ports):
    """One unit of work around each test."""
    with unit_of_work(ports):
        yield


def memory(recording_id: str, **more: object) -> dict:
    """Return what the page remembers."""
    return as_store(ViewState(recording_id, **more))


def test_another_view_brings_its_own_controls(actor: Actor, ids: Sequence[str]) -> None:
    offered = to_json(callbacks.offer(actor, "orbit", memory(ids[2])))
    assert '"tacho"' in offered
    assert "bearings-signal-setting" in offered
    assert "Colours" in to_json(callbacks.offer(actor, "bicoherence", memory(ids[2])))


def test_another_channel_and_bearing_tell_something_else(actor: Actor, ids: Sequence[str]) -> None:
    stored = memory(ids[0])
    told = to_json(callbacks.tell(actor, "FE", "6205", None, stored, "2", "rigid"))
    assert "Outer race fault" in told
    assert "Zone " in told
    unknown = to_json(callbacks.tell(actor, "DE", "nonsense", None, stored, None, None))
    assert "Unknown bearing" in unknown
    nameless = to_json(callbacks.tell(actor, "DE", "", None, memory(ids[0]), None, None))
    assert "Outer race fault" in nameless  # the data set names its bearing


def test_acceptance_look_zone_is_shown_or_refused_with_the_reason(
    actor: Actor, ids: Sequence[str]
) -> None:
    shown = to_json(callbacks.declare(actor, "1", "flexible", memory(ids[0])))
    assert "ISO 20816-3, 10 to 1000 Hz" in shown
    refused = to_json(callbacks.declare(actor, None, None, memory(ids[0])))
    assert "machine group is not declared" in refused
    unit = to_json(callbacks.declare(actor, "1", "flexible", memory(ids[3])))
    assert "unit of this channel is unknown" in unit
    declared = to_json(callbacks.declare(actor, "1", "flexible", memory(ids[3], unit="mm/s")))
    assert "ISO 20816-3" in declared
    told = to_json(callbacks.tell(actor, "", "", "mm/s", memory(ids[3]), "1", "flexible"))
    assert "ISO 20816-3" in told


def test_searching_offers_and_keeps_what_is_chosen(
    actor: Actor, other_actor: Actor, ids: Sequence[str]
) -> None:
    assert [one["value"] for one in callbacks.find(actor, "shaft.h5")] == [ids[2]]
    assert ids[0] in [one["value"] for one in callbacks.find(actor, "outer race")]
    assert callbacks.find(other_actor, "shaft") == []
    chosen = [{"value": ids[0], "label": "outer_7.npy"}]
    offered = callbacks.find_others(actor, "bare", chosen, [ids[0]])
    assert [one["value"] for one in offered] == [ids[0], ids[3]]
    assert callbacks.surprise(actor, 1, memory(ids[0])) in ids[1:]


def test_a_view_that_lacks_something_says_what(actor: Actor, ids: Sequence[str]) -> None:
    from sonde.bearings.ui.signal.looks.panel import panel

    for view, said, reason in (
        ("orbit", {}, "An orbit needs two channels"),
        ("orders", {"speed": "tacho"}, "has no tacho channel"),
        ("spectrum", {"quantity": "velocity"}, "declare the unit"),
        ("bicoherence", {"length": "2048", "highest": "90000"}, "90000"),
    ):
        shown = to_json(panel(actor, ViewState(ids[3], view, said=said)))
        assert reason in shown, view
