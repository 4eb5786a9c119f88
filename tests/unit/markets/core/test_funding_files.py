"""Files of funding rates: what exchanges publish is read, what is wrong is said by its row."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.markets.core.funding_files import MOST_BYTES, MOST_ROWS, read_rates
from sonde.platform.core.errors import Invalid, SondeError, TooLarge, Unreadable

HOURS_8 = 28_800_000
BEGIN = 1_577_836_800_000


@pytest.mark.parametrize(
    "text",
    [
        "timestamp,rate\n1577836800000,0.0001\n1577865600000,-0.00025\n",
        "1577865600000,-0.00025\n1577836800000,0.0001\n",
        "\ufefffundingTime;symbol;fundingRate\r\n1577836800;X;1e-4\r\n\r\n1577865600;X;-2.5e-4\r\n",
        "calc_time,funding_interval_hours,last_funding_rate\n"
        "1577836800003,8,0.00010000\n1577865600011,8,-0.00025000\n",
        "Date\tFunding rate\n2020-01-01 00:00:00\t.0001\n2020-01-01T08:00:00Z\t-0.00025\n",
    ],
)
def test_what_exchanges_publish_is_read(text: str) -> None:
    assert read_rates(text.encode()) == [(BEGIN, 100_000), (BEGIN + HOURS_8, -250_000)]


@given(
    st.dictionaries(st.integers(0, 200_000), st.integers(-(10**8), 10**8), min_size=1, max_size=50),
    st.randoms(use_true_random=False),
)
def test_every_rate_comes_back_to_the_last_part_in_any_order(rates: dict, chance) -> None:
    rows = [(BEGIN + minute * 60_000, parts) for minute, parts in rates.items()]
    chance.shuffle(rows)
    lines = "\n".join(f"{time},{parts / 10**9:.9f}" for time, parts in rows)
    assert read_rates(lines.encode()) == sorted(rows)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", Unreadable, "empty"),
        ("\n\n", Unreadable, "empty"),
        ("timestamp,rate\n", Invalid, "no row of rates"),
        ("a,b\n1577836800000,0.1\n", Invalid, "no column is the time"),
        ("time,rate,rate\n1577836800000,0.1,0.1\n", Invalid, "more than one column is the rate"),
        ("1577836800000,1,0.0001\n", Invalid, "Row 1 has 3 columns"),
        ("time,rate\n1577836800000\n", Invalid, "Row 2 has 1 columns, not 2"),
        ("time,rate\n1577836800000,high\n", Invalid, "Row 2: 'high' is no rate"),
        ("time,rate\n1577836800000,nan\n", Invalid, "'nan' is no rate"),
        ("time,rate\n1577836800000,1e-999999999\n", Invalid, "is no rate"),
        ("time,rate\n1577836800000,0.11\n", Invalid, "Row 2: 0.11. A funding rate is a fraction"),
        ("time,rate\n1577836800000,0.00000000001\n", Invalid, "nine decimals"),
        ("time,rate\n17,0.0001\n", Invalid, "Row 2: 17 is no time"),
        ("time,rate\nsoon7,0.0001\n", Invalid, "Row 2: 'soon7' is no time"),
        ("time,rate\n1577836800000,0.1\n2020-01-01,0.1\n", Invalid, "Row 3: '2020-01-01' is no"),
        ("time,rate\n1577836800000,0.1\n1577836800,0.1\n", Invalid, "Row 3: 1577836800 is in s"),
        ("time,rate\n9999999999999999999,0.1\n", Invalid, "Row 2"),
        (
            "time,rate\n1577836800000,0.1\n1577865600000,0.1\n1577836800009,0.02\n",
            Invalid,
            "Row 4: 2020-01-01 00:00 UTC stands in row 2 already",
        ),
        ('time,rate\n1577836800000,"0.1\n', Unreadable, "no row of a table"),
        ("time,rate\n1577836800000,0.1\0\n", Unreadable, "binary"),
    ],
)
def test_what_is_wrong_is_said_by_its_row(text: str, error: type[SondeError], words: str) -> None:
    with pytest.raises(error) as raised:
        read_rates(text.encode())
    assert words in raised.value.message


def test_what_is_too_large_or_no_text_is_refused_at_the_entrance() -> None:
    with pytest.raises(TooLarge, match="8 MB"):
        read_rates(b"1" * (MOST_BYTES + 1))
    times = BEGIN + np.arange(MOST_ROWS + 1) * 60_000
    with pytest.raises(TooLarge, match="100,000 rows"):
        read_rates("\n".join(f"{time},0" for time in times).encode())
    with pytest.raises(Unreadable, match="UTF-8"):
        read_rates(b"\xff\xfe\x00t")
    with pytest.raises(Unreadable, match="no row of a table"):
        read_rates(b"time,rate\n1577836800000," + b"1" * 200_000)


@given(st.binary(max_size=200))
def test_no_content_does_more_than_be_refused(content: bytes) -> None:
    with suppress(SondeError):
        assert read_rates(content)
