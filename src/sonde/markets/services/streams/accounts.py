"""What happens in an account, for whoever listens: read from its journal, so nothing is missed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.streaming.orders import open_orders
from sonde.markets.core.trades import Trade
from sonde.markets.persistence import journal
from sonde.markets.services import (
    account_money,
    accounts,
    kill_switch,
    replay_trading,
    risk_settings,
)
from sonde.markets.services import trade_history as history
from sonde.markets.services.streams.messages import line
from sonde.markets.services.trade_facts import trade_facts
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

EVENT: Final = "engine.event"
_PAGE: Final = 1_000
_TRADES: Final = 200


@dataclass
class AccountFollower:
    """Tells what changed in an account since it was looked at last.

    Parameters
    ----------
    account_id : str
    seq : int
        Number of the newest journal entry that was told.
    """

    account_id: str
    seq: int = 0
    _trades: dict[str, Trade] = field(default_factory=dict)
    _instruments: dict[str, Instrument] = field(default_factory=dict)
    _standing: dict[str, str] = field(default_factory=dict)

    def snapshot(self, actor: Actor) -> list[tuple[str, str]]:
        """Return how the account stands as (topic, message) pairs; raises NotFound."""
        replay_trading.catch_up(actor, self.account_id)
        row = accounts.row_to_see(actor, self.account_id)
        self.seq = row.seq
        events = [one.facts for one in journal.of_epoch(row.id, row.epoch) if one.kind == EVENT]
        trades = self._read_trades(actor)
        told = {
            "trade": [self._facts(one, row.money) for one in trades],
            "order": list(open_orders(events)),
        }
        self._standing.clear()
        shown = [(name, self._line(name, kind="snapshot", items=told[name])) for name in told]
        return [*shown, *self._stands(actor)]

    def missed(self, actor: Actor, after: int) -> list[tuple[str, str]]:
        """Return what happened after an entry that the client saw; raises NotFound."""
        row = accounts.row_to_see(actor, self.account_id)
        if after > row.seq:
            raise Invalid(f"This account has come to {row.seq}, not to {after}.", field="after")
        self.seq = after
        self._standing.clear()
        return [*self._happened(), *self._changed(actor), *self._stands(actor)]

    def news(self, actor: Actor) -> list[tuple[str, str]]:
        """Return what happened since the last look; raises NotFound."""
        replay_trading.catch_up(actor, self.account_id)
        row = accounts.row_to_see(actor, self.account_id)
        if row.seq == self.seq:
            return list(self._stands(actor, ("risk",)))
        return [*self._happened(), *self._changed(actor), *self._stands(actor)]

    def go_back(self, seq: int) -> None:
        """Tell again what happened after an entry: it was read and could not be told."""
        self.seq = seq
        self._trades = {}
        self._standing.clear()

    def _happened(self) -> Iterator[tuple[str, str]]:
        while True:
            entries = journal.after(self.account_id, self.seq, limit=_PAGE)
            for entry in entries:
                self.seq = entry.seq
                if entry.kind == EVENT and entry.facts.get("order"):
                    yield "order", self._line("order", kind="event", event=entry.facts)
            if len(entries) < _PAGE:
                return

    def _changed(self, actor: Actor) -> Iterator[tuple[str, str]]:
        before, money = dict(self._trades), accounts.row_to_see(actor, self.account_id).money
        for trade in reversed(self._read_trades(actor)):
            if before.get(trade.id) != trade:
                facts = self._facts(trade, money)
                yield "trade", self._line("trade", kind="changed", trade=facts)

    def _stands(
        self, actor: Actor, topics: Sequence[str] = ("balance", "risk")
    ) -> Iterator[tuple[str, str]]:
        """Yield balance and risk, where they are not as they were."""
        for topic in topics:
            facts = self._balance(actor) if topic == "balance" else self._risk(actor)
            told = line(topic, account_id=self.account_id, **facts)
            if self._standing.get(topic) != told:
                self._standing[topic] = told
                yield topic, self._line(topic, **facts)

    def _balance(self, actor: Actor) -> Mapping[str, Any]:
        money = account_money.balance(actor, self.account_id)
        names = ("cash", "free", "held", "margin", "unrealised", "equity")
        amounts = {name: money.amount(getattr(money.balance, name)) for name in names}
        return {"currency": money.currency.code, **amounts}

    def _risk(self, actor: Actor) -> Mapping[str, Any]:
        switch = kill_switch.state(actor, self.account_id)
        version = risk_settings.current(actor, self.account_id).version
        return {"settings_version": version, "kill_switch": switch.stage, "reason": switch.reason}

    def _read_trades(self, actor: Actor) -> Sequence[Trade]:
        found = history.newest(actor, self.account_id, limit=_TRADES)
        self._instruments = history.instruments_of(actor, self.account_id)
        self._trades = {one.id: one for one in found}
        return found

    def _facts(self, trade: Trade, money: Currency) -> Mapping[str, Any]:
        return trade_facts(trade, self._instruments[trade.symbol], money)

    def _line(self, topic: str, **facts: object) -> str:
        return line(topic, account_id=self.account_id, seq=self.seq, **facts)
