"""A notebook that recomputes an experiment's headline number from its held-out predictions.

It needs numpy and safetensors, not Sonde: a colleague can check the number with nothing of ours.
"""

from typing import Any

from sonde.learning.core.experiments import Experiment
from sonde.learning.core.result import ExperimentResult
from sonde.platform.core.errors import Conflict

_TOLERANCE = 1e-9

_LOAD = """\
import json
from pathlib import Path

import numpy as np
from safetensors import safe_open

with safe_open(Path("held-out.safetensors"), framework="numpy") as file:
    facts = json.loads(file.metadata()["facts"])
    table = {name: file.get_tensor(name) for name in file.keys()}
class_names, fold_names = facts["class_names"], facts["fold_names"]
labels, folds = table["labels"], table["folds"]
told = table["probabilities"].argmax(axis=1)
print(len(labels), "held-out windows,", len(fold_names), "folds,", len(class_names), "classes")"""

_SCORE = """\
def confusion(labels, told):
    counts = np.zeros((len(class_names), len(class_names)))
    np.add.at(counts, (labels, told), 1)
    return counts


def macro_f1(counts):
    tested = counts.sum(axis=1) > 0
    hits = np.diag(counts)[tested]
    return np.mean(2 * hits / (counts.sum(axis=1)[tested] + counts.sum(axis=0)[tested]))


per_fold = [confusion(labels[folds == one], told[folds == one]) for one in range(len(fold_names))]
for name, counts in zip(fold_names, per_fold):
    print(f"{name:<24} macro-F1 {macro_f1(counts):.4f}")
every_fold_tests_every_class = all((counts.sum(axis=1) > 0).all() for counts in per_fold)
if every_fold_tests_every_class:
    score = np.mean([macro_f1(counts) for counts in per_fold])
else:
    score = macro_f1(sum(per_fold))
print(f"macro-F1 {score:.6f}")"""

_CERTIFICATE = """\
words = facts["words"]
for number, name in enumerate(fold_names):
    tested = {words["recordings"][code] for code in table["recordings"][folds == number]}
    others = {words["recordings"][code] for code in table["recordings"][folds != number]}
    print(f"{name:<24} {len(tested)} recordings tested, {len(tested & others)} in others too")"""


def notebook(experiment: Experiment) -> str:
    """Return the notebook as the JSON of an ``.ipynb`` file.

    Parameters
    ----------
    experiment : Experiment
        Finished.

    Raises
    ------
    Conflict
        If it is not finished.
    """
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    result = finished(experiment)
    evaluation = result.evaluation
    check = (
        f"expected = {evaluation.macro_f1!r}\n"
        f"assert abs(score - expected) < {_TOLERANCE}, (score, expected)\n"
        'print("The number is right.")'
    )
    cells: list[Any] = [
        new_markdown_cell(_words(experiment, result)),
        new_code_cell(_LOAD),
        new_markdown_cell("## The score\n\nF1 of each class from the confusion matrix."),
        new_code_cell(_SCORE),
        new_markdown_cell("## Is it the number that was shown?"),
        new_code_cell(check),
        new_markdown_cell("## What was tested where"),
        new_code_cell(_CERTIFICATE),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    whole = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.validate(whole)
    text: str = nbformat.writes(whole)
    return text


def finished(experiment: Experiment) -> ExperimentResult:
    """Return the result of an experiment; raises Conflict before there is one."""
    if experiment.result is None:
        raise Conflict(
            f"{experiment.summary.title} is not finished; there is nothing to export yet.",
            experiment_id=experiment.id,
        )
    return experiment.result


def _words(experiment: Experiment, result: ExperimentResult) -> str:
    summary, evaluation = experiment.summary, result.evaluation
    return (
        f"# {summary.title}\n\n"
        f"{summary.model_title} on {summary.ref_title}, {summary.policy_title}, seed "
        f"{summary.seed}.\n\n"
        f"Macro-F1 **{evaluation.macro_f1:.4f}**, 95 % interval {evaluation.interval.low:.4f} to "
        f"{evaluation.interval.high:.4f} over {evaluation.interval.n_groups} "
        f"{result.certificate.group_noun}s ({evaluation.aggregation}).\n\n"
        f"{result.certificate.summary}\n\n"
        f"Data `{result.data_hash}`, model `{result.model_hash}`.\n\n"
        "Run it beside `held-out.safetensors`: it computes the number again and compares."
    )
