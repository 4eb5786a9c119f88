"""Replays of a person on the real database: computed from a row and the clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sonde.markets.core.feeds.events import Bar, Tick
from sonde.markets.services import price_store, quotes, replays
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
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


@pytest.fixture
def replay(work, ada):
    with work():
        stored = price_store.append_candles(ada, candles(10))
        return replays.create(ada, [stored.series.id], speed=60.0)


def test_a_replay_stands_plays_pauses_and_ends(work, clock, ada, replay):
    assert (replay.position_ms, replay.is_playing, replay.keys) == (0, False, ("x:AB 1m",))
    clock.at += timedelta(hours=1)
    with work():
        assert replays.get(ada, replay.id).position_ms == 0
        assert replays.play(ada, replay.id).is_playing
    clock.at += timedelta(seconds=3)
    with work():
        assert replays.get(ada, replay.id).position_ms == 3 * MINUTE
        assert not replays.pause(ada, replay.id).is_playing
    clock.at += timedelta(hours=1)
    with work():
        replays.set_speed(ada, replay.id, 600.0)
        replays.play(ada, replay.id)
    clock.at += timedelta(hours=1)
    with work():
        assert replays.get(ada, replay.id).is_over
        with pytest.raises(Conflict):
            replays.play(ada, replay.id)
        assert replays.seek(ada, replay.id, 2 * MINUTE).position_ms == 2 * MINUTE
        assert [one.id for one in replays.list_replays(ada)] == [replay.id]


def test_nothing_of_the_future_is_told(work, clock, ada, replay):
    (series_id,) = replay.series_ids
    with work():
        assert replays.quote(ada, replay.id, "x:AB").price is None
        assert replays.candles(ada, replay.id, series_id).n == 0
        replays.play(ada, replay.id)
    clock.at += timedelta(milliseconds=2_500)  # two minutes and a half
    with work():
        known = replays.candles(ada, replay.id, series_id)
        told, position_ms = replays.events(ada, replay.id, 0)
        quote = replays.quote(ada, replay.id, "x:AB")
    assert known.n == 2
    bars = [one for one in told if isinstance(one, Bar)]
    assert [bar.open_time_ms for bar in bars] == [0, MINUTE]
    assert all(one.for_display for one in told if isinstance(one, Tick))
    assert position_ms == 5 * MINUTE // 2
    assert (quote.price, quote.age_ms, quote.feed) == (Decimal("10.50"), MINUTE // 2, "replay")


def test_events_that_meet_are_told_once(work, clock, ada, replay):
    with work():
        replays.play(ada, replay.id)
    parts, from_ms = [], 0
    for _ in range(4):
        clock.at += timedelta(milliseconds=1_234)
        with work():
            told, from_ms = replays.events(ada, replay.id, from_ms)
        parts += told
    with work():
        whole, _ = replays.events(ada, replay.id, 0)
    assert parts == list(whole)


def test_a_symbol_that_is_not_replayed_has_no_price(work, ada, replay):
    with work():
        quote = replays.quote(ada, replay.id, "x:CD")
    assert quote.price is None
    assert quote.reason == "AB does not hold x:CD."


def test_who_may_what_and_what_is_refused(work, ada, replay, people, viewer):
    grace = people("Grace")
    with work():
        for act in (replays.get, replays.play, replays.pause, replays.remove):
            with pytest.raises(NotFound):
                act(grace, replay.id)
        with pytest.raises(NotFound):
            replays.create(grace, replay.series_ids)
        with pytest.raises(Forbidden):
            replays.create(viewer, replay.series_ids)
        with pytest.raises(Invalid, match="1 to 20"):
            replays.create(ada, [])
        with pytest.raises(Invalid, match="nothing recorded"):
            replays.create(ada, replay.series_ids, from_ms=10**12)
        with pytest.raises(Invalid, match="times"):
            replays.set_speed(ada, replay.id, 0)
        with pytest.raises(Invalid):
            replays.seek(ada, replay.id, -1)
        replays.remove(ada, replay.id)
        assert replays.list_replays(ada) == ()


def test_defect_02_the_price_names_its_source_or_is_none(work, clock, ada, replay, people):
    with work():
        stored = quotes.latest(ada, "ab")
        nobody = quotes.latest(people("Grace"), "AB")
        replays.play(ada, replay.id)
    clock.at += timedelta(seconds=3)
    with work():
        replayed = quotes.latest(ada, "x:AB")
    assert (stored.price, stored.feed, stored.source) == (Decimal("12.50"), "file", "ab.csv")
    assert stored.is_stale
    assert stored.time_ms == 10 * MINUTE
    assert nobody.price is None
    assert nobody.reason == "No feed and no stored candle speaks of AB."
    assert (replayed.price, replayed.feed) == (Decimal("10.75"), "replay")
