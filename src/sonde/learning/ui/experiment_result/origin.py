"""Where a result comes from, and how to take it away."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.experiment_document import document_of_experiment
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.provenance import Provenance
from sonde.learning.core.result import ExperimentResult
from sonde.learning.ui.experiment_result.ids import ResultId
from sonde.platform.ui.components import card, columns, facts, note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

_FEW_FILES = 8
_EXPORTS = (
    ("bundle", "", "Everything as one archive", "Model, predictions, result, card and notebook."),
    ("notebook", "", "Notebook", "Computes the score again and compares; needs no Sonde."),
    ("card", "model-card.md", "Model card", "What one must know before using the model."),
)


def origin_panel(
    experiment: Experiment,
    result: ExperimentResult,
    files: Sequence[str] = (),
    *,
    may_ask: bool = True,
) -> list[Any]:
    """Return exports, the files that the training kept, provenance and exact configuration."""
    again = [_again()] if may_ask and result.provenance is not None else []
    return [
        columns([card(_exports(experiment.id), title="Take it away"), *again], minimum=360),
        *_files(experiment.id, files),
        columns([_provenance(result.provenance), _configuration(experiment)], minimum=360),
    ]


def _exports(experiment_id: str) -> Any:
    rows = [
        html.Li(
            [
                html.A(
                    [icon("tabler:download", 16), f" {title}"],
                    href=f"/api/v1/experiments/{experiment_id}/{name}",
                    download=file,
                ),
                html.Span(f" {words}", className="sonde-dim"),
            ]
        )
        for name, file, title, words in _EXPORTS
    ]
    return html.Ul(rows, className="sonde-list")


def _again() -> Any:
    button = dmc.Button(
        "Train exactly this again",
        id=ResultId.AGAIN,
        variant="default",
        leftSection=icon("tabler:refresh", 16),
    )
    made = html.Div(id=ResultId.AGAIN_MADE, **{"aria-live": "polite"})
    return card(
        [html.Div([html.Div(button), made], className="sonde-stack")],
        title="Is it so again?",
        description="Same data, folds, configuration and seeds. The log of the repetition says "
        "whether figures and model are the same.",
    )


def again_words(experiment_id: str, told: Sequence[str]) -> list[Any]:
    """Return the way to a repetition that was queued, and why it may come out otherwise."""
    link = html.A("Watch the repetition", href=f"/experiment/{experiment_id}/monitor")
    doubts = [note(" ".join(told), Tone.WARN, title="It may come out otherwise")] if told else []
    return [html.Div([html.P(["It is queued. ", link]), *doubts], className="sonde-stack is-tight")]


def _files(experiment_id: str, files: Sequence[str]) -> list[Any]:
    if not files:
        return []
    rows = [[html.A(name, href=_file_address(experiment_id, name), download="")] for name in files]
    listed = plain_table((Column("File"),), rows)
    if len(files) > _FEW_FILES:
        words = f"All {len(files)} files"
        listed = html.Details([html.Summary(words), listed], className="sonde-twin")
    return [
        card(
            listed,
            title="Files of the training",
            description="Weights as safetensors, and curves for TensorBoard where they were "
            "asked for.",
        )
    ]


def _file_address(experiment_id: str, name: str) -> str:
    return f"/api/v1/experiments/{experiment_id}/files/content?{urlencode({'name': name})}"


def _provenance(provenance: Provenance | None) -> Any:
    if provenance is None:
        return card(
            note("It was trained before provenance was kept. Train it again.", Tone.INFO),
            title="Provenance",
        )
    environment = provenance.environment
    rows = [
        ("Data", html.Code(provenance.data_hash[:16])),
        ("Folds", html.Code(provenance.split_hash[:16])),
        ("Code", provenance.code.words),
        ("Seeds", ", ".join(f"{name} {seed}" for name, seed in provenance.seeds.items())),
        ("Python", environment.python),
        ("Machine", environment.platform),
        ("Device", f"{environment.device}, {environment.threads} threads"),
        ("Libraries", ", ".join(f"{name} {one}" for name, one in environment.libraries)),
    ]
    if provenance.rerun_of:
        href = f"/experiment/{provenance.rerun_of}/results"
        rows.append(("Repeats", html.A("an earlier experiment", href=href)))
    return card(facts(rows), title="Provenance", description="All that it takes to compute again.")


def _configuration(experiment: Experiment) -> Any:
    document = json.dumps(document_of_experiment(experiment), indent=2)
    return card(html.Pre(document, className="sonde-code", tabIndex=0), title="Exact configuration")
