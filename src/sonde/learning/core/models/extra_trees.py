"""Extra trees on features: a forest whose cuts are drawn at random, then the best of them taken.

Geurts, Ernst and Wehenkel 2006, "Extremely randomized trees". Kept and asked as the random forest's
arrays.
"""

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.specification import ModelConfig, ModelSpecification, Progress
from sonde.learning.core.models import random_forest
from sonde.learning.core.models.random_forest import Forest
from sonde.learning.core.problem import Problem


def fit(
    problem: Problem, indices: NDArray[np.intp], config: ModelConfig, on_progress: Progress
) -> Forest:
    """Grow extra trees on the features of the training samples.

    Parameters
    ----------
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Returns
    -------
    Forest
    """
    values = SPECIFICATION.values(config.values) | {"thresholds": "random"}
    return random_forest.grow(problem, indices, values, config.seed, on_progress)


SPECIFICATION = ModelSpecification(
    name="extra-trees",
    title="Extra trees",
    family="Trees",
    help="A forest whose cuts are drawn at random: smoother than a random forest, and faster.",
    eats="features",
    hyper_parameters=tuple(
        knob for knob in random_forest.SPECIFICATION.hyper_parameters if knob.name != "thresholds"
    ),
    fit=fit,
    restore=random_forest.restore,
)
