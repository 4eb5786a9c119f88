"""Layouts of files of candles: which column is what, by header or by position."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sonde.markets.core.prices.choices import AUTO, WANTED, ReadChoices
from sonde.platform.core.errors import Invalid

_PLAIN = ("time", "open", "high", "low", "close", "volume")


@dataclass(frozen=True)
class Layout:
    """Where the six columns stand in a file without a header.

    Parameters
    ----------
    name : str
    title : str
    order : tuple of str
        What each column is, from the first on; empty names are not used.
    """

    name: str
    title: str
    order: tuple[str, ...]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.order)


LAYOUTS: Mapping[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout("plain", "Time, open, high, low, close, volume", _PLAIN),
        Layout(
            "coinbase",
            "Coinbase: time, low, high, open, close, volume",
            ("time", "low", "high", "open", "close", "volume"),
        ),
        Layout("kraken", "Kraken OHLCVT: seconds, prices, volume, trades", (*_PLAIN, "")),
        Layout(
            "kraken-rest",
            "Kraken OHLC: with the volume weighted price before the volume",
            ("time", "open", "high", "low", "close", "", "volume", ""),
        ),
        Layout("binance", "Binance klines of 12 columns", (*_PLAIN, "", "", "", "", "", "")),
    )
}
# Names in headers, lower case, letters and digits only, the first that is there wins.
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "time": (
        "opentime",
        "opentimems",
        "timestamp",
        "unix",
        "unixtimestamp",
        "time",
        "datetime",
        "date",
        "opendate",
        "timeperiodstart",
        "t",
        "ts",
        "indexlevel0",
    ),
    "open": ("open", "openprice", "priceopen", "o"),
    "high": ("high", "highprice", "pricehigh", "max", "h"),
    "low": ("low", "lowprice", "pricelow", "min", "l"),
    "close": ("close", "closeprice", "priceclose", "last", "c"),
    "volume": ("volume", "volumebase", "basevolume", "basevol", "volumetraded", "vol", "v"),
}


def mapped_columns(
    names: Sequence[str], width: int, choices: ReadChoices
) -> tuple[str, dict[str, int]]:
    """Find the six columns.

    Parameters
    ----------
    names : sequence of str
        The header; empty where the file has none.
    width : int
        Number of columns.
    choices : ReadChoices

    Returns
    -------
    layout : str
        ``"header"`` where the header said what is what; else the name of the layout, which for
        six columns without a header is still to be told from the numbers.
    columns : dict of str to int
        Position of each of the six.

    Raises
    ------
    Invalid
        If a column is not there; names what the file has.

    Examples
    --------
    >>> mapped_columns(["Date", "O", "H", "L", "C", "Volume BTC"], 6, ReadChoices(0))
    ('header', {'time': 0, 'open': 1, 'high': 2, 'low': 3, 'close': 4, 'volume': 5})
    """
    if choices.layout not in {AUTO, *LAYOUTS}:
        raise Invalid(
            f"There is no layout {choices.layout!r}; choose {AUTO} or one of {', '.join(LAYOUTS)}.",
            field="layout",
        )
    if names and choices.layout == AUTO:
        layout, found = "header", _by_header(names)
    else:
        layout, found = _by_position(width, choices)
    for wanted, column in choices.columns.items():
        found[wanted] = _chosen(column, names, width)
    missing = [name for name in WANTED if name not in found]
    if missing:
        have = ", ".join(name[:40] for name in names[:20]) or f"{width} columns without a header"
        raise Invalid(
            f"This file has no column for {', '.join(missing)}; it has {have}. "
            f"Say which it is, as in --column {missing[0]}=NAME.",
            field="columns",
        )
    return layout, {name: found[name] for name in WANTED}


def _by_header(names: Sequence[str]) -> dict[str, int]:
    plain = [re.sub(r"[^a-z0-9]", "", name[:80].lower()) for name in names]
    found = {
        wanted: plain.index(alias)
        for wanted, aliases in _ALIASES.items()
        for alias in reversed(aliases)
        if alias in plain
    }
    if "volume" not in found:
        # "Volume BTC, Volume USDT": the base comes first.
        place = next((k for k, name in enumerate(plain) if name.startswith("volume")), None)
        found |= {} if place is None else {"volume": place}
    return found


def _by_position(width: int, choices: ReadChoices) -> tuple[str, dict[str, int]]:
    if choices.layout != AUTO:
        layout = LAYOUTS[choices.layout]
        if width < max(k for k, name in enumerate(layout.order) if name) + 1:
            raise Invalid(
                f"The layout {layout.name} has {layout.width} columns; this file has {width}.",
                field="layout",
            )
    else:
        by_width = {each.width: each for each in reversed(tuple(LAYOUTS.values()))}
        layout = by_width.get(width, LAYOUTS["plain"])
        if width not in by_width and len(choices.columns) < len(WANTED):
            raise Invalid(
                f"This file has {width} columns and no header, which is no known layout; say "
                "which column is what, as in --column time=1 --column open=2.",
                field="columns",
            )
    return layout.name, {name: k for k, name in enumerate(layout.order) if name and k < width}


def _chosen(column: str, names: Sequence[str], width: int) -> int:
    if column in names:
        return list(names).index(column)
    if column.isdecimal() and 1 <= int(column[:6]) <= width:
        return int(column) - 1
    have = ", ".join(name[:40] for name in names[:20]) or f"columns 1 to {width}"
    raise Invalid(f"This file has no column {column!r}; it has {have}.", field="columns")
