"""Backtests over REST: ask, look at results, trades and equity, compare, delete."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, TypeAdapter

from sonde.markets.api.backtest_bodies import (
    AnalysisBody,
    AskedBody,
    BacktestBody,
    SearchBody,
    WalkForwardBody,
)
from sonde.markets.core.backtesting.comparison import Comparison
from sonde.markets.core.backtesting.lines import EquityLine
from sonde.markets.core.backtesting.stored_runs import Backtest
from sonde.markets.services.backtests import asking, columns, comparing, results
from sonde.platform.api.routing import Acting, Cursor, IdempotencyKey, Limit, once, router
from sonde.platform.core.actor import Actor

ROUTER = router("/markets", tag="Backtests")

_BACKTEST = TypeAdapter(Backtest)
_PRINTABLE = r"^[^\x00-\x1f]*$"
Kind = Annotated[
    str,
    Query(max_length=40, pattern=_PRINTABLE, description="backtest, sweep, ..."),
]
Symbol = Annotated[str, Query(max_length=80, pattern=_PRINTABLE, description="Such as BTCUSDT.")]
One = Annotated[str, Query(max_length=40, description="Only this one, with its results.")]
Ids = Annotated[list[str], Query(alias="id", min_length=1, max_length=20)]
Points = Annotated[int, Query(ge=10, le=10_000, description="At most so many.")]


class BacktestPage(BaseModel):
    """Part of the list of backtests and studies, newest first."""

    items: list[Backtest]
    next_cursor: str | None


class TradeBody(BaseModel):
    """One round trip; amounts are exact and text, in the account's currency."""

    number: int
    symbol: str
    side: str
    entry_time_ms: int
    exit_time_ms: int
    quantity: str
    entry_price: float
    exit_price: float
    gross: str
    fees: str
    slippage: str
    funding: str
    net: str
    exit_reason: str
    bars_held: int
    mae: float
    mfe: float
    ambiguous: bool


class TradePage(BaseModel):
    """Part of a backtest's trades, in the order of their exits."""

    items: list[TradeBody]
    next_cursor: str | None


@ROUTER.post("/backtest", status_code=201, response_model=Backtest)
def run_backtest(
    actor: Acting, body: BacktestBody, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Run a strategy over stored candles: a job computes it, its results stay."""
    return asked(actor, "backtest", body, idempotency_key)


@ROUTER.get("/backtest/results")
def list_results(
    actor: Acting,
    backtest_id: One = "",
    kind: Kind = "",
    symbol: Symbol = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> BacktestPage:
    """List backtests and studies, newest first; with an id that one alone, with its results."""
    if backtest_id:
        return BacktestPage(items=[results.get(actor, backtest_id)], next_cursor=None)
    page = results.page(actor, kind=kind, symbol=symbol, cursor=cursor, limit=limit)
    return BacktestPage(items=list(page.items), next_cursor=page.next_cursor or None)


@ROUTER.get("/backtests/compare")
def compare(actor: Acting, ids: Ids) -> Comparison:
    """Set finished backtests beside each other; the first is what others are set against."""
    return comparing.compare_backtests(actor, ids)


@ROUTER.post("/backtests/sweeps", status_code=201, response_model=Backtest)
def run_sweep(
    actor: Acting, body: SearchBody, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Run many settings of a strategy: cells, a heat map, the best one and its doubt."""
    return asked(actor, "sweep", body, idempotency_key)


@ROUTER.post("/backtests/walk-forwards", status_code=201, response_model=Backtest)
def run_walk_forward(
    actor: Acting, body: WalkForwardBody, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Choose settings on the past, trade what comes after, and move on."""
    return asked(actor, "walk-forward", body, idempotency_key)


@ROUTER.post("/backtests/analyses", status_code=201, response_model=Backtest)
def run_analysis(
    actor: Acting, body: AnalysisBody, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Look for look-ahead or long memory, or draw the trades again."""
    return asked(actor, body.kind, body, idempotency_key)


@ROUTER.get("/backtests/{backtest_id}")
def get_backtest(actor: Acting, backtest_id: str) -> Backtest:
    """Look at a backtest or study and, once they are there, its results."""
    return results.get(actor, backtest_id)


@ROUTER.get("/backtests/{backtest_id}/trades")
def list_trades(
    actor: Acting, backtest_id: str, limit: Limit = 50, cursor: Cursor = ""
) -> TradePage:
    """List the trades of a backtest in the order of their exits."""
    page = columns.trades(actor, backtest_id, cursor=cursor, limit=limit)
    items = [TradeBody(**one) for one in page.items]
    return TradePage(items=items, next_cursor=page.next_cursor or None)


@ROUTER.get("/backtests/{backtest_id}/equity")
def get_equity(actor: Acting, backtest_id: str, points: Points = 1000) -> EquityLine:
    """Return the equity at the closes, thinned so that every extreme stays."""
    return columns.equity(actor, backtest_id, points=points)


@ROUTER.delete("/backtests/{backtest_id}", status_code=204)
def delete_backtest(actor: Acting, backtest_id: str) -> Response:
    """Delete a backtest or study with everything that it found; a running job is cancelled."""
    results.delete(actor, backtest_id)
    return Response(status_code=204)


def asked(actor: Actor, kind: str, body: AskedBody, key: str | None) -> JSONResponse:
    """Ask for a study; under a key it is asked once."""

    def do() -> Mapping[str, Any]:
        made: dict[str, Any] = _BACKTEST.dump_python(
            asking.ask(actor, kind, body.wish()), mode="json"
        )
        return made

    return once(actor, key, body, do)
