"""What is kept beside an account says of every price what the account itself would say."""

import pytest

from sonde.markets.core.desk.port import DeskOrder
from sonde.markets.core.sides import Side
from tests.unit.markets.core.desk.test_desk import BTC, PRICE, Floor, trade


def _concerns(watch, ticks):
    below = watch.below is not None and ticks <= watch.below
    above = watch.above is not None and ticks >= watch.above
    return watch.is_eager or below or above


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("limit", [None, 4_950_000, 5_050_000])
def test_a_watch_is_the_filter_of_the_account(side, limit):
    floor = Floor()
    way = side.sign
    guards = {"stop_ticks": PRICE - way * 100_000, "target_ticks": PRICE + way * 200_000}
    floor.price(PRICE)
    floor.desk.open(trade(side=side, limit_ticks=limit, **guards))
    assert floor.engine.watch(BTC.key).is_eager
    floor.price(PRICE)
    floor.price(PRICE)
    floor.price(PRICE)
    watch = floor.engine.watch(BTC.key)
    assert watch is not None
    for ticks in range(2_000_000, 8_000_000, 50_000):
        matters = floor.engine.matters(BTC.key, floor.now_ms + 1_000, (ticks, ticks, ticks))
        assert _concerns(watch, ticks) == matters, ticks


def test_nothing_is_watched_where_nothing_is_open():
    floor = Floor()
    floor.price(PRICE)
    assert floor.engine.watch(BTC.key) is None
    floor.opened()
    floor.price(PRICE)
    assert floor.engine.watch(BTC.key).below == 4_900_000
    floor.desk.close("1")
    floor.price(PRICE)
    floor.price(PRICE)
    assert floor.engine.watch(BTC.key) is None


def test_an_order_that_waits_for_the_next_price_makes_every_price_matter():
    floor = Floor()
    floor.price(PRICE)
    floor.engine.place(DeskOrder(BTC.key, "market", 1, 10), ())
    assert floor.engine.watch(BTC.key).is_eager
