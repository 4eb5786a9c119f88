"""What tests of prices share: files of candles in every layout, and columns."""

from pathlib import Path

import numpy as np

from sonde.markets.core.prices.columns import PriceColumns

HOUR, BEGIN = 3_600_000, 1_622_505_600_000  # 2021-06-01
ROWS = (
    (BEGIN, 10.5, 11.25, 9.75, 11.0, 100.25),
    (BEGIN + HOUR, 11.0, 12.5, 10.75, 12.25, 50.5),
    (BEGIN + 2 * HOUR, 12.25, 12.75, 11.5, 11.75, 0.125),
)
LATE = BEGIN + 1000 * HOUR


def text(rows=ROWS, header="timestamp,open,high,low,close,volume", delimiter=","):
    """Return a text table."""
    lines = [header] if header else []
    return "\n".join([*lines, *(delimiter.join(str(cell) for cell in row) for row in rows)]) + "\n"


def put(folder: Path, content: str | bytes, name: str = "prices.csv") -> Path:
    """Write a file."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def columns(times, closes=None, opens=None, volume=1.0) -> PriceColumns:
    """Return candles whose high and low are those of open and close."""
    times = np.asarray(times, np.int64)
    closes = np.full(times.size, 10.0) if closes is None else np.asarray(closes, float)
    opens = closes if opens is None else np.asarray(opens, float)
    top, bottom = np.maximum(opens, closes), np.minimum(opens, closes)
    return PriceColumns(times, opens, top, bottom, closes, np.full(times.size, float(volume)))
