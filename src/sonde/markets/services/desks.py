"""Opens the desk of an account from its journal, and keeps what was done at it.

The account's row is locked from opening to the end of the unit of work, so that commands on one
account follow each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sonde.markets.core.accounts import Balance, Posting
from sonde.markets.core.desk.desk import Desk
from sonde.markets.core.desk.following import Followed, Role
from sonde.markets.core.desk.listing_documents import listing_document, read_listing
from sonde.markets.core.desk.paper_engine import PaperEngine
from sonde.markets.core.engine.journal import JournalEntry
from sonde.markets.core.engine.layout import Bar
from sonde.markets.core.engine.listings import EngineSettings, Listing
from sonde.markets.core.funding import Rates, payments
from sonde.markets.core.instruments import Instrument, unit_value
from sonde.markets.core.measuring import DAY_MS, Market, Standing
from sonde.markets.core.risk.facts import Quote, levels_of
from sonde.markets.core.sides import Side
from sonde.markets.core.trades import TradeState, other_side
from sonde.markets.core.wishes import Plan
from sonde.markets.persistence import accounts as account_rows
from sonde.markets.persistence import funding_rates, journal, watches
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.services import account_news, accounts
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, NotFound
from sonde.platform.services.work import after_commit, ports

_LISTING, _POSTING, _ENGINE = "listing", "posting", "engine."
_SNAPSHOT = f"{_ENGINE}snapshot"
# So many entries are restored in some ten milliseconds; then the state is written down whole.
_LONG = 500


@dataclass
class OpenDesk:
    """An account that is being worked on."""

    row: account_rows.AccountRow
    posted_units: int = 0
    listings: list[Listing] = field(default_factory=list)
    entries: list[JournalEntry] = field(default_factory=list)
    kept: dict[str, trade_rows.TradeRow] = field(default_factory=dict)
    new: list[tuple[int, str, Mapping[str, Any]]] = field(default_factory=list)
    engine: PaperEngine | None = None
    desk: Desk | None = None
    equity_before: int = 0
    funding: dict[str, tuple[Rates, int]] = field(default_factory=dict)

    @property
    def instruments(self) -> dict[str, Instrument]:
        """The instruments that the account trades, by key."""
        return {one.instrument.key: one.instrument for one in self.listings}

    @property
    def balance(self) -> Balance:
        """What is in the account."""
        if self.engine is None:
            return Balance(self.posted_units, 0, 0, 0)
        return self.engine.balance()

    @property
    def begins_with_snapshot(self) -> bool:
        """Whether what came before the entries was left out."""
        return bool(self.entries) and self.entries[0].kind == "snapshot"

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is open and nothing waits."""
        balance = self.balance
        return not (self.standing().trades or balance.held or balance.margin)

    def unit_value(self, key: str) -> int:
        """Return what a tick of a step is worth in the account."""
        return unit_value(self.instruments[key], self.row.money)

    def marks(self) -> dict[str, int]:
        """Return the newest price of each instrument, in ticks."""
        return {} if self.engine is None else self.engine.marks()

    def standing(self) -> Standing:
        """Return how the account stands."""
        active = () if self.desk is None else self.desk.trades.values()
        return Standing(
            currency=self.row.money,
            balance=self.balance,
            peak_units=self.row.peak_units,
            day_start_units=self.row.day_start_units,
            trades=tuple(one.trade for one in active if not one.trade.state.is_final),
            instruments=self.instruments,
            marks=self.marks(),
        )

    def leaving(self, key: str, side: Side) -> tuple[str, ...]:
        """Return the trades of the other side that are being closed: an entry turns around."""
        closing = [one for one in self.standing().trades if one.state is TradeState.CLOSING]
        return tuple(one.id for one in closing if one.symbol == key and one.side is not side)

    def bound_units(self, key: str) -> int:
        """Return what leaving a position at the last price would set free."""
        return 0 if self.engine is None else self.engine.bound_units(key)

    def working_desk(self) -> Desk:
        """Return the desk; Conflict in an account that has never traded."""
        if self.desk is None:
            raise Conflict("Nothing has been traded in this account yet.")
        return self.desk


def opened(actor: Actor, account_id: str) -> OpenDesk:
    """Return an account to be changed; raises NotFound and Forbidden."""
    return opened_row(accounts.locked(actor, account_id))


def seen(actor: Actor, account_id: str) -> OpenDesk:
    """Return an account to be looked at; raises NotFound."""
    return opened_row(accounts.row_to_see(actor, account_id))


def opened_row(row: account_rows.AccountRow) -> OpenDesk:
    """Return the desk of an account as its journal leaves it."""
    found = OpenDesk(row)
    for trade in trade_rows.active(row.id):
        found.kept[trade.id] = trade
    kept = journal.since_snapshot(row.id, row.epoch, _SNAPSHOT, (_LISTING,))
    _take_in(found, kept)
    try:
        if found.listings:
            _restore(found)
    except Conflict:
        if not found.begins_with_snapshot:
            raise
        _take_in(found, journal.of_epoch(row.id, row.epoch))  # of another version of the engine
        _restore(found)
    found.equity_before = found.balance.equity
    return found


def list_instrument(opened: OpenDesk, listing: Listing) -> bool:
    """Let the account trade an instrument under these terms; return whether they are new.

    Raises Conflict if other terms hold and trades are open: terms change only in a quiet account.
    """
    key = listing.instrument.key
    known = next((one for one in opened.listings if one.instrument.key == key), None)
    if known == listing:
        return False
    if known is not None:
        if not opened.is_quiet:
            raise Conflict(_held_words(known))
        begin_epoch(opened, "terms", opened.balance.cash)
    if opened.begins_with_snapshot:  # it is of the instruments until now
        _take_in(opened, journal.of_epoch(opened.row.id, opened.row.epoch))
    opened.listings.append(listing)
    opened.new.append((_time(opened), _LISTING, listing_document(listing)))
    _restore(opened)
    return True


def held_terms(opened: OpenDesk, key: str) -> Listing | None:
    """Return the terms that an instrument must be traded under now; None where all are open."""
    if opened.is_quiet:
        return None
    return next((one for one in opened.listings if one.instrument.key == key), None)


def hindrance(opened: OpenDesk, plan: Plan) -> str:
    """Say why a plan cannot be opened beside what the account holds; empty where it can."""
    one, wish = plan.terms.instrument, plan.wish
    held = held_terms(opened, one.key)
    if held is not None and (held.instrument, held.leverage) != (one, wish.leverage):
        return _held_words(held)
    held_now = [each for each in opened.standing().trades if each.symbol == one.key]
    for trade in held_now:
        if trade.side is not wish.side and trade.state is not TradeState.CLOSING:
            return other_side(trade)
    return ""


def _held_words(held: Listing) -> str:
    one = held.instrument
    return (
        f"{one.key} is traded as {one.kind} with leverage {held.leverage:f} in this account, and "
        "trades are open. Choose the same, or other terms when nothing is open and nothing waits."
    )


def show_quote(opened: OpenDesk, key: str, quote: Quote) -> None:
    """Show the engine a price, and let the trades follow what it does with it."""
    if opened.engine is None or opened.desk is None or key not in opened.instruments:
        return
    _note_funding(opened, quote.time_ms)
    one = opened.instruments[key]
    book = levels_of(quote, one)
    prices = _ticks_of(quote, one)
    if book is not None:
        prices = book[0][0][0], book[1][0][0], prices[2]
    opened.engine.quote(key, quote.time_ms, prices, book=book)
    opened.desk.follow()


def show_bar(opened: OpenDesk, key: str, bar: Bar, length_ms: int) -> None:
    """Show the engine a closed bar that it has not seen, and let the trades follow."""
    if opened.engine is None or opened.desk is None or key not in opened.instruments:
        return
    _note_funding(opened, bar.time_ms)
    if opened.engine.bar(key, bar, length_ms):
        _note_funding(opened, bar.time_ms + length_ms)
        opened.desk.follow()


def _note_funding(opened: OpenDesk, until_ms: int) -> None:
    """Note what perpetuals pay since the newest price; each settles at its next price."""
    engine = opened.engine
    if engine is None:
        return
    for key, one in opened.instruments.items():
        if one.kind == "perpetual":
            if key not in opened.funding:
                found = funding_rates.of_symbol(opened.row.workspace_id, key)
                opened.funding[key] = found, engine.now_ms or until_ms
            rates, seen_ms = opened.funding[key]
            for due_ms, rate in payments(one, rates, seen_ms, until_ms):
                engine.funding(key, due_ms, rate)
            opened.funding[key] = rates, max(seen_ms, until_ms)


def show_price(opened: OpenDesk, market: Market) -> None:
    """Show the engine what the market is, where there is a price."""
    if market.quote is not None:
        show_quote(opened, market.instrument.key, market.quote)


def marks_of(opened: OpenDesk, quotes: Mapping[str, Quote]) -> dict[str, int]:
    """Return the last prices of quotes in ticks, of the instruments that the account trades."""
    known = opened.instruments
    return {key: _ticks_of(one, known[key])[2] for key, one in quotes.items() if key in known}


def matters(opened: OpenDesk, key: str, quote: Quote) -> bool:
    """Say whether a price could change more than the newest price of an account."""
    if opened.engine is None or key not in opened.instruments:
        return False
    prices = _ticks_of(quote, opened.instruments[key])
    return opened.engine.matters(key, quote.time_ms, prices)


def require_active(opened: OpenDesk, trade_id: str) -> None:
    """Do nothing where a trade is active.

    Raises Conflict for one that has ended, NotFound for one that never was.
    """
    if trade_id in opened.kept:
        return
    row = trade_rows.find(opened.row.id, trade_id)
    if row is None:
        raise NotFound("There is no such trade.", id=trade_id)
    raise Conflict(f"This trade is {row.state}; nothing can be done with it any more.")


def post(opened: OpenDesk, posting: Posting, time_ms: int) -> None:
    """Let money come or go; raises Conflict if more would go than is free."""
    if opened.engine is not None:
        opened.engine.transfer(posting.units)
    opened.posted_units += posting.units
    facts = {
        "units": posting.units,
        "why": posting.kind.value,
        "other_account_id": posting.other_account_id,
    }
    opened.new.append((time_ms, _POSTING, facts))


def begin_epoch(opened: OpenDesk, why: str, units: int) -> None:
    """Begin the account anew with so much money; orders and positions of before are gone."""
    time_ms = _time(opened)
    leave(opened, time_ms)
    opened.row.epoch += 1
    opened.equity_before = units
    opened.posted_units, opened.listings, opened.entries = units, [], []
    opened.engine = opened.desk = None
    opened.new.append((time_ms, _POSTING, {"units": units, "why": why}))


def leave(opened: OpenDesk, now_ms: int) -> None:
    """Keep what was done: entries of the journal, trades, peak and day's start of equity."""
    if opened.engine is not None:
        for entry in opened.engine.unkept(_LONG):
            opened.new.append((entry.time_ms, f"{_ENGINE}{entry.kind}", entry.facts))
    journal.append(opened.row, opened.new)
    opened.new = []
    _keep_trades(opened)
    _keep_watches(opened)
    equity, row = opened.balance.equity, opened.row
    account_news.tell_halt(row, opened.equity_before, equity)
    opened.equity_before = equity
    row.peak_units = max(row.peak_units, equity)
    if now_ms // DAY_MS * DAY_MS > row.day_ms:
        row.day_ms, row.day_start_units = now_ms // DAY_MS * DAY_MS, equity
    broadcast, told = ports().broadcast, [(channel_of(row.id), b"")]
    after_commit(lambda: broadcast.publish(told))


def channel_of(account_id: str) -> str:
    """Return the broadcast channel on which it is told that an account changed."""
    return f"markets:account:{account_id}"


def _take_in(opened: OpenDesk, kept: Sequence[journal.Entry]) -> None:
    """Sort the entries of a journal; a snapshot counts only where the engine's begin with it."""
    opened.posted_units, opened.listings, opened.entries = 0, [], []
    worked = [one for one in kept if one.kind.startswith(_ENGINE)]
    for entry in kept:
        if entry.kind == _POSTING:
            opened.posted_units += int(entry.facts["units"])
        elif entry.kind == _LISTING:
            opened.listings.append(read_listing(entry.facts))
    for entry in worked:
        if entry.kind != _SNAPSHOT or entry is worked[0]:
            kind, seq = entry.kind.removeprefix(_ENGINE), len(opened.entries) + 1
            opened.entries.append(JournalEntry(seq, entry.time_ms, kind, entry.facts))


def _restore(opened: OpenDesk) -> None:
    settings = EngineSettings(opened.row.money, tuple(opened.listings))
    opened.engine = PaperEngine.restored(settings, opened.entries)
    if not opened.entries and opened.posted_units:
        opened.engine.transfer(opened.posted_units)
    opened.engine.happened()  # what the trades' rows tell already
    opened.desk = Desk(
        opened.engine,
        [
            Followed(row.view(), {Role(role): number for role, number in row.orders.items()})
            for row in opened.kept.values()
        ],
    )


def _ticks_of(quote: Quote, one: Instrument) -> tuple[int, int, int]:
    """Return bid, ask and last in ticks; a feed that tells only the last price has no spread."""
    prices = (quote.bid or quote.last, quote.ask or quote.last, quote.last)
    bid, ask, last = (int((price / one.tick).to_integral_value()) for price in prices)
    return bid, ask, last


def _keep_trades(opened: OpenDesk) -> None:
    if opened.desk is None:
        return
    for trade_id in sorted(opened.desk.changed):
        one = opened.desk.trades[trade_id]
        value = opened.unit_value(one.trade.symbol)
        row = opened.kept.get(trade_id)
        before = None if row is None else row.view()
        if row is None:
            row = opened.kept[trade_id] = trade_rows.add(opened.row, one.trade, value)
        row.keep(one.trade, value)
        row.orders = {role.value: number for role, number in one.orders.items()}
        account_news.tell_trade(opened.row, before, one.trade, opened.instruments[one.trade.symbol])
    opened.desk.changed.clear()


def _keep_watches(opened: OpenDesk) -> None:
    """Write down beside the account at which prices something happens to it."""
    found = {}
    for key, one in opened.instruments.items():
        watch = None if opened.engine is None else opened.engine.watch(key)
        if watch is not None:
            found[key] = {
                "below": None if watch.below is None else one.price_of(watch.below),
                "above": None if watch.above is None else one.price_of(watch.above),
                "is_eager": watch.is_eager,
                "seen_ms": watch.seen_ms,
            }
    watches.keep_only(opened.row.id, list(found))
    for key, columns in found.items():
        watches.put(opened.row.id, key, **columns)


def _time(opened: OpenDesk) -> int:
    """Return the time of the newest entry; postings before any have the time 0."""
    return opened.entries[-1].time_ms if opened.entries else 0
