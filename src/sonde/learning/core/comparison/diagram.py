"""The critical-difference diagram as places and bars, whoever draws it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sonde.learning.core.comparison.friedman import Friedman


@dataclass(frozen=True)
class Place:
    """One experiment on the scale of mean ranks."""

    title: str
    rank: float


@dataclass(frozen=True)
class Bar:
    """Experiments that are not told apart: from the best to the worst mean rank of theirs."""

    low: float
    high: float
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Diagram:
    """What is drawn.

    Parameters
    ----------
    places : tuple of Place
        Best first.
    bars : tuple of Bar
    reach : float
        The critical difference.
    """

    places: tuple[Place, ...]
    bars: tuple[Bar, ...]
    reach: float


def diagram_of(found: Friedman, titles: Sequence[str]) -> Diagram:
    """Return the diagram of a Friedman test.

    Parameters
    ----------
    found : Friedman
    titles : sequence of str
        Of the experiments.
    """
    order = sorted(range(len(titles)), key=lambda at: found.mean_ranks[at])
    bars = []
    for clique in found.cliques:
        ranks = [found.mean_ranks[at] for at in clique]
        bars.append(Bar(min(ranks), max(ranks), tuple(titles[at] for at in clique)))
    places = tuple(Place(titles[at], found.mean_ranks[at]) for at in order)
    return Diagram(places, tuple(bars), found.critical_difference)
