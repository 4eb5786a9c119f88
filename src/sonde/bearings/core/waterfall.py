"""The waterfall: many spectra on one axis, of the recordings of a data set or of one signal.

The axis is in Hz or, where every row has a shaft speed, in orders: then what belongs to the shaft
stands in one column, whatever the speed was. Each value is the highest spectral line of its
column, so that no narrow line is lost.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.spectra import Spectrum, Window, amplitude_spectrum
from sonde.bearings.core.speed_profile import SpeedProfile
from sonde.platform.core.errors import Invalid

MOST_ROWS = 120
FEWEST_COLUMNS, MOST_COLUMNS = 16, 2000
SHORTEST_SEGMENT = 64


@dataclass(frozen=True)
class WaterfallSettings:
    """Which axis the spectra share.

    Parameters
    ----------
    highest : float
        Upper end of the axis: Hz, or orders.
    columns : int
        16 to 2,000; at most as many as the shortest signal tells apart are worth asking for.
    in_orders : bool
        Divide every frequency by the row's shaft speed.
    window : Window
    """

    highest: float = 1000.0
    columns: int = 500
    in_orders: bool = False
    window: Window = Window.HANN

    def __post_init__(self) -> None:
        if not FEWEST_COLUMNS <= self.columns <= MOST_COLUMNS:
            raise Invalid(
                f"{self.columns} columns: choose {FEWEST_COLUMNS} to {MOST_COLUMNS:,}.",
                field="columns",
            )
        if not self.highest > 0:
            raise Invalid(f"An axis up to {self.highest:g}: it must be positive.", field="highest")


@dataclass(frozen=True)
class WaterfallSignal:
    """One signal on its way into a waterfall.

    Parameters
    ----------
    name : str
        What the row is called.
    position : float
        Where it stands: number, seconds, speed in rpm, days.
    samples : ndarray of float, shape (time,)
    sampling_rate_hz : float
    shaft_hz : float, optional
        Needed for an axis in orders.
    """

    name: str
    position: float
    samples: NDArray[np.floating]
    sampling_rate_hz: float
    shaft_hz: float | None = None


@dataclass(frozen=True)
class Waterfall:
    """Amplitude spectra on one axis, in the order in which they came.

    Parameters
    ----------
    axis : ndarray of float64, shape (column,)
        Middle of every column: Hz, or orders.
    axis_unit : str
        ``"Hz"`` or ``"orders"``.
    names : tuple of str
    positions : ndarray of float64, shape (row,)
    values : ndarray of float32, shape (row, column)
        Peak amplitude in the unit of the signals; NaN above half a signal's sampling rate.
    """

    axis: NDArray[np.float64]
    axis_unit: str
    names: tuple[str, ...]
    positions: NDArray[np.float64]
    values: NDArray[np.float32]


def waterfall(
    signals: Iterable[WaterfallSignal], settings: WaterfallSettings | None = None
) -> Waterfall:
    """Return the waterfall of signals that come one after the other; none of them is kept.

    Parameters
    ----------
    signals : iterable of WaterfallSignal
        Choose with `evenly_spread` which of many to read; a signal without a shaft speed is
        refused where the axis is in orders.
    settings : WaterfallSettings, optional

    Raises
    ------
    Invalid
        If there is no signal, more than 120, or one cannot be placed.

    Examples
    --------
    >>> time_s = np.arange(1000) / 1000
    >>> rows = (
    ...     WaterfallSignal(f"{hz} Hz", hz, np.sin(2 * np.pi * hz * time_s), 1000.0, hz)
    ...     for hz in (40, 50, 60)
    ... )
    >>> picture = waterfall(rows, WaterfallSettings(highest=4.0, columns=40, in_orders=True))
    >>> picture.axis[picture.values.argmax(axis=1)].round(2).tolist()
    [1.05, 1.05, 1.05]
    """
    settings = settings or WaterfallSettings()
    names: list[str] = []
    positions: list[float] = []
    rows: list[NDArray[np.float32]] = []
    for signal in signals:
        if len(rows) == MOST_ROWS:
            raise Invalid(f"A waterfall shows at most {MOST_ROWS} spectra.", field="signals")
        spectrum = amplitude_spectrum(
            _float32(signal.samples), signal.sampling_rate_hz, settings.window
        )
        rows.append(_row(spectrum, _unit_hz(signal, settings), settings))
        names.append(signal.name)
        positions.append(signal.position)
    if not rows:
        raise Invalid("A waterfall needs at least one signal.", field="signals")
    step = settings.highest / settings.columns
    return Waterfall(
        (np.arange(settings.columns, dtype=np.float64) + 0.5) * step,
        "orders" if settings.in_orders else "Hz",
        tuple(names),
        np.array(positions, dtype=np.float64),
        np.stack(rows),
    )


def evenly_spread(total: int, most: int = MOST_ROWS) -> NDArray[np.intp]:
    """Return which of `total` recordings a waterfall of at most `most` rows shows.

    Examples
    --------
    >>> evenly_spread(3).tolist(), evenly_spread(1000, 5).tolist()
    ([0, 1, 2], [0, 250, 500, 749, 999])
    """
    if total <= most:
        return np.arange(total)
    return np.linspace(0, total - 1, most).round().astype(np.intp)


def stretches(
    samples: NDArray[np.floating],
    sampling_rate_hz: float,
    length: int,
    rows: int = MOST_ROWS,
    speed: SpeedProfile | None = None,
) -> Iterator[WaterfallSignal]:
    """Yield stretches of one signal from its beginning to its end, placed at their middles in s.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
    sampling_rate_hz : float
    length : int
        Samples per stretch, at least 64.
    rows : int
        How many at most; they overlap where the signal is short, and leave gaps where it is long.
    speed : SpeedProfile, optional
        Gives every stretch the shaft speed at its middle, as an axis in orders needs it.

    Raises
    ------
    Invalid
        If the signal is shorter than one stretch.

    Examples
    --------
    >>> [one.position for one in stretches(np.zeros(1000), 100.0, 200, rows=3)]
    [1.0, 5.0, 9.0]
    """
    if not SHORTEST_SEGMENT <= length <= len(samples):
        raise Invalid(
            f"Stretches of {length} samples: choose {SHORTEST_SEGMENT} to {len(samples):,}.",
            field="length",
        )
    for start in evenly_spread(len(samples) - length + 1, min(rows, MOST_ROWS)):
        middle_s = float((start + length / 2) / sampling_rate_hz)
        shaft_hz = float(speed.shaft_hz_at(np.array([middle_s]))[0]) if speed else None
        stretch = samples[start : start + length]
        yield WaterfallSignal(f"{middle_s:.3g} s", middle_s, stretch, sampling_rate_hz, shaft_hz)


def _float32(samples: NDArray[np.floating]) -> NDArray[np.float32]:
    if not np.isfinite(np.sum(samples, dtype=np.float64)):
        raise Invalid("A signal holds samples that are no numbers.", field="samples")
    return samples.astype(np.float32, copy=False)


def _unit_hz(signal: WaterfallSignal, settings: WaterfallSettings) -> float:
    """Return how many Hz one unit of the axis is for this signal."""
    if not settings.in_orders:
        return 1.0
    if signal.shaft_hz is None or not signal.shaft_hz > 0:
        raise Invalid(
            f"{signal.name} has no shaft speed; show the waterfall over frequency, or state the "
            "speed.",
            field="in_orders",
        )
    return signal.shaft_hz


def _row(spectrum: Spectrum, unit_hz: float, settings: WaterfallSettings) -> NDArray[np.float32]:
    """Return the highest line of every column; the nearest one where a column holds none."""
    step_hz = settings.highest / settings.columns * unit_hz
    edges = np.arange(settings.columns + 1) * (step_hz / spectrum.resolution_hz)
    values = spectrum.values
    first = np.ceil(edges - 1e-9).astype(np.intp)
    starts, stops = first[:-1], first[1:]
    nearest = np.rint((edges[:-1] + edges[1:]) / 2).astype(np.intp)
    starts = np.where(stops > starts, starts, nearest)
    seen = starts < len(values)
    row = np.full(settings.columns, np.nan, dtype=np.float32)
    kept = starts[seen]
    if not len(kept):
        return row
    # Pairs of bounds: the highest within each column, what lies between the pairs is dropped.
    bounds = np.stack((kept, np.minimum(np.maximum(stops[seen], kept + 1), len(values))), axis=1)
    padded = np.append(values, -np.inf)
    row[seen] = np.maximum.reduceat(padded, bounds.ravel())[::2]
    return row
