"""A person with a replay of an hour a second, in which strategies trade."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sonde.markets.core.automating import AutomationTerms
from sonde.markets.core.ticket import AmountKind
from sonde.markets.services import paper_running, replays, trade_history
from sonde.markets.services.automations import asking, signal_log
from sonde.markets.services.automations.asking import NewAutomation
from sonde.platform.services.work import unit_of_work
from tests.integration.markets.backtest_data import BEGIN_MS, HOUR_MS, store

AT_ONCE = AutomationTerms(Decimal(150), AmountKind.CURRENCY, Decimal(1), 0)
FAST = {"fast": 5, "slow": 20}


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self):
        return self.at


class Desk:
    """A person with a replay of an hour a second, and a strategy in it."""

    def __init__(self, ports, person, n_bars=400, kind="spot"):
        self.clock = Clock()
        self.ports = replace(ports, clock=self.clock)
        self.person = person
        series = store(self.ports, person, n_bars, kind=kind)
        self.replay = self(replays.create, [series.id], speed=3600.0)
        self(replays.seek, self.replay.id, BEGIN_MS + 100 * HOUR_MS)

    def __call__(self, service, *given, **named):
        with unit_of_work(self.ports):
            return service(self.person, *given, **named)

    def strategy(self, terms=AT_ONCE, **named):
        wanted = NewAutomation("BTCUSDT", "sma-cross", FAST, replay_id=self.replay.id, terms=terms)
        return self(asking.create, replace(wanted, **named))

    def started(self, **named):
        made = self.strategy(**named)
        self(asking.start, made.automation_id)
        self(replays.play, self.replay.id)
        return made

    def hours(self, count):
        """Let the replay go on; nobody has looked at it yet."""
        self.clock.at += timedelta(seconds=count)

    def runner(self, name="one"):
        return paper_running.PaperRunner(self.ports, name)

    def round(self):
        """Let a runner of its own go round once."""
        runner = self.runner()
        token = runner.take()
        try:
            return runner.round(token)
        finally:
            runner.drop(token)

    def trades(self, made):
        return list(reversed(self(trade_history.newest, made.account_id)))

    def signals(self, made):
        return list(reversed(self(signal_log.signals, made.automation_id, limit=200)))
