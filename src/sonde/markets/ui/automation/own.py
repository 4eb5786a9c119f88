"""Strategies of one's own: administrators load and withdraw them here."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.markets.core.strategies.loading import SOURCE_BYTES
from sonde.markets.services.user_strategies import OwnVersion
from sonde.markets.ui.automation.ids import AutomationId, AutomationType
from sonde.platform.ui.components import badge, card, stack
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.uploads import drop_area
from sonde.platform.ui.wording import ago

_COLUMNS: Final = (
    Column("Strategy"),
    Column("Version", numeric=True),
    Column("State"),
    Column("What was found"),
    Column("Loaded"),
    Column(""),
)
_TONES: Final = {"ready": Tone.GOOD, "refused": Tone.BAD, "checking": Tone.INFO}
EXAMPLE: Final = """from sonde.markets.core.indicators.sma import sma
from sonde.markets.core.parameters import Parameter
from sonde.markets.core.strategies.decisions import Decisions


class AboveMean:
    name = "above-mean"
    title = "Above its mean"
    words = "Is long while the close is above its mean."
    parameters = (Parameter("period", "Period", "int", 2, 400, 50, "Bars of the mean."),)

    def warm_up(self, settings):
        return settings["period"]

    def decide(self, candles, settings):
        mean = sma(candles.close, settings["period"])
        return Decisions.of(
            candles.n,
            enter_long=candles.close > mean,
            exit_long=candles.close < mean,
            indicators={"mean": mean},
        )
"""


def own_card(found: Sequence[OwnVersion]) -> Any:
    """Return the panel in which an administrator loads strategies."""
    hint = ".py with exactly one class, up to 64 kB"
    upload = drop_area(AutomationId.SOURCE, "a strategy", hint, max_size=SOURCE_BYTES, accept=".py")
    example = html.Details(
        [html.Summary("What a strategy looks like"), dmc.Code(EXAMPLE, block=True)],
        className="sonde-twin",
    )
    listed = html.Div(own_list(found), id=AutomationId.OWN)
    return card(
        stack([upload, example, listed]),
        title="Strategies of your own",
        description="It runs in a process that can open no file and no connection. Before anybody "
        "can use it, it is asked on candles that are cut: one that knows the future is refused.",
    )


def own_list(found: Sequence[OwnVersion]) -> Any:
    """Return the versions that were loaded."""
    if not found:
        return html.P("None is loaded yet.", className="sonde-dim")
    return plain_table(_COLUMNS, [_row(one) for one in found])


def _row(one: OwnVersion) -> list[Any]:
    said = one.reason
    if one.state == "ready" and one.proof:
        said = (
            f"{one.proof['entries']:,} entries on {one.proof['bars']:,} bars, cut "
            f"{one.proof['cuts']} times: knows nothing of the future"
        )
    withdraw = dmc.Button(
        "Withdraw",
        id={"type": AutomationType.WITHDRAW.value, "name": one.name, "version": one.version},
        size="compact-sm",
        variant="default",
        **{"aria-label": f"Withdraw {one.name}"},
    )
    mark = badge(one.state, _TONES.get(one.state, Tone.NEUTRAL))
    return [
        html.Div([html.Div(one.title), html.Div(one.name, className="sonde-dim")]),
        str(one.version),
        html.Span(mark, className="sonde-whole-badge"),
        html.Span(said, className="sonde-dim"),
        ago(one.created_at),
        withdraw if one.state in {"ready", "checking"} else "",
    ]
