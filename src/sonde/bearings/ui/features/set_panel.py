"""Saved sets: what they hold, and how they are used."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.features.sets import FeatureSet
from sonde.bearings.ui.features.ids import FeaturesId, FeaturesType, act, text
from sonde.bearings.ui.features.state import PAGE
from sonde.platform.ui.components import button_link, card, empty_state
from sonde.platform.ui.icons import icon
from sonde.platform.ui.wording import ago


def sets_panel(
    sets: Sequence[FeatureSet],
    titles: Mapping[str, str],
    *,
    dataset_id: str,
    n_chosen: int,
    changeable: frozenset[str],
    may_save: bool,
) -> list[Any]:
    """Return the saved sets, and the way to save what is chosen now."""
    save = html.Div(
        [
            dmc.TextInput(
                id=text("set"),
                label=f"Save the {n_chosen} chosen features",
                placeholder="Name of the set",
                className="sonde-grow",
                inputProps={"maxLength": 80},
            ),
            dmc.Button("Save", id=act("save"), disabled=not (may_save and n_chosen)),
        ],
        className="sonde-beside",
    )
    if not sets:
        return [
            card(save),
            card(
                empty_state(
                    "No sets yet",
                    "Choose features at the side, or let a selection choose, and save them: "
                    "experiments learn from them window by window.",
                    icon_name="tabler:math-function",
                )
            ),
        ]
    cards = [_set_card(one, titles, dataset_id, may_change=one.id in changeable) for one in sets]
    return [card(save), *cards]


def _set_card(
    one: FeatureSet, titles: Mapping[str, str], dataset_id: str, *, may_change: bool
) -> Any:
    chips = [html.Span(titles.get(name, name), className="sonde-chip") for name in one.choice.names]
    method = one.made_from.get("method")
    how = f"chosen by {method}" if method else "chosen by hand"
    names = ",".join(one.choice.names)
    query = f"source=datasets&ref={dataset_id}&feature_set={one.id}"
    actions = [
        button_link("Train on it", f"/experiment/new?{query}", icon_name="tabler:player-play"),
        button_link("Choose these", f"{PAGE}?dataset={dataset_id}&names={names}&tab=table"),
        *(_changes(one) if may_change else []),
    ]
    return card(
        html.Div(chips, className="sonde-chips"),
        title=one.name,
        description=f"{len(one.choice.names)} features, {how} {ago(one.created_at)} by "
        f"{one.owner_name} · {one.choice.digest}",
        actions=actions,
    )


def _changes(one: FeatureSet) -> list[Any]:
    edit = {"type": FeaturesType.SET_EDIT, "set": one.id, "name": one.name}
    return [
        dmc.ActionIcon(
            icon(icon_name, 15),
            id=identifier,
            variant="subtle",
            color="gray",
            **{"aria-label": f"{words} {one.name}"},
        )
        for identifier, words, icon_name in (
            (edit, "Rename", "tabler:pencil"),
            (act("delete", one.id), "Delete", "tabler:trash"),
        )
    ]


def rename_modal() -> Any:
    """Return the dialog in which a set gets another name."""
    return dmc.Modal(
        html.Div(
            [
                dmc.TextInput(id=text("rename"), label="Name", inputProps={"maxLength": 80}),
                html.Div(dmc.Button("Rename", id=act("rename")), className="sonde-row sonde-end"),
            ],
            className="sonde-stack",
        ),
        id=FeaturesId.SET_MODAL,
        title="Rename the set",
        centered=True,
    )
