"""The members of an ensemble: registered models, named in one line, kept in nested arrays."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.fit_run import FitRun
from sonde.learning.core.fitting.specification import (
    Arrays,
    FittedModel,
    ModelConfig,
    ModelSpecification,
)
from sonde.learning.core.fitting.steps import Steps
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.single_models import SINGLE_MODELS
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

FAMILY = "Ensembles"
MOST_MEMBERS = 12
_MEMBER = re.compile(r"\s*([a-z0-9-]+)\s*(?:\(([^()]*)\))?\s*(?:,|$)")
_NAMES = "members"

Eats = Literal["windows", "features"]


@dataclass(frozen=True)
class Member:
    """One model of an ensemble with the settings that differ from its defaults."""

    specification: ModelSpecification
    values: Mapping[str, Any]


@dataclass(frozen=True)
class FittedMember:
    """A member that has learned."""

    name: str
    fitted: FittedModel


def members_knob(default: str, eats: Eats) -> HyperParameter:
    """Return the knob that names the members."""
    names = ", ".join(one.name for one in SINGLE_MODELS.values() if one.eats == eats)
    first = default.partition(",")[0]
    knob = next(iter(SINGLE_MODELS[first].hyper_parameters))
    return HyperParameter(
        "members",
        "Members",
        f"Models, separated by commas: {names}. Settings stand in brackets, as in "
        f"{first}({knob.name}={knob.default}).",
        default,
    )


def parse_members(
    text: str, eats: Eats, numbers: tuple[int, int] = (2, MOST_MEMBERS)
) -> tuple[Member, ...]:
    """Return the members that a line names.

    Parameters
    ----------
    text : str
        Such as ``"random-forest(n_trees=500, balance=no), rbf-svm"``.
    eats : {"windows", "features"}
        All members must be fed with the same.
    numbers : tuple of int
        Fewest and most members.

    Raises
    ------
    Invalid
        If the line cannot be read, or names something that cannot be a member.

    Examples
    --------
    >>> members = parse_members("k-nn(n_neighbours=3), rbf-svm", "features")
    >>> [(member.specification.name, dict(member.values)) for member in members]
    [('k-nn', {'n_neighbours': '3'}), ('rbf-svm', {})]
    """
    members, at = [], 0
    while at < len(text.rstrip()):
        found = _MEMBER.match(text, at)
        if found is None:
            raise Invalid(
                f"Members are models separated by commas, such as random-forest(n_trees=500), "
                f"rbf-svm; {text[at:].strip()!r} cannot be read.",
                field="members",
            )
        specification = member_specification(found[1], eats)
        values = _settings(found[2] or "")
        specification.values(values)
        members.append(Member(specification, values))
        at = found.end()
    fewest, most = numbers
    if not fewest <= len(members) <= most:
        many = f"{fewest} to {most} members" if fewest < most else f"{most} member"
        raise Invalid(f"This ensemble has {many}, not {len(members)}.", field="members")
    return tuple(members)


def check_members(values: Mapping[str, Any], eats: Eats) -> None:
    """Raise Invalid if the members that an ensemble's settings name cannot be."""
    parse_members(str(values["members"]), eats)


def member_specification(name: str, eats: Eats) -> ModelSpecification:
    """Return the model of that name; raises Invalid if it cannot be a member."""
    if name not in SINGLE_MODELS:
        raise Invalid(
            f"There is no model {name!r} to be a member, and an ensemble cannot be a member of an "
            f"ensemble; choose of {', '.join(SINGLE_MODELS)}.",
            field="members",
        )
    specification = SINGLE_MODELS[name]
    if specification.eats != eats:
        raise Invalid(
            f"{specification.title} is fed with {specification.eats}, the other members of this "
            f"ensemble with {eats}; choose another member.",
            field="members",
        )
    return specification


def _settings(text: str) -> dict[str, str]:
    values = {}
    for one in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = one.partition("=")
        if not equals:
            raise Invalid(
                f"A member's setting is written name=value, not {one!r}.", field="members"
            )
        values[name.strip()] = value.strip()
    return values


def fit_member(
    member: Member,
    problem: Problem,
    indices: NDArray[np.intp],
    config: ModelConfig,
    step: tuple[Steps, str],
) -> FittedMember:
    """Teach one member on the samples that `indices` name, or take it up as it was kept.

    Parameters
    ----------
    member : Member
    problem : Problem
    indices : ndarray of intp, shape (sample,)
    config : ModelConfig
        Of the ensemble; seed and training are passed on.
    step : tuple of (Steps, str)
        The ensemble's steps and the name of this one.

    Returns
    -------
    FittedMember
    """
    steps, name = step
    learned: list[FittedModel] = []

    def learn(run: FitRun) -> Arrays:
        own = config_of(member, config)
        learned.append(member.specification.fit(problem, indices, own, run))
        return learned[0].arrays()

    arrays = steps.take(name, learn)
    fitted = learned[0] if learned else member.specification.restore(arrays)
    return FittedMember(member.specification.name, fitted)


def config_of(member: Member, config: ModelConfig) -> ModelConfig:
    """Return what a member is taught with: its own settings, the ensemble's seed and training."""
    return replace(config, model=member.specification.name, values=member.values)


def step_names(members: Sequence[Member]) -> tuple[str, ...]:
    """Return a name for each member; twins are counted.

    Examples
    --------
    >>> step_names(parse_members("k-nn, rbf-svm, k-nn(n_neighbours=3)", "features"))
    ('k-nn', 'rbf-svm', 'k-nn 2')
    """
    names: list[str] = []
    for member in members:
        name = member.specification.name
        twins = sum(one.partition(" ")[0] == name for one in names)
        names.append(f"{name} {twins + 1}" if twins else name)
    return tuple(names)


def nested_arrays(members: Sequence[FittedMember]) -> dict[str, NDArray[Any]]:
    """Return the arrays of all members under one roof, ``0.roots`` for the first one's roots."""
    names = ",".join(member.name for member in members)
    arrays: dict[str, NDArray[Any]] = {
        _NAMES: np.frombuffer(names.encode("ascii"), dtype=np.uint8).astype(np.int64)
    }
    for number, member in enumerate(members):
        arrays |= {f"{number}.{name}": one for name, one in member.fitted.arrays().items()}
    return arrays


def restored_members(arrays: Arrays, eats: Eats) -> tuple[FittedMember, ...]:
    """Return the members in `arrays`; raises KeyError or ValueError if they are none."""
    codes = arrays[_NAMES]
    if codes.ndim != 1 or not ((codes >= 32) & (codes < 127)).all():
        raise ValueError("the members have no names")
    names = bytes(codes.astype(np.uint8)).decode("ascii").split(",")
    members = []
    for number, name in enumerate(names):
        own = {
            key.removeprefix(f"{number}."): one
            for key, one in arrays.items()
            if key.startswith(f"{number}.")
        }
        try:
            specification = member_specification(name, eats)
        except Invalid as error:
            raise ValueError(str(error)) from error
        members.append(FittedMember(name, specification.restore(own)))
    return tuple(members)
