"""Health indicators of channels, what they are worth, and how long machines will last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.condition.figures import checked_figure
from sonde.bearings.core.condition.health import (
    DEFAULT_BASELINE,
    DEFAULT_LIMIT,
    INDICATOR,
    LOOKED_AT,
    indicator_along,
)
from sonde.bearings.core.condition.indicators import Merit, merit
from sonde.bearings.core.condition.remaining_life import (
    VAGUE,
    Prior,
    RemainingLife,
    learn_prior,
    remaining_life,
)
from sonde.bearings.services.condition import alarms
from sonde.bearings.services.condition.lives import Life, past_lives, present_life
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

_FEWEST_FAILED: Final = 5


@dataclass(frozen=True)
class Baseline:
    """Which measurements of a life say what is normal: the first `n`, or those of a time range."""

    n: int = DEFAULT_BASELINE
    since: datetime | None = None
    until: datetime | None = None


FIRST: Final = Baseline()


@dataclass(frozen=True)
class Health:
    """The health indicator of a channel since its last replacement.

    Parameters
    ----------
    moments : tuple of datetime
    values : ndarray of float64, shape (time,)
        About 1 while the machine is as it was in the baseline.
    names : tuple of str
        The figures that it looks at.
    n_baseline : int
    merit : Merit
        Over the lives that are over and the present one.
    n_lives : int
        So many lives that are over went into the merit.
    """

    moments: tuple[datetime, ...]
    values: NDArray[np.float64]
    names: tuple[str, ...]
    n_baseline: int
    merit: Merit
    n_lives: int


@dataclass(frozen=True)
class Outlook:
    """How long a machine will last, in hours.

    Parameters
    ----------
    feature : str
        What grows towards the limit.
    limit : float
    life : RemainingLife or None
        None while no growth is seen.
    counted_from : datetime
        The newest measurement.
    onset : datetime or None
    n_fleet : int
        Machines that ran to failure before and whose growth is the prior; 0 for none.
    sentence : str
    """

    feature: str
    limit: float
    life: RemainingLife | None
    counted_from: datetime
    n_fleet: int
    sentence: str


def health(actor: Actor, channel_id: str, baseline: Baseline = FIRST) -> Health:
    """Return the health indicator of a channel.

    Raises NotFound, and Invalid where there is too little to learn what is normal from.
    """
    names = _usable(present_life(actor, channel_id, LOOKED_AT))
    life = present_life(actor, channel_id, names).finite()
    is_healthy = _healthy(life, baseline)
    values = indicator_along(names, life.values, is_healthy)
    over = [_indicator(one, names, baseline) for one in past_lives(actor, channel_id, names)]
    known = [one for one in over if one is not None]
    return Health(
        life.moments,
        values,
        names,
        int(is_healthy.sum()),
        merit([*known, values]) if len(values) > 1 else Merit(*[float("nan")] * 3),
        len(known),
    )


def outlook(
    actor: Actor,
    channel_id: str,
    feature: str = INDICATOR,
    *,
    limit: float | None = None,
    baseline: Baseline = FIRST,
) -> Outlook:
    """Return when a feature, or the health indicator, will reach its limit.

    Without a `limit` it is the alarm of the feature's band, or ten times the healthy distance for
    the health indicator. Raises NotFound, and Invalid for a missing limit or too few values.
    """
    limit = _limit(actor, channel_id, feature, limit)
    life = _course(actor, channel_id, feature, baseline)
    n_baseline = _n_first(life, baseline)
    prior, n_fleet = _prior(actor, channel_id, feature, baseline)
    if not life.moments:
        raise Invalid("Nothing was measured since the last replacement.", field="baseline")
    found = remaining_life(life.hours, life.values[:, 0], limit, prior=prior, n_baseline=n_baseline)
    return Outlook(
        feature, limit, found, life.moments[-1], n_fleet, _sentence(found, feature, limit)
    )


def _limit(actor: Actor, channel_id: str, feature: str, limit: float | None) -> float:
    if limit is not None:
        if not np.isfinite(limit):
            raise Invalid("The limit must be a number.", field="limit")
        return limit
    if feature == INDICATOR:
        return DEFAULT_LIMIT
    checked_figure(feature)
    for one in alarms.bands(actor, [channel_id]):
        if one.feature == feature:
            return one.band.alarm
    raise Invalid(f"{feature} has no alarm limit here: set its limits, or say one.", field="limit")


def _course(actor: Actor, channel_id: str, feature: str, baseline: Baseline) -> Life:
    """Return the feature, or the indicator, along the present life."""
    if feature != INDICATOR:
        return present_life(actor, channel_id, (feature,)).finite()
    found = health(actor, channel_id, baseline)
    return Life(found.moments, found.values[:, np.newaxis], is_over=False)


def _usable(life: Life) -> tuple[str, ...]:
    """Return the figures that all measurements of a life have and that are not constant."""
    if not life.moments:
        raise Invalid("Nothing was measured here since the last replacement.", field="baseline")
    known: NDArray[np.bool_] = np.atleast_1d(np.isfinite(life.values).all(axis=0))
    names = tuple(name for name, is_known in zip(LOOKED_AT, known, strict=True) if is_known)
    if not names:
        raise Invalid("No figure was measured every time.", field="baseline")
    return names


def _healthy(life: Life, baseline: Baseline) -> NDArray[np.bool_]:
    if baseline.since is None and baseline.until is None:
        return np.arange(len(life.moments)) < baseline.n
    return np.array(
        [
            (baseline.since is None or one >= baseline.since)
            and (baseline.until is None or one <= baseline.until)
            for one in life.moments
        ],
        dtype=np.bool_,
    )


def _n_first(life: Life, baseline: Baseline) -> int:
    """Return how many first values count as healthy: a chosen range counts to its end."""
    healthy = np.flatnonzero(_healthy(life, baseline))
    return int(healthy[-1]) + 1 if len(healthy) else 0


def _indicator(
    life: Life, names: tuple[str, ...], baseline: Baseline
) -> NDArray[np.float64] | None:
    """Return the indicator along a life that is over; None where it is too short."""
    try:
        return indicator_along(names, life.values, np.arange(len(life.moments)) < baseline.n)
    except Invalid:
        return None


def _prior(actor: Actor, channel_id: str, feature: str, baseline: Baseline) -> tuple[Prior, int]:
    """Return the growth of the fleet where enough of it has failed, else nothing much."""
    names = (
        (feature,) if feature != INDICATOR else _usable(present_life(actor, channel_id, LOOKED_AT))
    )
    histories = []
    for life in past_lives(actor, channel_id, names):
        values = life.values[:, 0] if feature != INDICATOR else _indicator(life, names, baseline)
        if values is not None and len(values) > baseline.n:
            histories.append((life.hours, np.asarray(values)))
    if len(histories) < _FEWEST_FAILED:
        return VAGUE, 0
    try:
        return learn_prior(histories, baseline.n), len(histories)
    except Invalid:
        return VAGUE, 0


def _sentence(found: RemainingLife | None, feature: str, limit: float) -> str:
    named = "the health indicator" if feature == INDICATOR else feature
    if found is None:
        return (
            f"No growth is seen yet: {named} is as it was in the baseline, so nothing can be said "
            "about the remaining life."
        )
    if found.median == 0:
        return f"{named[:1].upper()}{named[1:]} has passed its limit of {limit:.4g}."
    high = hours_text(found.high) if np.isfinite(found.high) else "no end that can be named"
    return (
        f"About {hours_text(found.median)} until {named} reaches {limit:.4g}; with a probability "
        f"of {found.level:.0%} between {hours_text(found.low)} and {high}."
    )


def hours_text(hours: float) -> str:
    """Write a number of hours as people say it.

    Examples
    --------
    >>> hours_text(5.25), hours_text(100.0), hours_text(9000.0)
    ('5.2 hours', '4.2 days', '375 days')
    """
    if not np.isfinite(hours):
        return "unknown"
    if hours < 48:
        return f"{hours:.1f} hours"
    days = hours / 24
    return f"{days:.1f} days" if days < 60 else f"{days:,.0f} days"
