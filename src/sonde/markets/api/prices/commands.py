"""``sonde prices``: import, look at, resample and delete stored candles, without a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sonde.platform.core.errors import SondeError

if TYPE_CHECKING:
    from sonde.platform.core.actor import Actor

PRICES = typer.Typer(help="Import, look at, resample and delete stored prices.")

Which = Annotated[str, typer.Argument(help="Symbol, such as BTCUSDT or binance:BTCUSDT, or id.")]
TimeframeOption = Annotated[str, typer.Option(help="Such as 1m, 1h or 1d.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]


@contextmanager
def _telling() -> Iterator[None]:
    """Let an error be one line and status 2."""
    try:
        yield
    except SondeError as error:
        typer.echo(" ".join(error.message.split()), err=True)
        raise typer.Exit(2) from None


@contextmanager
def _acting() -> Iterator["Actor"]:
    """Act in one unit of work."""
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    with _telling(), local_request() as request, unit_of_work(request.ports):
        yield request.actor


@PRICES.callback(invoke_without_command=True)
def prices(context: typer.Context) -> None:
    """Import, look at, resample and delete stored prices."""
    if context.invoked_subcommand is None:
        list_prices()


@PRICES.command("import")
def import_prices(  # noqa: PLR0913, PLR0917  (an option is a parameter)
    file: Annotated[Path, typer.Argument(help="File of candles: .csv or .parquet.")],
    symbol: Annotated[str, typer.Option(help="Such as BTCUSDT.")],
    timeframe: Annotated[str, typer.Option(help="Such as 1h; found out if left out.")] = "",
    venue: Annotated[str, typer.Option(help="Such as binance: names fees and series.")] = "file",
    layout: Annotated[
        str, typer.Option(help="auto, plain, binance, coinbase, kraken or kraken-rest.")
    ] = "auto",
    time_unit: Annotated[str, typer.Option(help="auto, s, ms, us, ns or iso.")] = "auto",
    column: Annotated[
        list[str] | None,
        typer.Option(help="Which column is what: close=Last, or volume=6; may be repeated."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let bars that differ replace what is stored.")
    ] = False,
    json: Json = False,
) -> None:
    """Store a file of candles; nothing is stored if one row is wrong.

    The layouts of Binance, Coinbase and Kraken are known, with or without a header. Bars that are
    stored already count once; a bar that has not closed yet is left out.

    Example: sonde prices import BTCUSDT_1h.csv --symbol BTCUSDT --venue binance
    """
    from sonde.markets.api.prices import terminal
    from sonde.markets.services.price_imports import PriceWish

    with _telling():
        columns = terminal.columns_of(column or [])
        wish = PriceWish(symbol, venue, timeframe, layout, time_unit, columns, overwrite)
        terminal.import_file(file, wish, json=json)


@PRICES.command("list")
def list_prices(json: Json = False) -> None:
    """List the stored series, by venue and symbol."""
    from sonde.markets.api.prices import terminal
    from sonde.markets.services import prices as service

    with _acting() as actor:
        terminal.print_series(service.list_series(actor), json=json)


@PRICES.command()
def show(
    which: Which,
    timeframe: TimeframeOption = "",
    begin: Annotated[str, typer.Option("--from", help="Bars from this time on, in UTC.")] = "",
    end: Annotated[str, typer.Option("--to", help="Bars before this time, in UTC.")] = "",
    last: Annotated[int, typer.Option(min=0, max=100_000, help="So many bars at the end.")] = 10,
    json: Json = False,
) -> None:
    """Show where a series comes from, its figures, and its bars.

    Example: sonde prices show BTCUSDT --timeframe 1h --from 2024-08-05 --to 2024-08-06
    """
    from sonde.markets.api.prices import terminal
    from sonde.markets.services import prices as service

    with _acting() as actor:
        series = service.find(actor, which, timeframe)
        period = terminal.moment(begin, "from"), terminal.moment(end, "to")
        candles = service.candles(actor, series.id, *period)
        statistics = service.statistics(actor, series.id)
        terminal.print_candles(series, candles, statistics, last, json=json)


@PRICES.command()
def gaps(which: Which, timeframe: TimeframeOption = "", json: Json = False) -> None:
    """Say which bars are missing, and which their neighbours do not believe."""
    from sonde.markets.api.prices import terminal
    from sonde.markets.services import prices as service

    with _acting() as actor:
        series = service.find(actor, which, timeframe)
        report = service.gaps(actor, series.id)
        terminal.print_gaps(series, report, service.find_outliers(actor, series.id), json=json)


@PRICES.command()
def resample(
    which: Which,
    to: Annotated[str, typer.Option("--to", help="Timeframe of the bars to make, such as 1h.")],
    timeframe: TimeframeOption = "",
    keep_holed: Annotated[
        bool, typer.Option("--keep-holed", help="Keep bars in whose middle some are missing.")
    ] = False,
    json: Json = False,
) -> None:
    """Store a series in longer bars, made of whole ones only."""
    from sonde.markets.api.prices import terminal
    from sonde.markets.services import prices as service

    with _acting() as actor:
        series = service.find(actor, which, timeframe)
        made = service.resample(actor, series.id, to, keep_holed=keep_holed)
        terminal.print_stored(made, (), json=json)


@PRICES.command()
def delete(which: Which, timeframe: TimeframeOption = "", yes: Yes = False) -> None:
    """Delete a series for good."""
    from sonde.markets.services import prices as service

    with _acting() as actor:
        series = service.find(actor, which, timeframe)
        if not yes and not typer.confirm(f"Delete {series.n_bars:,} bars of {series.key}?"):
            return
        service.delete(actor, series.id)
        typer.echo(f"Deleted {series.key}.")


@PRICES.command()
def sample(json: Json = False) -> None:
    """Store two simulated markets, in minutes and hours: prices to learn the product with."""
    from sonde.markets.api.prices import terminal
    from sonde.markets.services import price_sample

    with _acting() as actor:
        terminal.print_series(price_sample.store(actor), json=json)


@PRICES.command("funding")
def import_funding(
    file: Annotated[Path, typer.Argument(help="CSV file of times and rates.")],
    symbol: Annotated[str, typer.Argument(help="Such as binance:BTCUSDT.")],
    json: Json = False,
) -> None:
    """Store a file of funding rates of a perpetual; nothing is stored if one row is wrong.

    Columns are timestamp and rate, or fundingTime and fundingRate; without a header the time comes
    first. They are paid on paper and in backtests.

    Example: sonde prices funding BTCUSDT-funding.csv binance:BTCUSDT
    """
    from sonde.markets.api.prices import terminal
    from sonde.markets.services import funding

    with _acting() as actor:
        terminal.print_rates(funding.import_rates(actor, symbol, terminal.content_of(file)), json)
