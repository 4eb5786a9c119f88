"""The pages: the form with the list of runs, and one run."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from sonde.markets.core.backtesting.file_run import words_of
from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES, Backtest
from sonde.markets.ui.backtests.ids import FormId, ResultId, RunsId
from sonde.markets.ui.backtests.run_panels import symbols_of
from sonde.markets.ui.backtests.runs import runs_card
from sonde.markets.ui.backtests.state import PATH, RunsState, like_path
from sonde.markets.ui.backtests.told import told_pairs
from sonde.markets.ui.backtests.words import asked_words, name_words
from sonde.platform.core.jobs import Job, JobState
from sonde.platform.ui.components import PageView, badge, button_link, card, facts, note
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count, moment

DESCRIPTION = "What a strategy would have made, and how sure that is."


def runs_view(
    form: Any, parity: Any, runs: Sequence[Backtest], state: RunsState, next_cursor: str
) -> PageView:
    """Return the page of the form, the list, and paper beside backtest."""
    stores = [
        dcc.Store(id=RunsId.PLACE, data={"before": state.before, "seen": seen_of(runs)}),
        dcc.Store(id=RunsId.SORT, data=state.sort),
        dcc.Store(id=RunsId.CHOSEN, data=[]),
        dcc.Store(id=FormId.HELD),
    ]
    body = [*stores, form, runs_card(runs, state, next_cursor), parity]
    return PageView("Backtests", body, description=DESCRIPTION)


def seen_of(runs: Sequence[Backtest]) -> list[str]:
    """Return what the list shows, so that it is drawn again only when that changes."""
    return [f"{run.backtest_id} {run.state.value}" for run in runs]


def run_view(run: Backtest, body: Any) -> PageView:
    """Return the page of one run, whatever its state."""
    store = dcc.Store(id=ResultId.STATE, data=stored_of(run))
    again = button_link("Run again with changes", like_path(run.backtest_id), variant="filled")
    kind = STUDY_TITLES.get(run.kind, run.kind)
    return PageView(
        run.title,
        [store, html.Div(body, id=ResultId.BODY, className="sonde-stack")],
        description=f"{asked_words(run.asked).capitalize()}.",
        actions=[button_link("All backtests", PATH, icon_name="tabler:table"), again],
        marks=[badge(kind), badge(run.timeframe)],
    )


def stored_of(run: Backtest) -> dict[str, Any]:
    """Return what the page remembers of a run."""
    source = run.source or {}
    return {
        "id": run.backtest_id,
        "state": run.state.value,
        "series": _series(run),
        "trades": (run.summary or {}).get("trades", 0),
        "from": source.get("from_ms"),
        "to": source.get("to_ms"),
    }


_DRAWN = frozenset({"draws", "seed"})


def _series(run: Backtest) -> dict[str, str]:
    """Return where the prices of each symbol are."""
    ids = [run.asked["series_id"], *(one["series_id"] for one in run.asked.get("also", ()))]
    return dict(zip(symbols_of(run), ids, strict=False))


def waiting_body(run: Backtest, job: Job | None) -> list[Any]:
    """Return the job while there is no result, or why there will be none."""
    if run.state is JobState.FAILED:
        words = run.error or "The job that computed it is gone."
        parts: list[Any] = [note(words, Tone.BAD, title="This did not work")]
    elif run.state is JobState.CANCELLED:
        parts = [note("It was cancelled before it had a result.", Tone.NEUTRAL)]
    else:
        parts = []
    if job is not None:
        parts.append(job_progress(job))
    return [card(parts, title="Computing" if not run.state.is_final else "No result")]


def told_card(run: Backtest) -> Any:
    """Return everything that the run was told, and what it ran over."""
    asked, source = run.asked, run.source or {}
    pairs: list[tuple[str, Any]] = [("Asked", moment(run.created_at))]
    if source:
        span = f"{words_of(source['from_ms'])} to {words_of(source['to_ms'])} UTC"
        digest = source["candles_sha256"]
        pairs += [
            ("Prices", _prices(source)),
            ("Period", span),
            ("Source", f"{source['feed']}: {source['name']}"),
            ("Candles, SHA-256", html.Span(f"{digest[:16]}...", title=digest)),
        ]
        if source.get("detail"):
            finer = source["detail"]
            pairs.append(("Finer candles", f"{finer['timeframe']}, {count(finer['bars'])} bars"))
    pairs += told_pairs(asked["assumptions"])
    pairs += [
        (name_words(name), _value(value))
        for name, value in asked["study"].items()
        if value not in (None, {}, []) and (name not in _DRAWN or not asked["study"].get("axes"))
    ]
    return card(facts(pairs), title="What it was told")


def _prices(source: Mapping[str, Any]) -> str:
    parts = source.get("symbols") or [source]
    bars = ", ".join(f"{one['key']} ({count(one['bars'])} bars)" for one in parts)
    return f"{bars}, {source['timeframe']}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_value(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
