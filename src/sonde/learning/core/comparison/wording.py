"""What a comparison says to a person who knows no statistics."""

from collections.abc import Sequence
from typing import Final

from sonde.learning.core.comparison.effect_sizes import size_word
from sonde.learning.core.comparison.friedman import Friedman
from sonde.learning.core.comparison.metrics import Estimate
from sonde.learning.core.comparison.needed import MOST_UNITS
from sonde.learning.core.comparison.pairs import FEWEST_UNITS, Chosen, Outcome, Pair

_LONGEST: Final = 50
"""Characters of a title in a sentence that names several."""


def pair_sentence(
    pair: Pair, titles: Sequence[str], scores: Sequence[Estimate], noun: str, n_units: int
) -> str:
    """Say what can be said of two experiments.

    Parameters
    ----------
    pair : Pair
    titles : sequence of str
        Of all experiments.
    scores : sequence of Estimate
        Macro-F1 of all experiments.
    noun : str
    n_units : int
    """
    one, other = titles[pair.first], titles[pair.second]
    witnesses = f"{n_units} {_plural(noun, n_units)}"
    if pair.outcome in {Outcome.FIRST, Outcome.SECOND}:
        better, worse = (one, other) if pair.outcome is Outcome.FIRST else (other, one)
        return (
            f"{better} is better than {worse} on these {witnesses}: macro-F1 "
            f"{_scores(pair, scores)}. Chance alone would give so clear a difference "
            f"{_chance(pair.p_holm)}."
        )
    if pair.outcome is Outcome.EQUAL:
        return (
            f"{one} and {other} are practically equal on these {witnesses}: with "
            f"{pair.bayesian.p_equal:.0%} probability they differ by less than "
            f"{pair.bayesian.rope:.1%} of the windows."
        )
    return f"Cannot tell {one} and {other} apart with these {witnesses}; {_need(pair, noun)}"


def overall_sentence(found: Friedman, titles: Sequence[str], noun: str) -> str:
    """Say what Friedman's test says of all experiments together.

    Parameters
    ----------
    found : Friedman
    titles : sequence of str
    noun : str
    """
    best = titles[min(range(len(titles)), key=lambda at: found.mean_ranks[at])]
    if found.p_value < 0.05:
        return (
            f"The {len(titles)} experiments are not all alike: chance alone would order the "
            f"{found.n} {_plural(noun, found.n)} so consistently {_chance(found.p_value)}. "
            f"{best} has the best mean rank."
        )
    return (
        f"The {len(titles)} experiments cannot be told apart as a whole with these {found.n} "
        f"{_plural(noun, found.n)}; {best} has the best mean rank, no better than by chance."
    )


def headline(pairs: Sequence[Pair], titles: Sequence[str], scores: Sequence[Estimate]) -> str:
    """Say in one sentence which experiment leads, and over which of the others for sure.

    Parameters
    ----------
    pairs : sequence of Pair
        All pairs.
    titles : sequence of str
    scores : sequence of Estimate
        Macro-F1 of all experiments.
    """
    titles = [title if len(title) <= _LONGEST else f"{title[:_LONGEST]}…" for title in titles]
    best = max(range(len(titles)), key=lambda at: scores[at].value)
    others = [at for at in range(len(titles)) if at != best]
    said = {at: _seen_from(best, at, pairs) for at in others}
    beaten = [at for at in others if said[at] == "beats"]
    value = f"{titles[best]} has the highest macro-F1 ({scores[best].value:.3f})"
    if len(beaten) == len(others):
        whom = _names([titles[at] for at in others])
        return f"{value} and is better than {whom}."
    unsure = [titles[at] for at in others if said[at] == "unknown"]
    equal = [titles[at] for at in others if said[at] == "equal"]
    turned = [titles[at] for at in others if said[at] == "beaten"]
    parts = []
    if beaten:
        parts.append(f"it is better than {_names([titles[at] for at in beaten])}")
    if equal:
        parts.append(f"it is practically equal to {_names(equal)}")
    if unsure:
        parts.append(f"it cannot be told from {_names(unsure)} with these data")
    if turned:
        parts.append(f"unit by unit {_names(turned)} does better")
    return f"{value}; {', and '.join(parts)}."


def chosen_words(pair: Pair) -> str:
    """Return the chosen test with its p-values.

    Parameters
    ----------
    pair : Pair
    """
    if pair.choice.test is Chosen.NONE:
        return "No test"
    size = size_word(pair.signed_rank.rank_biserial)
    return (
        f"{pair.choice.test.value}: {p_text(pair.p_value)}, after Holm {p_text(pair.p_holm)}; "
        f"effect {size} (rank biserial {pair.signed_rank.rank_biserial:+.2f})"
    )


def p_text(p_value: float) -> str:
    """Return a p-value as papers print it.

    Parameters
    ----------
    p_value : float

    Examples
    --------
    >>> p_text(0.0321), p_text(0.00001), p_text(1.0)
    ('p = 0.032', 'p < 0.001', 'p = 1.000')
    """
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def _scores(pair: Pair, scores: Sequence[Estimate]) -> str:
    places = (pair.first, pair.second)
    better, worse = places if pair.outcome is Outcome.FIRST else places[::-1]
    gap = pair.difference
    low, high = sorted((abs(gap.low), abs(gap.high)))
    sure = f", by {low:.3f} to {high:.3f}" if gap.low * gap.high > 0 else ""
    return f"{scores[better].value:.3f} against {scores[worse].value:.3f}{sure}"


def _chance(p_value: float) -> str:
    if p_value < 0.001:
        return "less than once in 1,000 times"
    return f"about once in {max(1, round(1.0 / p_value)):,} times"


def _need(pair: Pair, noun: str) -> str:
    if pair.choice.test is Chosen.NONE:
        at_least = f"at least {FEWEST_UNITS} are needed for any test"
        return at_least + ("." if pair.n_needed is None else f", and about {pair.n_needed} here.")
    if pair.n_needed is None:
        return (
            f"the difference seen is so small that not even {MOST_UNITS:,} {noun}s like these "
            "would show it."
        )
    return f"about {pair.n_needed:,} would be needed, if the difference seen is the true one."


def _seen_from(best: int, other: int, pairs: Sequence[Pair]) -> str:
    pair = next(one for one in pairs if {one.first, one.second} == {best, other})
    if pair.outcome is Outcome.UNKNOWN:
        return "unknown"
    if pair.outcome is Outcome.EQUAL:
        return "equal"
    return "beats" if (pair.outcome is Outcome.FIRST) == (pair.first == best) else "beaten"


def _names(titles: Sequence[str]) -> str:
    if len(titles) <= 3:
        return " and ".join([*([", ".join(titles[:-1])] if titles[1:] else []), titles[-1]])
    return f"{', '.join(titles[:2])} and {len(titles) - 2} others"


def _plural(noun: str, number: int) -> str:
    return noun if number == 1 else f"{noun}s"
