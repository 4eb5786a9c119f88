"""What stands under the tabs: table, distributions, correlation."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.features.correlation import CorrelationMap
from sonde.bearings.core.features.distribution import ClassSpread
from sonde.bearings.core.features.registry import FeatureDefinition, unit_text
from sonde.bearings.core.features.table import FeatureTable
from sonde.bearings.ui.features.figures import correlation_figure, spread_figure
from sonde.bearings.ui.features.ids import FeaturesId, setting
from sonde.bearings.ui.features.state import LOOKS, ViewState
from sonde.platform.ui.components import card, note
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column, grid, plain_table
from sonde.platform.ui.theme import Tone

_ABOUT: Final = (
    Column(
        "Recording",
        "title",
        options={"cellRenderer": "SondeLink", "minWidth": 230, "pinned": "left"},
    ),
    Column("Class", "label", width=130),
    Column("Physical bearing", "bearing", width=150),
)
_TALLEST: Final = 1500


def titled(definition: FeatureDefinition, unit: str) -> str:
    """Return a feature's title with its unit."""
    shown = unit_text(definition.unit, unit)
    return f"{definition.title} ({shown})" if shown else definition.title


def figure_text(value: float) -> str:
    """Return a value with four digits; a dash where there is none.

    Examples
    --------
    >>> figure_text(0.00012345), figure_text(123456.0), figure_text(float("nan"))
    ('0.0001234', '1.235e+05', '-')
    """
    return f"{value:.4g}" if math.isfinite(value) else "-"


def table_panel(definitions: Sequence[FeatureDefinition], unit: str) -> Any:
    """Return the grid of values, which asks for its rows."""
    columns = [
        Column(
            titled(one, unit),
            one.name.replace(":", "_"),
            numeric=True,
            width=150,
            options={"headerTooltip": f"{one.formula}. {one.source}."},
        )
        for one in definitions
    ]
    return card(
        grid(
            [*_ABOUT, *columns],
            id=FeaturesId.TABLE,
            name="Values of the features",
            height=560,
        ),
        className="sonde-card is-flush",
    )


def table_row(recording: StoredRecording, table: FeatureTable, place: int) -> dict[str, Any]:
    """Return a recording and its values as a row of the grid."""
    values = {
        name.replace(":", "_"): figure_text(float(value))
        for name, value in zip(table.names, table.values[place], strict=True)
    }
    return {
        "id": recording.id,
        "href": f"/signal-viewer/{recording.id}",
        "title": recording.title,
        "label": class_title(recording.label),
        "bearing": recording.bearing,
        **values,
    }


def distribution_panel(
    spreads: Sequence[ClassSpread],
    definitions: Sequence[FeatureDefinition],
    state: ViewState,
    unit: str,
) -> Any:
    """Return the spread of one feature in every class."""
    shown = next(one for one in definitions if one.name == state.shown_feature)
    controls = html.Div(
        [
            dmc.Select(
                id=setting("feature"),
                label="Feature",
                data=[{"value": one.name, "label": one.title} for one in definitions],
                value=shown.name,
                searchable=True,
                allowDeselect=False,
                className="sonde-grow",
            ),
            dmc.SegmentedControl(
                id=setting("look"),
                data=[{"value": key, "label": words} for key, words in LOOKS.items()],
                value=state.look,
            ),
        ],
        className="sonde-beside",
    )
    if not spreads:
        return card([controls, note(f"{shown.title} has no value here.", Tone.WARN)])
    columns = (
        Column("Class"),
        *(
            Column(name, numeric=True)
            for name in ("Recordings", "Low", "Quarter", "Median", "Three quarters", "High")
        ),
    )
    rows = [
        (
            class_title(one.label),
            one.n,
            *map(figure_text, (one.low, one.q1, one.median, one.q3, one.high)),
        )
        for one in spreads
    ]
    chart = graph(
        spread_figure(spreads, titled(shown, unit), state.look),
        id=FeaturesId.CHART,
        name=f"{shown.title} in each class",
        summary=_spread_summary(spreads, shown),
        twin=Twin(columns, rows),
        height=420,
    )
    formula = html.P([html.Code(shown.formula), f" · {shown.source}"], className="sonde-dim")
    return card([html.Div([controls, chart, formula], className="sonde-stack")])


def _spread_summary(spreads: Sequence[ClassSpread], shown: FeatureDefinition) -> str:
    if len(spreads) == 1:
        return f"Every recording with a value is of the class {class_title(spreads[0].label)}."
    ordered = sorted(spreads, key=lambda one: one.median)
    low, high = ordered[0], ordered[-1]
    return (
        f"The median of {shown.title} is lowest for {class_title(low.label)} "
        f"({figure_text(low.median)}) and "
        f"highest for {class_title(high.label)} ({figure_text(high.median)})."
    )


def correlation_panel(found: CorrelationMap, titles: Mapping[str, str]) -> Any:
    """Return the map of correlations and the features that say the same."""
    pairs = [(titles.get(a, a), titles.get(b, b), f"{r:+.3f}") for a, b, r in found.pairs]
    first = (
        f"{pairs[0][0]} and {pairs[0][1]} are most alike (r = {pairs[0][2]})."
        if pairs
        else ("No two features are alike (all |r| up to 0.8).")
    )
    columns = (Column("Feature"), Column("Feature"), Column("r", numeric=True))
    chart = graph(
        correlation_figure(found, titles),
        id=FeaturesId.CHART,
        name="Correlation of every two features",
        summary=f"{len(found.names)} features, alike ones beside each other. {first}",
        height=min(_TALLEST, 220 + 15 * len(found.names)),
    )
    parts: list[Any] = [card(chart, title="Correlation map", description="Pearson's r.")]
    if pairs:
        parts.append(
            card(
                plain_table(columns, pairs),
                title="Alike",
                description="Pairs with |r| above 0.8, the 20 strongest: one of each is enough.",
            )
        )
    if found.left_out:
        left = ", ".join(titles.get(name, name) for name in found.left_out)
        parts.append(note(f"Without variation or with gaps: {left}.", title="Left out"))
    return html.Div(parts, className="sonde-stack")
