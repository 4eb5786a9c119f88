"""What a study found, as plain values that JSON can hold."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

import numpy as np


def document(value: Any) -> Any:
    """Return `value` in dicts, lists, text and numbers; what is no finite number is None.

    Parameters
    ----------
    value : dataclass, mapping, sequence, array, Decimal or plain value

    Returns
    -------
    dict, list, str, int, float, bool or None

    Examples
    --------
    >>> from sonde.markets.core.backtesting.metrics.figure import Figure
    >>> document({"a": Figure(1.5), "b": np.array([1.0, np.nan])})
    {'a': {'value': 1.5, 'reason': '', 'low': None, 'high': None}, 'b': [1.0, None]}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: document(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): document(part) for name, part in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return document(value.tolist())
    if isinstance(value, list | tuple):
        return [document(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, Decimal) else value
