"""Facts come from the account and the market, and from nowhere else."""

from dataclasses import replace
from decimal import Decimal

from sonde.markets.core.accounts import Balance
from sonde.markets.core.measuring import Guards, Market, Standing, measured
from sonde.markets.core.money import Currency
from sonde.markets.core.sides import Side
from sonde.markets.core.trades import Trade, TradeState
from tests.unit.markets.core.risk.asking import BTC, NOW, QUOTE, past

USDT = Currency("USDT")
UNITS = USDT.units_of
OPEN = Trade(
    "1",
    BTC.key,
    Side.LONG,
    100_000,
    NOW,
    state=TradeState.OPEN,
    filled_steps=60_000,
    entry_weight=60_000 * 4_900_000,
)
WAITING = Trade("2", BTC.key, Side.LONG, 10_000, NOW, limit_ticks=4_000_000)
STANDING = Standing(
    USDT,
    Balance(UNITS(100), UNITS(20), UNITS(30), UNITS(-5)),
    UNITS(200),
    UNITS(150),
    (OPEN, WAITING),
    {BTC.key: BTC},
    {BTC.key: 5_000_000},
)
MARKET = Market(BTC, NOW, QUOTE, Decimal("0.5"), Decimal("0.01"))


def test_the_balance_becomes_amounts():
    facts = measured(STANDING, MARKET, Guards(recent=(past(5),)))
    assert (facts.free, facts.equity) == (Decimal(100), Decimal(145))
    assert (facts.equity_peak, facts.day_start_equity) == (Decimal(200), Decimal(150))
    assert (facts.atr_percent, facts.slippage_percent) == (Decimal("0.5"), Decimal("0.01"))
    assert (facts.quote, facts.open_trades, facts.recent) == (QUOTE, 2, (past(5),))


def test_open_and_waiting_parts_are_exposed_at_their_prices():
    facts = measured(STANDING, MARKET, Guards())
    assert [one.notional for one in facts.positions] == [Decimal(30_000)]  # 0.6 at 50,000
    # the rest of the first at the mark, the second at its limit
    assert [one.notional for one in facts.pending] == [Decimal(20_000), Decimal(4_000)]
    assert facts.exposure(BTC.key) == Decimal(54_000)


def test_before_any_price_a_position_counts_at_its_entry():
    facts = measured(replace(STANDING, marks={}), MARKET, Guards())
    assert facts.positions[0].mark_price == Decimal(49_000)


def test_equity_above_the_last_peak_is_the_peak():
    facts = measured(replace(STANDING, peak_units=0), MARKET, Guards())
    assert facts.equity_peak == facts.equity
