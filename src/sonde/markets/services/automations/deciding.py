"""What a decision does: through the same gate as a person's trades, written down once."""

from dataclasses import dataclass
from typing import Final

from sonde.markets.core.automating import AutomationTerms, Todo, Wanted, entry_wish, todo
from sonde.markets.core.measuring import Market
from sonde.markets.core.risk.findings import RiskBlock
from sonde.markets.persistence import accounts as account_rows
from sonde.markets.persistence import automations as rows
from sonde.markets.persistence import trades as trade_rows
from sonde.markets.services import account_news, trading
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import SondeError

ENTERED: Final = "entered"
LEFT: Final = "left"
BLOCKED: Final = "blocked"
REFUSED: Final = "refused"
NOTHING: Final = "nothing"
LATE: Final = "late"


@dataclass(frozen=True)
class Outcome:
    """What came of a decision."""

    name: str
    words: str = ""
    trade_id: str = ""


def act(
    actor: Actor, row: rows.AutomationRow, wanted: Wanted, bar_ms: int, market: Market
) -> Outcome:
    """Do what a decision wants, and write both down; the row is locked.

    A bar whose decision is in the log already does nothing. A wish that stands since the bar
    before is written down only where there is something to do.
    """
    alike = [one.view() for one in trade_rows.active(row.account_id) if one.symbol == row.symbol]
    what = todo(wanted, alike)
    if what.is_nothing and wanted.is_standing:
        return Outcome(NOTHING)
    if not log(row, wanted, bar_ms, Outcome(NOTHING, "Nothing was to be done."), market):
        return Outcome(NOTHING)
    outcome = _done(actor, row, what, wanted, market)
    rows.note_outcome(row, bar_ms, outcome.name, outcome.words, outcome.trade_id)
    _tell(row, wanted, outcome)
    return outcome


def log(
    row: rows.AutomationRow,
    wanted: Wanted,
    bar_ms: int,
    outcome: Outcome,
    market: Market | None = None,
) -> bool:
    """Write a decision down; False if that of this bar is there already."""
    quote = None if market is None else market.quote
    facts = {
        "reason": wanted.reason,
        "confidence": wanted.confidence,
        "stop_price": wanted.stop_price,
        "target_price": wanted.target_price,
        "indicators": dict(wanted.indicators),
        "price": None if quote is None else str(quote.last),
        "source": "" if quote is None else quote.source,
    }
    columns = {
        "wish": wanted.words,
        "outcome": outcome.name,
        "words": outcome.words,
        "trade_id": outcome.trade_id,
        "facts": facts,
    }
    return rows.log(row, bar_ms, columns)


def _done(
    actor: Actor, row: rows.AutomationRow, what: Todo, wanted: Wanted, market: Market
) -> Outcome:
    try:
        with rows.attempt():
            return _carried_out(actor, row, what, wanted, market)
    except RiskBlock as error:
        return Outcome(BLOCKED, error.message)
    except SondeError as error:
        return Outcome(REFUSED, error.message)


def _carried_out(
    actor: Actor, row: rows.AutomationRow, what: Todo, wanted: Wanted, market: Market
) -> Outcome:
    for trade_id in what.cancel:
        trading.cancel(actor, row.account_id, trade_id, market.now_ms)
    for trade_id in what.close:
        reason = "reverse" if what.enter is not None else "signal"
        trading.close(actor, row.account_id, trade_id, market, reason=reason)
    if what.enter is not None:
        terms = AutomationTerms.of(row.terms)
        wish = entry_wish(wanted, terms, market.instrument, row.strategy)
        conditions = trading.Conditions(latency_ms=terms.latency_ms)
        view = trading.open_trade(actor, row.account_id, wish, market, conditions=conditions)
        return Outcome(ENTERED, wanted.reason, view.trade.id)
    if what.close or what.cancel:
        return Outcome(LEFT, wanted.reason, (*what.close, *what.cancel)[0])
    return Outcome(NOTHING, "Nothing was to be done.")


def _tell(row: rows.AutomationRow, wanted: Wanted, outcome: Outcome) -> None:
    """Tell the owner; what happens in a replay stands in the log only."""
    if row.replay_id or outcome.name == NOTHING:
        return
    kinds = {BLOCKED: "risk_block", REFUSED: "order_rejected"}
    kind = kinds.get(outcome.name, "signal")
    said = {"risk_block": "was held back", "order_rejected": "was refused", "signal": "acted"}
    account = account_rows.lock(row.account_id)
    account_news.tell(account, kind, f"{row.title} {said[kind]}: {wanted.words}", outcome.words)
