"""What a strategy wants at every bar, as columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

FLAGS: Final = ("enter_long", "exit_long", "enter_short", "exit_short")
NUMBERS: Final = ("stop_price", "target_price", "trail_distance", "confidence", "size_fraction")


@dataclass(frozen=True)
class Decisions:
    """What a strategy wants, one row per bar.

    Row k is made from bars 0..k only. It is known at the close of bar k and acted on at the
    earliest at the open of bar k + 1. A wish to enter where one is in already, or to exit where
    one is not, means nothing.

    Parameters
    ----------
    enter_long, exit_long, enter_short, exit_short : ndarray of bool, shape (bar,)
    stop_price, target_price : ndarray of float, shape (bar,), optional
        In quote currency; NaN means none. They belong to the entry of the same row.
    trail_distance : ndarray of float, shape (bar,), optional
        In quote currency, above 0; NaN means none.
    confidence : ndarray of float, shape (bar,), optional
        In [0, 1]; NaN means not stated.
    size_fraction : ndarray of float, shape (bar,), optional
        Share of the equity in (0, 1]; NaN means as the account is set.
    reason : ndarray of int64, shape (bar,), optional
        Index into `reason_names`; -1 means none.
    reason_names : tuple of str
    indicators : mapping of str to ndarray of float, shape (bar,)
        What the strategy looked at, for charts, the signals log and the analyses.

    Raises
    ------
    Invalid
        If a column has another length or type than the others, or a number out of its range.

    Examples
    --------
    >>> wish = Decisions.of(3, enter_long=[True, False, False], exit_long=[False, False, True])
    >>> wish.n, int(wish.enter_long.sum()), bool(wish.enter_short.any())
    (3, 1, False)
    """

    enter_long: Flags
    exit_long: Flags
    enter_short: Flags
    exit_short: Flags
    stop_price: Floats | None = None
    target_price: Floats | None = None
    trail_distance: Floats | None = None
    confidence: Floats | None = None
    size_fraction: Floats | None = None
    reason: NDArray[np.int64] | None = None
    reason_names: tuple[str, ...] = ()
    indicators: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = np.shape(self.enter_long)
        for name in FLAGS:
            _keep(self, name, np.bool_, shape)
        for name in NUMBERS:
            if getattr(self, name) is not None:
                _keep(self, name, np.float64, shape)
        if self.reason is not None:
            _keep(self, "reason", np.int64, shape)
            if np.any((self.reason < -1) | (self.reason >= len(self.reason_names))):
                raise Invalid("A reason of these decisions has no name.", field="reason")
        kept = {
            str(name): _column(name, each, np.float64, shape)
            for name, each in self.indicators.items()
        }
        object.__setattr__(self, "indicators", kept)
        _within(self)

    @classmethod
    def of(cls, n: int, **columns: object) -> "Decisions":
        """Return decisions over `n` bars with the named columns; the other flags are False.

        Parameters
        ----------
        n : int
        **columns
            Fields of this class.
        """
        nothing = np.zeros(n, dtype=np.bool_)
        flags = {name: np.asarray(columns.pop(name, nothing)) for name in FLAGS}
        return cls(**flags, **columns)  # type: ignore[arg-type]

    @property
    def n(self) -> int:
        """Number of bars."""
        return len(self.enter_long)

    def any_wish(self) -> Flags:
        """Return where something is wanted, to enter or to exit; shape (bar,)."""
        return self.enter_long | self.exit_long | self.enter_short | self.exit_short

    def until(self, k: int) -> "Decisions":
        """Return the first `k` rows."""
        cut: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, np.ndarray):
                cut[each.name] = value[:k]
        seen = {name: each[:k] for name, each in self.indicators.items()}
        return replace(self, **cut, indicators=seen)

    def silent_before(self, k: int) -> "Decisions":
        """Return these decisions without any wish in the first `k` rows.

        Parameters
        ----------
        k : int
            Usually the strategy's `warm_up`.
        """
        late = np.arange(self.n) >= k
        return replace(self, **{name: getattr(self, name) & late for name in FLAGS})


def _keep(decisions: Decisions, name: str, dtype: type[np.generic], shape: tuple[int, ...]) -> None:
    column = _column(name, getattr(decisions, name), dtype, shape)
    object.__setattr__(decisions, name, column)


def _column(
    name: str, values: object, dtype: type[np.generic], shape: tuple[int, ...]
) -> NDArray[np.generic]:
    column = np.asarray(values)
    if column.shape != shape or len(shape) != 1:
        raise Invalid(
            f"Column {name} of the decisions has shape {column.shape}; it needs one value for "
            f"each of the {shape[0] if shape else 0} bars.",
            field=name,
        )
    if (column.dtype == np.bool_) != (dtype is np.bool_) or column.dtype.kind not in "bif":
        wanted = "True and False" if dtype is np.bool_ else "numbers"
        raise Invalid(f"Column {name} of the decisions must hold {wanted}.", field=name)
    if column.dtype != dtype or column.flags.writeable or column.base is not None:
        column = column.astype(dtype)
        column.flags.writeable = False
    return column


def _within(decisions: Decisions) -> None:
    """Refuse numbers that can mean nothing."""
    ranges = {
        "stop_price": (0.0, np.inf),
        "target_price": (0.0, np.inf),
        "trail_distance": (0.0, np.inf),
        "size_fraction": (0.0, 1.0),
    }
    for name, (above, high) in ranges.items():
        values = getattr(decisions, name)
        if values is not None and np.any((values <= above) | (values > high) | np.isinf(values)):
            bound = "above 0" if high == np.inf else f"above 0 and at most {high:g}"
            raise Invalid(f"Column {name} of the decisions must be {bound}.", field=name)
    sure = decisions.confidence
    if sure is not None and np.any((sure < 0) | (sure > 1)):
        raise Invalid("Column confidence of the decisions must lie in 0 to 1.", field="confidence")
