"""Automatic trading over REST: strategies made, started, stopped; their signals and parity."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from sonde.markets.api.exact import Exact, moment, moment_or_none
from sonde.markets.core.automating import AutomationTerms
from sonde.markets.core.ticket import AmountKind
from sonde.markets.services.automations import asking, parity, signal_log
from sonde.markets.services.automations.asking import Automation, NewAutomation
from sonde.markets.services.automations.signal_log import Signal
from sonde.platform.api.routing import Acting, IdempotencyKey, Limit, once, router

ROUTER = router("/markets/auto_trading", tag="Markets: automatic trading")

Before = Annotated[
    datetime | None, Query(description="Bars that opened before: `next_before` of the last page.")
]


class AutomationBody(BaseModel):
    """A strategy in an account; times are those of its prices."""

    automation_id: str
    title: str
    account_id: str
    strategy: str
    settings: dict[str, Any]
    symbol: str
    timeframe: str
    replay_id: str
    is_running: bool
    reason: str
    amount: Exact
    amount_kind: str
    leverage: Exact
    latency_ms: int
    kind: str | None
    started_at: datetime | None
    decided_at: datetime | None


class AutomationList(BaseModel):
    """Your strategies, the oldest first."""

    items: list[AutomationBody]


class AutoTradingStatus(BaseModel):
    """How many of your strategies run."""

    enabled: bool
    running: int
    total: int


class NewAutomationBody(BaseModel):
    """A strategy that somebody wants to run; it does nothing until it is started."""

    model_config = ConfigDict(extra="forbid")

    symbol: str = Field(min_length=1, max_length=60, examples=["BTCUSDT"])
    strategy: str = Field(max_length=60, examples=["sma-cross"])
    settings: dict[str, Any] = Field(default_factory=dict)
    timeframe: str = Field("", max_length=4)
    account_id: str = Field("", max_length=40, description="Empty opens one for it.")
    replay_id: str = Field("", max_length=40, description="Empty trades at live prices.")
    amount: Decimal = Field(Decimal(100), gt=0)
    amount_kind: Literal["currency", "coins", "percent"] = "currency"
    leverage: Decimal = Field(Decimal(1), ge=1, le=200)
    latency_ms: int = Field(250, ge=0, le=86_400_000)
    kind: Literal["spot", "perpetual"] | None = Field(
        None, description="A spot instrument may be traded as a perpetual of the same prices."
    )

    def wanted(self) -> NewAutomation:
        """Return what is wanted; raises Invalid."""
        return NewAutomation(
            self.symbol,
            self.strategy,
            self.settings,
            self.timeframe,
            self.account_id,
            self.replay_id,
            AutomationTerms(
                self.amount,
                AmountKind(self.amount_kind),
                self.leverage,
                self.latency_ms,
                self.kind,
            ),
        )


class SignalBody(BaseModel):
    """What one decision wanted, and what came of it."""

    automation_id: str
    bar_time: datetime
    wish: str
    outcome: str
    words: str
    trade_id: str | None
    price: str | None
    source: str
    reason: str
    confidence: float | None
    stop_price: float | None
    target_price: float | None
    indicators: dict[str, float]


class SignalPage(BaseModel):
    """Part of a log, the newest first."""

    items: list[SignalBody]
    next_before: datetime | None


class DifferenceBody(BaseModel):
    """One difference between paper and backtest; an empty explanation needs a look."""

    kind: str
    what: str
    paper_row: int | None
    backtest_row: int | None
    paper: float | None
    backtest: float | None
    explanation: str


class ParityBody(BaseModel):
    """What a strategy did on paper beside the backtest of the same bars."""

    from_time: datetime
    to_time: datetime
    paper_trades: int
    backtest_trades: int
    identical: int
    unexplained: int
    net_paper: Exact
    net_backtest: Exact
    differences: list[DifferenceBody]


@ROUTER.get("/status")
def auto_trading_status(actor: Acting) -> AutoTradingStatus:
    """Return whether anything trades by itself."""
    found = asking.mine(actor)
    running = sum(one.is_running for one in found)
    return AutoTradingStatus(enabled=running > 0, running=running, total=len(found))


@ROUTER.get("/signals")
def list_all_signals(actor: Acting, limit: Limit = 100, before: Before = None) -> SignalPage:
    """List what all of your strategies decided, the newest first."""
    return _page(signal_log.signals(actor, before_ms=_ms(before), limit=limit), limit)


@ROUTER.get("")
def list_automations(actor: Acting) -> AutomationList:
    """List your strategies."""
    return AutomationList(items=[_body(one) for one in asking.mine(actor)])


@ROUTER.post("", status_code=201, response_model=AutomationBody)
def create_automation(
    actor: Acting, body: NewAutomationBody, key: IdempotencyKey = None
) -> JSONResponse:
    """Put a strategy into an account; under a key, once however often it is asked."""

    def do() -> Mapping[str, Any]:
        return _body(asking.create(actor, body.wanted())).model_dump(mode="json")

    return once(actor, key, body, do)


@ROUTER.get("/{automation_id}")
def get_automation(actor: Acting, automation_id: str) -> AutomationBody:
    """Look at one of your strategies."""
    return _body(asking.get(actor, automation_id))


@ROUTER.post("/{automation_id}/start")
def start_automation(actor: Acting, automation_id: str) -> AutomationBody:
    """Let it decide on every bar that closes from now on."""
    return _body(asking.start(actor, automation_id))


@ROUTER.post("/{automation_id}/stop")
def stop_automation(actor: Acting, automation_id: str) -> AutomationBody:
    """Let it decide no more; what it has opened stays open."""
    return _body(asking.stop(actor, automation_id))


@ROUTER.get("/{automation_id}/signals")
def list_signals(
    actor: Acting, automation_id: str, limit: Limit = 100, before: Before = None
) -> SignalPage:
    """List what it decided, the newest first."""
    found = signal_log.signals(actor, automation_id, before_ms=_ms(before), limit=limit)
    return _page(found, limit)


@ROUTER.get("/{automation_id}/parity")
def get_parity(actor: Acting, automation_id: str) -> ParityBody:
    """Set its trades beside the backtest of the same bars, every difference explained."""
    report = parity.compare(actor, automation_id)
    names = tuple(DifferenceBody.model_fields)
    return ParityBody(
        from_time=moment(report.from_ms),
        to_time=moment(report.to_ms),
        paper_trades=report.n_paper,
        backtest_trades=report.n_backtest,
        identical=report.found.identical,
        unexplained=len(report.found.unexplained),
        net_paper=report.net_paper,
        net_backtest=report.net_backtest,
        differences=[
            DifferenceBody(**{name: getattr(one, name) for name in names})
            for one in report.found.differences
        ],
    )


@ROUTER.delete("/{automation_id}", status_code=204)
def delete_automation(actor: Acting, automation_id: str) -> Response:
    """Forget a strategy that does not run, with its log; its account stays."""
    asking.remove(actor, automation_id)
    return Response(status_code=204)


def _body(one: Automation) -> AutomationBody:
    told = {name: getattr(one, name) for name in AutomationBody.model_fields if hasattr(one, name)}
    terms = one.terms
    return AutomationBody(
        **told,
        amount=terms.amount,
        amount_kind=terms.amount_kind,
        leverage=terms.leverage,
        latency_ms=terms.latency_ms,
        kind=terms.kind,
        started_at=moment_or_none(one.started_ms or None),
        decided_at=moment_or_none(one.decided_ms or None),
    )


def _page(found: Sequence[Signal], limit: int) -> SignalPage:
    items = [_signal(one) for one in found]
    return SignalPage(items=items, next_before=items[-1].bar_time if len(items) == limit else None)


def _signal(row: Signal) -> SignalBody:
    return SignalBody(
        automation_id=row.automation_id,
        bar_time=moment(row.bar_ms),
        wish=row.wish,
        outcome=row.outcome,
        words=row.words,
        trade_id=row.trade_id or None,
        **row.facts,
    )


def _ms(time: datetime | None) -> int | None:
    return None if time is None else round(time.timestamp() * 1000)
