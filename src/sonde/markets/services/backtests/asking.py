"""Ask for a backtest or a study: everything is checked and written out before the job is queued."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sonde.markets.core.backtesting.assumptions import Assumptions
from sonde.markets.core.backtesting.documents import document
from sonde.markets.core.backtesting.stored_runs import Backtest, path_of
from sonde.markets.core.prices.series import Series
from sonde.markets.persistence import backtests as rows
from sonde.markets.services import price_store, strategies
from sonde.markets.services.backtests.catalogue import study_named
from sonde.markets.services.backtests.results import get
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid
from sonde.platform.services import jobs

LARGEST_BARS = 5_000_000


def job_kind(study: str) -> str:
    """Return the job kind of a study: ``markets.walk_forward`` of ``walk-forward``."""
    return f"markets.{study.replace('-', '_')}"


@dataclass(frozen=True)
class Wish:
    """What a person asks for.

    Parameters
    ----------
    symbol, strategy : str
        ``BTCUSDT`` or ``binance:BTCUSDT``; the name of a strategy.
    settings : mapping
        Of the strategy; what is missing takes its default.
    timeframe, venue : str
        Choose where several series fit.
    detail : str
        Timeframe of finer candles that settle what a bar leaves open; empty for none.
    from_ms, to_ms : int, optional
        Bars that open in ``[from_ms, to_ms)``, milliseconds UTC; all where missing.
    assumptions : Assumptions
    study : mapping
        Parameters of the study itself.
    """

    symbol: str
    strategy: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    timeframe: str = ""
    venue: str = ""
    detail: str = ""
    from_ms: int | None = None
    to_ms: int | None = None
    assumptions: Assumptions = field(default_factory=Assumptions)
    study: Mapping[str, Any] = field(default_factory=dict)


def ask(actor: Actor, kind: str, wish: Wish) -> Backtest:
    """Queue the job of a backtest or study, and return where its result will be.

    Raises Forbidden for viewers, NotFound for an unknown strategy or series, Invalid for
    everything that cannot be run as asked.
    """
    actor.require(Role.ANALYST)
    study = study_named(kind)
    strategy = strategies.named(wish.strategy)
    params = study.accept(wish.study)
    chosen = study.settle(strategy, wish.settings, params)
    series = price_store.find(actor, wish.symbol, wish.timeframe, venue=wish.venue)
    wish.assumptions.settings(series.instrument)
    _check_period(series, wish)
    asked = {
        "series_id": series.id,
        "detail_id": _detail_id(actor, series, wish.detail),
        "settings": dict(chosen),
        "from_ms": wish.from_ms,
        "to_ms": wish.to_ms,
        "assumptions": wish.assumptions.document(),
        "study": document(params),
    }
    title = f"{study.title}: {strategy.title} on {series.key}"
    backtest_id = rows.add(
        (actor.workspace_id, actor.user_id),
        kind=study.name,
        title=title,
        strategy=strategy.name,
        symbol=series.instrument.symbol,
        timeframe=series.timeframe.name,
        asked=asked,
    )
    job = jobs.enqueue(
        actor,
        kind=job_kind(study.name),
        params={"backtest_id": backtest_id},
        title=title,
        subject_link=path_of(backtest_id),
    )
    rows.assign(backtest_id, job.id)
    return get(actor, backtest_id)


def _check_period(series: Series, wish: Wish) -> None:
    first, last = series.first_ms, series.last_ms
    if first is None or last is None:
        raise Invalid(f"{series.key} holds no bar yet; import its prices.", field="symbol")
    begin = first if wish.from_ms is None else wish.from_ms
    end = last + 1 if wish.to_ms is None else wish.to_ms
    if end <= begin:
        raise Invalid("The period ends before it begins.", field="to")
    if end <= first or begin > last:
        raise Invalid(
            f"No bar of {series.key} opens in this period; it holds {series.n_bars:,} bars "
            f"from {_day(first)} to {_day(last)}.",
            field="from",
        )
    span = min(end, last + 1) - max(begin, first)
    if span // series.timeframe.ms > LARGEST_BARS:
        raise Invalid(
            f"A backtest covers at most {LARGEST_BARS:,} bars; choose a shorter period or "
            "longer bars.",
            field="from",
        )


def _day(time_ms: int) -> str:
    from sonde.markets.core.backtesting.file_run import words_of

    return words_of(time_ms)


def _detail_id(actor: Actor, series: Series, timeframe: str) -> str:
    if not timeframe:
        return ""
    instrument = series.instrument
    found = price_store.find(actor, instrument.symbol, timeframe, venue=instrument.venue)
    if found.timeframe.ms >= series.timeframe.ms or series.timeframe.ms % found.timeframe.ms:
        raise Invalid(
            f"Detail of {found.timeframe} cannot stand in for bars of {series.timeframe}.",
            field="detail",
        )
    return found.id
