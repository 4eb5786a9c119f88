"""What a deployed model is to carry, learned from what it said of held-out samples.

The temperature, the sets and the limit of rejection are those of the evaluation (`calibrating`,
`conformal`, `rejecting`). What they achieve is measured on groups that did not teach them. The
models of the folds stand for the deployed one, which has learned from more; as its score does.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.calibrated import (
    COVERAGE,
    FEWEST_TO_REJECT,
    MOST_RISK,
    NEVER,
    Calibration,
    UnitCalibration,
)
from sonde.learning.core.certificate import SplitCertificate
from sonde.learning.core.evaluating.calibrating import (
    Mend,
    by_temperature,
    cross_fit,
    log_loss,
    reliability,
)
from sonde.learning.core.evaluating.conformal import SetConfig, prediction_sets, scores, threshold
from sonde.learning.core.evaluating.grouped import group_hands
from sonde.learning.core.evaluating.rejecting import answered_by_others, doubt_at_risk
from sonde.learning.core.held_out import HeldOut

_HANDS: Final = 5
_SETS: Final = SetConfig("lac", 1.0 - COVERAGE)


def calibrate(table: HeldOut, certificate: SplitCertificate) -> tuple[Calibration | None, str]:
    """Learn what a deployed model carries.

    Parameters
    ----------
    table : HeldOut
    certificate : SplitCertificate
        Of the split that held the samples out.

    Returns
    -------
    calibration : Calibration, optional
        None where held-out samples cannot teach it.
    reason : str
        Why not, as a sentence; else empty.
    """
    noun, n_groups = table.group_noun, len(np.unique(table.groups))
    if not certificate.is_honest:
        return (
            None,
            "Its split leaks, so what it says of held-out samples is too sure to learn from.",
        )
    if n_groups < 2:
        return None, f"Only one {noun} was held out; two are needed to learn from one for another."
    labels = table.labels.astype(np.intp)
    told, said, groups = _by_recording(table)
    sureness = (len(said) + 1.0) / (len(said) + 2.0)
    return (
        Calibration(
            windows=_unit(table.probabilities, labels, table.groups, sureness),
            recordings=_unit(told, said, groups, sureness),
            n_groups=n_groups,
            group_noun=noun,
        ),
        "",
    )


def _by_recording(
    table: HeldOut,
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.str_]]:
    """Return the mean over the windows of each recording, its label and its group."""
    known = np.unique(table.recordings, return_inverse=True)[1].ravel()
    n_classes = len(table.class_names)
    key = (known * len(table.fold_names) + table.folds) * n_classes + table.labels
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    sums = np.zeros((len(first), n_classes))
    np.add.at(sums, place.ravel(), table.probabilities)
    mean = sums / np.bincount(place.ravel())[:, None]
    return mean, table.labels[first].astype(np.intp), table.groups[first]


def _unit(
    told: NDArray[np.float64],
    labels: NDArray[np.intp],
    groups: NDArray[np.str_],
    sureness: float,
) -> UnitCalibration:
    hands = group_hands(groups, labels, _HANDS)

    def learn(some: NDArray[np.float64], theirs: NDArray[np.integer]) -> Mend:
        return by_temperature(some, theirs, sureness)[0]

    crossed = cross_fit(told, labels, hands, learn)
    mend, temperature = by_temperature(told, labels, sureness)
    mended = mend(told)
    if not _helps(crossed, told, labels):
        crossed, mended, temperature = told, told, 1.0
    rows = np.arange(len(labels))
    limit = threshold(scores(mended, _SETS)[rows, labels], _SETS.alpha)
    sets, _ = prediction_sets(crossed, labels, hands, _SETS)
    answered, risk = _achieved(crossed, labels, hands)
    return UnitCalibration(
        n=len(labels),
        temperature=temperature,
        error_told=reliability(told, labels).error,
        error_mended=reliability(crossed, labels).error,
        set_limit=limit if np.isfinite(limit) else None,
        coverage=float(sets[rows, labels].mean()),
        answer_from=_answer_from(mended, labels, risk),
        answered=answered,
        risk=risk,
    )


def _helps(
    crossed: NDArray[np.float64], told: NDArray[np.float64], labels: NDArray[np.intp]
) -> bool:
    """Say whether mending by what other groups taught comes nearer to the truth."""
    is_nearer = reliability(crossed, labels).error < reliability(told, labels).error
    return is_nearer and log_loss(crossed, labels) < log_loss(told, labels)


def _answer_from(
    mended: NDArray[np.float64], labels: NDArray[np.intp], risk: float
) -> float | None:
    """Return the least probability that is answered.

    None with too few to tell, and where limits from other groups leave far more wrong than they
    should (`risk`), and more than answering everything.
    """
    wrong = float((mended.argmax(axis=1) != labels).mean())
    if len(labels) < FEWEST_TO_REJECT or risk > max(wrong, 2.0 * MOST_RISK):
        return None
    surest = mended.max(axis=1)
    limit = _limit(mended, labels)
    return NEVER if limit is None else float(surest[1.0 - surest <= limit].min())


def _limit(mended: NDArray[np.float64], labels: NDArray[np.intp]) -> float | None:
    wrong = mended.argmax(axis=1) != labels
    return doubt_at_risk(wrong, 1.0 - mended.max(axis=1), MOST_RISK)


def _achieved(
    mended: NDArray[np.float64], labels: NDArray[np.intp], hands: NDArray[np.intp]
) -> tuple[float, float]:
    """Return the share answered and the share wrong among it, the limit learned from others."""
    wrong = mended.argmax(axis=1) != labels
    answered = answered_by_others(wrong, 1.0 - mended.max(axis=1), hands, MOST_RISK)
    return float(answered.mean()), float(wrong[answered].mean()) if answered.any() else 0.0
