"""Groups of experiments and how sure their mean is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The numbers of a group, summed up.

    Parameters
    ----------
    n : int
        How many there are.
    mean, low, high : float, optional
        The mean and its 95 % interval by Student's t; no interval for fewer than two numbers.
    smallest, largest : float, optional
    """

    n: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    smallest: float | None = None
    largest: float | None = None

    @classmethod
    def of(
        cls,
        n: int,
        mean: float | None,
        deviation: float | None,
        smallest: float | None,
        largest: float | None,
    ) -> "Spread":
        """Return the spread of `n` numbers with this mean and sample standard deviation.

        Parameters
        ----------
        n : int
        mean, deviation, smallest, largest : float, optional

        Examples
        --------
        >>> spread = Spread.of(5, 0.9, 0.02, 0.88, 0.93)  # t(0.975, 4) = 2.776
        >>> round(spread.low, 4), round(spread.high, 4)
        (0.8752, 0.9248)
        >>> Spread.of(1, 0.9, None, 0.9, 0.9).low is None
        True
        """
        if not n or mean is None:
            return cls(n)
        mean, least, most = float(mean), _float(smallest), _float(largest)
        if n == 1 or deviation is None:
            return cls(n, mean, None, None, least, most)
        half = student_t_975(n - 1) * float(deviation) / math.sqrt(n)
        return cls(n, mean, mean - half, mean + half, least, most)


@dataclass(frozen=True)
class GroupedRow:
    """One group of experiments.

    Parameters
    ----------
    key : str
        What its experiments share.
    title : str
        Of its first experiment.
    newest_id : str
    n, n_finished, n_leaky : int
    spreads : mapping of str to Spread
        By column.
    """

    key: str
    title: str
    newest_id: str
    n: int
    n_finished: int
    n_leaky: int
    spreads: Mapping[str, Spread]


def student_t_975(degrees: int) -> float:
    """Return the 97.5 % point of Student's t.

    Parameters
    ----------
    degrees : int
        Degrees of freedom, at least 1.

    Examples
    --------
    >>> round(student_t_975(1), 2), round(student_t_975(4), 3), round(student_t_975(1000), 3)
    (12.71, 2.776, 1.962)
    """
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.975))


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)
