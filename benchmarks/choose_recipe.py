"""Choose the recipe for ``cwru-size-out`` by inner leave-one-size-out; no test fold is scored.

For every outer fold only its two training sizes are used: train on one of them, judge on the
other, and the other way round. Run by hand, ``python -m benchmarks.choose_recipe``; what it says is
written down in ``docs/benchmarks.md``.
"""

import itertools
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.bench_sim_to_real import family_features
from benchmarks.cwru import cwru_problem
from sonde.bearings.core.features.windows import ENVELOPE_BANDS
from sonde.bearings.core.protocols import CWRU_SIZE_OUT
from sonde.learning.core.evaluation import confusion_matrix, macro_f1
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.models.catalogue import MODELS, predict
from sonde.learning.core.problem import Fold, Problem

N_SHAPE = 26
PENALTIES = (1.0, 3.0, 10.0, 100.0)
WIDTHS = (0.03, 0.1, 0.3, 1.0, 3.0)


def _quiet(_: float) -> None:
    return None


def inner_folds(problem: Problem, outer: Fold) -> list[Fold]:
    """Return the splits of an outer fold's training samples by fault size.

    Of the healthy bearing's two training records each side gets one, in both ways.
    """
    size = problem.attributes["fault_size"][outer.train]
    load = problem.attributes["load"][outer.train]
    healthy = problem.labels[outer.train] == problem.class_names.index("healthy")
    sizes = sorted(set(size[~healthy]))
    folds = []
    for (one, other), (mine, theirs) in itertools.product(
        itertools.permutations(sizes), itertools.permutations(("0 hp", "2 hp"))
    ):
        train = (~healthy & (size == one)) | (healthy & (load == mine))
        test = (~healthy & (size == other)) | (healthy & (load == theirs))
        folds.append(Fold(f"{one} tells {other}", outer.train[train], outer.train[test]))
    return folds


def score(problem: Problem, fold: Fold, config: ModelConfig) -> float:
    """Return the macro-F1 of one split."""
    specification = MODELS[config.model]
    fitted = specification.fit(problem, fold.train, config, _quiet)
    told = predict(specification, fitted, problem, fold.test, _quiet).argmax(axis=1)
    truth = problem.labels[fold.test]
    return float(macro_f1(confusion_matrix(truth, told, len(problem.class_names))))


def candidates() -> list[ModelConfig]:
    """Return every model that is tried."""
    machines = [
        ModelConfig("rbf-svm", 0, {"c": c, "gamma": width})
        for c, width in itertools.product(PENALTIES, WIDTHS)
    ]
    forests = [ModelConfig(name, 0, {}) for name in ("random-forest", "extra-trees")]
    others = [ModelConfig("logistic-regression", 0, {"c": c}) for c in (0.01, 0.1, 1.0)]
    others += [ModelConfig("k-nn", 0, {"metric": kind}) for kind in ("euclidean", "manhattan")]
    others.append(ModelConfig("gradient-boosting", 0, {"n_rounds": 60}))
    votes = (
        "rbf-svm, logistic-regression",
        "rbf-svm, extra-trees(n_trees=100)",
        "rbf-svm, logistic-regression, k-nn",
    )
    return machines + forests + others + [ModelConfig("voting", 0, {"members": m}) for m in votes]


def feature_sets(problem: Problem) -> dict[str, NDArray[np.float64]]:
    """Return what is tried by name, each of shape (sample, feature).

    A: shape of the spectrum; L: envelope lines in five bands; M: their maximum and mean over the
    bands; F: how the families of lines stand against each other, from the diagnosis.
    """
    every = problem.read_features(np.arange(len(problem)))
    shape, lines = every[:, :N_SHAPE], every[:, N_SHAPE:]
    in_bands = lines.reshape(len(every), len(ENVELOPE_BANDS), -1)
    pooled = np.concatenate([in_bands.max(axis=1), in_bands.mean(axis=1)], axis=1)
    speed = np.array([float(text.split()[0]) for text in problem.attributes["speed"]])
    families = np.stack(
        [
            family_features(problem.read_windows(np.array([index]))[0, 0], speed[index])
            for index in range(len(problem))
        ]
    )
    alone = {"A": shape, "L": lines, "M": pooled, "F": families}
    pairs = {
        name: np.concatenate([alone[part] for part in name.split("+")], axis=1)
        for name in ("A+L", "A+M", "A+F", "A+M+F", "A+L+F", "L+F", "M+F")
    }
    return alone | pairs


def main() -> None:
    """Print the best ten of every feature set, and the best of every outer fold."""
    with tempfile.TemporaryDirectory() as folder:
        problem = cwru_problem(Path(folder) / "signals.h5")
        sets = feature_sets(problem)
    folds = problem.protocols[CWRU_SIZE_OUT]
    rows = []
    for name, values in sets.items():
        told = replace(problem, read_features=lambda indices, values=values: values[indices])
        for config in candidates():
            by_fold = [
                np.mean([score(told, inner, config) for inner in inner_folds(told, outer)])
                for outer in folds
            ]
            rows.append((float(np.mean(by_fold)), by_fold, name, config))
    rows.sort(key=lambda row: -row[0])
    print("| features | model | mean | " + " | ".join(f"without {f.name}" for f in folds) + " |")
    print("|---|---|---|" + "---|" * len(folds))
    for mean, by_fold, name, config in [
        row for name in sets for row in [one for one in rows if one[2] == name][:10]
    ]:
        values = " | ".join(f"{one:.3f}" for one in by_fold)
        print(f"| {name} | {config.model} {dict(config.values)} | {mean:.3f} | {values} |")
    for number, fold in enumerate(folds):
        best = max(row[1][number] for row in rows)
        first = [f"{r[2]} {r[3].model} {dict(r[3].values)}" for r in rows if r[1][number] == best]
        print(f"best without {fold.name}: {best:.3f}: {'; '.join(first[:6])} ({len(first)} equal)")


if __name__ == "__main__":
    main()
