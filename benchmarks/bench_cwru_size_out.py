"""Macro-F1 on CWRU under the protocol ``cwru-size-out``: the recipe, models beside it, controls.

The score of each fold is on a fault size that the model never saw. Beside it stands the leaky
score of random windows on the same recordings, which every model makes perfect. The recipe is
chosen by `benchmarks.choose_recipe` inside the training sizes; a configuration that is scored here
is scored on test folds, and goes into the log in ``docs/benchmarks.md``.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.cwru import cwru_problem
from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.features.windows import window_features
from sonde.bearings.core.protocols import CWRU_SIZE_OUT
from sonde.learning.core.certificate import certify
from sonde.learning.core.evaluation import Evaluation, FoldPrediction, confusion_matrix, evaluate
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.models.catalogue import MODELS, predict
from sonde.learning.core.novelty import measure_unseen
from sonde.learning.core.problem import Problem
from sonde.learning.core.splits.catalogue import plan_folds
from sonde.learning.core.splits.policy import SplitConfig

RECIPE = "rbf-svm"
BESIDE = ("random-forest", "minirocket")
N_SHAPE = 26
OTHER_BEARING = "6006"


def _quiet(_: float) -> None:
    return None


def _told(problem: Problem, name: str, folds: tuple) -> list[FoldPrediction]:
    specification = MODELS[name]
    config = ModelConfig(name, 0, {})
    told = []
    for fold in folds:
        fitted = specification.fit(problem, fold.train, config, _quiet)
        proba = predict(specification, fitted, problem, fold.test, _quiet)
        told.append(FoldPrediction(fold.name, fold.test, proba))
    return told


def _only_protocol(problem: Problem) -> Problem:
    """Return the samples that the protocol uses, for the leaky comparison on the same windows."""
    folds = problem.protocols[CWRU_SIZE_OUT]
    used = np.unique(np.concatenate([np.concatenate([one.train, one.test]) for one in folds]))
    return replace(
        problem,
        labels=problem.labels[used],
        recordings=problem.recordings[used],
        groups=problem.groups[used],
        spans=problem.spans[used],
        fingerprints=problem.fingerprints[used],
        attributes={name: values[used] for name, values in problem.attributes.items()},
        read_windows=lambda indices: problem.read_windows(used[indices]),
        read_features=lambda indices: problem.read_features(used[indices]),
        protocols={},
    )


def _row(title: str, judged: Evaluation, leaky: float | None) -> str:
    by_fold = " | ".join(f"{fold.macro_f1:.3f}" for fold in judged.folds)
    spread = float(np.std([fold.macro_f1 for fold in judged.folds], ddof=1))
    interval = f"{judged.interval.low:.2f} to {judged.interval.high:.2f}"
    return (
        f"| {title} | {judged.macro_f1:.3f} | {by_fold} | {spread:.3f} "
        f"| {judged.named_macro_f1:.3f} | {interval} | {'' if leaky is None else f'{leaky:.3f}'} |"
    )


def controls(problem: Problem, every: np.ndarray) -> dict[str, Problem]:
    """Return the problem with features that should not suffice: what the lines are worth."""
    speed = np.array([float(text.split()[0]) for text in problem.attributes["speed"]])
    windows = problem.read_windows(np.arange(len(problem)))[:, 0]
    other = find_bearing(OTHER_BEARING).geometry
    strange = window_features(windows, problem.sampling_rate_hz, speed, other)
    values = {
        "control: shape alone, no lines": every[:, :N_SHAPE],
        f"control: lines where a {OTHER_BEARING} would have them": strange,
    }
    return {
        title: replace(problem, read_features=lambda indices, one=one: one[indices])
        for title, one in values.items()
    }


def _confusions(problem: Problem, told: list[FoldPrediction]) -> None:
    for fold in told:
        print(f"\n{fold.name}, recipe: truth in rows, told in columns, windows")
        counts = confusion_matrix(
            problem.labels[fold.indices],
            fold.probabilities.argmax(axis=1),
            len(problem.class_names),
        )
        for name, row in zip(problem.class_names, counts, strict=True):
            print(f"  {name:8s} {' '.join(f'{int(count):4d}' for count in row)}")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        problem = cwru_problem(Path(folder) / "signals.h5")
        every = problem.read_features(np.arange(len(problem)))
        problem = replace(problem, read_features=lambda indices: every[indices])
        honest = SplitConfig(CWRU_SIZE_OUT)
        certificate = certify(problem, plan_folds(problem, honest), honest)
        print(certificate.summary)
        windows = _only_protocol(problem)
        leaky_folds = plan_folds(windows, SplitConfig("random-windows"))
        print(
            "| model | macro-F1 | 7 mil | 14 mil | 21 mil | spread | fault classes | interval "
            "| leaky |"
        )
        print("|---|---|---|---|---|---|---|---|---|")
        folds = problem.protocols[CWRU_SIZE_OUT]
        told = _told(problem, RECIPE, folds)
        for name in (RECIPE, *BESIDE):
            said = told if name == RECIPE else _told(problem, name, folds)
            judged = evaluate(problem, said, certificate.honest_classes)
            leaky = evaluate(windows, _told(windows, name, leaky_folds), (), n_draws=10)
            print(_row(MODELS[name].title, judged, leaky.macro_f1), flush=True)
        for title, control in controls(problem, every).items():
            judged = evaluate(control, _told(control, RECIPE, folds), certificate.honest_classes)
            print(_row(title, judged, None), flush=True)
        _confusions(problem, told)
        for unseen in measure_unseen(
            windows, windows.read_features(np.arange(len(windows))), _quiet
        ):
            values = ", ".join(f"{row.value} {row.auroc:.2f}" for row in unseen.values)
            print(f"novelty AUROC, unseen {unseen.attribute}: {unseen.mean_auroc:.2f} ({values})")


if __name__ == "__main__":
    main()
