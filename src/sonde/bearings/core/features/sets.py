"""Sets of features: saved under a name, and used by experiments window by window."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features.measuring import Circumstances, measure
from sonde.bearings.core.features.own import OwnBand, own_band
from sonde.bearings.core.features.registry import FeatureDefinition, find_feature
from sonde.platform.core.errors import Conflict, Invalid

MOST: Final = 200


@dataclass(frozen=True)
class FeatureChoice:
    """Features that are measured together.

    Parameters
    ----------
    names : tuple of str
        Of the registry, or columns of `own`.
    own : tuple of OwnBand
        As they were defined when they were chosen.

    Raises
    ------
    Invalid
        If there are none, too many, or one is unknown.
    """

    names: tuple[str, ...]
    own: tuple[OwnBand, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be measured."""
        if not 1 <= len(self.names) <= MOST or len(set(self.names)) != len(self.names):
            raise Invalid(f"A set holds 1 to {MOST} different features.", field="names")
        self.definitions  # noqa: B018  refuses unknown names

    @property
    def definitions(self) -> tuple[FeatureDefinition, ...]:
        """Return the definition of every feature, in order; raises Invalid."""
        bands = {band.column: band.definition for band in self.own}
        return tuple(bands[name] if name in bands else find_feature(name) for name in self.names)

    @property
    def digest(self) -> str:
        """Return a short hash of the features and their versions: the same means the same values.

        Examples
        --------
        >>> FeatureChoice(("RMS",)).digest == FeatureChoice(("RMS",)).digest
        True
        >>> FeatureChoice(("RMS",)).digest == FeatureChoice(("Kurtosis",)).digest
        False
        """
        meant = [[one.stamp for one in self.definitions], [band.as_json() for band in self.own]]
        return hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def needs(self) -> frozenset[str]:
        """Return what has to be known: ``"speed"``, ``"geometry"``, ``"unit"``."""
        return frozenset(one.needs for one in self.definitions if one.needs)

    def as_json(self) -> dict[str, Any]:
        """Return it JSON-ready, with the versions of its features."""
        return {
            "names": list(self.names),
            "own": [band.as_json() for band in self.own],
            "digest": self.digest,
        }


def feature_choice(content: Mapping[str, Any]) -> FeatureChoice:
    """Return what `FeatureChoice.as_json` wrote; raises Invalid."""
    return FeatureChoice(
        tuple(str(name) for name in content["names"]),
        tuple(own_band(one) for one in content.get("own", ())),
    )


def trained_choice(content: Mapping[str, Any]) -> FeatureChoice:
    """Return the features that a model was trained on.

    Raises
    ------
    Conflict
        If this Sonde measures one of them differently by now.
    """
    choice = feature_choice(content)
    if choice.digest != content["digest"]:
        raise Conflict(
            "This model was trained on features that this version of Sonde measures differently; "
            "train it again."
        )
    return choice


@dataclass(frozen=True)
class FeatureSet:
    """A choice of features under a name.

    Parameters
    ----------
    id, workspace_id, owner_id, owner_name, name : str
    choice : FeatureChoice
    made_from : mapping
        How it came about, such as ``{"dataset": id, "method": "mrmr"}``; empty if by hand.
    created_at : datetime
    """

    id: str
    workspace_id: str
    owner_id: str
    owner_name: str
    name: str
    choice: FeatureChoice
    created_at: datetime
    made_from: Mapping[str, Any] = field(default_factory=dict)

    @property
    def recipe(self) -> str:
        """Return what a model keeps as the name and version of its features."""
        return f"set {self.name} {self.choice.digest}"


def measure_windows(
    windows: NDArray[np.floating], about: Sequence[Circumstances], choice: FeatureChoice
) -> NDArray[np.float64]:
    """Measure a choice of features for many windows.

    Parameters
    ----------
    windows : ndarray of float, shape (sample, time)
    about : sequence of Circumstances
        Of each window.
    choice : FeatureChoice

    Returns
    -------
    ndarray of float64, shape (sample, feature)

    Raises
    ------
    Invalid
        If a feature cannot be had, with the reason.

    Examples
    --------
    >>> tone = np.sin(np.arange(1024) / 5)[None]
    >>> measure_windows(tone, [Circumstances(1000.0)], FeatureChoice(("CrestFactor",))).round(1)
    array([[1.4]])
    """
    rows = [
        measure(window, each, choice.names, choice.own)
        for window, each in zip(windows, about, strict=True)
    ]
    values = np.stack(rows) if rows else np.empty((0, len(choice.names)))
    broken = np.argwhere(~np.isfinite(values))
    if len(broken):
        row, column = broken[0]
        definition = choice.definitions[column]
        reason = about[row].lacks(definition) or _why(definition, windows.shape[1])
        raise Invalid(f"{definition.title} cannot be measured here: {reason}.", field="feature_set")
    return values


def _why(definition: FeatureDefinition, n_samples: int) -> str:
    if definition.domain == "orders":
        return f"a window of {n_samples} samples is shorter than five turns of the shaft"
    if definition.needs == "unit":
        return "the unit or the sampling rate does not lead to a velocity from 10 to 1000 Hz"
    return "its band lies beyond half the sampling rate"
