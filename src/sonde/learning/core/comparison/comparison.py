"""Two to twenty experiments compared on the same held-out samples: one value with everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.comparison.agreement import FEWEST, MOST, Tested, disagreements
from sonde.learning.core.comparison.aligned import Aligned, align, unit_shares, unit_verdicts
from sonde.learning.core.comparison.friedman import Friedman, friedman
from sonde.learning.core.comparison.metrics import (
    Estimate,
    MetricDraws,
    own_intervals,
    paired_weights,
    widened_interval,
)
from sonde.learning.core.comparison.pairs import Pair, PairSettings, compare_pairs
from sonde.learning.core.comparison.tables import (
    ClassRow,
    FoldRow,
    SliceRow,
    UnitRow,
    class_rows,
    fold_rows,
    slice_rows,
    unit_rows,
)
from sonde.learning.core.comparison.wording import headline, overall_sentence, pair_sentence
from sonde.platform.core.errors import Invalid

_MOST_DRAWS: Final = 2000
_FEWEST_DRAWS: Final = 400
_DRAWN_UNITS: Final = 8_000_000


class NotComparable(Invalid):
    """These experiments cannot be compared."""

    code = "not_comparable"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What keeps them from being compared, sentence by sentence."""
        found = self.details.get("reasons")
        return tuple(map(str, found)) if isinstance(found, list) else (self.message,)


@dataclass(frozen=True)
class Comparison:
    """What can be said of several experiments.

    Parameters
    ----------
    ids, titles : tuple of str
    class_names : tuple of str
    sentence : str
        The whole in one sentence.
    unit_noun : str
        What counts as one witness.
    n_units, n_rows : int
    notes : tuple of str
    aggregation : str
        How macro-F1 brings the folds together.
    metrics : tuple of tuple of Estimate
        [experiment][metric], in the order of `METRICS`.
    pairs : tuple of Pair
        Every pair once.
    sentences : tuple of str
        One for each pair.
    overall : Friedman, optional
        From three experiments and six units on.
    overall_sentence : str
    confusions : tuple of tuple of tuple of int
        [experiment][true class][told class].
    classes : tuple of ClassRow
    slices : tuple of SliceRow
    folds : tuple of FoldRow
    units : tuple of UnitRow
    level, rope : float
    class_titles : mapping of str to str
        What people call classes; the others are called by their names.
    """

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    class_names: tuple[str, ...]
    sentence: str
    unit_noun: str
    n_units: int
    n_rows: int
    notes: tuple[str, ...]
    aggregation: str
    metrics: tuple[tuple[Estimate, ...], ...]
    pairs: tuple[Pair, ...]
    sentences: tuple[str, ...]
    overall: Friedman | None
    overall_sentence: str
    confusions: tuple[tuple[tuple[int, ...], ...], ...]
    classes: tuple[ClassRow, ...]
    slices: tuple[SliceRow, ...]
    folds: tuple[FoldRow, ...]
    units: tuple[UnitRow, ...]
    level: float
    rope: float
    class_titles: Mapping[str, str] = field(default_factory=dict)

    def title_of(self, class_name: str) -> str:
        """Return what people call a class."""
        return self.class_titles.get(class_name, class_name)


def compare(
    tested: Sequence[Tested], settings: PairSettings | None = None, *, n_draws: int = 0
) -> Comparison:
    """Compare experiments.

    Parameters
    ----------
    tested : sequence of Tested
        Two to twenty.
    settings : PairSettings, optional
    n_draws : int
        Bootstrap draws; 2,000 if 0, down to 400 where units and experiments are very many.

    Raises
    ------
    NotComparable
        For one experiment or more than twenty, and where test sets or certificates differ; says
        which and how.
    """
    _require_comparable(tested)
    how = settings or PairSettings()
    aligned = align(tested)
    n_draws = n_draws or _n_draws(len(tested) * len(aligned.units))
    weights = paired_weights(aligned.units.strata, n_draws, how.seed)
    draws = MetricDraws(aligned)
    titles = distinct_titles([one.title for one in tested])
    metrics = own_intervals(draws, aligned, range(len(tested)), n_draws)
    scores = [one[0] for one in metrics]
    shares, noun, n_units = unit_shares(aligned), aligned.units.noun, len(aligned.units)
    gaps = _differences(draws, weights, aligned.units.strata, scores, how)
    pairs = compare_pairs(shares, unit_verdicts(aligned), gaps, noun, how)
    overall = friedman(shares) if len(tested) > 2 and n_units > 5 else None
    return Comparison(
        ids=tuple(one.id for one in tested),
        titles=titles,
        sentence=headline(pairs, titles, scores),
        unit_noun=noun,
        n_units=n_units,
        metrics=tuple(tuple(one) for one in metrics),
        pairs=pairs,
        sentences=tuple(pair_sentence(pair, titles, scores, noun, n_units) for pair in pairs),
        overall=overall,
        overall_sentence=overall_sentence(overall, titles, noun) if overall else "",
        level=how.level,
        rope=how.rope,
        class_titles=dict(tested[0].certificate.class_titles),
        **_tables(aligned, draws, weights),
    )


def _tables(aligned: Aligned, draws: MetricDraws, weights: NDArray[np.float64]) -> dict[str, Any]:
    """Return what is told of all experiments together, as parts of a `Comparison`."""
    return {
        "class_names": aligned.class_names,
        "n_rows": len(aligned.labels),
        "notes": aligned.units.notes,
        "aggregation": "mean of folds" if draws.is_mean else "pooled over folds",
        "confusions": _confusions(draws, aligned),
        "classes": class_rows(aligned, draws, weights),
        "slices": slice_rows(aligned, weights),
        "folds": fold_rows(aligned, draws),
        "units": unit_rows(aligned),
    }


def _require_comparable(tested: Sequence[Tested]) -> None:
    if not FEWEST <= len(tested) <= MOST:
        raise NotComparable(f"Choose {FEWEST} to {MOST} experiments; these are {len(tested)}.")
    reasons = disagreements(tested)
    if reasons:
        raise NotComparable(" ".join(reasons), reasons=list(reasons))


def distinct_titles(titles: Sequence[str]) -> tuple[str, ...]:
    """Return titles of which no two are the same.

    Parameters
    ----------
    titles : sequence of str

    Examples
    --------
    >>> distinct_titles(["A", "B", "A"])
    ('A (1)', 'B', 'A (2)')
    """
    seen: dict[str, int] = {}
    found = []
    for title in titles:
        seen[title] = seen.get(title, 0) + 1
        found.append(title if titles.count(title) == 1 else f"{title} ({seen[title]})")
    return tuple(found)


def _n_draws(n_drawn_at_once: int) -> int:
    return int(np.clip(_DRAWN_UNITS // n_drawn_at_once, _FEWEST_DRAWS, _MOST_DRAWS))


def _differences(
    draws: MetricDraws,
    weights: NDArray[np.float64],
    strata: NDArray[np.intp],
    scores: Sequence[Estimate],
    settings: PairSettings,
) -> list[tuple[int, int, Estimate]]:
    """Return the difference of macro-F1 of every pair, from the same draws of units."""
    freedom = len(strata) - len(np.unique(strata))
    drawn: list[NDArray[np.float64]] = [draws.of(weights, place)[0] for place in range(len(scores))]
    return [
        (
            one,
            other,
            widened_interval(
                scores[one].value - scores[other].value,
                drawn[one] - drawn[other],
                freedom,
                settings.level,
                (-1.0, 1.0),
            ),
        )
        for one, other in combinations(range(len(scores)), 2)
    ]


def _confusions(draws: MetricDraws, aligned: Aligned) -> tuple[tuple[tuple[int, ...], ...], ...]:
    ones = np.ones((1, len(aligned.units)))
    return tuple(
        tuple(
            tuple(int(count) for count in row)
            for row in draws.confusions(ones, place)[0].sum(axis=0)
        )
        for place in range(len(aligned.probabilities))
    )


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Comparison)


def to_bytes(comparison: Comparison) -> bytes:
    """Return the comparison as JSON.

    Parameters
    ----------
    comparison : Comparison
    """
    content: bytes = _adapter().dump_json(comparison)
    return content


def from_bytes(content: bytes) -> Comparison:
    """Return the comparison that `to_bytes` wrote.

    Parameters
    ----------
    content : bytes
    """
    comparison: Comparison = _adapter().validate_json(content)
    return comparison
