"""What trading is told of a market comes from feeds, replays and stored candles."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sonde.markets.core.risk.findings import Verdict
from sonde.markets.core.sides import Side
from sonde.markets.core.wishes import Wish
from sonde.markets.services import accounts, market_views, price_store, replays, safety
from sonde.platform.core.errors import NotFound
from sonde.platform.services.work import unit_of_work
from tests.unit.markets.core.feeds.samples import MINUTE, candles

pytestmark = pytest.mark.integration


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def work(ports, clock):
    outside = replace(ports, clock=clock)
    return lambda: unit_of_work(outside)


@pytest.fixture
def ada(people):
    return people("Ada")


def test_a_replay_has_its_own_time_and_its_prices_can_be_traded_at(work, clock, ada):
    with work():
        stored = price_store.append_candles(ada, candles(60))
        replay = replays.create(ada, [stored.series.id], speed=60.0)
        replays.play(ada, replay.id)
    clock.at += timedelta(seconds=30, milliseconds=500)
    with work():
        market = market_views.of(ada, "AB")
        assert market.now_ms == 30 * MINUTE + MINUTE // 2
        assert market.quote.last == Decimal("17.5")  # the close of bar 29
        assert market.quote.time_ms == 30 * MINUTE
        assert (market.quote.every_ms, market.bar_ms) == (MINUTE, MINUTE)
        assert market.quote.source.startswith("replay")
        assert market.atr_percent == Decimal("8.5714")  # 1.5 of 17.5
        account = accounts.open_account(ada, "B", currency="B").id
        wish = Wish(Side.LONG)
        report = safety.check(ada, account, wish, market).report
    assert report.found("data_age").verdict is Verdict.OK
    assert report.found("volatility").measured == Decimal("8.5714")


def test_what_is_stored_from_long_ago_is_too_old(work, ada):
    with work():
        price_store.append_candles(ada, candles(60))
        market = market_views.of(ada, "x:AB")
        account = accounts.open_account(ada, "B", currency="B").id
        report = safety.check(ada, account, Wish(Side.LONG), market).report
    assert market.atr_percent is None
    assert report.found("data_age").verdict is Verdict.BLOCK


def test_an_instrument_that_nobody_knows(work, ada):
    with work(), pytest.raises(NotFound):
        market_views.of(ada, "x:NOTHING")
