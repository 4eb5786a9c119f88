"""The Jobs page: everything that ran, runs or waits."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.platform.core.jobs import Job, JobEvent, JobState
from sonde.platform.ui.components import PageView, card, facts
from sonde.platform.ui.jobs.card import job_card, progress_text
from sonde.platform.ui.jobs.ids import JobsId
from sonde.platform.ui.tables import Column, grid
from sonde.platform.ui.wording import ago, duration, moment

COLUMNS: Final = (
    Column("Job", "title", searchable=True, options={"minWidth": 220, "flex": 2}),
    Column("State", "state", width=130, options={"cellRenderer": "SondeState"}),
    Column("Progress", "percent", options={"cellRenderer": "SondeProgress", "minWidth": 150}),
    Column("Doing", "doing", sortable=False, options={"minWidth": 220, "flex": 2}),
    Column("Owner", "owner", width=140),
    Column("Started", "created", width=150, sortable=False),
)
_FILTERS: Final = (
    ("all", "All"),
    ("active", "Active"),
    ("succeeded", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
)
_STATES: Final[Mapping[str, tuple[JobState, ...]]] = {
    "active": (JobState.QUEUED, JobState.RUNNING),
    "succeeded": (JobState.SUCCEEDED,),
    "failed": (JobState.FAILED,),
    "cancelled": (JobState.CANCELLED,),
}


def states_of(choice: str | None) -> tuple[JobState, ...]:
    """Return the states behind a choice of the filter; none means all."""
    return _STATES.get(choice or "all", ())


def jobs_view(rows: Sequence[Job], choice: str, opened: str) -> PageView:
    """Return the page with its first rows."""
    chooser = dmc.SegmentedControl(
        id=JobsId.STATE,
        data=[{"value": value, "label": label} for value, label in _FILTERS],
        value=choice if choice in dict(_FILTERS) else "all",
        size="xs",
    )
    head = html.Div(
        [chooser, html.Span(count_text(rows), id=JobsId.COUNT, className="sonde-dim")],
        className="sonde-row sonde-between sonde-toolbar",
    )
    table = grid(
        COLUMNS,
        id=JobsId.GRID,
        name="Jobs",
        rows=[job_row(job) for job in rows],
        height=560,
        clickable=True,
    )
    drawer = dmc.Drawer(
        html.Div(id=JobsId.DETAIL),
        id=JobsId.DRAWER,
        title="Job",
        position="right",
        size=460,
        opened=False,
    )
    return PageView(
        "Jobs",
        [
            card([head, table], className="sonde-card is-flush"),
            dcc.Store(id=JobsId.OPENED, data=opened),
            drawer,
        ],
        description="Imports, trainings and everything else that takes longer than a moment. "
        "Jobs survive restarts and run exactly once.",
    )


def count_text(rows: Sequence[Job]) -> str:
    """Say how many jobs are shown."""
    return f"{len(rows)} job{'' if len(rows) == 1 else 's'}"


def job_row(job: Job) -> dict[str, Any]:
    """Return a job as a row of the grid."""
    return {
        "id": job.id,
        "title": job.title,
        "state": "delayed" if job.delayed else job.state.value,
        "percent": round(job.fraction * 100),
        "doing": progress_text(job),
        "owner": job.owner_name,
        "created": ago(job.created_at),
    }


def job_detail(job: Job, events: Sequence[JobEvent]) -> list[Any]:
    """Return everything about one job."""
    return [
        job_card(job, "drawer"),
        html.H3("Facts", className="sonde-detail-head"),
        facts(_facts(job)),
        html.H3("What happened", className="sonde-detail-head"),
        dmc.Timeline(
            [_event(event) for event in events],
            bulletSize=12,
            lineWidth=2,
            className="sonde-timeline",
        ),
    ]


def _facts(job: Job) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        ("Identifier", html.Code(job.id)),
        ("Kind", job.kind),
        ("Queue", job.queue),
        ("Owner", job.owner_name),
        ("Created", moment(job.created_at)),
        ("Try", f"{job.attempt} of {job.max_attempts}"),
    ]
    if job.started_at is not None and job.finished_at is not None:
        rows.append(("Took", duration((job.finished_at - job.started_at).total_seconds())))
    if job.message:
        rows.append(("Last note", job.message))
    return rows


def _event(event: JobEvent) -> Any:
    return dmc.TimelineItem(
        html.Div([event.message, html.Div(moment(event.at), className="sonde-dim sonde-small")]),
        title=event.name.replace("_", " ").capitalize(),
    )
