"""What is known of every recording of a data set, in columns: small enough to filter at once."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

NAMED: Final = ("labels", "severities", "bearings", "sessions", "loads")
MEASURED: Final = ("speed_rpm", "mean_amplitude", "rms", "kurtosis", "dominant_hz")


@dataclass(frozen=True)
class Facts:
    """Columns over the recordings of a data set, in the order of storing.

    Parameters
    ----------
    ids : ndarray of bytes, shape (recording,)
    labels, severities, bearings, sessions, loads : ndarray of str, shape (recording,)
        Empty where not stated.
    speed_rpm, mean_amplitude, rms, kurtosis, dominant_hz : ndarray of float64, shape (recording,)
        NaN where it was never measured.
    """

    ids: NDArray[np.bytes_]
    labels: NDArray[np.str_]
    severities: NDArray[np.str_]
    bearings: NDArray[np.str_]
    sessions: NDArray[np.str_]
    loads: NDArray[np.str_]
    speed_rpm: NDArray[np.float64]
    mean_amplitude: NDArray[np.float64]
    rms: NDArray[np.float64]
    kurtosis: NDArray[np.float64]
    dominant_hz: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, places: NDArray[np.intp]) -> "Facts":
        """Return the facts of these recordings, in this order."""
        return Facts(**{one.name: getattr(self, one.name)[places] for one in fields(self)})

    def id_texts(self) -> tuple[str, ...]:
        """Return the identifiers as text."""
        return tuple(one.decode() for one in self.ids.tolist())

    def counts(self, column: str) -> tuple[tuple[str, int], ...]:
        """Return the values of a named column with their numbers, by name; "" stands last.

        Examples
        --------
        >>> made = facts_of({"labels": ["outer", "inner", "outer"], "loads": ["", "2", ""]})
        >>> made.counts("labels"), made.counts("loads")
        ((('inner', 1), ('outer', 2)), (('2', 1), ('', 2)))
        """
        values, numbers = np.unique(getattr(self, column), return_counts=True)
        pairs = [(str(value), int(number)) for value, number in zip(values, numbers, strict=True)]
        return tuple(sorted(pairs, key=lambda pair: (not pair[0], pair[0])))


def facts_of(columns: Mapping[str, Sequence[Any]]) -> Facts:
    """Return columns as facts; a column that is not there is empty, or NaN.

    Parameters
    ----------
    columns : mapping of str to sequence
        One of them at least; None among figures stands for NaN.

    Examples
    --------
    >>> len(facts_of({"labels": ["inner", "outer"]}))
    2
    """
    number = len(next(iter(columns.values())))
    made: dict[str, Any] = {
        name: np.array(columns.get(name) or [""] * number, dtype=np.str_) for name in NAMED
    }
    for name in MEASURED:
        made[name] = np.array(columns.get(name) or [np.nan] * number, dtype=np.float64)
    ids = columns.get("ids") or [str(place) for place in range(number)]
    return Facts(ids=np.array(ids, dtype=np.bytes_), **made)


def packed(facts: Facts) -> bytes:
    """Return facts as bytes, names only once each."""
    arrays: dict[str, Any] = {"ids": facts.ids}
    for name in NAMED:
        values, codes = np.unique(getattr(facts, name), return_inverse=True)
        arrays[f"{name}_values"], arrays[f"{name}_codes"] = values, codes.astype(np.int32)
    arrays |= {name: getattr(facts, name) for name in MEASURED}
    into = io.BytesIO()
    np.savez(into, allow_pickle=False, **arrays)
    return into.getvalue()


def unpacked(content: bytes) -> Facts:
    """Return the facts that `packed` wrote.

    Examples
    --------
    >>> unpacked(packed(facts_of({"labels": ["inner", "outer"]}))).labels.tolist()
    ['inner', 'outer']
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        named = {name: arrays[f"{name}_values"][arrays[f"{name}_codes"]] for name in NAMED}
        measured = {name: arrays[name] for name in MEASURED}
        return Facts(ids=arrays["ids"], **named, **measured)
