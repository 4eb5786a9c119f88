"""Two experiments against each other: the test that fits, how large, and what can be said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.comparison.bayesian import Bayesian, bayesian_signed_rank
from sonde.learning.core.comparison.effect_sizes import a12
from sonde.learning.core.comparison.holm import holm
from sonde.learning.core.comparison.mcnemar import McNemar, mcnemar
from sonde.learning.core.comparison.metrics import Estimate
from sonde.learning.core.comparison.needed import units_needed
from sonde.learning.core.comparison.signed_rank import SignedRank, signed_rank

# two to the power of -5, twice, is more than 5 %
FEWEST_UNITS: Final = 6
_SURE: Final = 0.95


class Outcome(StrEnum):
    """What can be said of a pair."""

    FIRST = "first is better"
    SECOND = "second is better"
    EQUAL = "practically equal"
    UNKNOWN = "cannot tell"


class Chosen(StrEnum):
    """The test that a verdict rests on."""

    SIGNED_RANK = "Wilcoxon signed rank"
    MCNEMAR = "exact McNemar"
    NONE = "no test"


@dataclass(frozen=True)
class Choice:
    """Which test fits the differences of the units, and why.

    Parameters
    ----------
    test : Chosen
    reason : str
        One sentence.
    """

    test: Chosen
    reason: str


@dataclass(frozen=True)
class Pair:
    """Everything about two experiments.

    Parameters
    ----------
    first, second : int
        Places among the experiments.
    choice : Choice
    p_value, p_holm : float
        Of the chosen test; the second corrected over all pairs. 1 without a test.
    difference : Estimate
        Macro-F1 of the first less that of the second, by the paired group bootstrap.
    mcnemar : McNemar
    signed_rank : SignedRank
    bayesian : Bayesian
    a12 : float
        Chance that a unit of the first does better than one of the second.
    outcome : Outcome
    n_needed : int, optional
        About how many units would tell them apart; None where that is not asked or not known.
    """

    first: int
    second: int
    choice: Choice
    p_value: float
    p_holm: float
    difference: Estimate
    mcnemar: McNemar
    signed_rank: SignedRank
    bayesian: Bayesian
    a12: float
    outcome: Outcome
    n_needed: int | None


def choose_test(differences: NDArray[np.float64], noun: str) -> Choice:
    """Return the test whose assumptions hold for the differences of the units.

    Parameters
    ----------
    differences : ndarray of float64, shape (unit,)
        Shares of right windows, first less second.
    noun : str
        What a unit is.

    Examples
    --------
    >>> choose_test(np.array([0.1, 0.2, -0.1, 0.3, 0.05, 0.2, 0.0]), "bearing").test.value
    'Wilcoxon signed rank'
    >>> choose_test(np.array([1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 1.0]), "bearing").test.value
    'exact McNemar'
    """
    n = len(differences)
    if n < FEWEST_UNITS:
        return Choice(
            Chosen.NONE,
            f"With {n} {noun}s no test can reach 5 %: even if all of them spoke for the same side, "
            f"chance alone would do that in {2.0 ** (1 - n):.1%} of cases.",
        )
    moved = differences[np.abs(differences) > 1e-12]
    graded = np.abs(np.abs(moved) - 1.0) > 1e-12
    if len(moved) and graded.mean() >= 0.5:
        return Choice(
            Chosen.SIGNED_RANK,
            f"Each {noun} has a share of right windows, so how much two experiments differ on it "
            "can be ranked; no bell curve is assumed.",
        )
    return Choice(
        Chosen.MCNEMAR,
        f"Each {noun} is right or wrong as a whole, so only the {noun}s count on which exactly one "
        "of the two is right.",
    )


def apply_test(
    shares: NDArray[np.float64], verdicts: NDArray[np.bool_], noun: str
) -> tuple[Choice, float]:
    """Return the chosen test and its p-value for two experiments.

    Parameters
    ----------
    shares : ndarray of float64, shape (2, unit)
    verdicts : ndarray of bool, shape (2, unit)
    noun : str
    """
    differences = shares[0] - shares[1]
    choice = choose_test(differences, noun)
    if choice.test is Chosen.SIGNED_RANK:
        return choice, signed_rank(differences).p_value
    if choice.test is Chosen.MCNEMAR:
        return choice, mcnemar(verdicts[0], verdicts[1]).p_value
    return choice, 1.0


@dataclass(frozen=True)
class PairSettings:
    """How pairs are judged.

    Parameters
    ----------
    level : float
        Of all tests together.
    rope : float
        Differences of the share of right windows up to this count as equal.
    n_draws, seed : int
        Of the Bayesian test.
    """

    level: float = 0.05
    rope: float = 0.01
    n_draws: int = 4000
    seed: int = 0


def compare_pairs(
    shares: NDArray[np.float64],
    verdicts: NDArray[np.bool_],
    differences: Sequence[tuple[int, int, Estimate]],
    noun: str,
    settings: PairSettings,
) -> tuple[Pair, ...]:
    """Judge pairs of experiments, corrected for their number.

    Parameters
    ----------
    shares : ndarray of float64, shape (experiment, unit)
    verdicts : ndarray of bool, shape (experiment, unit)
    differences : sequence of (int, int, Estimate)
        The pairs, with the difference of their metric.
    noun : str
    settings : PairSettings
    """
    raw = [_pair(shares, verdicts, one, noun, settings) for one in differences]
    adjusted = holm([pair.p_value for pair in raw])
    level = settings.level / max(len(raw), 1)
    return tuple(
        _judged(replace(pair, p_holm=float(p)), shares, verdicts, settings.level, level)
        for pair, p in zip(raw, adjusted, strict=True)
    )


def _pair(
    shares: NDArray[np.float64],
    verdicts: NDArray[np.bool_],
    places: tuple[int, int, Estimate],
    noun: str,
    settings: PairSettings,
) -> Pair:
    first, second, difference = places
    two = [first, second]
    choice, p_value = apply_test(shares[two], verdicts[two], noun)
    gaps = shares[first] - shares[second]
    return Pair(
        first=first,
        second=second,
        choice=choice,
        p_value=p_value,
        p_holm=p_value,
        difference=difference,
        mcnemar=mcnemar(verdicts[first], verdicts[second]),
        signed_rank=signed_rank(gaps),
        bayesian=bayesian_signed_rank(
            gaps, settings.rope, n_draws=settings.n_draws, seed=settings.seed
        ),
        a12=a12(shares[first], shares[second]),
        outcome=Outcome.UNKNOWN,
        n_needed=None,
    )


def _judged(
    pair: Pair,
    shares: NDArray[np.float64],
    verdicts: NDArray[np.bool_],
    level: float,
    each_level: float,
) -> Pair:
    if pair.choice.test is not Chosen.NONE and pair.p_holm < level:
        is_first = _favours_first(pair)
        return replace(pair, outcome=Outcome.FIRST if is_first else Outcome.SECOND)
    if pair.choice.test is not Chosen.NONE and pair.bayesian.p_equal >= _SURE:
        return replace(pair, outcome=Outcome.EQUAL)
    seen = shares if pair.choice.test is not Chosen.MCNEMAR else verdicts.astype(np.float64)
    needed = units_needed(seen[pair.first] - seen[pair.second], level=each_level)
    n_now = shares.shape[1]
    return replace(pair, n_needed=None if needed is None else max(needed, n_now + 1))


def _favours_first(pair: Pair) -> bool:
    if pair.choice.test is Chosen.MCNEMAR:
        return pair.mcnemar.only_first > pair.mcnemar.only_second
    return pair.signed_rank.rank_biserial > 0
