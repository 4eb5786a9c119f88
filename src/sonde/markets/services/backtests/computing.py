"""Compute what was asked, for the person behind the job; kept when the job ends."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sonde.markets.core.backtesting.assumptions import Assumptions
from sonde.markets.core.backtesting.settings import Funding
from sonde.markets.core.backtesting.stored_runs import path_of
from sonde.markets.core.candles import Candles
from sonde.markets.core.instruments import account_currency
from sonde.markets.core.prices.columns import columns_of
from sonde.markets.persistence import backtest_files, price_files
from sonde.markets.persistence import backtests as rows
from sonde.markets.services import funding, price_store, strategies
from sonde.markets.services.backtests.catalogue import study_named
from sonde.markets.services.backtests.results import find, prefix_of
from sonde.markets.services.backtests.study import Material, Priced, Watch
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.core.jobs import JobOutcome, JobRun
from sonde.platform.core.ports import Ports
from sonde.platform.services.events import emit
from sonde.platform.services.work import after_commit, ports

DONE = "markets.backtest_done"


def run(job: JobRun, backtest_id: str) -> JobOutcome:
    """Compute one; raises NotFound, Invalid, Conflict with what is wrong."""
    job.progress("Loading candles", 0.0)
    with job.work():
        row, _ = find(job.actor, backtest_id)
        material = _material(job, row)
        outside = ports()
    study = study_named(row.kind)
    prefix = prefix_of(row.workspace_id, row.id)
    source = source_of(material)
    watch = _watch(job, outside, (study.title, prefix), source)
    answer = study.compute(material, row.asked["study"], watch)
    key = f"{prefix}result-{job.attempt}-{job.job_id}.npz"
    job.check()
    outside.files.put(key, backtest_files.encoded(answer.arrays))
    columns = {
        "summary": dict(answer.summary),
        "result": dict(answer.result),
        "source": source,
        "file_key": key,
    }
    return JobOutcome(
        {"backtest_id": backtest_id},
        effect=lambda: _keep(job, row, columns, outside),
    )


def _watch(job: JobRun, outside: Ports, names: tuple[str, str], source: Mapping[str, Any]) -> Watch:
    """Return what watches a study; parts of other candles than these are worth nothing."""
    stamp = source["candles_sha256"] + (source["detail"] or {}).get("candles_sha256", "")
    stamp += "".join(one["candles_sha256"] for one in source["symbols"][1:])
    saved = job.checkpoint() or {}
    parts = list(saved["parts"]) if saved.get("stamp") == stamp else []
    return Watch(job, outside, *names, stamp, parts)


def _keep(job: JobRun, row: rows.BacktestRow, columns: Mapping[str, Any], outside: Ports) -> None:
    key = columns["file_key"]
    if not rows.finish(row.id, columns):
        outside.files.delete(key)
        raise Conflict("This backtest was deleted while it was computed.")
    after_commit(lambda: _forget_others(outside, prefix_of(row.workspace_id, row.id), key))
    emit(job.actor, kind=DONE, title=f"{row.title} is done", link=path_of(row.id))


def _forget_others(outside: Ports, prefix: str, key: str) -> None:
    for other in list(outside.files.keys(prefix)):
        if other != key:
            outside.files.delete(other)


def _material(job: JobRun, row: rows.BacktestRow) -> Material:
    asked = row.asked
    period = asked["from_ms"], asked["to_ms"]
    candles = price_store.load(job.actor, asked["series_id"], *period)
    if candles.n == 0:
        raise Invalid("No bar opens in this period.", field="from")
    return Material(
        candles,
        _detail(job, asked["detail_id"], candles),
        strategies.named(row.strategy),
        asked["settings"],
        replace(
            Assumptions.of(asked["assumptions"]).settings(candles.instrument),
            funding=_funding(job, candles),
        ),
        tuple(_other(job, one, period) for one in asked.get("also", ())),
    )


def _funding(job: JobRun, candles: Candles) -> Funding | None:
    """Return what a perpetual pays, as on paper."""
    return funding.of_candles(job.actor.workspace_id, candles, candles.instrument)


def _other(job: JobRun, asked: Mapping[str, Any], period: tuple[int | None, int | None]) -> Priced:
    candles = price_store.load(job.actor, asked["series_id"], *period)
    if candles.n == 0:
        raise Invalid(f"No bar of {candles.instrument.key} opens in this period.", field="from")
    return candles, _detail(job, asked["detail_id"], candles), _funding(job, candles)


def _detail(job: JobRun, series_id: str, candles: Candles) -> Candles | None:
    if not series_id:
        return None
    end_ms = int(candles.close_time_ms[-1])
    return price_store.load(job.actor, series_id, int(candles.open_time_ms[0]), end_ms)


def source_of(material: Material) -> dict[str, Any]:
    """Return where the candles come from, and the hash of exactly those that were used."""
    candles, detail = material.candles, material.detail
    instrument = candles.instrument
    every = [one for one, *_ in material.every]
    currency = max(
        (account_currency(one.instrument) for one in every), key=lambda one: one.decimals
    )
    symbols = [_symbol(one) for one in every] if material.others else []
    whole = {
        "from_ms": min(int(one.open_time_ms[0]) for one in every),
        "to_ms": max(int(one.close_time_ms[-1]) for one in every),
    }
    return {
        **_provenance(candles),
        **whole,
        "symbols": symbols,
        "key": instrument.key,
        "tick": str(instrument.tick),
        "step": "1" if material.others else str(instrument.step),
        "currency": currency.code,
        "decimals": currency.decimals,
        "detail": None if detail is None else _provenance(detail),
    }


def _symbol(candles: Candles) -> dict[str, Any]:
    one = candles.instrument
    return {**_provenance(candles), "key": one.key, "symbol": one.symbol, "step": str(one.step)}


def _provenance(candles: Candles) -> dict[str, Any]:
    source = candles.source
    return {
        "venue": source.venue,
        "feed": source.feed,
        "name": source.name,
        "sha256": source.sha256,
        "loaded_at_ms": source.loaded_at_ms,
        "timeframe": candles.timeframe.name,
        "bars": candles.n,
        "from_ms": int(candles.open_time_ms[0]) if candles.n else None,
        "to_ms": int(candles.close_time_ms[-1]) if candles.n else None,
        "candles_sha256": price_files.content_hash(columns_of(candles)),
    }
