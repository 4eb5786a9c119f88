"""What an analysis is: its name, what it can be asked, and how it is computed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.material import Material
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.platform.core.errors import Invalid

Progress = Callable[[float, str], None]
"""Told often, with the fraction done in [0, 1] and a word on what is done; raises to stop."""


@dataclass(frozen=True)
class Answer:
    """What an analysis found.

    Parameters
    ----------
    result : mapping
        JSON-ready: what pages, REST and the command line show. No NaN, None instead.
    arrays : mapping of str to ndarray
        What is too large for it; kept in a file.
    """

    result: Mapping[str, Any]
    arrays: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)


Validate = Callable[[Mapping[str, object]], Mapping[str, Any]]
Compute = Callable[[tuple[Material, ...], Mapping[str, Any], Progress], Answer]


@dataclass(frozen=True)
class AnalysisKind:
    """One question that can be asked about experiments.

    Parameters
    ----------
    name, title, help : str
    validate : callable
        From what a person gave to every parameter, checked and JSON-ready; raises Invalid.
    compute : callable
        From the experiments' materials, the parameters and a progress function to the answer.
    page : str
        Path that a finished job leads to; ``{ids}`` stands for the experiments.
    fewest, most : int
        How many experiments it takes.
    is_quick : bool
        Seconds at most: pages ask it by themselves.
    needs_network : bool
        Only networks can be asked.
    version : int
        Grows when the answer to the same question changes, so that it is computed anew.
    """

    name: str
    title: str
    help: str
    validate: Validate
    compute: Compute
    page: str = ""
    fewest: int = 1
    most: int = 1
    is_quick: bool = False
    needs_network: bool = False
    version: int = 1

    @property
    def defaults(self) -> Mapping[str, Any]:
        """Every parameter, where nobody says anything."""
        return self.validate({})

    def accept_count(self, count: int) -> None:
        """Raise Invalid unless so many experiments can be asked about at once."""
        if not self.fewest <= count <= self.most:
            wanted = (
                f"{self.fewest} to {self.most} experiments"
                if self.most > self.fewest
                else f"{self.most} experiment{'s' * (self.most > 1)}"
            )
            raise Invalid(f"{self.title} takes {wanted}, not {count}.", field="experiments")

    def accept_model(self, title: str, *, is_network: bool) -> None:
        """Raise Invalid unless a model of that title can be asked."""
        if self.needs_network and not is_network:
            raise Invalid(
                f"{title} is no network and has no layers to look into. Choose an experiment with "
                "a deep model; maps of features, features and pictures of samples are for any.",
                field="experiments",
            )


def accept_parameters(
    knobs: tuple[HyperParameter, ...], given: Mapping[str, object]
) -> dict[str, Any]:
    """Return the value of every knob, the given ones checked.

    Parameters
    ----------
    knobs : tuple of HyperParameter
    given : mapping

    Raises
    ------
    Invalid
        If a name is unknown or a value is not acceptable.

    Examples
    --------
    >>> accept_parameters((HyperParameter("n_draws", "Draws", "", 500, low=1, high=9000),), {})
    {'n_draws': 500}
    """
    known = {knob.name: knob for knob in knobs}
    unknown = sorted(set(given) - set(known))
    if unknown:
        wanted = ", ".join(known) or "nothing"
        raise Invalid(
            f"This analysis knows no {unknown[0]!r}; what can be said is {wanted}.",
            field=unknown[0],
            choices=list(known),
        )
    return {
        name: knob.accept(given[name]) if name in given else knob.default
        for name, knob in known.items()
    }
