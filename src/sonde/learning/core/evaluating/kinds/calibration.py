"""Whether told probabilities come true, and what mending them by group brings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.evaluating.calibrating import (
    N_BINS,
    bins_of,
    brier,
    by_isotonic,
    by_temperature,
    cross_fit,
    log_loss,
    reliability,
)
from sonde.learning.core.evaluating.grouped import GroupDraws, draw_groups, group_hands, interval
from sonde.learning.core.evaluating.plain import about, bounds, number, numbers
from sonde.learning.core.held_out import HeldOut
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.platform.core.errors import Invalid

KNOBS: Final = (
    HyperParameter(
        "hands",
        "Parts",
        "Groups are dealt to this many parts; each is mended by what the others teach.",
        5,
        low=2,
        high=20,
    ),
    HyperParameter("n_draws", "Draws", "Of whole groups, for intervals.", 500, low=50, high=2000),
    HyperParameter(
        "seed", "Seed", "Makes dealing and drawing repeatable.", 0, low=0, high=2**31 - 1
    ),
)


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return reliability as told, by temperature and by isotonic regression."""
    table = materials[0].held_out
    require_groups(table, 2)
    hands = group_hands(table.groups, table.labels, params["hands"], params["seed"])
    draws = draw_groups(table.groups, table.labels, params["n_draws"], params["seed"])
    ways: tuple[tuple[str, str, Callable[[], NDArray[np.float64]]], ...] = (
        ("told", "As told", lambda: table.probabilities),
        ("temperature", "Temperature", lambda: _mended(table, hands, _temperature)),
        ("isotonic", "Isotonic", lambda: _mended(table, hands, by_isotonic)),
    )
    rows, sure = [], []
    for place, (name, title, make) in enumerate(ways):
        progress(place / len(ways), title)
        probabilities = make()
        rows.append({"name": name, "title": title} | _judged(probabilities, table, draws))
        sure.append(probabilities)
    whole = {
        "rows": rows,
        "by_group": _by_group(table, sure),
        "temperature": number(by_temperature(table.probabilities, table.labels)[1], 4),
        "hands": int(hands.max()) + 1,
        "n_bins": N_BINS,
    }
    return Answer(about(table) | whole)


def require_groups(table: HeldOut, least: int) -> None:
    """Raise Invalid where there are too few groups to learn from some and judge others."""
    count = len(np.unique(table.groups))
    if count < least:
        raise Invalid(
            f"This needs at least {least} {table.group_noun}s among the tested samples; there "
            f"{'is' if count == 1 else 'are'} {count}.",
            needs=least,
            has=count,
        )


def _temperature(told: NDArray[np.float64], labels: NDArray[np.integer[Any]]) -> Any:
    return by_temperature(told, labels)[0]


def _mended(table: HeldOut, hands: NDArray[np.intp], learn: Any) -> NDArray[np.float64]:
    return cross_fit(table.probabilities, table.labels, hands, learn)


def _judged(
    probabilities: NDArray[np.float64], table: HeldOut, draws: GroupDraws
) -> dict[str, Any]:
    found = reliability(probabilities, table.labels)
    right = probabilities.argmax(axis=1) == table.labels
    errors, shares = _drawn(probabilities, right, draws)
    with np.errstate(invalid="ignore"):
        low, high = _band(shares)
    return {
        "error": number(found.error),
        "error_interval": bounds(interval(errors)),
        "log_loss": number(log_loss(probabilities, table.labels)),
        "brier": number(brier(probabilities, table.labels)),
        "accuracy": number(float(right.mean())),
        "mean_told": number(float(probabilities.max(axis=1).mean())),
        "counts": found.counts.tolist(),
        "told": numbers(found.told),
        "came_true": numbers(found.came_true),
        "low": numbers(low),
        "high": numbers(high),
    }


def _by_group(table: HeldOut, ways: Sequence[NDArray[np.float64]]) -> list[dict[str, Any]]:
    """Return what was told and came true of every group by each way, the worst gap first."""
    names, position = np.unique(table.groups, return_inverse=True)
    counts = np.bincount(position)

    def means(values: NDArray[Any]) -> NDArray[np.float64]:
        summed = np.asarray(np.bincount(position, weights=values), dtype=np.float64)
        return summed / counts

    told = np.stack([means(way.max(axis=1)) for way in ways])
    true = np.stack([means(way.argmax(axis=1) == table.labels) for way in ways])
    order = np.argsort(-np.abs(told[0] - true[0]), kind="stable")
    return [
        {
            "group": str(names[place]),
            "n_samples": int(counts[place]),
            "told": numbers(told[:, place]),
            "came_true": numbers(true[:, place]),
        }
        for place in order.tolist()
    ]


def _drawn(
    probabilities: NDArray[np.float64], right: NDArray[np.bool_], draws: GroupDraws
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return calibration error, and the share of right ones in each bin, of every draw."""
    member = np.zeros((len(right), N_BINS))
    member[np.arange(len(right)), bins_of(probabilities)] = 1.0
    counts = draws.sums(member)
    told = draws.sums(member * probabilities.max(axis=1)[:, None])
    true = draws.sums(member * right[:, None])
    total = np.maximum(counts.sum(axis=1), 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.abs(told - true).sum(axis=1) / total, true / counts


def _band(shares: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the interval of every bin; NaN where no draw has samples in it."""
    pairs = [interval(column) or (np.nan, np.nan) for column in shares.T]
    low, high = np.array(pairs).T
    return low, high


KIND: Final = AnalysisKind(
    name="calibration",
    title="Calibration",
    help="Whether told probabilities come true, and what mending them by group brings.",
    validate=lambda given: accept_parameters(KNOBS, given),
    compute=compute,
    page="/evaluation?experiment={ids}&tab=calibration",
    is_quick=True,
    version=2,
)
