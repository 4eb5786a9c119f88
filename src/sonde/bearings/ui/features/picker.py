"""Choosing features: groups that fold, a search, ready choices, and bands of one's own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.features.own import DOMAIN as OWN
from sonde.bearings.core.features.own import PREFIX, OwnFeature, Quantity, Scale
from sonde.bearings.core.features.registry import FeatureDefinition, domains, unit_text
from sonde.bearings.ui.features.ids import FeaturesId, FeaturesType
from sonde.bearings.ui.features.state import PRESETS
from sonde.platform.ui.components import card
from sonde.platform.ui.icons import icon

_PRESETS: Final = (
    ("original", "The 36"),
    ("advanced", "Advanced 16"),
    ("all", "All"),
    ("none", "None"),
)
_NEEDS: Final = {
    "speed": "Needs the shaft speed.",
    "geometry": "Needs the shaft speed and the bearing.",
    "unit": "Needs a declared unit.",
}


def picker(
    definitions: Sequence[FeatureDefinition],
    chosen: Sequence[str],
    own: Sequence[OwnFeature],
    changeable: frozenset[str],
    *,
    may_define: bool,
) -> Any:
    """Return the card in which features are chosen."""
    groups = domains(definitions)
    groups.setdefault(OWN, [])
    opened = [domain for domain, found in groups.items() if _some(found, chosen)][:1]
    accordion = dmc.Accordion(
        [
            _group(domain, found, chosen, _own_tools(own, changeable, may_define, domain))
            for domain, found in groups.items()
        ],
        id=FeaturesId.GROUPS,
        multiple=True,
        value=opened,
        chevronPosition="left",
        variant="default",
    )
    body = [
        dmc.TextInput(
            id=FeaturesId.SEARCH,
            placeholder="Name, formula, source",
            leftSection=icon("tabler:search", 15),
            **{"aria-label": "Search features"},
        ),
        html.Div([_preset(*one) for one in _PRESETS], className="sonde-row sonde-wrap"),
        dmc.CheckboxGroup(accordion, id=FeaturesId.CHOSEN, value=list(chosen)),
    ]
    title = html.Span(id=FeaturesId.COUNT, className="sonde-dim", **{"aria-live": "polite"})
    return card(html.Div(body, className="sonde-stack is-tight"), title="Features", actions=[title])


def _some(found: Sequence[FeatureDefinition], chosen: Sequence[str]) -> bool:
    return any(one.name in chosen for one in found)


def _preset(name: str, words: str) -> Any:
    return dmc.Button(
        words,
        id={"type": FeaturesType.PRESET, "name": name},
        size="compact-xs",
        variant="default",
    )


def _group(
    domain: str, found: Sequence[FeatureDefinition], chosen: Sequence[str], tools: Mapping[str, Any]
) -> Any:
    n = sum(one.name in chosen for one in found)
    head = html.Div(
        [
            html.Span(domain.capitalize(), className="sonde-strong"),
            html.Span(
                f"{n} of {len(found)}",
                id={"type": FeaturesType.GROUP, "name": domain},
                className="sonde-dim sonde-small",
            ),
        ],
        className="sonde-feature-head",
    )
    rows = [_feature(one, tools.get(one.name)) for one in found]
    panel = [*rows, *([tools["define"]] if "define" in tools else [])]
    return dmc.AccordionItem(
        [dmc.AccordionControl(head), dmc.AccordionPanel(html.Div(panel))], value=domain
    )


def _feature(one: FeatureDefinition, tool: Any) -> Any:
    unit = unit_text(one.unit)
    name = one.title if one.title == one.name else f"{one.title} · {one.name}"
    needs = f" {_NEEDS[one.needs]}" if one.needs else ""
    label = html.Span(
        [html.Span(one.title), html.Span(f" {unit}" if unit else "", className="sonde-dim")],
        title=f"{name}. {one.formula}. {one.source}.{needs}",
    )
    described = html.Span(one.formula, className="sonde-formula")
    box = dmc.Checkbox(value=one.name, label=label, description=described, size="xs", radius="sm")
    return html.Div(
        [box, tool] if tool is not None else [box],
        id={"type": FeaturesType.ROW, "name": one.name},
        className="sonde-feature",
    )


def known(definitions: Sequence[FeatureDefinition], own: Sequence[OwnFeature]) -> dict[str, Any]:
    """Return what the browser has to know to search, count and choose."""
    groups = {domain: [one.name for one in found] for domain, found in domains(definitions).items()}
    return {
        "presets": {name: list(names) for name, names in PRESETS.items()},
        "groups": {**groups, OWN: groups.get(OWN, [])},
        "words": {
            one.name: f"{one.name} {one.title} {one.domain} {one.formula} {one.source}".lower()
            for one in definitions
        },
        "own": {one.id: one.band.as_json() for one in own},
    }


def _own_tools(
    own: Sequence[OwnFeature], changeable: frozenset[str], may_define: bool, domain: str
) -> dict[str, Any]:
    """Return what can be done to own features, by their column; and how one is defined."""
    if domain != OWN:
        return {}
    tools: dict[str, Any] = {
        one.band.column: html.Div(
            [
                _tool({"type": FeaturesType.OWN_EDIT, "own": one.id}, one, "Change"),
                _tool({"type": FeaturesType.OWN_DELETE, "own": one.id}, one, "Delete"),
            ],
            className="sonde-row sonde-nowrap",
        )
        for one in own
        if one.id in changeable
    }
    if may_define:
        tools["define"] = dmc.Button(
            "Define a band",
            id={"type": FeaturesType.OWN_EDIT, "own": "new"},
            size="compact-sm",
            variant="default",
            leftSection=icon("tabler:plus", 14),
            mt=6,
        )
    return tools


def _tool(identifier: dict[str, str], one: OwnFeature, words: str) -> Any:
    return dmc.ActionIcon(
        icon("tabler:pencil" if words == "Change" else "tabler:trash", 14),
        id=identifier,
        variant="subtle",
        color="gray",
        size="sm",
        **{"aria-label": f"{words} {one.band.name}"},
    )


def own_modal() -> Any:
    """Return the form in which a band is defined or changed."""
    form = html.Div(
        [
            dmc.TextInput(
                id=FeaturesId.OWN_NAME,
                label="Name",
                description=f"Tables call it {PREFIX}name",
                placeholder="gear_mesh",
                inputProps={"maxLength": 40},
            ),
            html.Div(
                [
                    dmc.NumberInput(id=FeaturesId.OWN_LOW, label="From", value=500, min=0),
                    dmc.NumberInput(id=FeaturesId.OWN_HIGH, label="To", value=1000, min=0),
                    dmc.Select(
                        id=FeaturesId.OWN_SCALE,
                        label="In",
                        data=[
                            {"value": Scale.HERTZ.value, "label": "Hz"},
                            {"value": Scale.ORDER.value, "label": "orders of the shaft"},
                        ],
                        value=Scale.HERTZ.value,
                        allowDeselect=False,
                    ),
                ],
                className="sonde-form is-dense",
            ),
            dmc.SegmentedControl(
                id=FeaturesId.OWN_QUANTITY,
                data=[
                    {"value": Quantity.RMS.value, "label": "RMS"},
                    {"value": Quantity.ENERGY.value, "label": "Energy"},
                    {"value": Quantity.PEAK.value, "label": "Peak"},
                    {"value": Quantity.KURTOSIS.value, "label": "Kurtosis"},
                ],
                value=Quantity.RMS.value,
                fullWidth=True,
            ),
            html.Div(dmc.Button("Save", id=FeaturesId.OWN_SAVE), className="sonde-row sonde-end"),
        ],
        className="sonde-stack",
    )
    return dmc.Modal(
        form, id=FeaturesId.OWN_MODAL, title="A feature of a band of your own", centered=True
    )
