"""Features of the recordings of a data set, as one table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class FeatureTable:
    """Values of features, one row for each recording.

    Parameters
    ----------
    names : tuple of str
        Names of the columns.
    recording_ids : tuple of str
        Ids of the rows, in the order in which the data set stores them.
    values : ndarray of float64, shape (recording, feature)
        NaN where a feature cannot be had: a recording that is too short, a speed, bearing or unit
        that nobody knows.

    Raises
    ------
    Invalid
        If the shape does not fit the names.
    """

    names: tuple[str, ...]
    recording_ids: tuple[str, ...]
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse values that do not fit."""
        if self.values.shape != (len(self.recording_ids), len(self.names)):
            raise Invalid(
                f"{self.values.shape} values do not fit {len(self.recording_ids)} recordings and "
                f"{len(self.names)} features."
            )

    def column(self, name: str) -> NDArray[np.float64]:
        """Return the values of one feature, shape (recording,); raises Invalid.

        Examples
        --------
        >>> table = FeatureTable(("RMS", "Kurtosis"), ("a",), np.array([[1.0, 3.0]]))
        >>> table.column("Kurtosis").tolist()
        [3.0]
        """
        if name not in self.names:
            raise Invalid(f"There is no feature {name!r} in this table.", field="name")
        column: NDArray[np.float64] = self.values[:, self.names.index(name)]
        return column

    def select(self, names: Sequence[str]) -> "FeatureTable":
        """Return the table with these columns only, in this order; raises Invalid."""
        columns = [self.column(name) for name in names]
        values = np.stack(columns, axis=1) if columns else np.empty((len(self.recording_ids), 0))
        return FeatureTable(tuple(names), self.recording_ids, values)

    def rows(self, recording_ids: Sequence[str]) -> "FeatureTable":
        """Return the table with these recordings only, in this order; raises Invalid."""
        places = {one: number for number, one in enumerate(self.recording_ids)}
        missing = [one for one in recording_ids if one not in places]
        if missing:
            raise Invalid(f"There is no recording {missing[0]!r} in this table.")
        chosen = [places[one] for one in recording_ids]
        return FeatureTable(self.names, tuple(recording_ids), self.values[chosen])
