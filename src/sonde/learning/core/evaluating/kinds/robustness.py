"""What is left of a score when windows are worse than those of training.

Every fold is asked by a model that never saw its test samples: fitted again on the fold's training
side, just as the experiment's own was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.evaluating.grouped import draw_groups
from sonde.learning.core.evaluating.perturbing import PERTURBATIONS, Perturbation, perturbation
from sonde.learning.core.evaluating.plain import about, bounds, number, numbers
from sonde.learning.core.evaluating.scoring import score
from sonde.learning.core.fitting.calibration import subsample
from sonde.learning.core.fitting.specification import FittedModel
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

KNOBS: Final = (
    HyperParameter(
        "change", "Change", "What is done to the windows.", "noise", choices=tuple(PERTURBATIONS)
    ),
    HyperParameter(
        "most",
        "Test samples",
        "Of each fold at most, every class thinned alike.",
        400,
        low=20,
        high=20000,
    ),
    HyperParameter("n_draws", "Draws", "Of whole groups, for intervals.", 500, low=50, high=2000),
    HyperParameter("seed", "Seed", "Of noise, gaps and draws.", 0, low=0, high=2**31 - 1),
)
_BATCH: Final = 64
_SAME: Final = 1e-6


@dataclass(frozen=True)
class _Asked:
    """What the models said of changed windows.

    Parameters
    ----------
    samples : ndarray of intp, shape (sample,)
        Indices into the problem.
    folds : ndarray of intp, shape (sample,)
    probabilities : ndarray of float64, shape (level, sample, class)
    """

    samples: NDArray[np.intp]
    folds: NDArray[np.intp]
    probabilities: NDArray[np.float64]


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return score and recalls at every level of one change."""
    material = materials[0]
    change = perturbation(params["change"])
    problem = material.plan.problem
    _require_measurable(material, problem)
    parts = [
        _ask_fold(material, place, change, params, progress)
        for place in range(len(material.held_out.fold_names))
    ]
    asked = _Asked(
        np.concatenate([part.samples for part in parts]),
        np.concatenate([part.folds for part in parts]),
        np.concatenate([part.probabilities for part in parts], axis=1),
    )
    labels = problem.labels[asked.samples]
    draws = draw_groups(problem.groups[asked.samples], labels, params["n_draws"], params["seed"])
    n_classes = len(problem.class_names)
    rows = []
    for level, probabilities in zip(change.levels, asked.probabilities, strict=True):
        found = score(labels, probabilities.argmax(axis=1), asked.folds, n_classes, draws)
        rows.append(
            {
                "level": number(level),
                "name": _named(change, level),
                "macro_f1": number(found.macro_f1),
                "macro_f1_interval": bounds(found.macro_f1_interval),
                "accuracy": number(found.accuracy),
                "accuracy_interval": bounds(found.accuracy_interval),
                "recalls": numbers(found.recalls),
                "mean_told": number(float(probabilities.max(axis=1).mean())),
            }
        )
    whole = {
        "change": change.name,
        "title": change.title,
        "unit": change.unit,
        "help": change.help,
        "rows": rows,
        "n_tested": len(asked.samples),
        "repeats": _repeats(material, asked),
    }
    return Answer(about(material.held_out) | whole)


def _named(change: Perturbation, level: float) -> str:
    if level == change.levels[0]:
        return "untouched"
    return f"{level:g} {change.unit}"


def _require_measurable(material: Material, problem: Problem) -> None:
    if material.specification.eats == "features" and problem.features_of_windows is None:
        raise Invalid(
            f"{material.specification.title} eats features, and {problem.title} cannot measure "
            "them on changed windows: only models that eat windows can be tried here."
        )


def _ask_fold(
    material: Material,
    place: int,
    change: Perturbation,
    params: Mapping[str, Any],
    progress: Progress,
) -> _Asked:
    """Fit one fold and ask it about its own test samples at every level."""
    folds = material.plan.folds[: len(material.held_out.fold_names)]
    begin, share = place / len(folds), 1.0 / len(folds)
    name = folds[place].name
    fitted = material.fit_fold(
        place, lambda done: progress(begin + 0.6 * share * done, f"Fitting {name}")
    )
    chosen = subsample(material.plan.problem, folds[place].test, params["most"], params["seed"])
    random = np.random.default_rng([params["seed"], place])
    answers = []
    for start in range(0, len(chosen), _BATCH):
        progress(begin + share * (0.6 + 0.4 * start / len(chosen)), f"Asking {name}")
        batch = chosen[start : start + _BATCH]
        answers.append(_ask(material, fitted, batch, change, random))
    return _Asked(chosen, np.full(len(chosen), place), np.concatenate(answers, axis=1))


def _ask(
    material: Material,
    fitted: FittedModel,
    batch: NDArray[np.intp],
    change: Perturbation,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Return probabilities of some samples at every level, shape (level, sample, class)."""
    problem = material.plan.problem
    windows = problem.read_windows(batch)
    answers = []
    for level in change.levels:
        changed = change.change(windows, level, random)
        if material.specification.eats == "windows":
            answers.append(fitted.predict_proba(changed))
            continue
        measure = problem.features_of_windows
        features = measure(changed, batch) if measure else problem.read_features(batch)
        if not np.isfinite(features).all():
            raise Invalid(
                f"At {_named(change, level)} some features are no numbers; this change cannot be "
                "tried with this model."
            )
        answers.append(fitted.predict_proba(features))
    return np.stack(answers)


def _repeats(material: Material, asked: _Asked) -> bool:
    """Whether the refitted models say of untouched samples what the experiment's own said."""
    table = material.held_out
    place = {
        (fold, sample): row
        for row, (fold, sample) in enumerate(
            zip(table.folds.tolist(), table.samples.tolist(), strict=True)
        )
    }
    rows = [
        place.get(pair, -1)
        for pair in zip(asked.folds.tolist(), asked.samples.tolist(), strict=True)
    ]
    if min(rows) < 0:
        return False
    gap = np.abs(table.probabilities[rows] - asked.probabilities[0]).max()
    return bool(gap < _SAME)


KIND: Final = AnalysisKind(
    name="robustness",
    title="Robustness",
    help="Score over noise, missing samples, gain, sampling rate and speed, by models that never "
    "saw the samples.",
    validate=lambda given: accept_parameters(KNOBS, given),
    compute=compute,
    page="/evaluation?experiment={ids}&tab=robustness",
)
