"""The dialog in which a comparison gets a name, a note and a link."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.ui.compare.ids import CompareId


def keep_modal(titles: Sequence[str]) -> Any:
    """Return the dialog."""
    name = f"{titles[0]} and {len(titles) - 1} more"
    return dmc.Modal(
        html.Div(
            [
                dmc.TextInput(
                    id=CompareId.KEEP_NAME,
                    label="Name",
                    placeholder=name,
                    inputProps={"maxLength": 120},
                ),
                dmc.Textarea(
                    id=CompareId.KEEP_NOTE,
                    label="Note",
                    description="What was asked, what follows from it.",
                    autosize=True,
                    minRows=3,
                ),
                html.P(
                    "The comparison gets an address of its own. Everyone in this workspace can "
                    "open it.",
                    className="sonde-dim sonde-small",
                ),
                html.Div(dmc.Button("Keep", id=CompareId.KEEP), className="sonde-row sonde-end"),
                html.Div(id=CompareId.KEPT),
            ],
            className="sonde-stack",
        ),
        id=CompareId.KEEP_MODAL,
        title="Keep and share this comparison",
        centered=True,
    )
