"""Ask for a backtest or a study: everything is checked and written out before the job is queued."""

from collections.abc import Mapping, Sequence
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
from sonde.markets.services.backtests.study import Study
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid
from sonde.platform.services import jobs

LARGEST_BARS = 5_000_000
MOST_SYMBOLS = 20


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
    also : sequence of str
        Further symbols, ``venue:SYMBOL`` or as `symbol`, that share the account.
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
    also: Sequence[str] = ()


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
    series, *others = _every(actor, wish, study)
    for one in (series, *others):
        wish.assumptions.settings(one.instrument)
        _check_period(one, wish)
    asked = {
        "series_id": series.id,
        "detail_id": _detail_id(actor, series, wish.detail),
        "also": [
            {"series_id": one.id, "detail_id": _detail_id(actor, one, wish.detail)}
            for one in others
        ],
        "settings": dict(chosen),
        "from_ms": wish.from_ms,
        "to_ms": wish.to_ms,
        "assumptions": wish.assumptions.document(),
        "study": document(params),
    }
    title = f"{study.title}: {strategy.title} on {_names(series, others)}"
    backtest_id = rows.add(
        (actor.workspace_id, actor.user_id),
        kind=study.name,
        title=title,
        strategy=strategy.name,
        symbol=", ".join(one.instrument.symbol for one in (series, *others)),
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


def _every(actor: Actor, wish: Wish, study: Study) -> list[Series]:
    """Return the series of all symbols, the first one first; raises NotFound, Invalid."""
    series = price_store.find(actor, wish.symbol, wish.timeframe, venue=wish.venue)
    if wish.also and not study.takes_several:
        raise Invalid(f"{study.title} looks at one symbol; choose one.", field="symbols")
    if len(wish.also) >= MOST_SYMBOLS:
        raise Invalid(f"At most {MOST_SYMBOLS} symbols share an account.", field="symbols")
    found = [series]
    for name in wish.also:
        venue, _, symbol = name.rpartition(":")
        found.append(
            price_store.find(actor, symbol, series.timeframe.name, venue=venue or wish.venue)
        )
    named = [one.instrument.symbol for one in found]
    if len(set(named)) < len(named):
        raise Invalid("Name each symbol once.", field="symbols")
    if len({one.instrument.quote for one in found}) > 1:
        raise Invalid("One account counts in one currency; choose symbols of one.", field="symbols")
    return found


def _names(series: Series, others: Sequence[Series]) -> str:
    if not others:
        return series.key
    named = [one.instrument.symbol for one in (series, *others)]
    shown = ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
    return f"{shown} {series.timeframe}"


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
