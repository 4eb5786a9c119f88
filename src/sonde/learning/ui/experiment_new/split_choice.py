"""The choice of a split, with what each kind of split asks."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.splits.policy import SplitPolicy
from sonde.learning.ui.experiment_new.fields import form_grid
from sonde.learning.ui.experiment_new.form import HONEST_CHOICE
from sonde.learning.ui.experiment_new.ids import NewId, field
from sonde.learning.ui.experiment_new.model_choice import choice
from sonde.platform.ui.components import badge
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone


def split_section(policies: Sequence[SplitPolicy], form: Mapping[str, Any]) -> list[Any]:
    """Return the cards of all splits, and the details of the chosen one."""
    first = choice(
        HONEST_CHOICE,
        "The honest one for this data",
        "Chosen by what the data knows about itself: what belongs together stays on one side.",
        icon("tabler:shield-check", 20),
        [badge("Recommended", Tone.GOOD)],
    )
    cards = [first, *(_policy(one) for one in policies)]
    picker = dmc.RadioGroup(
        html.Div(cards, className="sonde-columns", style={"--sonde-column": "250px"}),
        id=field("split/policy"),
        value=form.get("split/policy", HONEST_CHOICE),
        **{"aria-label": "Split"},
    )
    return [picker, form_grid(_details(form))]


def _policy(one: SplitPolicy) -> Any:
    mark = [badge("Leaky", Tone.WARN, icon_name="tabler:droplet")] if one.is_leaky else []
    name = "tabler:alert-triangle" if one.is_leaky else "tabler:arrows-split"
    return choice(one.name, one.title.replace(" (leaky)", ""), one.help, icon(name, 20), mark)


def _details(form: Mapping[str, Any]) -> list[Any]:
    protocol = dmc.Select(
        id=field("split/protocol"),
        label="Protocol",
        data=[],
        value=form.get("split/protocol") or None,
        allowDeselect=False,
    )
    attribute = dmc.Select(
        id=field("split/attribute"),
        label="Leave out",
        data=[],
        value=form.get("split/attribute") or None,
        allowDeselect=False,
    )
    n_folds = dmc.NumberInput(
        id=field("split/n_folds"),
        label="Folds",
        value=form.get("split/n_folds", 5),
        min=2,
        max=20,
        allowDecimal=False,
    )
    fraction = dmc.NumberInput(
        id=field("split/test_fraction"),
        label="Share tested",
        value=form.get("split/test_fraction", 0.25),
        min=0.05,
        max=0.9,
        step=0.05,
    )
    boxes = (
        (NewId.PROTOCOL_BOX, protocol),
        (NewId.ATTRIBUTE_BOX, attribute),
        (NewId.N_FOLDS_BOX, n_folds),
        (NewId.FRACTION_BOX, fraction),
    )
    return [html.Div(one, id=name, style={"display": "none"}) for name, one in boxes]
