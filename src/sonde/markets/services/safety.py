"""The safety check: asked by the button and by REST, and asked again before anything is opened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sonde.markets.core.entries import EntryKind
from sonde.markets.core.measuring import Guards, Market, measured
from sonde.markets.core.quick_amounts import QuickAmount, quick_amounts
from sonde.markets.core.risk.checking import check as ask_every_rule
from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import SafetyReport
from sonde.markets.core.risk.locks import Lock
from sonde.markets.core.risk.settings import RiskSettings, read_settings
from sonde.markets.core.ticket import Preview, preview
from sonde.markets.core.trades import Trade
from sonde.markets.core.wishes import Plan, Where, Wish, market_ticks, planned
from sonde.markets.persistence import locks as lock_rows
from sonde.markets.persistence import risk_settings as settings_rows
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.services import desks
from sonde.markets.services import locks as lock_service
from sonde.platform.core.actor import Actor

# Pauses look at the newest exits only; the largest count that they can ask for is 100.
_RECENT = 200


@dataclass(frozen=True)
class Checked:
    """What is to be known of a ticket before it is sent.

    Parameters
    ----------
    report : SafetyReport
    plan : Plan
        The order in whole steps and ticks.
    preview : Preview
        What it costs and could bring.
    amounts : tuple of QuickAmount
    hindrance : str
        Why it cannot be opened beside what the account holds; empty where it can.
    """

    report: SafetyReport
    plan: Plan
    preview: Preview
    amounts: tuple[QuickAmount, ...]
    hindrance: str = ""

    @property
    def may_open(self) -> bool:
        """Whether neither a rule nor what is held keeps the trade from being opened."""
        return not (self.report.blocks or self.hindrance)


def check(actor: Actor, account_id: str, wish: Wish, market: Market) -> Checked:
    """Return what every rule says of a trade that somebody wants; nothing is changed.

    Raises NotFound, Invalid for what cannot be an order, Conflict without any price.
    """
    opened = desks.seen(actor, account_id)
    report, plan = gate(opened, wish, market)
    facts, settings = facts_of(opened, market), settings_of(account_id)
    return Checked(
        report,
        plan,
        preview(plan.steps, plan.terms, plan.first_stop_ticks, plan.target_ticks),
        quick_amounts(plan.request, facts, settings),
        desks.hindrance(opened, plan),
    )


def gate(opened: desks.OpenDesk, wish: Wish, market: Market) -> tuple[SafetyReport, Plan]:
    """Show the account the newest price; return what the rules say, and the wish as an order."""
    desks.show_price(opened, market)
    settings, key = settings_of(opened.row.id), market.instrument.key
    where = Where(market.instrument, opened.row.money, market.quote, market.now_ms)
    turning = opened.leaving(key, wish.side)
    facts = facts_of(opened, market, without=turning)
    freed_units = opened.bound_units(key) if turning else 0
    facts = replace(facts, free=facts.free + opened.row.money.amount_of(freed_units))
    plan = planned(wish, where, opened.balance.free + freed_units, settings)
    return ask_every_rule(plan.request, facts, settings), plan


def gate_waiting(opened: desks.OpenDesk, trade: Trade, market: Market) -> SafetyReport:
    """Return what the rules say of a trade that waits to be activated.

    Raises Conflict without any price.
    """
    one = opened.instruments[trade.symbol]
    ticks = trade.asked_ticks or market_ticks(trade.side, one, market.quote)
    stop, target = trade.first_stop_ticks(ticks), trade.target_ticks
    request = TradeRequest(
        one,
        trade.side,
        one.quantity_of(trade.wanted_steps),
        one.price_of(ticks),
        trade.leverage,
        None if stop is None else one.price_of(stop),
        None if target is None else one.price_of(target),
        trade.confidence,
        at_market=trade.entry_kind != EntryKind.LIMIT.value,
    )
    facts = facts_of(opened, market, without=(trade.id,))
    return ask_every_rule(request, facts, settings_of(opened.row.id))


def active_locks(actor: Actor, account_id: str, market: Market) -> tuple[Lock, ...]:
    """Return the locks that hold, pauses of rules among them, the newest first; raises NotFound."""
    return locks_of(desks.seen(actor, account_id), market)


def locks_of(opened: desks.OpenDesk, market: Market) -> tuple[Lock, ...]:
    """Return the locks that hold in an account whose desk is open, the newest first."""
    settings = settings_of(opened.row.id)
    return tuple(lock_service.listed(facts_of(opened, market), settings))


def facts_of(opened: desks.OpenDesk, market: Market, without: Sequence[str] = ()) -> Measured:
    """Return what is so in an account now, some of its trades left out."""
    account_id = opened.row.id
    guards = Guards(
        recent=tuple(row.past() for row in trade_rows.ended_since(account_id, 0, _RECENT)),
        locks=tuple(lock_rows.of_account(account_id)),
        forgiven=lock_rows.ended_pauses(account_id),
        kill_switch=opened.row.kill_switch,
    )
    standing = opened.standing()
    others = tuple(one for one in standing.trades if one.id not in without)
    return measured(replace(standing, trades=others), market, guards)


def settings_of(account_id: str) -> RiskSettings:
    """Return the risk settings that hold in an account."""
    row = settings_rows.newest(account_id)
    return RiskSettings() if row is None else read_settings(row.document)
