"""Trades of several symbols in one replay: each sees every bar of its own instrument."""

from decimal import Decimal

import pytest

from sonde.markets.core.candles import Provenance
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.sides import Side
from sonde.markets.core.ticket import Amount, AmountKind
from sonde.markets.core.timeframes import Timeframe
from sonde.markets.core.wishes import Level, Wish
from sonde.markets.services import (
    accounts,
    market_views,
    price_store,
    replay_trading,
    replays,
    trade_history,
    trading,
)
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.backtest_data import BEGIN_MS, HOUR_MS, store, wavy
from tests.integration.markets.trading_data import AT_ONCE

pytestmark = pytest.mark.integration
BTC, ETH = "binance:BTCUSDT", "binance:ETHUSDT"
WISH = Wish(
    Side.LONG,
    Amount(Decimal(500), AmountKind.CURRENCY),
    stop=Level(Decimal(3)),
    target=Level(Decimal(3)),
)


@pytest.fixture
def ask(ports, people):
    trader = people("Rosa")

    def asked(service, *given, **named):
        with unit_of_work(ports):
            return service(trader, *given, **named)

    return asked


def long_bars(actor, hours):
    bars = wavy(400, hours)
    instrument = inferred_instrument("ETHUSDT", bars, venue="binance")
    source = Provenance("binance", "file", "wave.csv", "ab" * 32, 0)
    candles = bars.candles(instrument, Timeframe(f"{hours}h"), source)
    return price_store.append_candles(actor, candles, is_inferred=True).series


def playing(ask, series):
    replay_id = ask(replays.create, [one.id for one in series]).id
    ask(replays.seek, replay_id, BEGIN_MS + 400 * HOUR_MS)
    ask(replays.play, replay_id)
    account_id = ask(accounts.first).id
    for key in (BTC, ETH):
        market = ask(market_views.tradable, key)
        ask(trading.open_trade, account_id, WISH, market, conditions=AT_ONCE)
    return account_id, replay_id


def moved(ask, account_id, replay_id, hours):
    """Move on and take in what was missed; return what each trade is, and when it ended."""
    ask(replays.seek, replay_id, BEGIN_MS + hours * HOUR_MS)
    n_bars = ask(replay_trading.catch_up, account_id)
    found = ask(trade_history.newest, account_id)
    ended = {one.symbol: (one.state.value, one.closed_ms) for one in found}
    return n_bars, ended


def test_two_symbols_of_one_replay_are_filled_and_stopped_alike(ports, ask, people):
    series = [ask(store_of(ports, symbol)) for symbol in ("BTCUSDT", "ETHUSDT")]
    account_id, replay_id = playing(ask, series)
    n_bars, ended = moved(ask, account_id, replay_id, 440)
    assert n_bars == 80
    assert ended[BTC] == ended[ETH]
    assert ended[BTC][0] == "closed"
    assert moved(ask, account_id, replay_id, 440)[0] == 0


def test_a_symbol_of_long_bars_is_not_passed_over_by_one_of_short_bars(ports, ask):
    series = [ask(store_of(ports, "BTCUSDT")), ask(long_bars, 4)]
    account_id, replay_id = playing(ask, series)
    taken = sum(moved(ask, account_id, replay_id, hours)[0] for hours in range(401, 403))
    assert taken == 2  # hours of the one; four hours of the other are not over
    n_bars, ended = moved(ask, account_id, replay_id, 600)
    assert ended[ETH][0] == "closed"
    assert n_bars > 50


def store_of(ports, symbol):
    def stored(actor):
        return store(ports, actor, symbol=symbol)

    return stored
