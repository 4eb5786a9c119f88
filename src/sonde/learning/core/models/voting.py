"""Voting: several models learn the same, and their probabilities are averaged or their votes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.fit_run import as_fit_run
from sonde.learning.core.fitting.specification import (
    Arrays,
    ModelConfig,
    ModelSpecification,
    Progress,
)
from sonde.learning.core.fitting.steps import Steps, stamp_of
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.members import (
    FAMILY,
    Eats,
    FittedMember,
    check_members,
    fit_member,
    members_knob,
    nested_arrays,
    parse_members,
    restored_members,
    step_names,
)
from sonde.learning.core.problem import Problem


@dataclass(frozen=True)
class Voters:
    """Learned members and how they vote.

    Parameters
    ----------
    members : tuple of FittedMember
    is_hard : bool
        Each member has one vote for its first choice, instead of its probabilities.
    """

    members: tuple[FittedMember, ...]
    is_hard: bool

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return the mean of the members' probabilities or votes, shape (sample, class)."""
        told = [member.fitted.predict_proba(inputs) for member in self.members]
        if self.is_hard:
            told = [np.eye(one.shape[1])[one.argmax(axis=1)] for one in told]
        mean: NDArray[np.float64] = np.mean(told, axis=0)
        return mean

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        return nested_arrays(self.members) | {"is_hard": np.array([self.is_hard], dtype=np.int64)}


def restore(eats: Eats, arrays: Arrays) -> Voters:
    """Return the ensemble of `arrays`; raises KeyError or ValueError if they are not one."""
    return Voters(restored_members(arrays, eats), bool(arrays["is_hard"][0]))


def fit(
    specification: Callable[[], ModelSpecification],
    problem: Problem,
    indices: NDArray[np.intp],
    config: ModelConfig,
    on_progress: Progress,
) -> Voters:
    """Teach every member on the same samples.

    Parameters
    ----------
    specification : callable
        Returns the ensemble's own.
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
    on_progress : callable

    Returns
    -------
    Voters

    Raises
    ------
    Invalid
        If the members cannot be read or cannot vote together.
    """
    run, own = as_fit_run(on_progress), specification()
    values = own.values(config.values)
    members = parse_members(str(values["members"]), own.eats)
    steps = Steps.resume(run, len(members), stamp_of(config, indices))
    fitted = tuple(
        fit_member(member, problem, indices, config, (steps, name))
        for member, name in zip(members, step_names(members), strict=True)
    )
    run(1.0)
    return Voters(fitted, values["vote"] == "hard")


def _specification(eats: Eats, name: str, title: str, members: str) -> ModelSpecification:
    def own() -> ModelSpecification:
        return made

    made = ModelSpecification(
        name=name,
        title=title,
        family=FAMILY,
        help=f"Several models on {eats} side by side, and the mean of what they say.",
        eats=eats,
        hyper_parameters=(
            members_knob(members, eats),
            HyperParameter(
                "vote",
                "Vote",
                "soft: mean of the probabilities; hard: each member has one vote.",
                "soft",
                choices=("soft", "hard"),
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
    "voting",
    "Voting on features",
    "random-forest, extra-trees, gradient-boosting, rbf-svm",
)
SPECIFICATION_ON_WINDOWS = _specification(
    "windows", "voting-windows", "Voting on windows", "minirocket, hydra"
)
