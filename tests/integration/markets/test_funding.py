"""Funding of perpetuals: one rate, paid on paper and in backtests to the same unit."""

import base64
import json
from decimal import Decimal

import pytest

from sonde.markets.core.backtesting.assumptions import Assumptions
from sonde.markets.services import funding
from sonde.markets.services.automations import parity
from sonde.markets.ui.market_data import callbacks, page
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.automation_data import Desk
from tests.integration.markets.backtest_data import BEGIN_MS, HOUR_MS, answered, store

pytestmark = pytest.mark.integration
KEY = "binance:BTCUSDT"


def test_paper_pays_the_funding_that_its_backtest_pays(ports, people):
    desk = Desk(ports, people("Tess"), kind="perpetual")
    desk(funding.set_rate, KEY, Decimal("0.0001"))
    desk(funding.set_rate, KEY, Decimal("-0.0003"), BEGIN_MS + 200 * HOUR_MS)
    made = desk.started(settings={"fast": 5, "slow": 20, "sides": "both"})
    for hours in (37, 88, 75):
        desk.hours(hours)
        desk.round()
    report = desk(parity.compare, made.automation_id)
    assert report.found.differences == ()
    assert report.n_paper == report.found.identical > 3
    assert report.net_paper == report.net_backtest
    paid = [one.funding_units for one in desk.trades(made)]
    assert min(paid) < 0 < max(paid)
    done = answered(ports, desk.person, settings={"fast": 5, "slow": 20, "sides": "both"})
    assert Decimal(done.results["funding"]) != 0


def test_symbols_of_one_account_pay_each_its_own_stored_rates(ports, people):
    desk = Desk(ports, people("Vera"), kind="perpetual")
    store(ports, desk.person, symbol="ETHUSDT", kind="perpetual", seed=2, n=400)
    desk(funding.set_rate, KEY, Decimal("0.0001"))
    desk(funding.set_rate, KEY.replace("BTC", "ETH"), Decimal("-0.0002"), BEGIN_MS + 99 * HOUR_MS)
    small = Assumptions(sizing="quote", size=Decimal(500))
    alone = [
        answered(ports, desk.person, symbol=symbol, assumptions=small).results
        for symbol in ("BTCUSDT", "ETHUSDT")
    ]
    both = answered(ports, desk.person, also=("ETHUSDT",), assumptions=small).results
    paid = [Decimal(one["funding"]) for one in alone]
    assert min(paid) < 0 < max(paid)
    assert Decimal(both["funding"]) == sum(paid)
    assert [Decimal(one["funding"]) for one in both["symbols"]] == paid


def test_a_file_of_rates_goes_in_whole_or_not_at_all(ports, people, viewer):
    desk = Desk(ports, people("Walt"), kind="perpetual")
    file = b"fundingTime,fundingRate\n%d,0.0001\n%d,-0.0002\n" % (
        BEGIN_MS + 5,
        BEGIN_MS + 8 * HOUR_MS,
    )
    stored = desk(funding.import_rates, KEY, file)
    assert (stored.n_new, stored.n_changed, stored.n_same) == (2, 0, 0)
    again = desk(funding.import_rates, KEY, file.replace(b"-0.0002", b"0.0003"))
    assert (again.n_new, again.n_changed, again.n_same) == (0, 1, 1)
    assert "0 new rates, 1 there already, 1 replaced; 2 in all, from 2024-01-01" in again.words
    with pytest.raises(Invalid, match="Row 4"):
        desk(funding.import_rates, KEY, file + b"soon,0.1\n")
    rates = [(BEGIN_MS, Decimal("0.0001")), (BEGIN_MS + 8 * HOUR_MS, Decimal("0.0003"))]
    assert desk(funding.rates, KEY) == rates
    (glance,) = desk(funding.known)
    assert (glance.key, glance.n_rates, glance.newest) == (KEY, 2, Decimal("0.0003"))
    with unit_of_work(ports), pytest.raises(Forbidden):
        funding.import_rates(viewer, KEY, file)


def test_the_page_of_data_takes_a_file_of_rates(ports, people):
    desk = Desk(ports, people("Xena"), kind="perpetual")
    request = PageRequest(actor=desk.person, path="/markets/data", params={}, query={})
    assert "perpetuals pay nothing" in desk(lambda _: str(page.show(request).body))
    sent = "data:text/csv;base64," + base64.b64encode(b"%d,0.0001" % BEGIN_MS).decode()
    said, listed = desk(callbacks.import_funding, sent, KEY)
    assert "1 new rates" in said
    assert "0.01 %" in json.dumps(listed, default=lambda one: one.to_plotly_json())
    with pytest.raises(Invalid, match="prices first"):
        desk(callbacks.import_funding, sent, None)


def test_rates_are_set_by_rest_and_nonsense_is_refused(web, ports, actor, viewer):
    Desk(ports, actor, kind="perpetual")
    area = f"/api/v1/markets/funding/{KEY}"
    with web.signed_in(actor) as client:
        assert client.get(area).json() == []
        since = {"rate": "0.0002", "from_time": "2024-01-02T00:00:00Z"}
        assert client.put(area, json={"rate": "0.0001"}).status_code == 200
        assert [one["rate"] for one in client.put(area, json=since).json()] == ["0.0001", "0.0002"]
        for bad in ("0.2", "0.00000000001", "NaN"):
            assert client.put(area, json={"rate": bad}).status_code == 422
        assert client.delete(area).status_code == 204
        assert client.get(area).json() == []
        assert client.get(area.replace("BTC", "XYZ")).status_code == 404
    with unit_of_work(ports):
        with pytest.raises(Forbidden):
            funding.set_rate(viewer, KEY, Decimal(0))
        with pytest.raises(NotFound):
            funding.rates(viewer, KEY)
        with pytest.raises(Invalid):
            funding.set_rate(actor, KEY, Decimal(0), -1)
