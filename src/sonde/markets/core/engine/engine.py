"""One account that trades: orders in, bars and quotes in, events out, a journal of both.

Backtest, replay and paper use this engine; only clock and feed differ. Its numbers live in one
table (``layout``) that compiled steps work on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sonde.markets.core.engine.account import Account
from sonde.markets.core.engine.journal import Event, JournalEntry
from sonde.markets.core.engine.layout import (
    FEES,
    FREE,
    FUNDING,
    GROSS,
    HELD,
    LAST,
    M_AMBIGUOUS,
    M_TIME,
    MARGIN,
    NEXT_ID,
    P_COST,
    P_LAST,
    P_LIQUIDATION,
    P_MARGIN,
    P_STEPS,
    S_UNIT,
    SLIPPAGE,
    T_SIGNAL,
    TRANSFERS,
    Bar,
)
from sonde.markets.core.engine.levels import Levels
from sonde.markets.core.engine.listings import EngineSettings
from sonde.markets.core.engine.orders import OrderRequest, OrderView
from sonde.platform.core.errors import Conflict, Invalid


@dataclass(frozen=True)
class Balance:
    """The money of an account, in units; free + held + margin + unrealised = equity."""

    free: int
    held: int
    margin: int
    unrealised: int
    transfers: int
    gross: int
    fees: int
    funding: int
    slippage: int

    @property
    def equity(self) -> int:
        """Return what the account is worth at the last prices."""
        return self.free + self.held + self.margin + self.unrealised


@dataclass(frozen=True)
class Position:
    """A position: signed steps, entry cost and margin in units, prices in ticks (0 for none)."""

    key: str
    steps: int
    cost: int
    margin: int
    unrealised: int
    last: int
    liquidation: int


class Engine:
    """One account.

    Parameters
    ----------
    settings : EngineSettings

    Examples
    --------
    Bought at the next open, stopped in the bar after at the stop's price.

    >>> from decimal import Decimal
    >>> from sonde.markets.core.engine.listings import Listing
    >>> from sonde.markets.core.instruments import FeeSchedule, Instrument
    >>> from sonde.markets.core.money import Currency
    >>> btc = Instrument("x", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.001"),
    ...                  Decimal(0), FeeSchedule(Decimal(0), Decimal(0)))
    >>> engine = Engine(EngineSettings(Currency("USDT", 5), (Listing(btc),)))
    >>> _ = engine.transfer(10**9)
    >>> entry = OrderRequest(btc.key, "market", 1, 1_000)
    >>> stop = OrderRequest(btc.key, "stop", -1, 0, trigger=95, reduce_only=True)
    >>> engine.submit(entry, stop=stop)
    1
    >>> _ = engine.on_bar(btc.key, Bar(0, 100, 110, 99, 105, 0), 60_000)
    >>> events = engine.on_bar(btc.key, Bar(60_000, 105, 106, 90, 92, 0), 60_000)
    >>> [(event.ticks, event.gross) for event in events if event.kind == "fill"]
    [(95, -5000)]
    >>> engine.balance().equity
    999995000
    """

    def __init__(self, settings: EngineSettings) -> None:
        """Begin without money."""
        self.settings = settings
        self.journal: list[JournalEntry] = []
        self._written = 0
        self._account = Account(settings)

    @classmethod
    def restore(cls, settings: EngineSettings, entries: Iterable[JournalEntry]) -> Self:
        """Return the engine that wrote these entries, as it stood when the last was written.

        A command whose events were not written any more is done again and writes them. The entries
        may begin with a snapshot: what came before it is not needed any more.

        Raises
        ------
        Conflict
            If the entries are not a whole beginning of a journal of these settings.
        """
        engine, written = cls(settings), list(entries)
        if written and written[0].kind == "snapshot":
            engine._account.load(written[0].facts)
            engine._written = written[0].seq - 1
            engine._append("snapshot", {}, written[0].time_ms)
        for entry in written[len(engine.journal) :]:
            if entry.kind != "event":
                if engine._written != entry.seq - 1:
                    raise Conflict(f"The journal has no row {engine._written + 1}.")
                engine._append(entry.kind, entry.facts, entry.time_ms)
        for entry, again in zip(written, engine.journal, strict=False):
            if entry != again:
                raise Conflict(f"Row {entry.seq} of the journal does not follow from its settings.")
        if len(written) > len(engine.journal):
            raise Conflict(f"The journal has more rows than follow from it: {len(written)}.")
        return engine

    def submit(
        self,
        entry: OrderRequest,
        stop: OrderRequest | None = None,
        target: OrderRequest | None = None,
        *,
        is_pending: bool = False,
        time_ms: int | None = None,
    ) -> int:
        """Submit an order, as the entry of a bracket if it has children; return its number.

        Whether it was accepted says ``order(number).state``.

        Raises
        ------
        Invalid
            If a child is of another instrument or side than it must be.
        NotFound
            If the account does not trade the instrument.
        AmountTooLarge
            If an amount does not fit into int64; nothing is changed then.
        """
        for child in (stop, target):
            if child is not None and (child.key, child.side) != (entry.key, -entry.side):
                raise Invalid("Stop and target stand against their entry.", field="side")
        facts = {
            "entry": dict(vars(entry)),
            "stop": None if stop is None else dict(vars(stop)),
            "target": None if target is None else dict(vars(target)),
            "is_pending": is_pending,
        }
        number = int(self._account.state[0, NEXT_ID])
        self._do("submit", facts, time_ms)
        return number

    def submit_oco(
        self, requests: Iterable[OrderRequest], *, time_ms: int | None = None
    ) -> tuple[int, ...]:
        """Submit orders of which one reduces the others; return their numbers (rule 3.9)."""
        wanted = [dict(vars(one)) for one in requests]
        number = int(self._account.state[0, NEXT_ID])
        self._do("submit_oco", {"orders": wanted}, time_ms)
        return tuple(range(number, number + len(wanted)))

    def link(self, numbers: Sequence[int], *, time_ms: int | None = None) -> None:
        """Let open orders reduce each other from now on (rule 3.9).

        Raises
        ------
        NotFound
            If there is no such order.
        Conflict
            If one is not open, or in a group with another already.
        """
        self._do("link", {"numbers": list(numbers)}, time_ms)

    def modify(self, number: int, *, time_ms: int | None = None, **changes: int) -> list[Event]:
        """Change quantity, limit, trigger or distance of an open order (rule 3.7).

        Raises
        ------
        NotFound
            If there is no such order.
        Conflict
            If it has ended, or has not begun.
        Invalid
            If the changed order would be refused, or its kind has no such thing; nothing is
            changed.
        """
        return self._do("modify", {"number": number, "changes": dict(changes)}, time_ms)

    def cancel(self, number: int, *, time_ms: int | None = None) -> list[Event]:
        """End an open or pending order.

        Raises
        ------
        NotFound
            If there is no such order.
        Conflict
            If it has ended already.
        """
        return self._do("cancel", {"number": number}, time_ms)

    def activate(self, number: int, *, time_ms: int | None = None) -> list[Event]:
        """Let a pending order begin; a refusal ends it with its code.

        Raises
        ------
        NotFound
            If there is no such order.
        Conflict
            If it is not pending, or is the child of an entry.
        """
        return self._do("activate", {"number": number}, time_ms)

    def transfer(self, units: int, *, time_ms: int | None = None) -> list[Event]:
        """Put money in, or take it out (rule 2.6).

        Raises
        ------
        Invalid
            If more would be taken than is free.
        """
        return self._do("transfer", {"units": int(units)}, time_ms)

    def reset(self, units: int, *, time_ms: int | None = None) -> list[Event]:
        """Begin anew with so much money; orders and positions are gone, the journal stays."""
        return self._do("reset", {"units": int(units)}, time_ms)

    def on_bar(self, key: str, bar: Bar, length_ms: int) -> list[Event]:
        """Act on one closed bar (rule 4).

        It may come late: an order that was submitted after its open waits for the next one.

        Raises
        ------
        Invalid
            If the bar contradicts itself or opens before what was seen of its instrument.
        """
        return self._do("bar", {"key": key, "bar": list(bar), "length_ms": length_ms}, bar.time_ms)

    def on_quote(
        self,
        key: str,
        time_ms: int,
        prices: tuple[int, int, int],
        depth: int | None = None,
        book: tuple[Levels, Levels] | None = None,
    ) -> list[Event]:
        """Act on a quote of bid, ask and last in ticks; what it offers is used once (rule 9).

        What it offers is a depth in steps, or the bids and asks of a book, or without limit.

        Raises
        ------
        Invalid
            If the quote contradicts itself or lies before what was seen of its instrument.
        """
        facts = {"key": key, "prices": list(prices), "depth": -1 if depth is None else depth}
        if book is not None:
            facts["book"] = [[list(level) for level in side] for side in book]
        return self._do("quote", facts, time_ms)

    def on_funding(self, key: str, time_ms: int, rate_parts: int) -> list[Event]:
        """Note a funding rate, parts per 10**9; it is settled at the next price (rule 4.1)."""
        facts = {"key": key, "due_ms": time_ms, "rate": int(rate_parts)}
        return self._do("funding", facts, None)

    def close_all(
        self, key: str, *, tag: int = T_SIGNAL, time_ms: int | None = None
    ) -> list[Event]:
        """Cancel every order of an instrument and close its position at the last price."""
        return self._do("close_all", {"key": key, "tag": tag}, time_ms)

    def snapshot(self) -> JournalEntry:
        """Write all that the account is into the journal, and return that row.

        A journal that begins with it is whole: ``restore`` needs nothing from before, which keeps
        long accounts quick to open. Orders that had ended by then are not known after it.
        """
        self._append("snapshot", {}, self.now_ms)
        return self.journal[-1]

    @property
    def now_ms(self) -> int:
        """Return the time of what was seen last, milliseconds UTC."""
        return int(self._account.state[1, M_TIME])

    @property
    def is_ambiguous(self) -> bool:
        """Return whether the last bar left open which of two things happened (rule 8)."""
        return bool(self._account.state[1, M_AMBIGUOUS])

    def balance(self) -> Balance:
        """Return the money of the account."""
        account = self._account.state[0]
        return Balance(
            free=int(account[FREE]),
            held=int(account[HELD]),
            margin=int(account[MARGIN]),
            unrealised=sum(one.unrealised for one in self.positions()),
            transfers=int(account[TRANSFERS]),
            gross=int(account[GROSS]),
            fees=int(account[FEES]),
            funding=int(account[FUNDING]),
            slippage=int(account[SLIPPAGE]),
        )

    def position(self, key: str) -> Position:
        """Return the position in one instrument, flat or not."""
        row = [int(number) for number in self._account.state[self._account.row_of(key)]]
        worth = row[P_LAST] * abs(row[P_STEPS]) * row[S_UNIT]
        won = 0 if row[P_LAST] == 0 else worth - row[P_COST]
        return Position(
            key=key,
            steps=row[P_STEPS],
            cost=row[P_COST],
            margin=row[P_MARGIN],
            unrealised=won if row[P_STEPS] > 0 else -won,
            last=row[P_LAST],
            liquidation=row[P_LIQUIDATION],
        )

    def positions(self) -> tuple[Position, ...]:
        """Return the positions in all instruments of the account."""
        return tuple(self.position(one.instrument.key) for one in self.settings.listings)

    def order(self, number: int) -> OrderView:
        """Return one order, open or ended.

        Raises
        ------
        NotFound
            If there is none of that number.
        """
        return self._account.view(number)

    def orders(self) -> tuple[OrderView, ...]:
        """Return the orders that have not ended, by number."""
        return tuple(self._account.view_at(row) for row in self._account.live_rows())

    def fingerprint(self) -> tuple[object, ...]:
        """Return all that the engine knows, to be compared with another's."""
        state, ended = self._account.state, self._account.ended
        rows = state[: state[0, LAST]].tobytes()
        views = tuple(ended[number] for number in sorted(ended))
        return rows, views, tuple(self._account.rates), tuple(self.journal)

    def _do(self, kind: str, facts: Mapping[str, Any], time_ms: int | None) -> list[Event]:
        """Do a command and write it and what followed into the journal."""
        now_ms = self.now_ms
        if time_ms is not None and time_ms < now_ms and kind not in ("bar", "quote"):
            raise Invalid(f"{kind} at {time_ms} lies before {now_ms}, which was.", field="time_ms")
        return self._append(kind, facts, now_ms if time_ms is None else time_ms)

    def _append(self, kind: str, facts: Mapping[str, Any], time_ms: int) -> list[Event]:
        found = self._account.perform(kind, facts, time_ms)
        written = self._account.saved() if kind == "snapshot" else facts
        self._written += 1
        self.journal.append(JournalEntry(self._written, time_ms, kind, written))
        for event in found:
            self._written += 1
            entry = JournalEntry(self._written, event.time_ms, "event", dict(vars(event)))
            self.journal.append(entry)
        return found
