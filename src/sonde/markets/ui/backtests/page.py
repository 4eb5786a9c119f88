"""One visit of the pages of backtests."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES, Backtest
from sonde.markets.core.strategies.protocol import Strategy
from sonde.markets.services import price_store, strategies
from sonde.markets.services.automations import asking
from sonde.markets.services.backtests import columns, comparing, results
from sonde.markets.ui.backtests.analysis_panels import (
    look_ahead_body,
    monte_carlo_body,
    recursive_body,
)
from sonde.markets.ui.backtests.comparison import (
    Compared,
    comparison_view,
    nothing_to_compare,
)
from sonde.markets.ui.backtests.form import form_card
from sonde.markets.ui.backtests.layout import run_view, runs_view, told_card, waiting_body
from sonde.markets.ui.backtests.parity_panel import parity_card
from sonde.markets.ui.backtests.run_panels import run_body
from sonde.markets.ui.backtests.search_panels import forward_body, sweep_body
from sonde.markets.ui.backtests.state import RunsState, ids_of, of_query
from sonde.markets.ui.backtests.wish import Form, form_like
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import NotFound
from sonde.platform.core.jobs import Job
from sonde.platform.core.paging import Slice
from sonde.platform.services import jobs
from sonde.platform.ui.components import PageView

_SHOWN: Final = 100
_POINTS: Final = 1500
_POINTS_TOGETHER: Final = 400


def show(request: PageRequest) -> PageView:
    """Return the form and the list of runs as the address says."""
    actor, state = request.actor, of_query(request.query)
    form: Any = None
    if actor.role is not Role.VIEWER:
        begun = _beginning(actor, request.query)
        form = form_card(begun, price_store.list_series(actor), _strategies(begun.strategy))
    found = runs_of(actor, state)
    parity = parity_card(asking.mine(actor))
    return runs_view(form, parity, found.items, state, found.next_cursor or "")


def runs_of(actor: Actor, state: RunsState) -> Slice[Backtest]:
    """Return the runs that the list shows."""
    return results.page(
        actor, kind=state.kind, symbol=state.symbol, cursor=state.before, limit=_SHOWN
    )


def _beginning(actor: Actor, query: Mapping[str, str]) -> Form:
    """Return what the form begins with: as usual, or like a run that is there."""
    study = query.get("study", "")
    study = study if study in STUDY_TITLES else ""
    cell = query.get("cell", "")
    try:
        run = results.get(actor, query.get("like", ""))
        form = form_like(run, study, int(cell) if cell.isdecimal() and len(cell) < 6 else None)
        more = {"detail": _detail(actor, run), "also": _also(actor, run)}
        return replace(form, fields={**form.fields, **more})
    except NotFound:
        strategy = query.get("strategy", "")
        usual = Form(study=study or "backtest", series_id=query.get("series", ""))
        known = {each.name for each in strategies.listed()}
        return replace(usual, strategy=strategy) if strategy in known else usual


def _strategies(chosen: str) -> list[Strategy]:
    """Return every strategy that can be used, and an older version where a run was told it."""
    listed = list(strategies.listed())
    if all(each.name != chosen for each in listed):
        listed.append(strategies.named(chosen))
    return listed


def _detail(actor: Actor, run: Backtest) -> str:
    series_id = run.asked["detail_id"]
    return price_store.get(actor, series_id).timeframe.name if series_id else ""


def _also(actor: Actor, run: Backtest) -> list[str]:
    others = run.asked.get("also", ())
    return [price_store.get(actor, one["series_id"]).instrument.key for one in others]


def show_run(request: PageRequest) -> PageView:
    """Return one run."""
    run = results.get(request.actor, request.params["backtest_id"])
    return run_view(run, body_of(request.actor, run))


def body_of(actor: Actor, run: Backtest) -> Any:
    """Return what came of a run, or its job while there is nothing yet, and what it was told."""
    if run.results is None:
        return [*waiting_body(run, _job(actor, run)), told_card(run)]
    return [*_BODIES[run.kind](actor, run), told_card(run)]


def _job(actor: Actor, run: Backtest) -> Job | None:
    try:
        return jobs.get(actor, run.job_id)
    except NotFound:
        return None


def _single(actor: Actor, run: Backtest) -> Any:
    return run_body(run, columns.equity(actor, run.backtest_id, points=_POINTS))


def _forward(actor: Actor, run: Backtest) -> Any:
    return forward_body(run, columns.forward_equity(actor, run.backtest_id, points=_POINTS))


_BODIES: Final[Mapping[str, Callable[[Actor, Backtest], Any]]] = {
    "backtest": _single,
    "sweep": lambda _actor, run: sweep_body(run),
    "walk-forward": _forward,
    "look-ahead": lambda _actor, run: look_ahead_body(run),
    "recursive": lambda _actor, run: recursive_body(run),
    "monte-carlo": lambda _actor, run: monte_carlo_body(run),
}


def show_comparison(request: PageRequest) -> PageView:
    """Return the chosen runs beside each other."""
    actor, ids = request.actor, ids_of(request.query)
    if len(ids) < 2:
        return nothing_to_compare()
    found = comparing.compare_backtests(actor, ids)
    runs = [
        Compared(results.get(actor, one), columns.equity(actor, one, points=_POINTS_TOGETHER))
        for one in ids
    ]
    return comparison_view(runs, found)
