"""What the Jobs page does."""

from typing import Any

from dash import Input, Output, State, no_update

from sonde.platform.core.actor import Actor
from sonde.platform.services import jobs
from sonde.platform.ui.callbacks import browser_callback, server_callback
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.jobs.ids import JobsId
from sonde.platform.ui.jobs.layout import count_text, job_detail, job_row, states_of
from sonde.platform.ui.jobs.page import ROWS


@server_callback(
    Output(JobsId.GRID, "rowData"),
    Output(JobsId.COUNT, "children"),
    Input(JobsId.STATE, "value"),
    Input(ShellId.JOBS_HINT, "data"),
    Input(ShellId.POLL, "n_intervals"),
    prevent_initial_call=True,
)
def refresh_rows(actor: Actor, choice: str, _hint: Any, _tick: Any) -> Any:
    """Show the jobs of the chosen states."""
    rows = jobs.list_jobs(actor, states=states_of(choice), limit=ROWS).items
    return [job_row(job) for job in rows], count_text(rows)


@server_callback(
    Output(JobsId.DETAIL, "children"),
    Input(JobsId.OPENED, "data"),
    Input(ShellId.JOBS_HINT, "data"),
    State(JobsId.DRAWER, "opened"),
)
def show_detail(actor: Actor, job_id: str, _hint: Any, _opened: bool) -> Any:
    """Show everything about the opened job."""
    if not job_id:
        return no_update
    return job_detail(jobs.get(actor, job_id), jobs.events_of(actor, job_id))


IN_BROWSER = (
    browser_callback(
        "sondeJobs.open",
        Output(JobsId.OPENED, "data"),
        Input(JobsId.GRID, "cellClicked"),
        prevent_initial_call=True,
    ),
    browser_callback(
        "sondeJobs.drawer",
        Output(JobsId.DRAWER, "opened"),
        Input(JobsId.OPENED, "data"),
        Input(JobsId.GRID, "cellClicked"),
    ),
    browser_callback(
        "sondeJobs.remember",
        Output(JobsId.STATE, "readOnly"),
        Input(JobsId.STATE, "value"),
        Input(JobsId.DRAWER, "opened"),
        State(JobsId.OPENED, "data"),
        prevent_initial_call=True,
    ),
)
