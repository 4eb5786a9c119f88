"""What happens on the Datasets page."""

from typing import Any

from dash import Input, Output

from sonde.bearings.services import samples
from sonde.bearings.ui.datasets.ids import DatasetsId
from sonde.platform.core.actor import Actor
from sonde.platform.ui.callbacks import server_callback
from sonde.platform.ui.jobs.card import job_progress


@server_callback(
    Output(DatasetsId.SAMPLE_JOB, "children"),
    Output(DatasetsId.SAMPLE, "disabled"),
    Input(DatasetsId.SAMPLE, "n_clicks"),
    prevent_initial_call=True,
)
def load_sample(actor: Actor, _clicks: int) -> Any:
    """Queue the sample project and follow its job."""
    return job_progress(samples.start(actor)), True
