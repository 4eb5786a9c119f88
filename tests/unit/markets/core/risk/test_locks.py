"""Locks, pauses that somebody ended, and the kill switch."""

from decimal import Decimal

import pytest

from sonde.markets.core.risk.kill_switch import NOT_PRESSED, KillSwitch, Stage, pressed, released
from sonde.markets.core.risk.locks import Forgiven, Lock, checked_lock, holding, listed
from sonde.markets.core.risk.pauses import pause_locks
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.sides import Side, side_named
from sonde.platform.core.errors import Conflict, Invalid
from tests.unit.markets.core.risk.asking import BTC, NOW, account, past

KEY = BTC.key


def lock(name="l", symbol="", side=None, until=None, reason="news"):
    return Lock(name, symbol, side, until, reason, "u", 10)


def test_the_longest_lock_is_told():
    locks = [lock("a", until=50), lock("b", KEY, until=90), lock("c", "other", until=99)]
    assert holding(locks, KEY, Side.LONG, 20).id == "b"
    assert holding(locks, KEY, Side.LONG, 90) is None
    assert holding([*locks, lock("d")], KEY, Side.LONG, 20).id == "d"


def test_locks_that_ran_out_are_not_listed():
    assert [one.id for one in listed([lock("a", until=5), lock("b"), lock("c", until=9)], 5)] == [
        "c",
        "b",
    ]


def test_a_lock_needs_a_reason_and_a_future():
    assert checked_lock(lock(until=11)).until_ms == 11
    for bad in (lock(until=10), lock(reason=" "), lock(reason="x" * 301), lock(reason="a\x00")):
        with pytest.raises(Invalid):
            checked_lock(bad)


def test_pauses_are_listed_as_locks_and_can_be_ended():
    settings = RiskSettings(cooldown_minutes=Decimal(60), stop_guard_stops=Decimal(2))
    recent = (past(10, "-1", stopped=True), past(20, "-1", stopped=True))
    measured = account(recent=recent)
    assert [one.id for one in pause_locks(measured, settings)] == [f"cooldown/{KEY}", "stop_guard/"]
    ended = account(
        recent=recent,
        forgiven=(Forgiven("cooldown", KEY, NOW - 1), Forgiven("stop_guard", "", NOW - 1)),
    )
    assert pause_locks(ended, settings) == ()
    elsewhere = account(recent=recent, forgiven=(Forgiven("cooldown", "x:ETH", NOW),))
    assert len(pause_locks(elsewhere, settings)) == 2


def test_an_ended_pause_begins_again_with_the_next_exit():
    settings = RiskSettings(cooldown_minutes=Decimal(60))
    measured = account(
        recent=(past(30), past(5)), forgiven=(Forgiven("cooldown", KEY, NOW - 20 * 60_000),)
    )
    assert [one.symbol for one in pause_locks(measured, settings)] == [KEY]


def test_the_kill_switch_goes_further_and_is_released():
    stop = pressed(NOT_PRESSED, KillSwitch(Stage.STOP_ENTRIES, "news", "u", 1))
    assert stop.stops_entries
    assert not stop.closes_everything
    close = pressed(stop, KillSwitch(Stage.CLOSE_ALL, "more news", "u", 2))
    assert close.closes_everything
    with pytest.raises(Conflict, match="close_all"):
        pressed(close, stop)
    assert released(close) == NOT_PRESSED
    with pytest.raises(Conflict, match="not pressed"):
        released(NOT_PRESSED)


def test_sides_are_read_as_people_write_them():
    assert [side_named(word).sign for word in ("LONG", " Short", "buy", "SELL")] == [1, -1, 1, -1]
    with pytest.raises(Invalid, match="LONG or SHORT"):
        side_named("up")
