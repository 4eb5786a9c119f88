"""Stored candles in the terminal: tables for people, JSON for programs."""

import json as json_module
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from sonde.markets.core.candles import COLUMNS, Candles
from sonde.markets.core.funding_files import MOST_BYTES
from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.gaps import GapReport
from sonde.markets.core.prices.outliers import Outlier
from sonde.markets.core.prices.reading import read_prices
from sonde.markets.core.prices.series import Series
from sonde.markets.core.prices.statistics import PriceStatistics
from sonde.markets.core.prices.times import ms_of_texts
from sonde.markets.services import price_imports
from sonde.markets.services.funding import StoredRates
from sonde.markets.services.price_imports import PriceWish
from sonde.markets.services.price_store import Appended
from sonde.platform.core.errors import Invalid
from sonde.platform.services.local import local_request
from sonde.platform.services.work import unit_of_work

_LINES = 40


def columns_of(texts: Sequence[str]) -> Mapping[str, str]:
    """Return what ``close=Last`` says; raises Invalid."""
    for text in texts:
        if "=" not in text:
            raise Invalid(f"{text!r} says no column; write close=Last or volume=6.", field="column")
    return dict(text.split("=", 1) for text in texts)


def moment(text: str, field: str) -> int | None:
    """Return an ISO 8601 time in milliseconds UTC, or None for no text; raises Invalid."""
    if not text:
        return None
    try:
        return int(ms_of_texts([text])[0][0])
    except Invalid as error:
        raise Invalid(f"--{field}: {error.message}.", field=field) from None


def import_file(file: Path, wish: PriceWish, *, json: bool) -> None:
    """Read a file in a jailed child, outside of any transaction, and store it whole."""
    with local_request() as request:
        price_imports.check_wish(request.actor, wish)
        as_of_ms = round(datetime.now(UTC).timestamp() * 1000)
        read = read_prices(file, wish.choices(as_of_ms))
        with unit_of_work(request.ports):
            stored = price_imports.store(request.actor, wish, read)
        print_stored(stored, read.notes, json=json)


def content_of(file: Path) -> bytes:
    """Return a small file's content; raises Invalid, TooLarge."""
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Invalid(f"{file}: {error.strerror or 'cannot be read'}.", field="file") from None


def print_rates(stored: StoredRates, json: bool) -> None:
    """Print what became of a file of funding rates."""
    if json:
        _print_json({**asdict(stored), "words": stored.words})
    else:
        typer.echo(stored.words)


def print_stored(stored: Appended, notes: Sequence[str], *, json: bool) -> None:
    """Print what became of candles that were stored."""
    if json:
        counts = {name: getattr(stored, name) for name in ("n_new", "n_same", "n_changed")}
        _print_json({**series_facts(stored.series), **counts, "notes": list(notes)})
        return
    typer.echo(
        f"{stored.series.key}: {stored.n_new:,} new bars, {stored.n_same:,} there already, "
        f"{stored.n_changed:,} replaced; {stored.series.n_bars:,} in all."
    )
    for note in notes:
        typer.echo(f"  {note}")


def series_facts(series: Series) -> dict[str, Any]:
    """Return a series as JSON-ready facts, its source included."""
    source = series.provenance
    return {
        "id": series.id,
        "venue": series.instrument.venue,
        "symbol": series.instrument.symbol,
        "timeframe": series.timeframe.name,
        "tick": str(series.instrument.tick),
        "step": str(series.instrument.step),
        "bars": series.n_bars,
        "first": _iso(series.first_ms),
        "last": _iso(series.last_ms),
        "sha256": series.sha256,
        "source": {
            "feed": source.feed,
            "name": source.name,
            "sha256": source.sha256,
            "loaded": _iso(source.loaded_at_ms),
            "age_s": _age_s(series),
        },
    }


def _age_s(series: Series) -> int:
    now_ms = round(datetime.now(UTC).timestamp() * 1000)
    return series.provenance.age_ms(now_ms) // 1000


def _iso(time_ms: int | None) -> str | None:
    if time_ms is None:
        return None
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat().replace("+00:00", "Z")


def print_series(found: Sequence[Series], *, json: bool) -> None:
    """Print one line for each series."""
    if json:
        _print_json([series_facts(series) for series in found])
        return
    if not found:
        typer.echo("No prices are stored yet; sonde prices import stores a file of candles.")
        return
    rows = [
        (
            series.instrument.key,
            series.timeframe.name,
            f"{series.n_bars:,}",
            _when(series.first_ms),
            _when(series.last_ms),
            f"{series.provenance.feed}: {series.provenance.name}"[:60],
            series.id,
        )
        for series in found
    ]
    _print_table(("series", "bars of", "bars", "from", "to", "source", "id"), rows)


def _when(time_ms: int | None) -> str:
    return "" if time_ms is None else when(time_ms)


def print_candles(
    series: Series, candles: Candles, statistics: PriceStatistics, last: int, *, json: bool
) -> None:
    """Print a series, its figures, and the last bars of `candles`."""
    first = max(candles.n - last, 0)
    times = candles.open_time_ms[first:].tolist()
    bars = [getattr(candles, name)[first:].tolist() for name in COLUMNS]
    if json:
        rows = [
            dict(zip(("time", *COLUMNS), (_iso(time), *values), strict=True))
            for time, *values in zip(times, *bars, strict=True)
        ]
        _print_json({**series_facts(series), "statistics": asdict(statistics), "candles": rows})
        return
    source = series.provenance
    typer.echo(f"{series.key} ({series.id})")
    typer.echo(f"from {source.feed} {source.name}, {_age_s(series):,} s ago, {source.sha256}")
    typer.echo(
        f"{statistics.n_bars:,} bars, {100 * statistics.coverage:.3f} % of all that should be "
        f"there, {statistics.n_gaps} gaps; {statistics.lowest:.12g} to {statistics.highest:.12g}; "
        f"tick {series.instrument.tick}, step {series.instrument.step}\n"
    )
    table = [
        (when(time), *(f"{value:.12g}" for value in values))
        for time, *values in zip(times, *bars, strict=True)
    ]
    _print_table(("opened", *COLUMNS), table)


def print_gaps(series: Series, report: GapReport, found: Sequence[Outlier], *, json: bool) -> None:
    """Print what is missing and what stands out."""
    if json:
        gaps = [{**asdict(gap), "words": gap.words} for gap in report.gaps]
        facts = {**asdict(report), "coverage": report.coverage, "gaps": gaps}
        _print_json({**series_facts(series), **facts, "outliers": [asdict(each) for each in found]})
        return
    typer.echo(
        f"{series.key}: {report.n_bars:,} of {report.n_expected:,} bars are there "
        f"({100 * report.coverage:.3f} %), {report.n_gaps} gaps."
    )
    for gap in report.gaps[:_LINES]:
        typer.echo(f"  {gap.words}")
    typer.echo(f"{len(found)} bars stand out of their neighbours.")
    for each in found[:_LINES]:
        typer.echo(f"  {each.words}")


def _print_json(facts: object) -> None:
    typer.echo(json_module.dumps(facts, indent=2))


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo(line.rstrip())
