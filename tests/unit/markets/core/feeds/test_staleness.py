"""Old prices block entries, are told once, and come back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.feeds.staleness import CameBack, StalenessWatch, WentStale
from sonde.platform.core.errors import Invalid

KEY = "x:AB"


def test_a_symbol_without_any_price_goes_stale_once_and_comes_back():
    watch = StalenessWatch(1_000)
    watch.expect([KEY], 0)
    assert watch.look(1_000) == ()
    assert watch.look(1_001) == (WentStale(KEY, 1_001, -1),)
    assert watch.look(9_000) == ()
    assert watch.saw(KEY, 9_500, now_ms=9_600) == CameBack(KEY, 9_600, -1)
    assert watch.look(10_500) == ()
    assert watch.look(10_501) == (WentStale(KEY, 10_501, 1_001),)


def test_an_old_price_that_comes_late_refreshes_nothing():
    watch = StalenessWatch(1_000)
    watch.saw(KEY, 0, now_ms=0)
    watch.look(5_000)
    assert watch.saw(KEY, 2_000, now_ms=5_000) is None
    assert not watch.entry(KEY, 5_000).allowed


def test_a_price_from_the_future_is_as_old_as_its_arrival():
    watch = StalenessWatch(1_000)
    watch.saw(KEY, 10**15, now_ms=0)
    assert watch.look(1_001)


def test_entries_are_refused_with_the_reason():
    watch = StalenessWatch(1_000, {"x:CD": 5_000})
    assert watch.entry(KEY, 0).reason == "There is no price of x:AB yet."
    watch.saw(KEY, 0, now_ms=0)
    watch.saw("x:CD", 0, now_ms=0)
    assert watch.entry(KEY, 2_000).reason == ("The last price of x:AB is 2 s old; at most 1 s.")
    assert watch.entry("x:CD", 2_000).allowed


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=30))
def test_stale_and_back_take_turns(pauses):
    watch, now, turns = StalenessWatch(1_000), 0, []
    watch.expect([KEY], 0)
    for pause in pauses:
        now += pause
        turns += watch.look(now)
        back = watch.saw(KEY, now, now_ms=now)
        turns += [back] if back else []
        assert watch.entry(KEY, now).allowed
    kinds = [type(one) for one in turns]
    assert kinds == [WentStale, CameBack] * (len(kinds) // 2)


def test_limits_out_of_range_are_refused():
    with pytest.raises(Invalid, match="1 ms to 24 hours"):
        StalenessWatch(0)
