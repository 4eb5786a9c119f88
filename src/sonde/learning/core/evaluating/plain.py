"""Figures as plain numbers that JSON can hold."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sonde.learning.core.evaluation import FEW_GROUPS
from sonde.learning.core.held_out import HeldOut


def number(value: float, digits: int = 6) -> float | None:
    """Return a rounded number; None for what is none.

    Examples
    --------
    >>> number(0.12345678), number(float("nan"))
    (0.123457, None)
    """
    return round(float(value), digits) if np.isfinite(value) else None


def numbers(values: ArrayLike, digits: int = 5) -> list[float | None]:
    """Return rounded numbers; None for what is none.

    Examples
    --------
    >>> numbers([0.1, np.inf])
    [0.1, None]
    """
    return [number(one, digits) for one in np.asarray(values, dtype=float).ravel()]


def bounds(interval: tuple[float, float] | None) -> list[float | None]:
    """Return low and high; twice None where there is no interval.

    Examples
    --------
    >>> bounds(None)
    [None, None]
    """
    return [None, None] if interval is None else [number(interval[0]), number(interval[1])]


def about(table: HeldOut) -> dict[str, Any]:
    """Return what every answer says of the samples that it is about.

    Parameters
    ----------
    table : HeldOut
    """
    n_groups = len(np.unique(table.groups))
    return {
        "classes": list(table.class_names),
        "n_samples": len(table),
        "n_groups": n_groups,
        "n_folds": len(table.fold_names),
        "group_noun": table.group_noun,
        "few_groups": n_groups < FEW_GROUPS,
    }
