"""Files of candles: layouts, units of time, and every fault named by row and column."""

import io
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.candles import Provenance
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.prices import csv_files, parquet_files
from sonde.markets.core.prices.choices import ReadChoices, choices_from_json
from sonde.markets.core.prices.columns import PriceColumns
from sonde.markets.core.prices.reading import read_prices
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid, NotFound, TooLarge, Unreadable
from tests.unit.markets.core.prices.samples import BEGIN, HOUR, LATE, ROWS, columns, put, text

CHOICES = ReadChoices(LATE)
BTC = inferred_instrument("BTCUSDT", columns([BEGIN]))


def parsed(content, choices=CHOICES):
    """Parse as the jailed child does; its walls have tests of their own."""
    data = content.encode() if isinstance(content, str) else content
    facts, arrays = csv_files.decode(io.BytesIO(data), choices.to_json(), 1 << 20)
    return facts, np.column_stack(arrays)


def assert_rows(content, choices=CHOICES):
    facts, rows = parsed(content, choices)
    assert np.array_equal(rows, np.array(ROWS))
    return facts


def test_a_file_is_read_in_the_jail_with_its_hash(tmp_path):
    import hashlib

    path = put(tmp_path, text())
    read = read_prices(path, CHOICES, name="BTCUSDT.csv")
    assert read.timeframe.name == "1h"
    assert (read.name, read.layout, read.columns.n) == ("BTCUSDT.csv", "header", 3)
    assert read.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert read.columns.volume.tolist() == [100.25, 50.5, 0.125]


def test_a_parquet_file_is_read_in_the_jail(tmp_path):
    names = ("timestamp", "open", "high", "low", "close", "volume")
    pl.DataFrame(dict(zip(names, zip(*ROWS, strict=True), strict=True))).write_parquet(
        tmp_path / "prices.parquet"
    )
    read = read_prices(tmp_path / "prices.parquet", CHOICES)
    assert read.columns.open_time_ms.tolist() == [BEGIN, BEGIN + HOUR, BEGIN + 2 * HOUR]
    assert read.columns.close.tolist() == [11.0, 12.25, 11.75]


def _scaled(scale, form=str):
    return [(form(row[0] * scale // 1000), *row[1:]) for row in ROWS]


@pytest.mark.parametrize(("scale", "unit"), [(1, "s"), (1000, "ms"), (10**6, "us"), (10**9, "ns")])
def test_units_of_time_are_told_apart(scale, unit):
    facts = assert_rows(text(_scaled(scale)))
    assert facts["notes"] == [f"Times are in {unit}."]
    assert_rows(text(_scaled(scale)), ReadChoices(LATE, time_unit=unit))


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%d %H:%M:%S+00:00",
        "%Y-%m-%d %H:%M:%S UTC",
        "%Y-%m-%d %H:%M",
        '"%Y-%m-%dT%H:%M:%S.000"',
    ],
)
def test_iso_times_are_read(form):
    rows = [(datetime.fromtimestamp(row[0] / 1000, UTC).strftime(form), *row[1:]) for row in ROWS]
    facts = assert_rows(text(rows))
    said = any(mark in form for mark in ("Z", "+", "UTC"))
    assert facts["notes"] == ([] if said else ["Times say no offset; they are taken as UTC."])


def test_seconds_may_be_written_as_decimals():
    assert_rows(text(_scaled(1, lambda seconds: f"{seconds}.0")))


def _binance():
    return [(*row, row[0] + HOUR - 1, 5, 7, 1, 1, 0) for row in ROWS]


def _kraken_rest():
    return [(*row[:5], 10.9, row[5], 8) for row in ROWS]


def _coinbase():
    return [(row[0] // 1000, row[3], row[2], row[1], row[4], row[5]) for row in reversed(ROWS)]


@pytest.mark.parametrize(
    ("rows", "layout"),
    [
        (ROWS, "plain"),
        (_binance(), "binance"),
        ([(row[0] // 1000, *row[1:], 8) for row in ROWS], "kraken"),
        (_kraken_rest(), "kraken-rest"),
        (_coinbase(), "coinbase"),
    ],
)
def test_layouts_without_header_are_known(rows, layout):
    facts = assert_rows(text(rows, header=""))
    assert facts["layout"] == layout
    assert ("The file has the newest row first." in facts["notes"]) == (layout == "coinbase")
    assert assert_rows(text(rows, header=""), ReadChoices(LATE, layout=layout))["layout"] == layout


def test_a_dump_with_remarks_symbol_and_two_volumes_is_read():
    rows = [(row[0], "x", "BTC/USD", *row[1:], 9.9) for row in reversed(ROWS)]
    header = "https://example.org\nunix,date,symbol,open,high,low,close,Volume BTC,Volume USD"
    assert_rows(text(rows, header))


def test_semicolons_and_decimal_commas_are_read():
    rows = [(row[0], *(str(cell).replace(".", ",") for cell in row[1:])) for row in ROWS]
    assert_rows(text(rows, "Time;Open;High;Low;Close;Volume", ";"))


def test_line_ends_and_byte_order_marks_do_not_matter():
    assert_rows(b"\xef\xbb\xbf" + text().replace("\n", "\r\n").encode())
    assert_rows(b"\xff\xfe" + text().encode("utf-16-le"))
    assert_rows(text().replace("\n", "\r"))


def test_columns_are_mapped_by_name_or_number():
    header = "t,a,b,c,d,e"
    names = dict(
        zip(("time", "open", "high", "low", "close", "volume"), header.split(","), strict=True)
    )
    assert_rows(text(header=header), ReadChoices(LATE, columns=names))
    numbers = dict(zip(names, "123456", strict=True))
    assert_rows(text(header=""), ReadChoices(LATE, columns=numbers))
    with pytest.raises(Invalid, match=r"no column for open, high, low, .*--column open=NAME"):
        parsed(text(header="t,a,b,c,d,e"))
    with pytest.raises(Invalid, match=r"no column 'z'; it has t, a, b"):
        parsed(text(header=header), ReadChoices(LATE, columns={**names, "low": "z"}))


def with_cell(row, column, value):
    rows = [list(each) for each in ROWS]
    rows[row][column] = value
    return text(rows)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (with_cell(1, 2, "nan"), "Row 3, column high: nan is no price above 0"),
        (with_cell(1, 4, "inf"), "Row 3, column close: inf is no price above 0"),
        (with_cell(2, 3, "-1"), "Row 4, column low: -1 is no price above 0"),
        (with_cell(2, 5, "-1"), "Row 4, column volume: -1 is no volume of 0 or more"),
        (with_cell(0, 2, "9"), "Row 2, column high: 9 is below the low of 9.75"),
        (with_cell(0, 2, "10.75"), "Row 2, column high: 10.75 is below the close of 11"),
        (with_cell(1, 3, "11.5"), "Row 3, column low: 11.5 is above the open of 11"),
        (with_cell(1, 1, "abc"), "Row 3, column open: 'abc' is no number"),
        (with_cell(1, 1, ""), "Row 3, column open: is empty"),
        (with_cell(2, 0, "soon"), "Row 4, column time: 'soon' is no time"),
        (with_cell(0, 0, "soon"), "Row 2, column time: 'soon' is no time: give s, ms, us"),
        (with_cell(2, 0, BEGIN), "Row 4, column time: .* is not in order; sort the file"),
        (with_cell(2, 0, BEGIN + HOUR), "Row 4, column time: .* is there twice, also in row 3"),
        (with_cell(2, 0, BEGIN // 1000), "Row 4, column time: 1622505600 is in s, the first"),
        (with_cell(0, 0, 17), "Row 2, column time: 17 is no time between 1990 and 2100"),
        (text([*ROWS, (1, 2)]), "Row 5 has 2 columns, not 6"),
        (text([*ROWS, (*ROWS[2], 1)]), "Row 5 has 7 columns, not 6"),
        (text().replace("\n", "\n\n", 2), "Row 2 is empty; remove it"),
        (text([]), "a header and no row"),
        ("", "This file is empty"),
        ("\n \n", "This file is empty"),
        ("hello\nworld\n", "no table of prices"),
        (text([(*row, cell) for row, cell in zip(ROWS, ('"x', 'y"', "z"), strict=True)],
              "time,open,high,low,close,volume,note"), "opened and not closed in its row"),
        (text().encode() + b"\0\0", "holds binary data"),
        (text() + "1" * 10_000_000, "Row 5 is 10.0 MB long; a row of prices has at most 64 kB"),
        (text(header="symbol,time,open,high,low,close,volume",
              rows=[(name, *row) for name, row in zip("AAB", ROWS, strict=True)]),
         r"holds 2 symbols \(A, B\); give one file for each"),
        (text(header="", rows=[(*row, 1, 2) for row in _binance()]), "no known layout"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_by_row_and_column(content, words):
    with pytest.raises(Invalid, match=words):
        parsed(content)


def test_rows_are_numbered_as_in_the_file_also_when_it_is_newest_first():
    rows = [list(row) for row in reversed(ROWS)]
    rows[0][2] = 1
    with pytest.raises(Invalid, match="Row 2, column high: 1 is below"):
        parsed(text(rows))


def _flat(times):
    return text([(time, 10, 10, 10, 10, 1) for time in times])


def test_times_off_the_grid_and_mixed_timeframes_are_refused():
    hours = [BEGIN + k * HOUR for k in range(30)]
    with pytest.raises(Invalid, match=r"Row 12, column time: no bar of 1h opens at 2021-06-01 10"):
        parsed(_flat([*hours[:10], hours[10] + 1000, *hours[11:]]))
    minutes = [hours[-1] + k * 60_000 for k in range(1, 5)]
    with pytest.raises(Invalid, match=r"Row 32, column time: from here on rows are 1m apart"):
        parsed(_flat([*hours, *minutes]))
    days = [hours[0] + k * 24 * HOUR for k in range(2, 32)]
    with pytest.raises(
        Invalid, match=r"from here on rows are 1d apart, before 1h: this file mixes"
    ):
        parsed(_flat([*hours, *days]), ReadChoices(LATE, "1h"))
    with pytest.raises(Invalid, match=r"are 1h apart, not 1m; import it as 1h and resample"):
        parsed(text(), ReadChoices(LATE, "1m"))
    with pytest.raises(Invalid, match=r"are 7 s apart, which is no known timeframe"):
        parsed(_flat([BEGIN, BEGIN + 7000, BEGIN + 14_000]))
    with pytest.raises(Invalid, match=r"One row does not say how long its bar is"):
        parsed(text(ROWS[:1]))
    assert parsed(text(ROWS[:1]), ReadChoices(LATE, "1h"))[1].shape == (1, 6)


def test_defect_17_a_bar_that_has_not_closed_is_never_kept():
    facts, rows = parsed(text(), ReadChoices(BEGIN + 3 * HOUR - 1))
    assert rows.shape == (2, 6)
    assert facts["notes"][-1] == "The last bar was still open and left out."
    assert parsed(text(), ReadChoices(BEGIN + 3 * HOUR))[1].shape == (3, 6)
    with pytest.raises(Invalid, match="No bar of this file had closed"):
        parsed(text(), ReadChoices(BEGIN))


def test_defect_17_duplicate_rows_of_a_file_are_refused():
    with pytest.raises(Invalid, match="Row 4, column time: 2021-06-01 01:00 UTC is there twice"):
        parsed(text([*ROWS[:2], ROWS[1]]))


def test_defect_16_a_missing_beginning_is_never_filled_from_behind():
    with pytest.raises(Invalid, match="Row 2, column close: nan is no price"):
        parsed(with_cell(0, 4, "nan"))
    with pytest.raises(Invalid, match="Row 2, column close: is empty"):
        parsed(with_cell(0, 4, ""))


@pytest.mark.parametrize(
    ("series", "words"),
    [
        (pl.Series([11.0, None, 11.5]), "Row 2, column close: is empty"),
        (pl.Series(["a", "b", "c"]), "Column close holds String, which is no close"),
        (pl.Series([[1.0], [1.0], [1.0]]), "Column close holds List"),
    ],
)
def test_parquet_columns_that_are_no_numbers_are_refused(series, words):
    content = io.BytesIO()
    _frame().with_columns(close=series).write_parquet(content)
    with pytest.raises(Invalid, match=words):
        parquet_files.read(content.getvalue(), CHOICES)


def _frame(**changed):
    names = ("time", "open", "high", "low", "close", "volume")
    values = dict(zip(names, zip(*ROWS, strict=True), strict=True))
    return pl.DataFrame({**values, **changed})


@pytest.mark.parametrize(
    "times",
    [
        pl.from_epoch(pl.Series([row[0] for row in ROWS]), "ms").cast(pl.Datetime("us", "UTC")),
        pl.from_epoch(pl.Series([row[0] for row in ROWS]), "ms").cast(pl.Datetime("ns")),
        pl.Series([row[0] // 1000 for row in ROWS], dtype=pl.Int32),
        pl.Series(["2021-06-01 00:00", "2021-06-01 01:00", "2021-06-01 02:00"]),
    ],
    ids=["us", "ns", "s", "text"],
)
def test_parquet_times_of_every_type_are_read(times):
    content = io.BytesIO()
    _frame(time=times).write_parquet(content)
    _, arrays = parquet_files.decode(io.BytesIO(content.getvalue()), CHOICES.to_json(), 1 << 20)
    assert arrays[0].tolist() == [row[0] for row in ROWS]


def test_prices_of_32_bits_mean_the_shortest_decimal():
    content = io.BytesIO()
    frame = _frame(close=[10.9, 12.1, 11.7]).with_columns(pl.col("close").cast(pl.Float32))
    frame.write_parquet(content)
    table = parquet_files.read(content.getvalue(), CHOICES)
    assert table.numbers["close"].tolist() == [10.9, 12.1, 11.7]
    assert table.notes == ("Column close is stored in 32 bits, which is about 7 digits.",)


def test_what_is_no_file_of_prices_is_refused(tmp_path):
    with pytest.raises(NotFound):
        read_prices(tmp_path / "nothing.csv", CHOICES)
    with pytest.raises(Invalid, match=r"use \.csv, \.tsv"):
        read_prices(put(tmp_path, b"MZ", "prices.exe"), CHOICES)
    with pytest.raises(Unreadable, match="damaged"):
        read_prices(put(tmp_path, b"PAR1" + b"x" * 40 + b"PAR1", "p.parquet"), CHOICES)
    with pytest.raises(TooLarge, match="at most 1 are read"):
        csv_files.decode(io.BytesIO(text().encode()), CHOICES.to_json(), 48)


PRICES = st.integers(1, 10**9).map(lambda cents: cents / 100)
VOLUMES = st.integers(0, 10**12).map(lambda parts: parts / 10**6)


@given(st.lists(st.tuples(st.tuples(*[PRICES] * 4), VOLUMES), min_size=2, max_size=30))
def test_what_is_written_comes_back_to_the_last_bit(bars):
    rows = [
        (BEGIN + k * HOUR, prices[0], max(prices), min(prices), prices[1], volume)
        for k, (prices, volume) in enumerate(bars)
    ]
    assert np.array_equal(parsed(text(rows))[1], np.array(rows))


def test_a_mutilated_file_is_refused_or_holds_candles():
    whole = text([(BEGIN + k * HOUR, 10 + k % 3, 14, 9, 11, 1.5) for k in range(30)]).encode()
    rng = np.random.default_rng(1)
    letters = np.frombuffer(b'0123456789,.;"\n-eEnaif \0\xff', np.uint8)
    refused = 0
    for _ in range(300):
        broken = np.frombuffer(whole, np.uint8).copy()
        places = rng.integers(0, broken.size, rng.integers(1, 5))
        broken[places] = rng.choice(letters, places.size)
        try:
            _, rows = parsed(np.delete(broken, places[rng.random(places.size) < 0.3]).tobytes())
        except Invalid:
            refused += 1
        else:
            PriceColumns(rows[:, 0].astype(np.int64), *rows.T[1:]).candles(
                BTC, Timeframe("1h"), Provenance("file", "file", "x", "", 0)
            )
    assert 100 < refused < 300


def test_rounding_noise_of_floats_is_taken_off_and_told():
    rows = [(*row[:5], value) for row, value in zip(ROWS, (0.1 + 0.2, 0.7, 1 / 3), strict=True)]
    facts, found = parsed(text(rows))
    assert found[:, 5].tolist() == [0.3, 0.7, 1 / 3]
    assert facts["notes"][-1] == "Rounding noise of floats was taken off volume (8 decimals)."


def test_choices_are_checked_and_travel_as_json():
    choices = ReadChoices(5, "1h", "binance", "ms", {"open": "2"})
    assert choices_from_json(choices.to_json()) == choices
    for wrong in ({"timeframe": "7m"}, {"time_unit": "days"}, {"columns": {"price": "1"}}):
        with pytest.raises(Invalid):
            ReadChoices(5, **wrong)
    with pytest.raises(Invalid, match="no layout 'mt4'"):
        parsed(text(), ReadChoices(LATE, layout="mt4"))
