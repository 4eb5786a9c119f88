"""The editor of alarm limits of one figure of a channel."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.condition.alarms import BandKind
from sonde.bearings.core.condition.zones import VELOCITY, ZoneNote
from sonde.bearings.services.condition.trends import Trend
from sonde.bearings.ui.condition.ids import ConditionId
from sonde.platform.ui.components import card, note
from sonde.platform.ui.theme import Tone


def limits_card(trend: Trend, zone: ZoneNote, *, may_change: bool) -> Any:
    """Return what limits there are, and the form that sets others."""
    body: list[Any] = [html.P(_said(trend))]
    if trend.feature.name == VELOCITY:
        body.append(note(zone.sentence, Tone.INFO, title="ISO 20816-3"))
    if may_change:
        body.append(_form(trend))
    stacked = html.Div(body, className="sonde-stack")
    return card(stacked, title=f"Limits of {trend.feature.name}")


def _said(trend: Trend) -> str:
    if trend.band is None:
        return (
            "No limits yet: nobody is told when this figure rises. Fixed limits are yours to "
            "choose; learned ones lie three and six robust standard deviations above the median of "
            "the first values; ISO 20816-3 limits the velocity."
        )
    band = trend.band.band
    kind = {
        BandKind.FIXED: "Fixed",
        BandKind.STATISTICAL: "Learned from the first values",
        BandKind.ISO_20816: "ISO 20816-3, ends of zones B and C",
    }[band.kind]
    return (
        f"{kind}: warning above {band.warning:.4g}, alarm above {band.alarm:.4g}, told after "
        f"{band.in_a_row} in a row."
    )


def _form(trend: Trend) -> Any:
    band = trend.band.band if trend.band else None
    kinds = [(BandKind.FIXED, "Fixed"), (BandKind.STATISTICAL, "Learned")]
    if trend.feature.name == VELOCITY:
        kinds.append((BandKind.ISO_20816, "ISO 20816-3"))
    kind = band.kind if band else BandKind.FIXED
    choice = dmc.SegmentedControl(
        id=ConditionId.BAND_KIND,
        data=[{"value": value.value, "label": label} for value, label in kinds],
        value=kind.value,
        size="xs",
    )
    fixed = html.Div(
        html.Div(
            [
                _number(ConditionId.BAND_WARNING, "Warning above", band.warning if band else None),
                _number(ConditionId.BAND_ALARM, "Alarm above", band.alarm if band else None),
            ],
            className="sonde-row",
        ),
        id=ConditionId.BAND_FIXED,
        hidden=kind is not BandKind.FIXED,
    )
    learned = html.Div(
        _number(ConditionId.BAND_FIRST, "From the first", 15, least=8),
        id=ConditionId.BAND_LEARNED,
        hidden=kind is not BandKind.STATISTICAL,
    )
    in_a_row = _number(ConditionId.BAND_ROW, "In a row", band.in_a_row if band else 2, least=1)
    buttons = [dmc.Button("Set limits", id=ConditionId.BAND_SET, size="xs")]
    remove = dmc.Button(
        "Remove",
        id=ConditionId.BAND_REMOVE,
        size="xs",
        variant="default",
        disabled=band is None,
    )
    return html.Div(
        [
            html.Div(choice),
            html.Div(
                [fixed, learned, in_a_row, *buttons, remove],
                className="sonde-row",
                style={"alignItems": "flex-end"},
            ),
            html.Div(id=ConditionId.BAND_REFUSED, **{"aria-live": "polite"}),
        ],
        className="sonde-stack",
    )


def _number(id: str, label: str, value: float | None, least: float | None = None) -> Any:
    limits = {} if least is None else {"min": least, "allowDecimal": False}
    return dmc.NumberInput(
        id=id,
        label=label,
        value=value if value is None or least is not None else float(f"{value:.5g}"),
        hideControls=True,
        size="xs",
        w=120,
        **limits,
    )
