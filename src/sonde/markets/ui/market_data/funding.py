"""The form that imports funding rates of perpetuals, and which are known."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.funding_files import MOST_BYTES
from sonde.markets.core.prices.checking import when
from sonde.markets.core.prices.series import Series
from sonde.markets.services.funding import KnownRates
from sonde.markets.ui.market_data.ids import FundingId
from sonde.platform.ui.components import card, stack
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.uploads import drop_area
from sonde.platform.ui.wording import count

_COLUMNS: Final = (
    Column("Instrument"),
    Column("Rates", numeric=True),
    Column("From"),
    Column("Newest"),
    Column("Newest rate", numeric=True),
)


def funding_card(stored: Sequence[Series], known: Sequence[KnownRates]) -> Any:
    """Return the form, with what is known below it."""
    keys = sorted({one.instrument.key for one in stored})
    choose = dmc.Select(
        id=FundingId.SYMBOL,
        label="Instrument",
        data=keys,
        value=keys[0] if keys else None,
        placeholder="import prices first",
        searchable=True,
        allowDeselect=False,
        maw=320,
    )
    hint = f".csv with timestamp and rate, up to {MOST_BYTES >> 20} MB"
    upload = drop_area(FundingId.FILE, "a file of funding rates", hint, max_size=MOST_BYTES)
    said = html.Div(id=FundingId.SAID, role="status")
    listed = html.Div(rate_list(known), id=FundingId.LIST)
    return card(
        stack([choose, upload, said, listed]),
        title="Funding rates",
        description="Perpetuals pay them, on paper and in backtests. A file goes in whole or not "
        "at all.",
    )


def rate_list(known: Sequence[KnownRates]) -> Any:
    """Return which rates are known."""
    if not known:
        return html.P("None is known yet: perpetuals pay nothing.", className="sonde-dim")
    return plain_table(_COLUMNS, [_row(one) for one in known])


def _row(one: KnownRates) -> list[Any]:
    rate = f"{(one.newest * 100).normalize():f} %"
    return [one.key, count(one.n_rates), _moment(one.first_ms), _moment(one.last_ms), rate]


def _moment(time_ms: int) -> Any:
    words = "the beginning" if time_ms == 0 else when(time_ms)
    return html.Span(words, className="sonde-nowrap")
