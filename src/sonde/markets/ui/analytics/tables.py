"""Parts of the trades: by symbol, side, reason of the exit, and who asked."""

from collections.abc import Mapping
from typing import Any, Final

import dash_mantine_components as dmc

from sonde.markets.core.backtesting.metrics.trading import Trading
from sonde.markets.core.trade_analytics import TradeAnalytics
from sonde.markets.ui.figure_words import figure_shown, held, plain, share
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.wording import count

_PARTS: Final = (
    ("by_symbol", "Symbol"),
    ("by_side", "Side"),
    ("by_exit_reason", "Exit reason"),
    ("by_tag", "Asked by"),
)


def part_tables(found: TradeAnalytics) -> Any:
    """Return the figures of each part, one way of parting behind each tab."""
    heads = [dmc.TabsTab(title, value=name) for name, title in _PARTS]
    panels = [
        dmc.TabsPanel(_table(title, getattr(found, name), found.currency.code), value=name, pt="sm")
        for name, title in _PARTS
    ]
    return dmc.Tabs([dmc.TabsList(heads), *panels], value="by_symbol")


def _table(title: str, parts: Mapping[str, Trading], unit: str) -> Any:
    names = (
        "Trades",
        "Win rate",
        f"Net, {unit}",
        f"Costs, {unit}",
        "Profit factor",
        f"Expectancy, {unit}",
        "Held",
    )
    heads = (Column(title), *(Column(name, numeric=True) for name in names))
    ordered = sorted(parts.items(), key=lambda part: (-part[1].n, part[0]))
    return plain_table(heads, [_row(name, told) for name, told in ordered])


def _row(name: str, told: Trading) -> list[Any]:
    return [
        name or "not said",
        count(told.n),
        figure_shown(told.win_rate, share),
        f"{told.net:+,.2f}",
        f"{told.fees + told.funding:,.2f}",
        figure_shown(told.profit_factor, plain),
        figure_shown(told.expectancy, lambda value: f"{value:+,.2f}"),
        figure_shown(told.mean_held_ms, held),
    ]
