"""How the features of windows are measured: by the product's own recipe, or by a saved set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.features.measuring import Circumstances
from sonde.bearings.core.features.sets import FeatureChoice, measure_windows, trained_choice
from sonde.bearings.core.features.windows import feature_names, recipe_for, window_features
from sonde.bearings.core.geometry import Geometry
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class WindowMeasuring:
    """How features of windows are measured.

    Parameters
    ----------
    choice : FeatureChoice, optional
        Of a saved set; None for the recipe that standardises every window and looks at the shape
        of its spectrum and at the bearing's own lines.
    set_name : str

    Examples
    --------
    >>> WindowMeasuring().recipe(None)
    'bearing-windows-1-shape'
    """

    choice: FeatureChoice | None = None
    set_name: str = ""

    def recipe(self, geometry: Geometry | None) -> str:
        """Return the name and version that is kept with a model."""
        if self.choice is None:
            return recipe_for(geometry).name
        return f"set {self.set_name} {self.choice.digest}"

    def names(self, geometry: Geometry | None) -> tuple[str, ...]:
        """Return the names of the features in their order."""
        return feature_names(geometry) if self.choice is None else self.choice.names

    def uses(self, geometry: Geometry | None) -> bool:
        """Say whether the bearing has to be known for a recording that is predicted later."""
        if self.choice is None:
            return geometry is not None
        return "geometry" in self.choice.needs

    def check(self, about: Circumstances) -> None:
        """Raise Invalid if something has to be known that is not."""
        for one in () if self.choice is None else self.choice.definitions:
            reason = about.lacks(one)
            if reason:
                raise Invalid(
                    f"The set {self.set_name} holds {one.title}, which cannot be measured here: "
                    f"{reason}.",
                    field="feature_set",
                )

    def measure(
        self,
        windows: NDArray[np.floating],
        speed_rpm: NDArray[np.float64],
        about: Circumstances,
    ) -> NDArray[np.float64]:
        """Compute the features of windows.

        Parameters
        ----------
        windows : ndarray of float, shape (sample, time)
        speed_rpm : ndarray of float64, shape (sample,)
            Of each window; that of `about` is not used.
        about : Circumstances

        Returns
        -------
        ndarray of float64, shape (sample, feature)

        Raises
        ------
        Invalid
            If a feature of the set cannot be had, with the reason.
        """
        rate, geometry = about.sampling_rate_hz, about.geometry
        if self.choice is None:
            return window_features(windows, rate, speed_rpm, geometry)
        each = [Circumstances(rate, float(speed), geometry, about.unit) for speed in speed_rpm]
        return measure_windows(windows, each, self.choice)

    def as_options(self) -> dict[str, Any]:
        """Return what a model has to keep, JSON-ready."""
        if self.choice is None:
            return {}
        return {"features": {**self.choice.as_json(), "set_name": self.set_name}}


def measuring_of(options: Mapping[str, Any]) -> WindowMeasuring:
    """Return the measuring that a model kept in its options.

    Raises
    ------
    Conflict
        If this Sonde measures one of the features differently by now.
    """
    content = options.get("features")
    if not content:
        return WindowMeasuring()
    return WindowMeasuring(trained_choice(content), str(content.get("set_name", "")))
