"""Money comes and goes by postings only."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.markets.core.accounts import (
    Balance,
    PostingKind,
    checked_amount,
    checked_name,
    opening,
    resetting,
    setting,
    total,
    transferring,
)
from sonde.markets.core.money import Currency
from sonde.platform.core.errors import Conflict, Invalid

USDT = Currency("USDT")


def test_an_account_begins_with_ten_thousand():
    assert USDT.amount_of(opening("a", USDT).units) == Decimal(10_000)


@pytest.mark.parametrize("amount", [-1, "1000000001", "0.000000001", "much"])
def test_a_balance_that_cannot_be_is_refused(amount):
    with pytest.raises(Invalid):
        checked_amount(amount, USDT)


def test_a_float_is_refused_because_it_is_not_what_was_meant():
    with pytest.raises(Invalid, match="exact"):
        checked_amount(0.1, USDT)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
def test_names_are_printable(name):
    with pytest.raises(Invalid):
        checked_name(name)
    assert checked_name(" My  account ") == "My account"


@settings(max_examples=60)
@given(*[st.integers(0, 10**12)] * 3, st.integers(-(10**12), 10**12), st.integers(0, 10**13))
def test_setting_leads_to_what_was_wanted_or_changes_nothing(free, held, margin, open_, wanted):
    balance = Balance(free, held, margin, open_)
    if wanted < held + margin:
        with pytest.raises(Conflict):
            setting("a", balance, wanted)
    else:
        assert balance.cash + setting("a", balance, wanted).units == wanted


def test_a_reset_needs_a_quiet_account():
    assert resetting("a", Balance(700, 0, 0, 0), 1000).units == 300
    for busy in (Balance(1, 1, 0, 0), Balance(1, 0, 1, 0), Balance(1, 0, 0, -1)):
        with pytest.raises(Conflict, match="open"):
            resetting("a", busy, 1000)


@settings(max_examples=60)
@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_a_transfer_neither_makes_nor_loses_money(units, free):
    giving, taking = ("a", USDT, Balance(free, 5, 5, 0)), ("b", USDT)
    if units > free:
        with pytest.raises(Conflict):
            transferring(giving, taking, units)
        return
    both = transferring(giving, taking, units)
    assert total(both, "a") == -units
    assert total(both, "b") == units
    assert {one.kind for one in both} == {PostingKind.TRANSFER}


def test_transfers_that_mean_nothing_are_refused():
    giving = ("a", USDT, Balance(100, 0, 0, 0))
    for taking, units in ((("a", USDT), 5), (("b", Currency("EUR")), 5), (("b", USDT), 0)):
        with pytest.raises(Invalid):
            transferring(giving, taking, units)


def test_defect_14_there_is_one_balance_and_it_is_the_sum_of_postings():
    postings = [opening("a", USDT), opening("b", USDT)]
    balance = Balance(total(postings, "a"), 0, 0, 0)
    postings += transferring(("a", USDT, balance), ("b", USDT), USDT.units_of(2500))
    assert USDT.amount_of(total(postings, "a")) == 7500
    assert USDT.amount_of(total(postings, "b")) == 12_500
