"""From an architecture to a model that can be trained like any other."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.fit_run import as_fit_run
from sonde.learning.core.fitting.specification import (
    ModelConfig,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.models.deep.architecture import Architecture, InputShape
from sonde.learning.core.models.deep.building import build_module
from sonde.learning.core.models.deep.fitted import DeepModel, restored
from sonde.learning.core.models.deep.scaling import SCALING, settle
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

__all__ = ["SHARED_KNOBS", "build_module", "fit", "input_shape", "specification_of"]

SHARED_KNOBS = (SCALING,)


def specification_of(architecture: Architecture) -> ModelSpecification:
    """Return the model of an architecture: its knobs and the shared ones, its fit, its restore.

    Parameters
    ----------
    architecture : Architecture

    Returns
    -------
    ModelSpecification
    """
    return ModelSpecification(
        name=architecture.name,
        title=architecture.title,
        family=architecture.family,
        help=architecture.help,
        eats="windows",
        hyper_parameters=(*architecture.hyper_parameters, *SHARED_KNOBS),
        fit=partial(fit, architecture),
        restore=partial(restored, architecture),
        uses_training=True,
    )


def input_shape(problem: Problem) -> InputShape:
    """Return the shape of a problem's windows; reads one.

    Raises
    ------
    Invalid
        If the problem has no samples.
    """
    if not len(problem):
        raise Invalid("This problem has no windows to learn from.")
    first = problem.read_windows(np.arange(1))
    return InputShape(first.shape[1], first.shape[2], problem.sampling_rate_hz)


def fit(
    architecture: Architecture,
    problem: Problem,
    indices: NDArray[np.intp],
    config: ModelConfig,
    on_progress: Progress,
) -> DeepModel:
    """Build, train and export a network.

    Parameters
    ----------
    architecture : Architecture
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Returns
    -------
    DeepModel
    """
    from sonde.learning.core.models.deep.export import deep_model
    from sonde.learning.core.training.loop import train

    run = as_fit_run(on_progress)
    run(0.0)
    values = specification_of(architecture).values(config.values)
    shape, n_classes = input_shape(problem), len(problem.class_names)
    module = build_module(architecture, shape, n_classes, values, config.seed)
    settle(module.scaling, problem, indices, config.seed)
    trained = train(module, problem, indices, config, run)
    classes = np.unique(problem.labels[indices])
    return deep_model(
        architecture, shape, n_classes, values, trained.module, classes, trained.temperature
    )
