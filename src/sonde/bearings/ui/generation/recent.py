"""What was generated lately: how it went, where it is, and its configuration to use again."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.generations import Generation
from sonde.bearings.ui.generation.preview import size_text
from sonde.platform.core.jobs import Job, JobState
from sonde.platform.ui.components import badge, button_link, card
from sonde.platform.ui.icons import icon
from sonde.platform.ui.jobs.card import job_progress, state_badge
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import ago, count

Made = tuple[Generation, Job | None]
_COLUMNS = (
    Column("Data set"),
    Column("Kind"),
    Column("Signals", numeric=True),
    Column("Size", numeric=True),
    Column("Begun"),
    Column("State"),
    Column("Configuration"),
)


def recent_card(made: Sequence[Made]) -> Any:
    """Return the newest generations as a table."""
    if not made:
        text = "Nothing was generated yet. What you make is listed here with its configuration."
        return card(html.P(text, className="sonde-dim"), title="Recent generations")
    rows = [_row(generation, job) for generation, job in made]
    return card(
        plain_table(_COLUMNS, rows),
        title="Recent generations",
        description="Of your workspaces, newest first.",
    )


def progress_cards(made: Sequence[Made], chosen_job: str = "") -> list[Any]:
    """Return the generations that are under way, and the one that was asked for last."""
    return [
        card(_progress(generation, job))
        for generation, job in made
        if job is not None and (not job.state.is_final or job.id == chosen_job)
    ]


def state_key(made: Sequence[Made]) -> str:
    """Return what changes whenever a generation begins, ends or fails."""
    return ",".join(
        f"{generation.id}:{job.state.value if job else ''}:{generation.dataset_id}"
        for generation, job in made
    )


def _progress(generation: Generation, job: Job) -> list[Any]:
    if not generation.dataset_id:
        return [job_progress(job)]
    done = html.Div(
        [icon("tabler:circle-check", 20), html.Span(f"{generation.name} is made.")],
        className="sonde-row sonde-strong",
    )
    way = button_link(
        "Open data set",
        f"/datasets/{generation.dataset_id}",
        icon_name="tabler:database",
        variant="filled",
    )
    return [html.Div([done, way], className="sonde-row sonde-between")]


def _row(generation: Generation, job: Job | None) -> list[Any]:
    name: Any = generation.name
    if generation.dataset_id:
        name = dmc.Anchor(generation.name, href=f"/datasets/{generation.dataset_id}", size="sm")
    kind = str(generation.config.get("kind", "")).capitalize()
    again = dmc.Anchor(
        "Use again",
        href=f"/data-generation?generation={generation.id}",
        size="sm",
        **{"aria-label": f"Use the configuration of {generation.name} again"},
    )
    return [
        name,
        kind,
        count(generation.n_signals),
        size_text(generation.n_bytes),
        ago(generation.created_at),
        _state(generation, job),
        again,
    ]


def _state(generation: Generation, job: Job | None) -> Any:
    if generation.dataset_id:
        return badge("Made", Tone.GOOD, icon_name="tabler:circle-check")
    if job is None:
        return badge("Unknown", Tone.NEUTRAL)
    shown = state_badge(job)
    if job.state is JobState.FAILED:
        return dmc.Tooltip(shown, label=job.error, multiline=True, maw=320)
    return shown
