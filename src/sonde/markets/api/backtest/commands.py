"""``sonde backtest``: a strategy over a file of candles, without a running server."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sonde.platform.core.errors import Invalid, SondeError

if TYPE_CHECKING:
    from sonde.markets.core.backtesting.file_run import FileBacktest

_LONGEST = 40


def backtest(  # noqa: PLR0913, PLR0917  (an option is a parameter)
    file: Annotated[Path, typer.Argument(help="Candles: .csv or .parquet.")],
    strategy: Annotated[str, typer.Option(help="Such as sma-cross, rsi or buy-and-hold.")],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting of the strategy: fast=20."),
    ] = None,
    fee: Annotated[
        str, typer.Option(help="Maker and taker, as a fraction: 0.001 is 0.1 %.")
    ] = "0.001",
    start: Annotated[str, typer.Option(help="Money at the beginning, in quote.")] = "10000",
    size: Annotated[str, typer.Option(help="Share of the equity for an entry, up to 1.")] = "1",
    slippage: Annotated[
        int, typer.Option(metavar="PPM", help="Of the price, in parts per million.")
    ] = 0,
    spread: Annotated[
        int, typer.Option(metavar="PPM", help="Half of it, in parts per million.")
    ] = 0,
    volume_share: Annotated[
        str, typer.Option(help="Share of a bar's volume that fills may use; unlimited if empty.")
    ] = "",
    latency: Annotated[int, typer.Option(metavar="MS", help="From decision to order.")] = 0,
    from_: Annotated[str, typer.Option("--from", help="2024-08-01, in UTC.")] = "",
    to: Annotated[str, typer.Option("--to", help="Ends before this moment.")] = "",
    detail: Annotated[
        Path | None, typer.Option(help="Finer candles that settle what a bar leaves open.")
    ] = None,
    symbol: Annotated[str, typer.Option(help="Else the beginning of the file's name.")] = "",
    intervals: Annotated[
        bool, typer.Option("--intervals", help="Draw intervals, p-values and trade orders.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Run a strategy over candles: next-open fills, fees, stops, exact money, buy and hold beside.

    A position that is still open at the end is closed at the last close and counted.

    Example: sonde backtest BTCUSDT_1h.csv --strategy sma-cross --set fast=20 --set slow=50
    """
    try:
        _answer(
            _asked(
                (file, detail, symbol),
                (strategy, set_ or []),
                {"fee": fee, "start": start, "size": size, "volume_share": volume_share},
                {"slippage_ppm": slippage, "half_spread_ppm": spread, "latency_ms": latency},
                (from_, to),
            ),
            intervals=intervals,
            json=json,
        )
    except SondeError as error:
        _refuse(error)


def _asked(
    files: tuple[Path, Path | None, str],
    strategy: tuple[str, list[str]],
    amounts: dict[str, str],
    parts: dict[str, int],
    period: tuple[str, str],
) -> "FileBacktest":
    """Return what the options say; raises Invalid where they cannot be read."""
    from sonde.markets.core.backtesting.file_run import FileBacktest
    from sonde.markets.core.backtesting.settings import BacktestSettings, Sizing
    from sonde.markets.core.engine.listings import Costs
    from sonde.markets.core.instruments import FeeSchedule

    fee = _decimal("fee", amounts["fee"])
    share = amounts["volume_share"]
    settings = BacktestSettings(
        start=_decimal("start", amounts["start"]),
        sizing=Sizing("equity", _decimal("size", amounts["size"])),
        fees=FeeSchedule(fee, fee),
        costs=Costs(
            half_spread_ppm=parts["half_spread_ppm"],
            slippage_ppm=parts["slippage_ppm"],
            volume_share=_decimal("volume-share", share) if share else None,
        ),
        latency_ms=parts["latency_ms"],
    )
    return FileBacktest(
        path=files[0],
        strategy=strategy[0],
        given=dict(_pair(text) for text in strategy[1]),
        settings=settings,
        symbol=files[2],
        from_text=period[0],
        to_text=period[1],
        detail=files[1],
    )


def _decimal(name: str, text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Invalid(
            f"--{name} {text[:_LONGEST]!r} is no number; write 0.001.", field=name
        ) from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise Invalid(
            f"--set {text[:_LONGEST]!r} sets nothing; write NAME=VALUE, as in fast=20.", field="set"
        )
    return name.strip(), value.strip()


def _answer(asked: "FileBacktest", *, intervals: bool, json: bool) -> None:
    """Run and print."""
    import time

    from sonde.markets.api.backtest.report import as_json, print_report
    from sonde.markets.core.backtesting.file_run import run_file

    done = run_file(asked, time.time_ns() // 1_000_000)
    if json:
        typer.echo(as_json(asked, done, intervals=intervals))
    else:
        print_report(asked, done, intervals=intervals)


def _refuse(error: SondeError) -> NoReturn:
    """Print one line that says what is wrong; leave with status 2."""
    typer.echo(" ".join(error.message.split()), err=True)
    raise typer.Exit(2)
