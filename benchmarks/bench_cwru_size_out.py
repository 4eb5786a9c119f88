"""Macro-F1 on CWRU under the protocol ``cwru-size-out``, every model of the product.

The score of each fold is on a fault size that the model never saw. Beside it stands the leaky
score of random windows on the same recordings, which every model makes perfect.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.cwru import cwru_problem
from sonde.bearings.core.protocols import CWRU_SIZE_OUT
from sonde.learning.core.certificate import certify
from sonde.learning.core.evaluation import FoldPrediction, evaluate
from sonde.learning.core.models.catalogue import MODELS, predict
from sonde.learning.core.models.specification import ModelConfig
from sonde.learning.core.novelty import measure_unseen
from sonde.learning.core.problem import Problem
from sonde.learning.core.splits.catalogue import plan_folds
from sonde.learning.core.splits.policy import SplitConfig


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
        for name, specification in MODELS.items():
            folds = problem.protocols[CWRU_SIZE_OUT]
            judged = evaluate(problem, _told(problem, name, folds), certificate.honest_classes)
            leaky = evaluate(windows, _told(windows, name, leaky_folds), (), n_draws=10)
            by_fold = " | ".join(f"{fold.macro_f1:.3f}" for fold in judged.folds)
            spread = float(np.std([fold.macro_f1 for fold in judged.folds], ddof=1))
            interval = f"{judged.interval.low:.2f} to {judged.interval.high:.2f}"
            print(
                f"| {specification.title} | {judged.macro_f1:.3f} | {by_fold} | {spread:.3f} "
                f"| {judged.named_macro_f1:.3f} | {interval} | {leaky.macro_f1:.3f} |"
            )
        for unseen in measure_unseen(
            windows, windows.read_features(np.arange(len(windows))), _quiet
        ):
            values = ", ".join(f"{row.value} {row.auroc:.2f}" for row in unseen.values)
            print(f"novelty AUROC, unseen {unseen.attribute}: {unseen.mean_auroc:.2f} ({values})")


if __name__ == "__main__":
    main()
