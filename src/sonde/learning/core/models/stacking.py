"""Stacking: a last linear step learns how far to trust each of several models.

Wolpert 1992, "Stacked generalization". What the last step learns from are predictions about groups
that the members had not seen: the training samples are divided by group once more, and no group is
torn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import inner_folds
from sonde.learning.core.fitting.fit_run import FitRun, as_fit_run
from sonde.learning.core.fitting.specification import (
    Arrays,
    ModelConfig,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.fitting.steps import Steps, stamp_of
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models import logistic_regression
from sonde.learning.core.models.logistic_regression import LinearModel, learn_linear
from sonde.learning.core.models.members import (
    FAMILY,
    Eats,
    FittedMember,
    Member,
    check_members,
    config_of,
    fit_member,
    members_knob,
    nested_arrays,
    parse_members,
    restored_members,
    step_names,
)
from sonde.learning.core.models.predicting import predict
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

_FLOOR = 1e-3
_LAST, _TOLD = "last.", "told"


@dataclass(frozen=True)
class Stack:
    """Learned members and the step that weighs them.

    Parameters
    ----------
    members : tuple of FittedMember
    last : LinearModel
        From the members' log probabilities to classes.
    """

    members: tuple[FittedMember, ...]
    last: LinearModel

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return probabilities, shape (sample, class)."""
        told = [member.fitted.predict_proba(inputs) for member in self.members]
        return self.last.predict_proba(_said(told, self.last.classes))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        last = {f"{_LAST}{name}": one for name, one in self.last.arrays().items()}
        return nested_arrays(self.members) | last


def _said(told: list[NDArray[np.float64]], classes: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the log probabilities of the trained classes, member beside member."""
    return np.log(np.maximum(np.concatenate([one[:, classes] for one in told], axis=1), _FLOOR))


def restore(eats: Eats, arrays: Arrays) -> Stack:
    """Return the stack of `arrays`; raises KeyError or ValueError if they are not one."""
    members = restored_members(arrays, eats)
    last = logistic_regression.restore(
        {name.removeprefix(_LAST): one for name, one in arrays.items() if name.startswith(_LAST)}
    )
    if len(last.mean) != len(members) * len(last.classes):
        raise ValueError("the last step does not fit the members")
    return Stack(members, last)


def fit(
    specification: Callable[[], ModelSpecification],
    problem: Problem,
    indices: NDArray[np.intp],
    config: ModelConfig,
    on_progress: Progress,
) -> Stack:
    """Teach the members fold by fold, the last step on what they said, then the members on all.

    Parameters
    ----------
    specification : callable
        Returns the ensemble's own.
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Raises
    ------
    Invalid
        If the members cannot be read, or too few groups of a class leave nothing to learn the last
        step from.
    """
    run, own = as_fit_run(on_progress), specification()
    values = own.values(config.values)
    members = parse_members(str(values["members"]), own.eats)
    folds = _inner_folds(own, problem, indices, config)
    steps = Steps.resume(run, len(members) * (len(folds) + 1), stamp_of(config, indices))
    classes = np.unique(problem.labels[indices])
    sides = [(indices[train], indices[test]) for train, test in folds]
    said = [
        _said(_heard(members, problem, side, config, (steps, number)), classes)
        for number, side in enumerate(sides, 1)
    ]
    done = len(folds) / (len(folds) + 1)
    last = learn_linear(
        np.concatenate(said),
        np.concatenate([problem.labels[test] for _, test in sides]),
        len(problem.class_names),
        (float(values["c"]), True),
        lambda: run(done),
    )
    fitted = tuple(
        fit_member(member, problem, indices, config, (steps, name))
        for member, name in zip(members, step_names(members), strict=True)
    )
    run(1.0)
    return Stack(fitted, last)


def _inner_folds(
    own: ModelSpecification, problem: Problem, indices: NDArray[np.intp], config: ModelConfig
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Divide the training samples by group once more; raises Invalid where that leaves nothing."""
    n_folds = int(own.values(config.values)["n_folds"])
    folds = inner_folds(problem, indices, n_folds, config.seed)
    if not folds:
        raise Invalid(
            "Stacking needs at least two groups of every class among the training samples; train "
            "a voting ensemble instead.",
            model=own.name,
        )
    return folds


def _heard(
    members: Sequence[Member],
    problem: Problem,
    sides: tuple[NDArray[np.intp], NDArray[np.intp]],
    config: ModelConfig,
    place: tuple[Steps, int],
) -> list[NDArray[np.float64]]:
    """Return what every member, taught on one side of an inner fold, says of the other side.

    Without a teacher, where there is one: it has seen the other side.
    """
    (train, test), (steps, number) = sides, place

    def hear(member: Member, run: FitRun) -> Arrays:
        specification, own = member.specification, config_of(member, config)
        alone = replace(own, training=replace(own.training, teacher=""))
        fitted = specification.fit(problem, train, alone, replace(run, teacher=None))
        return {_TOLD: predict(specification, fitted, problem, test, lambda _: run(1.0))}

    return [
        steps.take(f"inner fold {number}, {name}", partial(hear, member))[_TOLD]
        for member, name in zip(members, step_names(members), strict=True)
    ]


def _specification(eats: Eats, name: str, title: str, members: str) -> ModelSpecification:
    def own() -> ModelSpecification:
        return made

    made = ModelSpecification(
        name=name,
        title=title,
        family=FAMILY,
        help=f"Several models on {eats}, and a last step that learned how far to trust each.",
        eats=eats,
        hyper_parameters=(
            members_knob(members, eats),
            HyperParameter(
                "n_folds",
                "Inner folds",
                "The members are taught once for each, and once more on everything.",
                3,
                low=2,
                high=10,
            ),
            HyperParameter(
                "c",
                "Freedom C",
                "Inverse strength of the last step's penalty.",
                0.1,
                low=1e-5,
                high=1e5,
                is_log=True,
            ),
        ),
        fit=partial(fit, own),
        restore=partial(restore, eats),
        uses_training=eats == "windows",
        check=lambda values: check_members(values, eats),
    )
    return made


SPECIFICATION = _specification(
    "features",
    "stacking",
    "Stacking on features",
    "random-forest, extra-trees, gradient-boosting, rbf-svm",
)
SPECIFICATION_ON_WINDOWS = _specification(
    "windows", "stacking-windows", "Stacking on windows", "minirocket, hydra"
)
