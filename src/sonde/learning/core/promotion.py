"""Whether a model may take the place of another: where their comparison says that it is better.

The page that compares two experiments and the rule that promotes a version are one computation on
the same two held-out tables, with the same interval and the same words.
"""

from dataclasses import dataclass

from sonde.learning.core.comparison.agreement import Tested
from sonde.learning.core.comparison.comparison import compare
from sonde.learning.core.comparison.pairs import Outcome
from sonde.learning.core.evaluation import FEW_GROUPS


@dataclass(frozen=True)
class Verdict:
    """How a challenger does beside the champion on the same held-out samples.

    Parameters
    ----------
    champion, challenger : float
        Macro-F1 of each.
    difference, low, high : float
        Challenger less champion, and its interval over groups, widened where they are few.
    level : float
        Such as 0.95.
    n_groups : int
        Independent witnesses.
    group_noun : str
        What they are.
    few_groups : bool
    wins : bool
        Whether the challenger is better beyond chance, and has the higher macro-F1.
    sentence : str
        The comparison's own sentence.
    """

    champion: float
    challenger: float
    difference: float
    low: float
    high: float
    level: float
    n_groups: int
    group_noun: str
    few_groups: bool
    wins: bool
    sentence: str


def judge_challenger(champion: Tested, challenger: Tested) -> Verdict:
    """Compare two models on the samples that both were tested on.

    Parameters
    ----------
    champion, challenger : Tested
        Their titles are those of the sentence.

    Returns
    -------
    Verdict

    Raises
    ------
    NotComparable
        If they were not tested on the same samples under the same certificate; says how.
    """
    found = compare([challenger, champion])
    (pair,), (sentence,) = found.pairs, found.sentences
    better, n_units = pair.outcome is Outcome.FIRST, found.n_units
    wins = better and pair.difference.value > 0.0
    if better and not wins:
        sentence = f"{found.sentence} The one with the lower macro-F1 is not promoted."
    return Verdict(
        champion=found.metrics[1][0].value,
        challenger=found.metrics[0][0].value,
        difference=pair.difference.value,
        low=pair.difference.low,
        high=pair.difference.high,
        level=1.0 - found.level,
        n_groups=n_units,
        group_noun=found.unit_noun,
        few_groups=n_units < FEW_GROUPS,
        wins=wins,
        sentence=sentence,
    )
