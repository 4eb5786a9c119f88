"""What was imported lately, what failed in it, and how much room is left."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.understanding.staged import StagedImport
from sonde.platform.core.jobs import Job, JobState
from sonde.platform.core.quota import Quota
from sonde.platform.ui.components import badge, card
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import ago, count

_SHOWN = 12
_COLUMNS = (
    Column("Data set"),
    Column("State"),
    Column("Files", numeric=True),
    Column("Stored", numeric=True),
    Column("What failed"),
    Column("Begun"),
)
_FULL = 0.9


def recent_card(recent: Sequence[StagedImport], jobs: Mapping[str, Job]) -> Any:
    """Return the latest imports as a table; `jobs` are those that still read, by their ids."""
    if not recent:
        text = "Nothing was imported yet. Each import is listed here with what failed in it."
        return card(html.P(text, className="sonde-dim"), title="Recent imports")
    rows = [_row(staged, jobs.get(staged.job_id)) for staged in recent]
    return card(
        plain_table(_COLUMNS, rows),
        title="Recent imports",
        description="Yours, newest first. What waits for your word is kept for a day.",
    )


def _row(staged: StagedImport, job: Job | None) -> list[Any]:
    href = f"/datasets/import/{staged.id}"
    if staged.dataset_id:
        href = f"/datasets/{staged.dataset_id}"
    name = (
        staged.name if staged.state == "expired" else dmc.Anchor(staged.name, href=href, size="sm")
    )
    return [
        name,
        _state(staged, job),
        count(staged.n_files) if staged.n_files else "",
        count(staged.n_recordings) if staged.n_recordings else "",
        _failures(staged, job),
        ago(staged.created_at),
    ]


def _state(staged: StagedImport, job: Job | None) -> Any:
    if job is not None and job.state is JobState.FAILED:
        return badge("failed", Tone.BAD)
    if job is not None and job.state is JobState.CANCELLED:
        return badge("cancelled", Tone.NEUTRAL)
    words = {
        "reading": ("being read", Tone.INFO),
        "ready": ("waits for you", Tone.WARN),
        "stored": ("stored", Tone.GOOD),
        "expired": ("let go after a day", Tone.NEUTRAL),
    }
    return badge(*words.get(staged.state, (staged.state, Tone.NEUTRAL)))


def _failures(staged: StagedImport, job: Job | None) -> Any:
    if job is not None and job.error:
        return html.Span(job.error)
    if not staged.failures:
        return html.Span("nothing" if staged.n_files else "", className="sonde-dim")
    lines = [
        html.Li([html.Strong(failure.file), f": {failure.reason}"])
        for failure in staged.failures[:_SHOWN]
    ]
    more = len(staged.failures) - _SHOWN
    if more > 0:
        lines.append(html.Li(f"and {more} more", className="sonde-dim"))
    number = len(staged.failures)
    title = "1 refused" if number == 1 else f"{number} refused"
    return html.Details([html.Summary(title), html.Ul(lines)], className="sonde-twin")


def quota_card(used: Quota, allowed: Quota) -> Any:
    """Return how much the person keeps of what they may."""
    return card(
        html.Div(
            [
                _bar("Recordings", used.files, allowed.files, count(used.files)),
                _bar("Room", used.n_bytes, allowed.n_bytes, _bytes(used.n_bytes)),
            ],
            className="sonde-stack",
        ),
        title="What you keep",
    )


def _bar(label: str, used: int, allowed: int, text: str) -> Any:
    part = min(used / allowed, 1.0)
    whole = count(allowed) if label == "Recordings" else _bytes(allowed)
    return html.Div(
        [
            html.Div(
                [html.Span(label), html.Span(f"{text} of {whole} used", className="sonde-dim")],
                className="sonde-row sonde-between",
            ),
            dmc.Progress(
                value=100 * part,
                size="sm",
                color="red" if part > _FULL else None,
                **{"aria-label": f"{label}: {text} of {whole} used"},
            ),
        ]
    )


def _bytes(number: int) -> str:
    """Write a number of bytes with the unit that fits.

    Examples
    --------
    >>> _bytes(12_300_000), _bytes(200_000_000_000)
    ('12.3 MB', '200 GB')
    """
    for size, unit in ((1e9, "GB"), (1e6, "MB")):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number / 1e3:.3g} kB"
