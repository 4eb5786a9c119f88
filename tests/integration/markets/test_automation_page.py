"""The page of automatic trading without a browser: its form starts a strategy that trades."""

import base64

import pytest

from sonde.markets.services import price_store, replays
from sonde.markets.services.automations import asking, parity
from sonde.markets.ui.automation.callbacks import begin, describe, source_of
from sonde.markets.ui.automation.form import LIVE, NEW_REPLAY, place_options
from sonde.markets.ui.automation.page import listed, show, told
from sonde.markets.ui.backtests.parity_panel import parity_panel
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import Invalid
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.automation_data import FAST, Desk

pytestmark = pytest.mark.integration


def page(actor, **query):
    return PageRequest(actor=actor, path="/markets/automation", params={}, query=query)


def drawn(desk, **query):
    return str(desk(lambda actor: show(page(actor, **query)).body))


def test_a_person_without_prices_is_shown_where_to_get_them(ports, people):
    with unit_of_work(ports):
        shown = str(show(page(people("Nils"))).body)
    assert "Get prices" in shown
    assert "/markets/data" in shown
    assert "Strategies of your own" not in shown


def test_the_form_starts_a_strategy_in_a_replay_of_its_own(ports, people):
    desk = Desk(ports, people("Tess"))
    assert "No strategy trades yet" in drawn(desk)
    (series,) = desk(price_store.list_series)
    said = ("sma-cross", series.id, NEW_REPLAY, 150, "currency", 1, "")
    made = desk(begin, said, {**FAST, "sides": "long"})
    one = desk(asking.get, made)
    assert one.is_running
    assert desk(replays.get, one.replay_id).is_playing
    desk.hours(250)
    desk.round()
    shown = drawn(desk, strategy=made)
    assert "fast mean crossed above slow" in shown
    assert "Compare with its backtest" in shown
    assert "running" in str(desk(listed, made))
    assert "entered" in str(desk(told, made))
    report = str(desk(lambda actor: parity_panel(parity.compare(actor, made))))
    assert "Nothing differs" in report
    desk(asking.stop, made)
    assert "Remove" in str(desk(listed, made))


def test_what_cannot_be_is_said(ports, people):
    desk = Desk(ports, people("Uma"))
    (series,) = desk(price_store.list_series)
    with pytest.raises(Invalid, match="number as the amount"):
        desk(begin, ("sma-cross", series.id, LIVE, "", "currency", 1, ""), {})
    assert desk(asking.mine) == []
    options = desk(lambda actor: place_options(series.id, replays.list_replays(actor)))
    assert [one["value"] for one in options] == [NEW_REPLAY, desk.replay.id, LIVE]
    with pytest.raises(Invalid, match="UTF-8"):
        source_of("data:text/x-python;base64," + base64.b64encode(b"\xff\xfe\x80").decode())


def test_an_administrator_sees_the_strategies_of_the_house(ports, admin):
    with unit_of_work(ports):
        shown = str(show(page(admin)).body)
        words, fields = describe(admin, "rsi")
    assert "None is loaded yet" in shown
    assert "What a strategy looks like" in shown
    assert words
    assert "oversold" in str(fields).lower() or "period" in str(fields)
