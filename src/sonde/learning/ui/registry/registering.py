"""The way from a finished experiment into the registry: a button and its dialog."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.registry import suggested_name
from sonde.learning.ui.registry.ids import RegistryId
from sonde.platform.ui.icons import icon


def register_action(experiment_id: str, title: str) -> Any:
    """Return the button that registers the model of an experiment, with its dialog."""
    name = dmc.TextInput(
        id=RegistryId.REGISTER_NAME,
        label="Name",
        description="Programs ask for this name. A name that exists gets its next version.",
        value=suggested_name(title),
        inputProps={"maxLength": 80},
    )
    notes = dmc.Textarea(
        id=RegistryId.REGISTER_NOTES,
        label="Notes",
        description="What is special about this version.",
        autosize=True,
        minRows=2,
        inputProps={"maxLength": 2000},
    )
    save = dmc.Button("Register", id=RegistryId.REGISTER_SAVE)
    return html.Div(
        [
            dmc.Button(
                "Register",
                id=RegistryId.REGISTER_OPEN,
                variant="default",
                leftSection=icon("tabler:category", 16),
            ),
            dcc.Store(id=RegistryId.REGISTER_WHICH, data=experiment_id),
            dmc.Modal(
                html.Div(
                    [
                        name,
                        notes,
                        html.Div(id=RegistryId.REGISTER_FAILED, **{"aria-live": "polite"}),
                        html.Div(save, className="sonde-row sonde-end"),
                    ],
                    className="sonde-stack",
                ),
                id=RegistryId.REGISTER,
                title="Register this model",
                centered=True,
            ),
        ]
    )
