"""A job as people see it wherever it runs: phase, percent, time to go, cancel."""

from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.platform.core.jobs import Job, JobState
from sonde.platform.ui.components import badge
from sonde.platform.ui.icons import icon
from sonde.platform.ui.ids import ShellType
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import ago, duration, percent

_TONES: Final = {
    JobState.QUEUED: (Tone.NEUTRAL, "tabler:clock", "Queued"),
    JobState.RUNNING: (Tone.INFO, "tabler:loader-2", "Running"),
    JobState.SUCCEEDED: (Tone.GOOD, "tabler:circle-check", "Done"),
    JobState.FAILED: (Tone.BAD, "tabler:alert-circle", "Failed"),
    JobState.CANCELLED: (Tone.NEUTRAL, "tabler:ban", "Cancelled"),
}


def state_badge(job: Job) -> Any:
    """Return the job's state in a word."""
    if job.delayed:
        return badge(
            "Delayed",
            Tone.WARN,
            icon_name="tabler:clock-pause",
            hint="The queue is down. The job is safe and starts when the queue is back.",
        )
    tone, name, text = _TONES[job.state]
    return badge(text, tone, icon_name=name)


def job_card(job: Job, place: str) -> Any:
    """Return one job; `place` tells its buttons from those of the same job elsewhere."""
    head = html.Div(
        [html.Span(job.title, className="sonde-job-title"), state_badge(job)],
        className="sonde-job-head sonde-whole-badge",
    )
    return html.Div([head, *_middle(job), _foot(job, place)], className="sonde-job")


def progress_text(job: Job) -> str:
    """Say what the job is doing and how long it will take.

    The words end without a full stop: they stand beside a bar.
    """
    if job.state is JobState.FAILED:
        return job.error
    if job.state is JobState.RUNNING:
        parts = [job.phase or "Starting", percent(job.fraction)]
        if job.eta_s is not None:
            parts.append(f"about {duration(max(job.eta_s, 1.0))} left")
        return " · ".join(parts)
    if job.state is JobState.QUEUED:
        return "Waiting for the queue" if job.delayed else "Waiting for a worker"
    return f"{_TONES[job.state][2]} {ago(job.finished_at or job.created_at)}"


def _middle(job: Job) -> list[Any]:
    words = html.Div(progress_text(job), className="sonde-dim sonde-job-text")
    if job.state.is_final:
        return [words]
    bar = dmc.Progress(
        value=round(job.fraction * 100, 1),
        size="sm",
        animated=job.state is JobState.RUNNING,
        striped=job.state is JobState.RUNNING,
        transitionDuration=300,
        **{"aria-label": f"Progress of {job.title}"},
    )
    return [bar, words]


def _foot(job: Job, place: str) -> Any:
    buttons = []
    if job.link and job.state is JobState.SUCCEEDED:
        buttons.append(dmc.Anchor("Open result", href=job.link, size="sm"))
    if job.can_retry:
        buttons.append(_button(job, ShellType.JOB_RETRY, place, "Start again", "tabler:refresh"))
    if not job.state.is_final:
        buttons.append(_button(job, ShellType.JOB_CANCEL, place, "Cancel", "tabler:x"))
    return html.Div(buttons, className="sonde-row sonde-job-foot")


def _button(job: Job, kind: ShellType, place: str, text: str, icon_name: str) -> Any:
    return dmc.Button(
        text,
        id={"type": kind, "job": job.id, "place": place},
        size="compact-sm",
        variant="default",
        leftSection=icon(icon_name, 14),
        **{"aria-label": f"{text}: {job.title}"},
    )


def job_progress(job: Job) -> Any:
    """Return a job that follows itself on the page: the shell refreshes it."""
    return html.Div(job_card(job, "page"), id={"type": ShellType.JOB, "job": job.id})
