"""What stands on the page after a deletion: what went, and the way back."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.ui.datasets.ids import DatasetsType
from sonde.platform.ui.components import note
from sonde.platform.ui.icons import icon


def undo_note(gone: Sequence[Dataset]) -> Any:
    """Return a note that names what is in the trash now, with a button that brings it back."""
    if not gone:
        return None
    what = gone[0].name if len(gone) == 1 else f"{len(gone)} data sets"
    is_one = len(gone) == 1
    words = f"{what} {'is' if is_one else 'are'} in the trash for 30 days."
    button = dmc.Button(
        "Undo",
        id={
            "type": DatasetsType.ACT,
            "action": "restore",
            "dataset": ",".join(one.id for one in gone),
        },
        size="compact-sm",
        variant="default",
        leftSection=icon("tabler:arrow-back-up", 14),
    )
    row = html.Div([html.Span(words), button], className="sonde-row sonde-between")
    return html.Div(note(row, icon_name="tabler:trash"), role="status")
