"""Asking a registered model: about one recording, a whole data set, or many files."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.batch_prediction import Batch, BatchSummary
from sonde.learning.core.registry import ModelVersion, RegisteredModel
from sonde.learning.core.sources import ProblemChoice, UploadQuestion
from sonde.learning.ui.prediction import MAX_UPLOAD_BYTES
from sonde.learning.ui.registry.ids import RegistryId, RegistryType, act
from sonde.platform.ui.components import card, columns, stack
from sonde.platform.ui.icons import icon
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.wording import ago, count


def asking_panel(
    model: RegisteredModel,
    asks: Sequence[UploadQuestion],
    problems: Sequence[tuple[str, ProblemChoice]],
    batches: Sequence[Batch],
    *,
    may_work: bool,
) -> Any:
    """Return the forms that ask, and the batches so far."""
    parts = [_settings(model, asks), columns([_one(), *([_many(problems)] if may_work else [])])]
    done = card(
        html.Div(batches_list(batches), id=RegistryId.BATCHES, className="sonde-stack"),
        title="Asked about many",
        description="Predictions of whole data sets and of files, newest first.",
    )
    return stack([*parts, html.Div(id=RegistryId.ANSWER, **{"aria-live": "polite"}), done])


def batches_list(batches: Sequence[Batch]) -> list[Any]:
    """Return what was asked about many recordings, with progress and results."""
    if not batches:
        return [html.P("Nothing was asked about many recordings yet.", className="sonde-dim")]
    return [_batch(one) for one in batches]


def _settings(model: RegisteredModel, asks: Sequence[UploadQuestion]) -> Any:
    answering = model.answering
    choices = [{"value": "", "label": _answering(model)}] + [
        {"value": str(one.number), "label": _version_label(one)} for one in model.versions
    ]
    version = dmc.Select(
        id=RegistryId.TRY_VERSION,
        label="Version",
        data=choices,
        value="",
        allowDeselect=False,
        disabled=answering is None,
    )
    fields = html.Div([version, *(_question(one) for one in asks)], className="sonde-form")
    return card(
        fields,
        title="Which version, and what the files do not say",
        description="Empty fields are taken from the file.",
    )


def _answering(model: RegisteredModel) -> str:
    answering = model.answering
    if answering is None:
        return "No version answers"
    what = "champion" if model.champion else "newest"
    return f"The {what}: version {answering.number}"


def _version_label(one: ModelVersion) -> str:
    marks = f" ({', '.join(one.aliases)})" if one.aliases else ""
    return f"Version {one.number}{marks}"


def _question(one: UploadQuestion) -> Any:
    identifier = {"type": RegistryType.GIVEN, "name": one.name}
    if not one.unit:
        return dmc.TextInput(id=identifier, label=one.title, placeholder="As the file says")
    return dmc.NumberInput(
        id=identifier,
        label=f"{one.title} ({one.unit})",
        placeholder="As the file says",
        min=0,
        hideControls=True,
    )


def _one() -> Any:
    drop = dcc.Upload(
        html.Div(
            [
                icon("tabler:upload", 22),
                html.Div("Drop a recording here, or choose a file", id=RegistryId.FILE),
            ],
            className="sonde-drop",
        ),
        id=RegistryId.UPLOAD,
        max_size=MAX_UPLOAD_BYTES,
        multiple=False,
    )
    ask = dmc.Button(
        "Ask the model", id=RegistryId.ASK, disabled=True, leftSection=icon("tabler:send", 16)
    )
    return card(
        [stack([drop, html.Div(ask)])],
        title="One recording",
        description="The answer comes at once. The signal is not kept, its hash is.",
    )


def _many(problems: Sequence[tuple[str, ProblemChoice]]) -> Any:
    choices = [
        {"value": f"{source}:{one.ref}", "label": f"{one.title} ({one.n_recordings} recordings)"}
        for source, one in problems
    ]
    data = dmc.Select(
        id=RegistryId.BATCH_DATA,
        label="Data set",
        placeholder="Choose a data set",
        data=choices,
        clearable=True,
        searchable=True,
    )
    drop = dcc.Upload(
        html.Div("or drop files here", id=RegistryId.BATCH_FILES, className="sonde-drop"),
        id=RegistryId.BATCH_UPLOAD,
        max_size=MAX_UPLOAD_BYTES,
        multiple=True,
    )
    start = dmc.Button(
        "Ask about all of them",
        id=RegistryId.BATCH_START,
        disabled=True,
        variant="default",
        leftSection=icon("tabler:player-play", 16),
    )
    return card(
        [stack([data, drop, html.Div(start)])],
        title="Many recordings",
        description="Runs as a job with progress; the result is a table to download.",
    )


def _batch(one: Batch) -> Any:
    head = html.Div(
        [
            html.Span(
                [
                    html.Span(one.title, className="sonde-strong"),
                    html.Span(
                        f" by version {one.version}, asked {ago(one.created_at)} by "
                        f"{one.owner_name}",
                        className="sonde-dim",
                    ),
                ]
            ),
            html.Div(_batch_buttons(one), className="sonde-row"),
        ],
        className="sonde-row sonde-between",
    )
    if one.summary is not None:
        return html.Div([head, html.Div(_told(one.summary), className="sonde-dim")])
    return html.Div([head, *([job_progress(one.job)] if one.job else [])])


def _batch_buttons(one: Batch) -> list[Any]:
    buttons = []
    if one.summary is not None:
        buttons.append(
            html.A(
                [icon("tabler:download", 14), "CSV"],
                href=f"/api/v1/models/{one.model_name}/batches/{one.id}/results.csv",
                className="sonde-file sonde-small",
                download="",
                **{"aria-label": f"Download the table of {one.title}"},
            )
        )
    if one.summary is not None or one.job is None or one.job.state.is_final:
        buttons.append(
            dmc.Button(
                "Delete",
                id=act("forget", one.id),
                size="compact-xs",
                variant="default",
                **{"aria-label": f"Delete the prediction of {one.title}"},
            )
        )
    return buttons


def _told(summary: BatchSummary) -> str:
    """Say what a batch came to."""
    n = summary.n_recordings
    parts = [f"{count(n)} recording{'s' if n != 1 else ''}: {summary.told}"]
    if summary.n_unlike:
        parts.append(f"{count(summary.n_unlike)} unlike anything in training")
    if summary.n_rejected:
        parts.append(f"{count(summary.n_rejected)} a person should look at")
    if summary.n_unreadable:
        parts.append(f"{count(summary.n_unreadable)} could not be read, the table says why")
    if summary.n_known:
        share = summary.n_right / summary.n_known
        parts.append(f"{share:.1%} as the data set says")
    if 0 < summary.n_learned < n:
        parts.append(
            f"the model learned from {count(summary.n_learned)} of these recordings, so this is "
            "no test of it; the table marks them"
        )
    elif summary.is_training_data:
        parts.append("the model was trained on this data, so this is no test of it")
    if summary.n_same_group:
        parts.append(f"{count(summary.n_same_group)} more belong to a group that it learned from")
    return "; ".join(parts) + "."
