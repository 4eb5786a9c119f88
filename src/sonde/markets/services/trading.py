"""Trading on paper: open, activate, modify, close, cancel; each command is one transaction.

Whoever calls says what the market is (`Market`): where it comes from differs between a live feed
and a replay, what is done with it does not. A command first shows the engine the newest price.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from sonde.markets.core.desk.following import Role
from sonde.markets.core.desk.orders import Moves
from sonde.markets.core.engine.listings import Costs, Listing
from sonde.markets.core.entries import Force
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.measuring import Market
from sonde.markets.core.risk.facts import Quote
from sonde.markets.core.ticket import Terms, level_ticks
from sonde.markets.core.trades import Action, LiveResult, Trade, allow, live_result, part_of
from sonde.markets.core.wishes import Level, Plan, Wish, trail_ticks
from sonde.markets.services import desks, safety
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.services import audit

DEFAULT_LATENCY_MS = 250
_WAITING = (Force.GTC.value, Force.GTD.value)


@dataclass(frozen=True)
class Conditions:
    """How orders are carried out.

    Parameters
    ----------
    latency_ms : int
        From an order to the first price at which it can fill.
    costs : Costs
        Spread, slippage and share of the volume.
    """

    latency_ms: int = DEFAULT_LATENCY_MS
    costs: Costs = field(default_factory=Costs)


@dataclass(frozen=True)
class TradeView:
    """A trade with what it would bring now.

    Parameters
    ----------
    trade : Trade
    instrument : Instrument
        As what it is traded: as spot, or as a perpetual.
    live : LiveResult, optional
    mark : Decimal, optional
        The price now; None where there is none, as `live`.
    stop : Decimal, optional
        Where its stop stands now; a trailing one follows the price.
    """

    trade: Trade
    instrument: Instrument
    live: LiveResult | None
    mark: Decimal | None
    stop: Decimal | None = None


@dataclass(frozen=True)
class Changes:
    """What is to be changed of a trade; None leaves it, and what is removed guards no more."""

    entry_price: Decimal | None = None
    stop: Level | None = None
    target: Level | None = None
    trigger: Decimal | None = None
    removed: frozenset[Role] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a level that is to be set and removed at once."""
        told = {Role.STOP: self.stop, Role.TARGET: self.target}
        for role in self.removed:
            if told.get(role) is not None:
                raise Invalid(f"Set the {role} or remove it, not both.", field=role.value)


def open_trade(
    actor: Actor,
    account_id: str,
    wish: Wish,
    market: Market,
    *,
    conditions: Conditions | None = None,
    is_active: bool = True,
) -> TradeView:
    """Open a trade; without `is_active` it waits to be activated.

    Raises NotFound, Forbidden, Invalid for what cannot be an order, RiskBlock with every reason
    where the risk settings do not allow it, Conflict where the engine refuses it.
    """
    opened = desks.opened(actor, account_id)
    report, plan = safety.gate(opened, wish, market)
    report.let_through()
    listing = listing_of(plan, conditions or Conditions())
    if desks.list_instrument(opened, listing):
        desks.show_price(opened, market)
    trade = _trade(plan, market)
    opened.working_desk().open(trade, is_active=is_active)
    desks.leave(opened, market.now_ms)
    return _view(opened, trade.id)


def open_either(
    actor: Actor,
    account_id: str,
    wishes: tuple[Wish, Wish],
    market: Market,
    *,
    conditions: Conditions | None = None,
) -> tuple[TradeView, TradeView]:
    """Open two trades of which one is wanted: what one entry fills, the other loses.

    Both are of the smaller of their quantities, so that one that fills leaves nothing of the other;
    both are judged as if they were alone, and hold their money. Raises like `open_trade`, Invalid
    where an entry does not wait for a price.
    """
    opened = desks.opened(actor, account_id)
    plans = []
    for wish in wishes:
        report, plan = safety.gate(opened, wish, market)
        report.let_through()
        plans.append(plan)
    ids = new_id(), new_id()
    steps = min(plan.steps for plan in plans)
    alike = [replace(plan, steps=steps) for plan in plans]
    trades = [_either(_trade(plan, market), ids, at) for at, plan in enumerate(alike)]
    if desks.list_instrument(opened, listing_of(plans[0], conditions or Conditions())):
        desks.show_price(opened, market)
    for trade in trades:
        opened.working_desk().open(trade)
    desks.leave(opened, market.now_ms)
    return _view(opened, ids[0]), _view(opened, ids[1])


def activate(actor: Actor, account_id: str, trade_id: str, market: Market) -> TradeView:
    """Send the entry of a pending trade; raises like `open_trade`, Conflict if it is active."""
    opened = _at_trade(actor, account_id, trade_id, market)
    desk = opened.working_desk()
    trade = desk.trade(trade_id)
    allow(trade, Action.ACTIVATE)
    safety.gate_waiting(opened, trade, market).let_through()
    desk.activate(trade_id)
    desks.leave(opened, market.now_ms)
    return _view(opened, trade_id)


def modify(
    actor: Actor, account_id: str, trade_id: str, changes: Changes, market: Market
) -> TradeView:
    """Change the prices of the entry, the stop or the target of a trade, or take a guard away.

    Raises NotFound, Forbidden, Invalid for a price that cannot be, Conflict for a trade in a state
    where that is not possible.
    """
    opened = _at_trade(actor, account_id, trade_id, market)
    desk = opened.working_desk()
    trade = desk.trade(trade_id)
    desk.modify(trade_id, _moves(changes, _terms(opened, trade)))
    desks.leave(opened, market.now_ms)
    return _view(opened, trade_id)


def close(
    actor: Actor,
    account_id: str,
    trade_id: str,
    market: Market,
    part: Decimal | None = None,
    *,
    reason: str = "manual",
) -> TradeView:
    """Close a trade at market, or a part of it (above 0, below 1, of what is open).

    Raises NotFound, Forbidden, Invalid for a bad part, Conflict unless the trade is open.
    """
    opened = _at_trade(actor, account_id, trade_id, market)
    desk = opened.working_desk()
    if part is None:
        desk.close(trade_id, reason)
    else:
        desk.reduce(trade_id, part_of(desk.trade(trade_id), part), reason)
    desks.leave(opened, market.now_ms)
    return _view(opened, trade_id)


def cancel(actor: Actor, account_id: str, trade_id: str, now_ms: int) -> TradeView:
    """Take a pending trade back; raises NotFound, Forbidden, Conflict unless it is pending."""
    opened = _at_trade(actor, account_id, trade_id, None)
    opened.working_desk().cancel(trade_id)
    desks.leave(opened, now_ms)
    return _view(opened, trade_id)


def end_everything(actor: Actor, account_id: str, reason: str, now_ms: int) -> int:
    """Cancel what is pending and close what is open at market; return how many trades that were."""
    opened = desks.opened(actor, account_id)
    count = len(opened.kept)
    if opened.desk is not None:
        opened.desk.end_everything(reason)
    desks.leave(opened, now_ms)
    audit.record(actor.user_id, "market_trades.end_all", account_id, count=count, reason=reason)
    return count


def positions(
    actor: Actor, account_id: str, quotes: Mapping[str, Quote] = MappingProxyType({})
) -> list[TradeView]:
    """Return the trades that have not ended, with what they would bring; raises NotFound.

    `quotes` are the newest prices by instrument; without one, the last that the account saw counts.
    """
    return positions_of(desks.seen(actor, account_id), quotes)


def positions_of(opened: desks.OpenDesk, quotes: Mapping[str, Quote]) -> list[TradeView]:
    """Return the trades of an open desk that have not ended, with what they would bring."""
    if opened.desk is None:
        return []
    marks = {**opened.marks(), **desks.marks_of(opened, quotes)}
    return [_view(opened, trade_id, marks) for trade_id in opened.desk.trades]


def _at_trade(
    actor: Actor, account_id: str, trade_id: str, market: Market | None
) -> desks.OpenDesk:
    """Return the desk of an account at which a trade is active, shown the newest price."""
    opened = desks.opened(actor, account_id)
    if opened.desk is None:
        raise NotFound("There is no such trade.", id=trade_id)
    desks.require_active(opened, trade_id)
    if market is not None:
        desks.show_price(opened, market)
    return opened


def _trade(plan: Plan, market: Market) -> Trade:
    return Trade(
        id=new_id(),
        symbol=market.instrument.key,
        side=plan.wish.side,
        wanted_steps=plan.steps,
        asked_ms=market.now_ms,
        leverage=plan.wish.leverage,
        limit_ticks=plan.limit_ticks,
        stop_ticks=plan.stop_ticks,
        target_ticks=plan.target_ticks,
        tag=plan.wish.tag,
        confidence=plan.wish.confidence,
        trail_ticks=plan.trail_ticks,
        entry=plan.entry,
    )


def _either(trade: Trade, ids: tuple[str, str], at: int) -> Trade:
    """Return one of two trades of which one is wanted; raises Invalid."""
    if trade.asked_ticks is None or trade.entry.force not in _WAITING:
        raise Invalid(
            "Of two entries of which one is wanted, each waits for its price: limit, stop, "
            "stop-limit or if-touched, good till cancelled or for a time.",
            field="or_entry",
        )
    return replace(trade, id=ids[at], entry=replace(trade.entry, either=ids[1 - at]))


def listing_of(plan: Plan, conditions: Conditions) -> Listing:
    """Return the terms under which an account would trade what is planned."""
    return Listing(
        plan.terms.instrument,
        leverage=plan.wish.leverage,
        costs=conditions.costs,
        latency_ms=conditions.latency_ms,
    )


def _moves(changes: Changes, terms: Terms) -> Moves:
    """Return changes in whole ticks."""
    one, trail = terms.instrument, trail_ticks(changes.stop, terms)
    return Moves(
        None if changes.entry_price is None else one.ticks_of(changes.entry_price),
        None if changes.trigger is None else one.ticks_of(changes.trigger),
        None if trail else _ticks(changes.stop, terms, is_stop=True),
        _ticks(changes.target, terms, is_stop=False),
        trail,
        changes.removed,
    )


def _view(
    opened: desks.OpenDesk, trade_id: str, marks: Mapping[str, int] | None = None
) -> TradeView:
    trade = opened.working_desk().trade(trade_id)
    one = opened.instruments[trade.symbol]
    ticks = (opened.marks() if marks is None else marks).get(trade.symbol)
    stop = _stop_price(opened, trade_id, one)
    if ticks is None or not trade.filled_steps:
        mark = None if ticks is None else one.price_of(ticks)
        return TradeView(trade, one, None, mark, stop)
    live = live_result(trade, ticks, opened.unit_value(trade.symbol), one.fees.taker_parts)
    return TradeView(trade, one, live, one.price_of(ticks), stop)


def _stop_price(opened: desks.OpenDesk, trade_id: str, one: Instrument) -> Decimal | None:
    """Return where the stop of a trade stands now; None where it has none yet."""
    ticks = opened.working_desk().stop_ticks(trade_id)
    return None if ticks is None else one.price_of(ticks)


def _terms(opened: desks.OpenDesk, trade: Trade) -> Terms:
    """Return the terms that percentages of a stop or target are of: the entry's price."""
    entered = trade.entry_weight // trade.filled_steps if trade.filled_steps else 0
    ticks = entered or trade.asked_ticks or opened.marks().get(trade.symbol, 0)
    one = opened.instruments[trade.symbol]
    return Terms(one, opened.row.money, trade.side, ticks, trade.leverage)


def _ticks(level: Level | None, terms: Terms, *, is_stop: bool) -> int | None:
    if level is None:
        return None
    return level_ticks(level.value, level.kind, terms, is_stop=is_stop)
