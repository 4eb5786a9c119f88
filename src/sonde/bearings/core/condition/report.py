"""The report of a machine as values; `report_pages` draws it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.condition.alarms import AlarmBand, AlarmState


@dataclass(frozen=True)
class PointLine:
    """The newest values of one channel.

    Parameters
    ----------
    name : str
        Measuring point and channel.
    measured_at : datetime or None
    figures : tuple of str
        As they are written, in the order of `MachineReport.columns`.
    zone : str
        Of ISO 20816-3, or ``"none"``.
    state : AlarmState or None
    """

    name: str
    measured_at: datetime | None
    figures: tuple[str, ...]
    zone: str
    state: AlarmState | None


@dataclass(frozen=True)
class Spark:
    """One small trend.

    Parameters
    ----------
    title, unit : str
    moments : tuple of datetime
    values : ndarray of float64, shape (time,)
    band : AlarmBand or None
    """

    title: str
    unit: str
    moments: tuple[datetime, ...]
    values: NDArray[np.float64]
    band: AlarmBand | None = None


@dataclass(frozen=True)
class MachineReport:
    """Everything that stands on the page.

    Parameters
    ----------
    machine, plant : str
    state : AlarmState or None
    facts : sequence of (str, str)
    columns : sequence of str
        Titles of the figures in the table.
    points : sequence of PointLine
    sparks : sequence of Spark
        At most four are drawn.
    outlook : sequence of str
        Sentences about health and remaining life.
    events : sequence of (str, str, str)
        Moment, kind and text, newest first.
    zones : sequence of str
        What the zones rest on, or why there is none.
    method : str
        How it was computed.
    made_at : datetime
    version : str
    """

    machine: str
    plant: str
    state: AlarmState | None
    facts: Sequence[tuple[str, str]]
    columns: Sequence[str]
    points: Sequence[PointLine]
    sparks: Sequence[Spark]
    outlook: Sequence[str]
    events: Sequence[tuple[str, str, str]]
    method: str
    made_at: datetime
    version: str
    zones: Sequence[str] = field(default=())


def state_word(state: AlarmState | None) -> str:
    """Return the word for a state.

    Examples
    --------
    >>> state_word(AlarmState.ALARM), state_word(None)
    ('Alarm', 'Not measured')
    """
    return state.value.capitalize() if state is not None else "Not measured"
