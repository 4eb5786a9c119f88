"""The form that imports a file of candles, and what became of the latest ones."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.markets.core.instruments import FEE_PRESETS
from sonde.markets.core.prices.choices import AUTO, TIME_UNITS, WANTED
from sonde.markets.core.timeframes import TIMEFRAMES
from sonde.markets.services.price_imports import PriceImport, PriceWish
from sonde.markets.ui.market_data.ids import ImportId
from sonde.markets.ui.market_data.state import path_of
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import Job
from sonde.platform.ui.components import badge, card, columns, stack
from sonde.platform.ui.icons import icon
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.uploads import drop_area
from sonde.platform.ui.wording import ago, count

MAX_FILE_BYTES: Final = 128 << 20
LAYOUTS: Final = (
    (AUTO, "Recognise it"),
    ("plain", "Time, open, high, low, close, volume"),
    ("binance", "Binance klines of 12 columns"),
    ("coinbase", "Coinbase: time, low, high, open, close, volume"),
    ("kraken", "Kraken OHLCVT"),
    ("kraken-rest", "Kraken REST"),
)
# In the order in which `wish_of` takes their values.
FIELDS: Final = (
    ImportId.SYMBOL,
    ImportId.VENUE,
    ImportId.TIMEFRAME,
    ImportId.LAYOUT,
    ImportId.UNIT,
    ImportId.COLUMNS,
)
_COLUMNS = (
    Column("File"),
    Column("Symbol"),
    Column("State"),
    Column("New", numeric=True),
    Column("Known", numeric=True),
    Column("Changed", numeric=True),
    Column("What was found"),
    Column("Begun"),
)


def import_card(listed: Any) -> Any:
    """Return the form, with `listed` below it."""
    form = [
        _names(),
        _drop(),
        _more(),
        html.Div(
            dmc.Button("Import", id=ImportId.READ, leftSection=icon("tabler:file-import", 16)),
            className="sonde-row sonde-end",
        ),
        html.Div(listed, id=ImportId.LIST, className="sonde-stack"),
        dcc.Store(id=ImportId.ASKED),
    ]
    return card(
        stack(form),
        title="Import a file",
        description="A file goes in whole or not at all; what is wrong is said by row and column.",
    )


def wish_of(values: Mapping[str, Any], *, overwrite: bool) -> PriceWish:
    """Return what the fields say, by their identifiers; raises Invalid."""
    said = {name: str(values.get(name) or "").strip() for name in FIELDS}
    if not said[ImportId.SYMBOL]:
        raise Invalid("Say which symbol the file is of, such as BTCUSDT.", field="symbol")
    return PriceWish(
        symbol=said[ImportId.SYMBOL].upper(),
        venue=said[ImportId.VENUE].lower() or "file",
        timeframe=said[ImportId.TIMEFRAME],
        layout=said[ImportId.LAYOUT] or AUTO,
        time_unit=said[ImportId.UNIT] or AUTO,
        columns=named_columns(said[ImportId.COLUMNS]),
        overwrite=overwrite,
    )


def named_columns(text: str) -> dict[str, str]:
    """Return which column is what; raises Invalid.

    Examples
    --------
    >>> named_columns("close=Last, volume=6")
    {'close': 'Last', 'volume': '6'}
    """
    chosen = {}
    for part in (part.strip() for part in text.split(",")):
        name, equals, column = (piece.strip() for piece in part.partition("="))
        if not part:
            continue
        if not equals or not column:
            raise Invalid(f"Write {part!r} as name=column, such as close=Last.", field="columns")
        chosen[name] = column
    return chosen


def import_list(recent: Sequence[PriceImport], jobs: Mapping[str, Job]) -> list[Any]:
    """Return the latest imports; those that are being read as their jobs."""
    waiting = [job_progress(jobs[one.job_id]) for one in recent if one.job_id in jobs]
    done = [_row(one) for one in recent if one.job_id not in jobs]
    return [*waiting, plain_table(_COLUMNS, done)] if done else waiting


def _row(one: PriceImport) -> list[Any]:
    words = {
        "stored": ("stored", Tone.GOOD),
        "failed": ("refused", Tone.BAD),
        "expired": ("let go", Tone.NEUTRAL),
    }
    is_stored = one.state == "stored"
    symbol = dmc.Anchor(one.wish.symbol, href=path_of(one.series_id), size="sm")
    return [
        one.file_name,
        symbol if is_stored and one.series_id else one.wish.symbol,
        html.Span(
            badge(*words.get(one.state, (one.state, Tone.INFO))), className="sonde-whole-badge"
        ),
        *(count(n) if is_stored else "" for n in (one.n_new, one.n_same, one.n_changed)),
        html.Span(" ".join(one.notes), className="" if one.state == "failed" else "sonde-dim"),
        ago(one.created_at),
    ]


def _names() -> Any:
    return columns(
        [
            dmc.TextInput(
                id=ImportId.SYMBOL,
                label="Symbol",
                placeholder="BTCUSDT",
                required=True,
                inputProps={"maxLength": 40},
            ),
            dmc.Autocomplete(
                id=ImportId.VENUE,
                label="Venue",
                placeholder="binance; empty where it does not matter",
                data=sorted(set(FEE_PRESETS) - {"replay"}),
            ),
            dmc.Select(
                id=ImportId.TIMEFRAME,
                label="Bars of",
                data=list(TIMEFRAMES),
                placeholder="detected",
                clearable=True,
            ),
        ],
        minimum=170,
    )


def _drop() -> Any:
    hint = ".csv, .tsv, .txt or .parquet, up to 128 MB"
    upload = drop_area(ImportId.FILE, "a file of candles", hint, max_size=MAX_FILE_BYTES)
    return html.Div([upload, html.Div(id=ImportId.CHOSEN, className="sonde-dim", role="status")])


def _more() -> Any:
    fields = columns(
        [
            dmc.Select(
                id=ImportId.LAYOUT,
                label="Layout of the file",
                data=[{"value": value, "label": label} for value, label in LAYOUTS],
                value=AUTO,
                allowDeselect=False,
            ),
            dmc.Select(
                id=ImportId.UNIT,
                label="Times are in",
                data=list(TIME_UNITS),
                value=AUTO,
                allowDeselect=False,
            ),
            dmc.TextInput(
                id=ImportId.COLUMNS,
                label="Which column is what",
                placeholder="close=Last, volume=6",
                description=f"Of {', '.join(WANTED)}; by name, or by number from 1",
            ),
        ],
        minimum=200,
    )
    again = dmc.Checkbox(
        id=ImportId.OVERWRITE,
        label="Bars that differ take the place of what is stored",
        checked=False,
        size="sm",
    )
    return html.Details(
        [html.Summary("For files that are not recognised"), stack([fields, again])],
        className="sonde-twin",
    )
