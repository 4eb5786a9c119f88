"""How a problem is fed to a fitted model."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.specification import FittedModel, ModelSpecification, Progress
from sonde.learning.core.problem import Problem

_BATCH = 64


def predict(
    specification: ModelSpecification,
    fitted: FittedModel,
    problem: Problem,
    indices: NDArray[np.intp],
    on_progress: Progress,
) -> NDArray[np.float64]:
    """Return the probabilities of samples of a problem, read in batches.

    Parameters
    ----------
    specification : ModelSpecification
    fitted : FittedModel
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    on_progress : callable

    Returns
    -------
    ndarray of float64, shape (sample, class)
    """
    read: Any = problem.read_windows if specification.eats == "windows" else problem.read_features
    answer = np.zeros((len(indices), len(problem.class_names)))
    for start in range(0, len(indices), _BATCH):
        on_progress(start / len(indices))
        batch = indices[start : start + _BATCH]
        answer[start : start + _BATCH] = fitted.predict_proba(read(batch))
    on_progress(1.0)
    return answer
