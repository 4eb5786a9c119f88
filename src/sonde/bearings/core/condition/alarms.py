"""Alarm bands over a trend: fixed limits, limits from the machine's own past, ISO 20816."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sonde.platform.core.errors import Invalid


class AlarmState(StrEnum):
    """What a value says about the machine."""

    NORMAL = "normal"
    WARNING = "warning"
    ALARM = "alarm"


class BandKind(StrEnum):
    """Where limits come from."""

    FIXED = "fixed"
    STATISTICAL = "statistical"
    ISO_20816 = "iso 20816"


@dataclass(frozen=True)
class AlarmBand:
    """Limits above which a trend is not normal any more.

    Parameters
    ----------
    kind : BandKind
    warning, alarm : float
        In the unit of the trend; the warning lies below the alarm.
    in_a_row : int
        So many values in succession must lie above a limit before the state rises.
    hysteresis : float
        Share of the distance between the limits by which a value must fall below one before the
        state falls.

    Raises
    ------
    Invalid
        If the limits are not finite or not in order.
    """

    kind: BandKind
    warning: float
    alarm: float
    in_a_row: int = 2
    hysteresis: float = 0.1

    def __post_init__(self) -> None:
        """Refuse limits that mean nothing."""
        if not (np.isfinite(self.warning) and np.isfinite(self.alarm)):
            raise Invalid("The limits must be numbers.", field="warning")
        if self.warning >= self.alarm:
            raise Invalid(
                f"The warning {self.warning:g} must lie below the alarm {self.alarm:g}.",
                field="warning",
            )
        if self.in_a_row < 1:
            raise Invalid("At least one value in a row is needed.", field="in_a_row")
        if not 0 <= self.hysteresis < 1:
            raise Invalid("The hysteresis lies from 0 up to 1.", field="hysteresis")


def statistical_band(
    healthy: NDArray[np.floating], *, warning_sigmas: float = 3.0, alarm_sigmas: float = 6.0
) -> AlarmBand:
    """Return limits from what the machine showed while it was well.

    Parameters
    ----------
    healthy : ndarray of float, shape (time,)
        At least eight values.
    warning_sigmas, alarm_sigmas : float
        Distance from the median in robust standard deviations (1.4826 times the median absolute
        deviation, at least one per cent of the median).

    Raises
    ------
    Invalid
        If there are fewer than eight values.

    Examples
    --------
    >>> band = statistical_band(np.array([1.0, 1.1, 0.9, 1.0, 1.1, 0.9, 1.0, 1.1, 0.9]))
    >>> round(band.warning, 3), round(band.alarm, 3)
    (1.445, 1.89)
    """
    if len(healthy) < 8:
        raise Invalid("Limits from the past need at least eight values.", field="baseline")
    if not warning_sigmas < alarm_sigmas:
        raise Invalid("The warning must lie below the alarm.", field="warning")
    middle = float(np.median(healthy))
    spread = 1.4826 * float(np.median(np.abs(np.asarray(healthy) - middle)))
    spread = max(spread, 0.01 * abs(middle), 1e-12)
    return AlarmBand(
        BandKind.STATISTICAL, middle + warning_sigmas * spread, middle + alarm_sigmas * spread
    )


def states(values: Sequence[float] | NDArray[np.floating], band: AlarmBand) -> list[AlarmState]:
    """Return the state after every value, oldest first.

    A state rises once `in_a_row` values lie above its limit, and falls once a value lies below the
    limit by the hysteresis. Values that are no numbers change nothing.

    Examples
    --------
    >>> band = AlarmBand(BandKind.FIXED, 2.0, 4.0)
    >>> [one.value for one in states([1, 3, 1, 3, 3, 5, 5, 1.95, 1.5], band)]
    ['normal', 'normal', 'normal', 'normal', 'warning', 'warning', 'alarm', 'warning', 'normal']
    """
    told: list[AlarmState] = []
    state = AlarmState.NORMAL
    above_warning = above_alarm = 0
    for value in values:
        if not np.isfinite(value):
            told.append(state)
            continue
        above_warning = above_warning + 1 if value > band.warning else 0
        above_alarm = above_alarm + 1 if value > band.alarm else 0
        state = _next(state, float(value), band, (above_warning, above_alarm))
        told.append(state)
    return told


def _next(
    state: AlarmState, value: float, band: AlarmBand, in_a_row: tuple[int, int]
) -> AlarmState:
    above_warning, above_alarm = in_a_row
    slack = band.hysteresis * (band.alarm - band.warning)
    if above_alarm >= band.in_a_row:
        return AlarmState.ALARM
    keeps_alarm = state is AlarmState.ALARM and value > band.alarm - slack
    if keeps_alarm:
        return AlarmState.ALARM
    if above_warning >= band.in_a_row:
        return AlarmState.WARNING
    keeps_warning = state is not AlarmState.NORMAL and value > band.warning - slack
    return AlarmState.WARNING if keeps_warning else AlarmState.NORMAL
