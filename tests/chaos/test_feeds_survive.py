"""The process of live feeds is killed: another takes over within seconds, and prices go on."""

import os
import subprocess
import sys
import threading
import time
from decimal import Decimal

import pytest

from sonde.markets.services import feeds
from sonde.platform.services.work import unit_of_work
from tests.conftest import wait_until
from tests.integration.markets.exchange_server import ExchangeServer, agg_trade

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(
        os.environ.get("SONDE_SOAK") != "1", reason="waits for a lease to end: in make soak"
    ),
]
TRADES = "btcusdt@aggTrade"


class Teller:
    """An exchange whose trades go on and on."""

    def __init__(self):
        self.server = ExchangeServer().start()
        self.told = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tell)
        self._thread.start()

    def _tell(self):
        while not self._ended.wait(0.02):
            self.told += 1
            at_ms = time.time_ns() // 1_000_000
            self.server.say(TRADES, agg_trade(self.told, at_ms, f"{self.told}.00"))

    def end(self):
        """Fall silent."""
        self._ended.set()
        self._thread.join()
        self.server.stop()


@pytest.fixture
def teller():
    made = Teller()
    yield made
    made.end()


@pytest.fixture
def start(app_database_url, valkey, tmp_path):
    """Start processes of live feeds as the supervisor does; end them."""
    begun = []
    environment = {
        **os.environ,
        "DATABASE_URL": app_database_url,
        "BROKER_URL": valkey.url(0),
        "CACHE_URL": valkey.url(1),
        "SONDE_HOME": str(tmp_path),
    }

    def begin():
        with (tmp_path / f"{len(begun)}.log").open("wb") as log:
            command = [sys.executable, "-m", "sonde.app.feeds"]
            begun.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.wait(10)


def test_a_killed_runner_is_replaced_and_an_orderly_one_leaves_at_once(ports, admin, teller, start):
    server = teller.server
    with unit_of_work(ports):
        feeds.switch_on(
            admin, "binance", ["BTCUSDT"], rest_origin=server.http, stream_origin=server.ws
        )

    def price():
        with unit_of_work(ports):
            return feeds.quote(admin, "binance:BTCUSDT").price or Decimal(0)

    first = start()
    wait_until(lambda: price() > 0, 30)
    second = start()
    time.sleep(3)
    assert server.subscribed.count(TRADES) == 1, "one listens"
    first.kill()
    wait_until(lambda: server.subscribed.count(TRADES) == 2, 20)
    known = price()
    wait_until(lambda: price() > known, 10)
    second.terminate()
    assert second.wait(10) == 0
