"""Trades in other orders and drawn again: how it could have gone as well."""

from collections.abc import Mapping
from typing import Any, Final

from dash import html

from sonde.markets.ui.backtests.figures import bands_figure
from sonde.markets.ui.backtests.ids import ResultId
from sonde.markets.ui.backtests.words import value_words
from sonde.platform.ui.components import columns
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column
from sonde.platform.ui.wording import count

_TITLES: Final = {
    "shuffle": "The same trades in another order",
    "resample": "Trades drawn again, with replacement",
}


def redrawn_panel(drawn: Mapping[str, Any], start: float, unit: str) -> Any:
    """Return both ways of drawing, each with its bands and its drawdowns."""
    return columns([_one(name, drawn[name], start, unit) for name in _TITLES], minimum=430)


def _one(name: str, drawn: Mapping[str, Any], start: float, unit: str) -> Any:
    head = (
        Column("Percentile", numeric=True),
        Column("Deepest fall", numeric=True),
        Column(f"Final equity, {unit}", numeric=True),
    )
    rows = [
        [f"{percent} %", fall_words(fall), value_words(final, "money")]
        for percent, fall, final in zip(
            drawn["percentiles"], drawn["max_drawdown"], drawn["final"], strict=True
        )
    ]
    return html.Div(
        [
            html.H3(_TITLES[name]),
            graph(
                bands_figure(drawn, start, unit),
                id=f"{ResultId.BANDS.value}-{name}",
                name=_TITLES[name],
                summary=drawn_words(drawn),
                twin=Twin(head, rows),
                height=280,
            ),
        ]
    )


def fall_words(fall: float) -> str:
    """Write how deep redrawn trades fell; amounts are added, so they can lose more than all.

    Examples
    --------
    >>> fall_words(0.5), fall_words(1.6)
    ('50.00 %', 'everything')
    """
    return value_words(fall, "share") if fall < 1 else "everything"


def drawn_words(drawn: Mapping[str, Any]) -> str:
    """Say what the draws say about drawdown and ruin.

    Examples
    --------
    >>> drawn_words({"draws": 1000, "percentiles": [5, 50, 95], "max_drawdown": [0.1, 0.2, 0.4],
    ...              "observed_drawdown": 0.15, "ruin": 0.01})[:66]
    'Of 1,000 draws 95 % fell less than 40.00 %; the backtest fell 15.0'
    """
    deepest = dict(zip(drawn["percentiles"], drawn["max_drawdown"], strict=True))
    most = value_words(deepest[95], "share")
    fell = f"95 % fell less than {most}" if deepest[95] < 1 else "5 % or more lost everything"
    return (
        f"Of {count(drawn['draws'])} draws {fell}; "
        f"the backtest fell {value_words(drawn['observed_drawdown'], 'share')} at its trades' "
        f"exits. {value_words(drawn['ruin'], 'share')} of the draws lost half of the money."
    )
