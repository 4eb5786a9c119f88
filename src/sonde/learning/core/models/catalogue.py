"""Every model by name, and how a problem is fed to one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.models import (
    extra_trees,
    gradient_boosting,
    hydra,
    logistic_regression,
    minirocket,
    nearest_neighbours,
    random_forest,
    rbf_svm,
    snapshot,
    stacking,
    voting,
)
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES
from sonde.learning.core.models.deep.specification import specification_of
from sonde.learning.core.models.specification import FittedModel, ModelSpecification, Progress
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

_CLASSICAL: Mapping[str, ModelSpecification] = {
    module.SPECIFICATION.name: module.SPECIFICATION
    for module in (
        random_forest,
        extra_trees,
        gradient_boosting,
        rbf_svm,
        logistic_regression,
        nearest_neighbours,
        minirocket,
        hydra,
    )
}

_ENSEMBLES: Mapping[str, ModelSpecification] = {
    one.name: one
    for one in (
        voting.SPECIFICATION,
        voting.SPECIFICATION_ON_WINDOWS,
        stacking.SPECIFICATION,
        stacking.SPECIFICATION_ON_WINDOWS,
        snapshot.SPECIFICATION,
    )
}

_DEEP: Mapping[str, ModelSpecification] = {
    name: specification_of(architecture) for name, architecture in ARCHITECTURES.items()
}

MODELS: Mapping[str, ModelSpecification] = {**_CLASSICAL, **_DEEP, **_ENSEMBLES}

_BATCH = 64


def model(name: str) -> ModelSpecification:
    """Return the model called `name`.

    Raises
    ------
    Invalid
        If there is none; the message lists the names.

    Examples
    --------
    >>> model("rbf-svm").eats
    'features'
    """
    try:
        return MODELS[name]
    except KeyError:
        raise Invalid(
            f"There is no model {name!r}; choose one of {', '.join(MODELS)}.",
            model=name,
            choices=list(MODELS),
        ) from None


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
