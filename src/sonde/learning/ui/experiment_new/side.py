"""Beside the form: what the split is worth, what the training costs, and the start."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.certificate import SplitCertificate
from sonde.learning.ui.certificate import certificate_panel
from sonde.learning.ui.experiment_new.ids import NewId, NewType, field
from sonde.platform.ui.components import card, note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone


def side(form: Mapping[str, Any], templates: Sequence[tuple[str, str, bool]]) -> list[Any]:
    """Return the cards beside the form; `templates` as an offer holds them."""
    preview = dcc.Loading(
        html.Div(id=NewId.PREVIEW, className="sonde-stack", **{"aria-live": "polite"}),
        delay_show=300,
        custom_spinner=dmc.Loader(size="sm"),
    )
    return [
        card(
            preview,
            title="What this split is worth",
            description="The certificate that the score will carry.",
        ),
        card(html.Div(id=NewId.COST, **{"aria-live": "polite"}), title="What it costs"),
        card([html.Div(_start(form, templates), className="sonde-stack")]),
    ]


def preview_panel(certificate: SplitCertificate) -> list[Any]:
    """Return the certificate that the chosen split would get."""
    warning = []
    if not certificate.is_honest:
        warning = [
            note(
                f"Parts of the same {certificate.group_noun} or recording are on both sides. The "
                "score would look better than the model is, and is marked leaky wherever it is "
                "shown.",
                Tone.WARN,
                title="This split leaks",
            )
        ]
    return [*warning, certificate_panel(certificate)]


def review_panel(document: Mapping[str, Any], seeds: tuple[int, ...]) -> Any:
    """Return the exact configuration that a start would keep."""
    shown = {**document, "seeds": list(seeds)} if len(seeds) > 1 else document
    return html.Pre(json.dumps(shown, indent=2), className="sonde-code", tabIndex=0)


def _start(form: Mapping[str, Any], templates: Sequence[tuple[str, str, bool]]) -> list[Any]:
    consent = html.Div(
        dmc.Checkbox(
            id=NewId.LEAK_CONSENT,
            label="Train with this leaky split all the same. The score will be marked leaky.",
            checked=False,
        ),
        id=NewId.LEAK_BOX,
        style={"display": "none"},
    )
    start = dmc.Button(
        "Start training",
        id=NewId.START,
        fullWidth=True,
        size="md",
        disabled=True,
        leftSection=icon("tabler:player-play", 18),
    )
    return [
        consent,
        start,
        _folded("Title, notes, tags and seeds", _words(form), is_open=bool(form.get("tags"))),
        _folded("Exact configuration", html.Div(id=NewId.REVIEW)),
        _folded("Keep as a template", _template(templates)),
    ]


def _folded(title: str, content: Any, *, is_open: bool = False) -> Any:
    return html.Details([html.Summary(title), content], className="sonde-twin", open=is_open)


def _words(form: Mapping[str, Any]) -> Any:
    return html.Div(
        [
            dmc.TextInput(
                id=field("title"),
                label="Title",
                value=form.get("title", ""),
                placeholder="Made from model and data if empty",
                inputProps={"maxLength": 200},
            ),
            dmc.TextInput(
                id=field("seeds"),
                label="Seeds",
                description="Several, such as 0-4, make a family: one experiment for each.",
                value=str(form.get("seeds", "0")),
            ),
            dmc.TagsInput(
                id=field("tags"),
                label="Tags",
                value=list(form.get("tags", ())),
                placeholder="Type and press Enter",
                maxTags=30,
            ),
            dmc.Textarea(
                id=field("notes"),
                label="Notes",
                value=form.get("notes", ""),
                autosize=True,
                minRows=2,
                inputProps={"maxLength": 10_000},
            ),
        ],
        className="sonde-form",
    )


def own_templates(templates: Sequence[tuple[str, str, bool]]) -> list[Any]:
    """Return the templates that the actor may delete, each with the button."""
    return [
        html.Div(
            [
                html.Span(name, className="sonde-clip"),
                dmc.Button(
                    "Delete",
                    id={"type": NewType.FORGET, "template": one},
                    variant="subtle",
                    size="compact-sm",
                    leftSection=icon("tabler:trash", 14),
                    **{"aria-label": f"Delete the template {name}"},
                ),
            ],
            className="sonde-row sonde-between",
        )
        for one, name, is_own in templates
        if is_own
    ]


def _template(templates: Sequence[tuple[str, str, bool]]) -> Any:
    return html.Div(
        [
            dmc.TextInput(
                id=NewId.TEMPLATE_NAME, label="Name", inputProps={"maxLength": 100}, value=""
            ),
            dmc.Button(
                "Keep",
                id=NewId.TEMPLATE_SAVE,
                variant="default",
                leftSection=icon("tabler:device-floppy", 16),
            ),
            html.Div(id=NewId.TEMPLATE_SAVED, **{"aria-live": "polite"}),
            html.Div(own_templates(templates), id=NewId.TEMPLATES_OWN),
        ],
        className="sonde-form",
    )
