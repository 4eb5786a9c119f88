"""The first click on an empty desk: simulated markets, stored once and playing."""

import pytest

from sonde.markets.services import desk_choices, price_sample, price_store, quotes, replays
from sonde.platform.core.actor import Role
from sonde.platform.core.errors import Forbidden
from sonde.platform.services.work import unit_of_work

pytestmark = pytest.mark.integration


@pytest.fixture
def ada(people):
    return people("Ada")


def test_one_click_stores_plays_and_shows_two_markets(ports, ada):
    with unit_of_work(ports):
        replay = price_sample.start(ada)
    with unit_of_work(ports):
        keys = [one.key for one in price_store.list_series(ada)]
        assert keys == [
            "simulated:CALMUSDT 1m",
            "simulated:CALMUSDT 1h",
            "simulated:WILDUSDT 1m",
            "simulated:WILDUSDT 1h",
        ]
        assert replays.get(ada, replay.id).is_playing
        assert desk_choices.of(ada).symbol == "simulated:CALMUSDT"
        quote = quotes.latest(ada, "simulated:CALMUSDT")
        assert quote.price is not None
        assert quote.source == price_sample.TITLE
        with_past = replays.candles(ada, replay.id, replay.series_ids[0])
        assert with_past.n >= 30 * 1440


def test_a_second_click_changes_nothing(ports, ada):
    with unit_of_work(ports):
        first = price_sample.start(ada)
    with unit_of_work(ports):
        again = price_sample.start(ada)
        assert again.id == first.id
        assert len(replays.list_replays(ada)) == 1
        assert sum(one.n_bars for one in price_store.list_series(ada)) == 2 * 60 * (1440 + 24)


def test_viewers_store_nothing(ports, people):
    with unit_of_work(ports), pytest.raises(Forbidden):
        price_sample.start(people("Vic", Role.VIEWER))


def test_rest_does_the_same(web, ada):
    with web.signed_in(ada) as client:
        answer = client.post("/api/v1/markets/replay/sample")
    assert answer.status_code == 201
    assert answer.json()["is_playing"] is True
    assert answer.json()["speed"] == 60
