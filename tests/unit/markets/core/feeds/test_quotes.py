"""Every price names where it is from; a missing one is None with the reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.feeds.events import Bar, Book, Interrupted, Tick, Top, decoded, encoded
from sonde.markets.core.feeds.quotes import QuoteBoard
from sonde.platform.core.errors import Invalid

KEY = "x:AB"


def test_defect_02_a_missing_price_is_none_and_never_random():
    quote = QuoteBoard("live", "x").quote(KEY, 0)
    assert (quote.price, quote.bid, quote.ask, quote.age_ms) == (None, None, None, None)
    assert quote.is_stale
    assert quote.reason == "x has told no price of x:AB yet."


def test_defect_07_a_price_is_the_one_that_was_traded_or_none():
    board = QuoteBoard("live", "x", max_age_ms=1_000)
    assert board.quote(KEY, 0).price is None
    board.note(Tick(KEY, 10, Decimal("7.25"), Decimal(1)))
    first, again = board.quote(KEY, 20), board.quote(KEY, 20)
    assert first == again
    assert (first.price, first.feed, first.source, first.age_ms) == (
        Decimal("7.25"),
        "live",
        "x",
        10,
    )
    assert board.quote(KEY, 5_000).reason == "The last price is 4.99 s old."


def test_what_comes_late_does_not_replace_what_is_newer():
    board = QuoteBoard("live", "x")
    board.note(Tick(KEY, 20, Decimal(2), Decimal(1)))
    board.note(Tick(KEY, 10, Decimal(1), Decimal(1)))
    board.note(Top(KEY, 20, Decimal(4), Decimal(5), Decimal(1), Decimal(1)))
    board.note(Top(KEY, 10, Decimal(1), Decimal(2), Decimal(1), Decimal(1)))
    quote = board.quote(KEY, 20)
    assert (quote.price, quote.bid, quote.ask) == (2, 4, 5)


amounts = st.decimals("0.00000001", "1000000000", places=8)
events = st.one_of(
    st.builds(Tick, st.just(KEY), st.integers(0, 2**50), amounts, amounts, st.integers(0, 2**60)),
    st.builds(Top, st.just(KEY), st.integers(0, 2**50), amounts, amounts, amounts, amounts),
    st.builds(
        Book,
        st.just(KEY),
        st.integers(0, 2**50),
        st.lists(st.tuples(amounts, amounts), max_size=3).map(tuple),
        st.lists(st.tuples(amounts, amounts), max_size=3).map(tuple),
    ),
    st.builds(
        Bar, st.just(KEY), st.just("1m"), st.integers(0, 2**50), *([amounts] * 5), st.booleans()
    ),
    st.builds(Interrupted, st.just(KEY), st.integers(0, 2**50), st.text(max_size=20)),
)


@given(events)
def test_every_event_travels_exactly(event):
    assert decoded(encoded(event)) == event


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b'{"kind":"tick"}', b'{"kind":"x","key":1}'])
def test_anything_else_is_refused(line):
    with pytest.raises(Invalid):
        decoded(line)
