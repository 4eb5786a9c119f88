"""Where a result comes from, and how to take it away."""

import json
from typing import Any

from dash import html

from sonde.learning.core.experiment_document import document_of_experiment
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.provenance import Provenance
from sonde.learning.core.result import ExperimentResult
from sonde.platform.ui.components import card, columns, facts, note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone

_EXPORTS = (
    ("bundle", "Everything as one archive", "Model, predictions, result, card and notebook."),
    ("notebook", "Notebook", "Computes the score again and compares; needs no Sonde."),
    ("card", "Model card", "What one must know before using the model."),
)


def origin_panel(experiment: Experiment, result: ExperimentResult) -> list[Any]:
    """Return provenance, exact configuration and exports."""
    return [
        card(_exports(experiment.id), title="Take it away"),
        columns([_provenance(result.provenance), _configuration(experiment)], minimum=360),
    ]


def _exports(experiment_id: str) -> Any:
    rows = [
        html.Li(
            [
                html.A(
                    [icon("tabler:download", 16), f" {title}"],
                    href=f"/api/v1/experiments/{experiment_id}/{name}",
                    download="",
                ),
                html.Span(f" {words}", className="sonde-dim"),
            ]
        )
        for name, title, words in _EXPORTS
    ]
    return html.Ul(rows, className="sonde-list")


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
