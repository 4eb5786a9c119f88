"""The page that starts an experiment: data, model, training, split, and what the split is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.fitting.specification import ModelSpecification
from sonde.learning.core.sources import ProblemChoice
from sonde.learning.core.splits.policy import SplitPolicy
from sonde.learning.ui.experiment_new.fields import data_option_field
from sonde.learning.ui.experiment_new.ids import NewId, field
from sonde.learning.ui.experiment_new.model_choice import model_section
from sonde.learning.ui.experiment_new.side import side
from sonde.learning.ui.experiment_new.split_choice import split_section
from sonde.learning.ui.experiment_new.training_fields import training_section
from sonde.platform.ui.components import (
    PageView,
    button_link,
    card,
    empty_state,
    facts,
    note,
    split,
    stack,
)
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone


@dataclass(frozen=True)
class Offer:
    """Everything that a person may choose from, and what is chosen to begin with.

    Parameters
    ----------
    choices : tuple of (str, ProblemChoice)
        Slug of the source, and one of its problems.
    models : tuple of ModelSpecification
    policies : tuple of SplitPolicy
    teachers : tuple of (str, str)
        Id and title of finished experiments.
    templates : tuple of (str, str, bool)
        Id, name, and whether the actor may delete it.
    deep : tuple of str
        Names of the models that the settings of the training matter to.
    form : mapping
        What stands in each field to begin with, by its path; from a clone, a template or the URL.
    begun_from : str
        What that was, in words; empty where nothing.
    """

    choices: tuple[tuple[str, ProblemChoice], ...]
    models: tuple[ModelSpecification, ...]
    policies: tuple[SplitPolicy, ...]
    teachers: tuple[tuple[str, str], ...]
    templates: tuple[tuple[str, str, bool], ...]
    deep: tuple[str, ...]
    form: Mapping[str, Any]
    begun_from: str = ""


def new_view(offer: Offer) -> PageView:
    """Return the page."""
    if not offer.choices:
        return PageView("New experiment", card(_no_data()))
    sections = stack(
        [
            _step(1, "Data", "What to learn from.", _data(offer)),
            _step(
                2,
                "Model",
                "What learns. The defaults are a good start.",
                model_section(offer.models, offer.form),
            ),
            _step(
                3,
                "Split",
                "How the score is tested. This decides what the score is worth.",
                split_section(offer.policies, offer.form),
            ),
            html.Div(
                _step(
                    4,
                    "Training",
                    "How a network learns. The defaults are a good start.",
                    training_section(offer.form, offer.teachers),
                ),
                id=NewId.TRAINING,
            ),
        ]
    )
    return PageView(
        "New experiment",
        [
            dcc.Store(id=NewId.VERDICT),
            dcc.Store(id=NewId.STARTED),
            dcc.Store(id=NewId.CLONED),
            dcc.Store(id=NewId.DEEP, data=list(offer.deep)),
            dcc.Store(id=NewId.BEGINNING, data=dict(offer.form)),
            split(
                sections,
                html.Div(side(offer.form, offer.templates), className="sonde-sticky sonde-stack"),
            ),
        ],
        description=offer.begun_from or "Train a model and learn what its score is worth.",
    )


def data_facts(choice: ProblemChoice, described: Mapping[str, Any]) -> list[Any]:
    """Return what is known about the chosen data, and first what is not learned from as it is."""
    rows: list[tuple[str, Any]] = [
        ("Classes", ", ".join(described.get("classes") or choice.classes))
    ]
    if "recordings" not in described:
        rows.append(("Recordings", f"{choice.n_recordings:,}"))
    rows += [
        (name.replace("_", " ").capitalize(), str(value))
        for name, value in described.items()
        if isinstance(value, str | int | float)
    ]
    remarks = list(described.get("remarks", ()))
    return [*([note(" ".join(remarks), Tone.INFO)] if remarks else []), facts(rows)]


def data_options(described: Mapping[str, Any], form: Mapping[str, Any]) -> list[Any]:
    """Return what the source offers to choose about its data, the beginning's choice first."""
    return [data_option_field(option, form) for option in described.get("options", ())]


def _no_data() -> Any:
    return empty_state(
        "There is nothing to train on yet",
        "Import recordings first, or wait until the sample project is there.",
        icon_name="tabler:database",
        actions=[button_link("Go to Home", "/", icon_name="tabler:home", variant="filled")],
    )


def _step(number: int, title: str, text: str, content: Sequence[Any]) -> Any:
    head = html.Div(
        [
            html.H2(
                [html.Span(f"{number}", className="sonde-step"), title],
                className="sonde-card-title",
            ),
            html.P(text, className="sonde-dim"),
        ],
        className="sonde-step-head",
    )
    return html.Section([head, *content], className="sonde-card sonde-stack")


def _data(offer: Offer) -> list[Any]:
    options = [
        {
            "value": f"{source}|{choice.ref}",
            "label": f"{choice.title} · {choice.n_recordings:,} recordings",
        }
        for source, choice in offer.choices
    ]
    values = [option["value"] for option in options]
    wanted = offer.form.get("data", "")
    return [
        _begin(offer),
        dmc.Select(
            id=field("data"),
            label="Data set",
            data=options,
            value=wanted if wanted in values else values[0],
            searchable=True,
            allowDeselect=False,
            leftSection=icon("tabler:database", 16),
        ),
        html.Div(id=NewId.DATA_FACTS, className="sonde-stack"),
        html.Div(id=NewId.OPTIONS, className="sonde-form", style={"alignItems": "end"}),
    ]


def _begin(offer: Offer) -> Any:
    """Return the ways to fill the form at once: an earlier experiment, a template."""
    earlier = dmc.Select(
        id=NewId.CLONE,
        data=[{"value": one, "label": title} for one, title in offer.teachers],
        placeholder="Begin as an earlier experiment",
        searchable=True,
        clearable=True,
        size="sm",
        leftSection=icon("tabler:copy", 16),
        **{"aria-label": "Begin as an earlier experiment"},
    )
    kept = html.Div(template_links(offer.templates), id=NewId.TEMPLATES, className="sonde-chips")
    return html.Div([*([earlier] if offer.teachers else []), kept], className="sonde-stack")


def template_links(templates: Sequence[tuple[str, str, bool]]) -> list[Any]:
    """Return a link for each template."""
    links = [
        html.A(name, href=f"/experiment/new?template={one}", className="sonde-chip")
        for one, name, _ in templates
    ]
    return ["Begin with a template: ", *links] if links else []
