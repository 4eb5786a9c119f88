"""The page of machines as components, without a server."""

from datetime import UTC, datetime

import numpy as np

from sonde.bearings.core.condition.alarms import AlarmState
from sonde.bearings.core.condition.machines import Node, NodeKind
from sonde.bearings.services.condition.overview import MachineCard
from sonde.bearings.ui.condition.cards import machine_cards, nothing_yet
from sonde.bearings.ui.condition.dialogs.example import rest_example
from sonde.bearings.ui.condition.dialogs.forms import feed_form, place_form, removal
from sonde.bearings.ui.condition.marks import spark, word
from sonde.bearings.ui.condition.state import ConditionState, link_to
from sonde.bearings.ui.condition.tree import tree_panel

PLANT = Node("1", "w", "o", NodeKind.PLANT, "Works <b>", "")
MACHINE = Node("2", "w", "o", NodeKind.MACHINE, "Pump", "1", {"speed_rpm": 1480.0})


def test_the_state_of_the_address_is_read_and_rubbish_left_out():
    state = ConditionState.of_query({"node": "x" * 999, "from": "2026-01-05", "to": "2026-01-06"})
    assert len(state.node) == 60
    assert state.since == datetime(2026, 1, 5, tzinfo=UTC)
    assert state.until == datetime(2026, 1, 7, tzinfo=UTC)
    assert state.last_day == datetime(2026, 1, 6, tzinfo=UTC)
    assert ConditionState.of_query({"from": "<script>"}).since is None
    assert link_to("a b&c") == "/condition?node=a+b%26c"


def test_the_tree_names_every_place_with_its_state():
    states = {"1": AlarmState.ALARM, "2": None}
    shown = str(tree_panel([PLANT, MACHINE], states, "2", may_change=True))
    assert "Works <b>" in shown
    assert "not measured" in shown
    assert "aria-current" in shown
    assert "Add plant" in shown
    assert "Add plant" not in str(tree_panel([PLANT], states, "", may_change=False))


def test_a_spark_is_drawn_from_two_finite_values_on():
    drawn = spark(np.array([1.0, np.nan, 2.0]), AlarmState.WARNING, "RMS")
    assert drawn.src.startswith("data:image/svg+xml,")
    assert drawn.alt == "RMS over time"
    for few in (None, np.array([]), np.array([1.0]), np.array([np.nan, np.inf])):
        assert not hasattr(spark(few, None, "RMS"), "src")


def test_cards_stand_for_machines_without_measurements_too():
    assert "No measurement yet" in str(machine_cards([MachineCard(MACHINE, "Works", None)]))
    assert "simulated run" in str(nothing_yet(may_change=True))
    assert "simulated run" not in str(nothing_yet(may_change=False).children[0])


def test_forms_hold_what_is_known():
    assert "1480" in str(place_form(NodeKind.MACHINE, MACHINE))
    assert "3,000 measurements" in str(removal(PLANT, 2, 3000))
    form = str(feed_form([("1", "CWRU")], rest_example("http://a.b/condition", "77"), None))
    assert "administrator" in form
    assert "http://a.b/api/v1/condition/channels/77/measurements" in form
    assert word(AlarmState.ALARM) == "alarm"
