"""What the list of experiments does: it follows the trainings."""

from typing import Any

from dash import Input, Output

from sonde.learning.services import experiments
from sonde.learning.ui.experiments.ids import ExperimentsId
from sonde.learning.ui.experiments.layout import experiment_row
from sonde.learning.ui.experiments.page import ROWS
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import server_callback
from sonde.platform.ui.ids import ShellId


@server_callback(
    Output(ExperimentsId.GRID, "rowData"),
    Input(ShellId.JOBS_CHANGED, "data"),
    prevent_initial_call=True,
)
def refresh_rows(actor: Actor, _changed: Any) -> Any:
    """Show the experiments as they are now."""
    found = experiments.list_experiments(actor, limit=ROWS).items
    return [experiment_row(one) for one in found]
