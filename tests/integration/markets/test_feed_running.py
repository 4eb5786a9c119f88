"""The runner of live feeds on the real database and Valkey: one at a time, prices told on."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from sonde.markets.core.feeds.clock import WallClock
from sonde.markets.core.feeds.events import Bar, Interrupted, Tick, Top, decoded_all
from sonde.markets.core.feeds.memory import MemoryFeed
from sonde.markets.services import feeds
from sonde.markets.services.automations import asking
from sonde.markets.services.automations.asking import NewAutomation
from sonde.markets.services.feed_running import FeedRunner, RunnerTiming
from sonde.platform.core.errors import Forbidden, Invalid, NotFound
from sonde.platform.core.ports import utc_now
from sonde.platform.persistence.database import session as current_session
from sonde.platform.services import notifications
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.backtest_data import store
from tests.unit.markets.core.feeds.samples import AB

pytestmark = pytest.mark.integration

QUICK = RunnerTiming(lease_s=1.0, beat_s=0.05)
KEY = "binance:AB"


class Desk:
    """A runner with a feed in memory."""

    def __init__(self, ports, name="one", max_age_ms=60_000):
        self.feed = MemoryFeed([AB], WallClock(), name="binance")
        self.runner = FeedRunner(
            ports,
            name,
            open_feed=lambda settings: self.feed,
            timing=QUICK,
            max_age_ms=max_age_ms,
        )

    @property
    def listens(self):
        """Whether the runner has subscribed."""
        return bool(self.feed._queues)


async def _until(condition, seconds=10.0):
    async def look():
        while not await asyncio.to_thread(condition):
            await asyncio.sleep(0.01)

    await asyncio.wait_for(look(), seconds)


def _now_ms():
    return WallClock().now_ms()


@pytest.fixture
def wanted(ports, admin):
    with unit_of_work(ports):
        feeds.switch_on(admin, "binance", ["ab"])
    yield
    with unit_of_work(ports):
        feeds.switch_off(admin, "binance")


def _run(ports, *acts, **options):
    """Run a runner while `acts` happen, one after the other."""

    async def both():
        desk = Desk(ports, **options)
        # The instrument in memory speaks for the exchange that was switched on.
        desk.feed.known = [_as_binance()]
        running = asyncio.create_task(desk.runner.run())
        try:
            for act in acts:
                await act(desk)
        finally:
            desk.runner.end()
            await asyncio.wait_for(running, 10)

    asyncio.run(both())


def _as_binance():
    return replace(AB, venue="binance")


def test_only_administrators_switch_and_nonsense_is_refused(ports, actor, admin):
    with unit_of_work(ports):
        with pytest.raises(Forbidden):
            feeds.switch_on(actor, "binance", ["AB"])
        with pytest.raises(NotFound, match="nosuchexchange"):
            feeds.switch_on(admin, "nosuchexchange", ["AB"])
        with pytest.raises(NotFound):
            feeds.switch_on(admin, "../binance", ["AB"])
        with pytest.raises(Invalid, match="1 to 30"):
            feeds.switch_on(admin, "binance", [" "])
        with pytest.raises(Invalid, match="http://"):
            feeds.switch_on(admin, "binance", ["AB"], rest_origin="ftp://x")


def test_defect_02_a_feed_that_is_off_gives_no_price_but_the_reason(ports, actor):
    with unit_of_work(ports):
        quote = feeds.quote(actor, "kraken:BTCUSD")
    assert quote.price is None
    assert quote.reason.startswith("off: It is switched off.")


def test_a_growing_bar_is_told_now_and_then_and_a_finished_one_always(ports, wanted):
    heard = []

    def bar(close, **changes):
        return Bar(KEY, "1m", 60_000, *[Decimal(close)] * 4, Decimal(1), **changes)

    async def act(desk):
        listening = ports.broadcast.listen([feeds.channel_of(KEY)])
        first = asyncio.ensure_future(anext(listening))
        await _until(lambda: desk.listens)
        while not first.done():
            desk.feed.push(Interrupted(KEY, 1, "begin"))
            await asyncio.sleep(0.05)
        for close in range(1, 101):
            desk.feed.push(bar(close))
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.3)  # nothing more comes: what it is now is told all the same
        desk.feed.push(bar(200))  # which becomes 201 before it need be told
        desk.feed.push(bar(201, is_finished=True))
        async for _, line in listening:
            heard.extend(one for one in decoded_all(line, {KEY}) if isinstance(one, Bar))
            if heard and heard[-1].is_finished:
                break
        await listening.aclose()

    _run(ports, act)
    closes = [int(one.close) for one in heard]
    assert len(closes) < 50
    assert closes == sorted(closes)
    assert 100 in closes
    assert closes[-1] == 201


def test_prices_are_told_to_whoever_listens_and_kept_for_whoever_asks(ports, wanted, actor):
    heard = []

    async def act(desk):
        listening = ports.broadcast.listen([feeds.channel_of(KEY)])
        first = asyncio.ensure_future(anext(listening))
        await _until(lambda: desk.listens)
        at_ms = _now_ms()
        tick = Tick(KEY, at_ms, Decimal("10.25"), Decimal(1), 7)
        while not first.done():
            desk.feed.push(tick, Top(KEY, at_ms, Decimal(10), Decimal(11), Decimal(1), Decimal(1)))
            await asyncio.sleep(0.05)
        heard.extend(decoded_all((await first)[1], {KEY}))
        desk.feed.push(Interrupted("", at_ms, "lost"))
        async for _, line in listening:
            heard.extend(decoded_all(line, {KEY}))
            if isinstance(heard[-1], Interrupted):
                break
        await listening.aclose()

    _run(ports, act)
    assert heard[0].price == Decimal("10.25")
    assert heard[-1].key == KEY
    with unit_of_work(ports):
        quote = feeds.quote(actor, KEY)
        assert feeds.quote(actor, "binance:CD").reason == ("binance is not asked for prices of CD.")
    assert (quote.price, quote.bid, quote.ask) == (Decimal("10.25"), 10, 11)
    assert (quote.feed, quote.source) == ("live", "binance")
    assert quote.age_ms >= 0


def test_one_runner_at_a_time_and_the_next_takes_over(ports, wanted):
    async def act(desk):
        await _until(lambda: desk.listens)
        other = Desk(ports, "two")
        other.feed.known = [_as_binance()]
        running = asyncio.create_task(other.runner.run())
        await asyncio.sleep(0.3)
        assert not other.listens
        desk.runner.end()
        await _until(lambda: other.listens)
        assert not desk.listens
        other.runner.end()
        await asyncio.wait_for(running, 10)

    _run(ports, act)


def test_a_runner_whose_lease_was_taken_tells_nothing_any_more(ports, wanted):
    from sqlalchemy import text

    async def act(desk):
        await _until(lambda: desk.listens)

        def steal():
            with ports.database.transaction():
                session = current_session()
                session.execute(
                    text(
                        "update markets_feed_leases set token = token + 1, holder = 'thief', "
                        "until = now() + interval '0.5 s'"
                    )
                )

        await asyncio.to_thread(steal)
        await _until(lambda: not desk.listens)
        await _until(lambda: desk.listens)  # the thief is silent: the lease is free again

    _run(ports, act)


def test_a_feed_that_is_switched_off_ends_and_its_state_is_told(ports, wanted, admin):
    def state():
        with unit_of_work(ports):
            return feeds.get(admin, "binance").state.words

    def switch(how, *more):
        with unit_of_work(ports):
            how(admin, "binance", *more)

    async def act(desk):
        await _until(lambda: state() == "streaming")
        await asyncio.to_thread(switch, feeds.switch_off)
        await _until(lambda: not desk.listens)
        assert (await asyncio.to_thread(state)).startswith("off: It is switched off")
        desk.feed.off_because = "the exchange cannot be reached"
        await asyncio.to_thread(switch, feeds.switch_on, ["AB"])
        await _until(lambda: "cannot be reached" in state())

    _run(ports, act)


def test_a_feed_that_nobody_runs_is_off(ports, wanted, admin):
    later = replace(ports, clock=lambda: utc_now() + timedelta(minutes=1))
    with unit_of_work(later):
        assert feeds.get(admin, "binance").state.words == (
            "off: The process of live feeds does not answer; see its log."
        )


def test_stale_prices_are_told_to_everybody_who_waits_for_them_and_so_is_their_return(
    ports, wanted, admin, people
):
    tess = people("Tess")
    store(ports, tess, 30, symbol="AB")
    with unit_of_work(ports):
        made = asking.create(tess, NewAutomation(KEY, "sma-cross"))
        asking.start(tess, made.automation_id)

    def titles(person=admin):
        with unit_of_work(ports):
            return [one.title for one in notifications.list_notifications(person).items]

    async def act(desk):
        await _until(lambda: f"Prices of {KEY} are stale" in titles())
        await _until(lambda: f"Prices of {KEY} are stale" in titles(tess))
        await _until(lambda: desk.listens)
        desk.feed.push(Tick(KEY, _now_ms(), Decimal(1), Decimal(1)))
        await _until(lambda: f"Prices of {KEY} are back" in titles())
        await _until(lambda: f"Prices of {KEY} are back" in titles(tess))

    _run(ports, act, max_age_ms=200)
