"""A backtest over a file of candles, without a server: read, decide, run, and time it."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sonde.markets.core.backtesting.results import Run
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.candles import Candles, Provenance
from sonde.markets.core.instruments import FeeSchedule, inferred_instrument
from sonde.markets.core.parameters import Settings
from sonde.markets.core.prices.choices import ReadChoices
from sonde.markets.core.prices.columns import PriceColumns, PriceFile
from sonde.markets.core.prices.reading import read_prices
from sonde.markets.core.strategies.protocol import Strategy
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

_VENUE = "file"


@dataclass(frozen=True)
class FileBacktest:
    """What is to be run.

    Parameters
    ----------
    path : Path
        File of candles.
    strategy : str
        Name of a shipped strategy, or a file ``.py`` of one's own.
    given : mapping of str to str
        The strategy's settings as they were typed.
    settings : BacktestSettings
    symbol : str
        What is traded; empty takes the beginning of the file's name.
    from_text, to_text : str
        First moment and the moment before which it ends, ISO 8601 in UTC; empty means all.
    detail : Path or None
        File of finer candles of the same instrument.
    """

    path: Path
    strategy: str
    given: Mapping[str, str]
    settings: BacktestSettings = field(default_factory=BacktestSettings)
    symbol: str = ""
    from_text: str = ""
    to_text: str = ""
    detail: Path | None = None


@dataclass(frozen=True)
class FileRun:
    """What came of it.

    Parameters
    ----------
    run : Run
    candles : Candles
        Those of the period.
    chosen : Settings
        All settings of the strategy.
    fees : FeeSchedule
        That were charged.
    bars_per_second : float
        Of decisions and engine together, once the compiled code is loaded.
    notes : tuple of str
        How the file was read.
    """

    run: Run
    candles: Candles
    chosen: Settings
    fees: FeeSchedule
    bars_per_second: float
    notes: tuple[str, ...]


def run_file(asked: FileBacktest, now_ms: int) -> FileRun:
    """Run a strategy over a file of candles.

    The compiled engine is loaded while the child process parses the file.

    Parameters
    ----------
    asked : FileBacktest
    now_ms : int
        Milliseconds UTC; a bar that has not closed by then is left out.

    Returns
    -------
    FileRun

    Raises
    ------
    NotFound
        If there is no such file or strategy.
    Invalid
        If the file, the period or a setting cannot be accepted; says why.
    """
    period = moment_of(asked.from_text, "from"), moment_of(asked.to_text, "to")
    with ThreadPoolExecutor(1) as aside:
        reading = aside.submit(_read, asked, now_ms)
        chosen = _chosen(asked)
        read, finer = reading.result()
    symbol = asked.symbol or symbol_in(asked.path.name)
    whole = _candles(read, symbol, asked.settings.fees, now_ms)
    candles = _period(whole, period)
    detail = None if finer is None else _finer(finer, candles, now_ms)
    found, seconds = _timed(asked, candles, detail, chosen)
    return FileRun(
        found,
        candles,
        chosen,
        asked.settings.fees or candles.instrument.fees,
        candles.n / seconds,
        read.notes,
    )


def _read(asked: FileBacktest, now_ms: int) -> tuple[PriceFile, PriceFile | None]:
    read = read_prices(asked.path, ReadChoices(now_ms))
    return read, None if asked.detail is None else read_prices(asked.detail, ReadChoices(now_ms))


def _chosen(asked: FileBacktest) -> Settings:
    """Return the strategy's settings; loads the compiled engine by running it over two bars."""
    from sonde.markets.core.backtesting.running import run
    from sonde.markets.core.strategies.decisions import Decisions
    from sonde.markets.core.strategies.protocol import settings_for

    chosen = settings_for(_strategy(asked.strategy), asked.given)
    price, times = np.ones(2), np.arange(2) * 60_000
    columns = PriceColumns(times, price, price, price, price, price)
    instrument = inferred_instrument("BTCUSDT", columns)
    source = Provenance(_VENUE, "file", "two bars", "", 0)
    run(
        columns.candles(instrument, Timeframe("1m"), source),
        Decisions.of(2, enter_long=np.array([True, False])),
        BacktestSettings(),
    )
    return chosen


def _strategy(name: str) -> Strategy:
    """Return a shipped strategy, or the one in a file of one's own, which runs in a jail."""
    from sonde.markets.core.strategies.catalogue import strategy_named

    if not name.endswith(".py"):
        return strategy_named(name)
    from sonde.markets.core.strategies.loading import load_strategy

    try:
        return load_strategy(Path(name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{name} cannot be read: {error}", field="strategy") from None


def _timed(
    asked: FileBacktest, candles: Candles, detail: Candles | None, chosen: Settings
) -> tuple[Run, float]:
    """Run by the clock; the compiled code was loaded before."""
    from sonde.markets.core.backtesting.running import run
    from sonde.markets.core.strategies.protocol import decided

    strategy = _strategy(asked.strategy)
    begun = time.perf_counter()
    found = run(candles, decided(strategy, candles, chosen), asked.settings, detail)
    return found, max(time.perf_counter() - begun, 1e-9)


def _candles(read: PriceFile, symbol: str, fees: FeeSchedule | None, now_ms: int) -> Candles:
    if read.columns.n == 0:
        raise Invalid(f"{read.name} holds no closed bar.", field="file")
    instrument = inferred_instrument(symbol, read.columns, _VENUE, fees)
    source = Provenance(_VENUE, "file", read.name, read.sha256, now_ms)
    return read.columns.candles(instrument, read.timeframe, source)


def _finer(read: PriceFile, candles: Candles, now_ms: int) -> Candles:
    source = Provenance(_VENUE, "file", read.name, read.sha256, now_ms)
    detail = read.columns.candles(candles.instrument, read.timeframe, source)
    end_ms = int(candles.close_time_ms[-1])
    return detail.between(int(candles.open_time_ms[0]), end_ms)


def _period(candles: Candles, between: tuple[int | None, int | None]) -> Candles:
    first, last = int(candles.open_time_ms[0]), int(candles.close_time_ms[-1])
    begin, end = (
        (first if between[0] is None else between[0]),
        (last if between[1] is None else between[1]),
    )
    chosen = candles.between(begin, end)
    if chosen.n == 0:
        raise Invalid(
            f"No bar opens from {words_of(begin)} to {words_of(end)}; the file holds "
            f"{words_of(first)} to {words_of(last)}.",
            field="from",
        )
    return chosen


def moment_of(text: str, name: str) -> int | None:
    """Return a moment in milliseconds UTC; None for empty text.

    Raises
    ------
    Invalid
        If it is no date.

    Examples
    --------
    >>> moment_of("2024-08-01", "from"), moment_of("2024-08-01T12:00+02:00", "from")
    (1722470400000, 1722506400000)
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(
            f"--{name} {text!r:.40} is no date; write 2024-08-01 or 2024-08-01T12:30.", field=name
        ) from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(aware.timestamp() * 1000)


def words_of(time_ms: int) -> str:
    """Return a moment for people, in UTC.

    Examples
    --------
    >>> words_of(1_722_470_400_000)
    '2024-08-01 00:00'
    """
    return str(np.datetime64(time_ms, "ms").astype("datetime64[m]")).replace("T", " ")


def symbol_in(name: str) -> str:
    """Return the symbol with which a file's name begins.

    Examples
    --------
    >>> symbol_in("BTCUSDT_1h_2021-06.csv"), symbol_in("eth-usdt.csv"), symbol_in("1.csv")
    ('BTCUSDT', 'ETH', 'FILE')
    """
    letters = ""
    for letter in Path(name).stem.upper():
        if not (letter.isascii() and letter.isalnum()):
            break
        letters += letter
    return letters if any(letter.isalpha() for letter in letters) else "FILE"
