"""The desk on real servers: every control changes something, a ticket opens one trade."""

import json
from contextlib import contextmanager
from decimal import Decimal

import pytest
from dash._callback_context import context_value
from dash._utils import AttributeDict

from sonde.markets.core.risk.findings import Recommendation, RiskBlock
from sonde.markets.core.sides import Side
from sonde.markets.core.wishes import Wish
from sonde.markets.services import (
    accounts,
    desk_choices,
    desk_views,
    replays,
    risk_settings,
    tickets,
    trade_history,
)
from sonde.markets.ui.desk import callbacks
from sonde.markets.ui.desk.ids import DeskId, GuardId
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.desk_data import BTC, ETH, stored
from tests.unit.markets.core.prices.samples import BEGIN, HOUR

pytestmark = pytest.mark.integration
LONG = Wish(Side.LONG)


@pytest.fixture(scope="module")
def desk(ports, actor):
    """Two symbols are stored; a replay of one plays, so slowly that its price stays."""
    with unit_of_work(ports):
        series = stored(actor, "BTCUSDT", 50_000.0)
        stored(actor, "ETHUSDT", 3_000.0)
        made = replays.create(actor, [series.id], speed=0.1)
        replays.seek(actor, made.id, BEGIN + 200 * HOUR)
        replays.play(actor, made.id)
    return lambda: unit_of_work(ports)


@contextmanager
def clicked(name):
    """Let callbacks see that a button was clicked."""
    cause = [{"prop_id": f"{name.value}.n_clicks", "value": 1}]
    token = context_value.set(AttributeDict(triggered_inputs=cause, updated_props={}))
    try:
        yield
    finally:
        context_value.reset(token)


def checked(actor, wish=LONG):
    return tickets.check(actor, wish).checked


def save_risk(actor, name, value, version):
    with clicked(GuardId.SAVE):
        return callbacks.change_risk(actor, 1, 0.0, [value], [{"name": name}], False, version)[0]


def test_defect_15_every_control_of_the_desk_changes_something(desk, actor):
    with desk():
        assert desk_choices.of(actor).symbol == BTC  # what is replayed comes first
        assert checked(actor).report.recommendation is Recommendation.APPROVE
        assert checked(actor).plan.wish.confidence is None
        with clicked(DeskId.FILTERS):
            callbacks.filter_signals(actor, ["macd", "rsi"])
        shares = [checked(actor, Wish(side)).plan.wish.confidence for side in Side]
        assert set(shares) <= {Decimal(0), Decimal("0.5"), Decimal(1)}
        with clicked(DeskId.CONFIDENCE):
            callbacks.change_risk(actor, None, 0.95, [], [], False, 1)
        limit = checked(actor).report.found("confidence").limit
        assert limit == Decimal("0.95")
        assert min(shares) < limit
        with clicked(DeskId.CONFIDENCE):
            callbacks.change_risk(actor, None, 0.0, [], [], False, 2)
        assert checked(actor).report.found("confidence").limit is None

        with clicked(DeskId.LIVE):
            assert callbacks.follow(actor, False) is True
        assert desk_choices.of(actor).is_live is False

        version = save_risk(actor, "position_size", "400", 3)
        assert version == 4
        assert 399 < checked(actor).plan.request.notional <= 400
        with pytest.raises(Invalid, match="Position size must be between"):
            save_risk(actor, "position_size", "-1", version)
        past = json.dumps(
            callbacks.show_versions(actor, 1, version), default=lambda one: one.to_plotly_json()
        )
        assert "Version 4" in past
        assert "Position size: 100 to 400" in past
        assert "Confidence: 0.95 to off" in past or "confidence: 0.95 to off" in past

        with clicked(GuardId.STOP):
            callbacks.switch(actor, 1, None, None, "news")
        assert [one.code for one in checked(actor).report.blocks] == ["kill_switch"]
        with clicked(GuardId.RELEASE):
            callbacks.switch(actor, None, None, 1, "")
        with clicked(GuardId.LOCK):
            callbacks.lock(actor, 1, "this", "long", "", "holidays")
        assert [one.code for one in checked(actor).report.blocks] == ["lock"]
        (lock,) = desk_views.account_now(actor, desk_choices.of(actor)).locks
        with clicked(GuardId.LOCK_GONE):
            callbacks.unlock(actor, {"lock": lock.id})
        assert checked(actor).report.blocks == ()

        with clicked(DeskId.SET):
            callbacks.change_money(actor, 1, None, "5,000")
        money = desk_views.account_now(actor, desk_choices.of(actor)).money
        assert money.amount(money.balance.equity) == 5_000
        with clicked(DeskId.RESET):
            callbacks.change_money(actor, None, 1, "")
        money = desk_views.account_now(actor, desk_choices.of(actor)).money
        assert money.amount(money.balance.equity) == 10_000

        second = accounts.open_account(actor, "Second", start=Decimal(777))
        first = desk_choices.of(actor).account_id
        desk_choices.choose(actor, account_id=second.id)
        assert desk_views.desk(actor).account.money.start_units == 777 * 10**8
        desk_choices.choose(actor, account_id=first, symbol=ETH, filters=(), is_live=True)
        told = tickets.check(actor, LONG)
        assert (told.quote, told.checked) == (None, None)
        assert "The only price of binance:ETHUSDT is a stored candle" in told.why_none
        desk_choices.choose(actor, symbol=BTC)


def test_a_ticket_opens_one_trade_whatever_is_clicked_again(desk, actor):
    with desk():
        choice = desk_choices.of(actor)
        before = len(trade_history.newest(actor, choice.account_id))
    sent = []
    for is_active in (True, True, False):
        with desk():
            sent.append(tickets.send(actor, "ticket-1", [LONG], choice, is_active=is_active))
    assert {one.trade_id for one in sent} == {sent[0].trade_id}
    assert [one.is_first for one in sent] == [True, False, False]
    with desk():
        assert len(trade_history.newest(actor, choice.account_id)) == before + 1
        (held,) = desk_views.positions(actor, choice.account_id)
        assert held.trade.id == sent[0].trade_id


def test_what_the_rules_forbid_is_not_sent_and_the_ticket_may_be_sent_again(desk, actor):
    with desk():
        choice = desk_choices.of(actor)
        found = risk_settings.change(actor, choice.account_id, {"max_open_trades": "1"})
    with pytest.raises(RiskBlock), desk():
        tickets.send(actor, "ticket-2", [LONG], choice, is_active=False)
    with desk():
        risk_settings.change(actor, choice.account_id, {"max_open_trades": "10"}, found.version)
    with desk():
        assert tickets.send(actor, "ticket-2", [LONG], choice, is_active=False).is_first


def test_a_choice_is_ones_own_and_of_what_there_is(desk, actor, other_actor, viewer):
    with desk():
        with pytest.raises(NotFound):
            desk_choices.choose(actor, symbol="binance:NONE")
        with pytest.raises(Invalid):
            desk_choices.choose(actor, filters=("horoscope",))
        with pytest.raises(NotFound):
            desk_choices.choose(other_actor, account_id=desk_choices.of(actor).account_id)
        theirs = desk_choices.of(other_actor)
        assert theirs.account_id != desk_choices.of(actor).account_id
        assert desk_views.desk(viewer).account is None
