"""Find families of equally spaced lines in a squared envelope spectrum.

A family is a fault order with its harmonics. Its lines are looked for together: one slip for all
of them, within two per cent, because a real fault keeps its harmonics in step while chance does
not. Lines at whole shaft orders belong to the shaft and count for nobody.

Every band is looked at twice: as it was recorded, and with all steady tones clipped to a few times
their neighbourhood. Two tones that happen to lie a fault frequency apart make a line in the first
view only; repeated impacts make it in both.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.envelope import Band, envelope_spectrum_of
from sonde.bearings.core.spectra import Window

SLIP = 0.02
SLIP_STEP = 0.0004
HIGHEST_ORDER = 30.0
TONE_LIMIT = 5.0
MOST_RAISED = 1e6
_BACKGROUND_ORDERS = 0.75
_SHAFT_HALF_WIDTH = 2.5
_SMEAR = 0.001
_MOST_FOR_SIDEBANDS = float(np.log(1.5))
_NOISE_PEAK = 0.64  # logarithm of the highest of a few noise lines over their median


@dataclass(frozen=True)
class BandView:
    """The envelope spectrum of one band against its local background.

    Parameters
    ----------
    band : (float, float)
        Edges in Hz.
    revolutions : float
        Shaft turns in the recording: the number of spectral lines per order.
    depth : ndarray of float, shape (line,)
        Squared envelope spectrum relative to the mean power.
    raised, raised_without_tones : ndarray of float, shape (line,)
        Spectrum over its running median, as recorded and with tones clipped.
    shaft_scale : float
        True over stated shaft speed, as seen from the lines at whole orders; 1 where they are
        too weak to tell.
    """

    band: Band
    revolutions: float
    depth: NDArray[np.floating]
    raised: NDArray[np.floating]
    raised_without_tones: NDArray[np.floating]
    shaft_scale: float = 1.0

    @property
    def highest_order(self) -> float:
        """Return the order where the view ends."""
        return len(self.raised) / self.revolutions

    @cached_property
    def above_background(self) -> NDArray[np.floating]:
        """Return `depth` less the local background."""
        return self.depth * np.maximum(0, 1 - 1 / np.maximum(self.raised, 1e-9))

    @cached_property
    def both(self) -> NDArray[np.floating]:
        """Return the logarithm of the geometric mean of the two raised spectra."""
        floor = 0.1
        return 0.5 * (
            np.log(np.maximum(self.raised, floor))
            + np.log(np.maximum(self.raised_without_tones, floor))
        )


@dataclass(frozen=True)
class FoundLine:
    """One line of a family, as it was found.

    Parameters
    ----------
    multiple : int
        1 for the fundamental.
    order : float
        Where it was found, in orders of the stated shaft speed.
    expected_order : float
        Where it would be without slip.
    strength : float
        Over the local background; 1 is the background.
    """

    multiple: int
    order: float
    expected_order: float
    strength: float


@dataclass(frozen=True)
class Family:
    """A fault order and its harmonics in one band.

    Parameters
    ----------
    order : float
        Expected order of the fundamental.
    slip : float
        Common relative shift of all lines, -0.02 to 0.02.
    strength : float
        Geometric mean of the lines over the background, tones clipped and not; 0 if the band
        is too narrow for two lines.
    depth : float
        How much of the power swings with the family: root of the sum of the squared lines.
    lines : tuple of FoundLine
    """

    order: float
    slip: float
    strength: float
    depth: float
    lines: tuple[FoundLine, ...]

    @property
    def found_order(self) -> float:
        """Return the order of the fundamental with the slip that was found."""
        return self.order * (1 + self.slip)

    @property
    def prominence(self) -> float:
        """Return one figure to compare families by: lines over background, weighted by depth."""
        if not self.lines:
            return 0.0
        logarithms = [np.log(max(line.strength, 0.1)) for line in self.lines]
        return float(np.exp(np.mean(logarithms))) * self.depth**0.5


def clip_tones(transformed: NDArray[np.complexfloating], width: int) -> NDArray[np.complexfloating]:
    """Return the spectrum with every line limited to five times the median around it.

    Parameters
    ----------
    transformed : ndarray of complex, shape (frequency,)
    width : int
        Lines per neighbourhood.
    """
    magnitude = np.abs(transformed)
    limit = TONE_LIMIT * running_median(magnitude, width)
    factor = np.ones_like(magnitude)
    np.divide(limit, magnitude, out=factor, where=magnitude > limit)
    return transformed * factor


def running_median(values: NDArray[np.floating], width: int) -> NDArray[np.floating]:
    """Return medians of blocks of `width` values, joined by straight lines.

    Examples
    --------
    >>> running_median(np.ones(8), 4)
    array([1., 1., 1., 1., 1., 1., 1., 1.])
    """
    width = max(4, min(width, len(values)))
    blocks = len(values) // width
    medians = np.median(values[: blocks * width].reshape(blocks, width), axis=1)
    centres = (np.arange(blocks) + 0.5) * width
    return np.interp(np.arange(len(values)), centres, medians).astype(values.dtype)


def view_band(
    transformed: NDArray[np.complexfloating],
    without_tones: NDArray[np.complexfloating],
    n_samples: int,
    sampling_rate_hz: float,
    shaft_hz: float,
    band: Band,
) -> BandView:
    """Return the envelope spectrum of `band` against its background, up to order 30.

    Parameters
    ----------
    transformed, without_tones : ndarray of complex, shape (frequency,)
        ``rfft`` of the signal, and the same after `clip_tones`.
    n_samples : int
    sampling_rate_hz, shaft_hz : float
    band : (float, float)
    """
    revolutions = n_samples / sampling_rate_hz * shaft_hz
    spectra = [
        envelope_spectrum_of(lines, n_samples, sampling_rate_hz, band, Window.HANN)
        .below(HIGHEST_ORDER * shaft_hz)
        .values
        for lines in (transformed, without_tones)
    ]
    width = max(int(_BACKGROUND_ORDERS * revolutions), 16)
    raised = []
    for values in spectra:
        background = running_median(values, width)
        floor = max(float(values.max()), 1e-12) / MOST_RAISED
        raised.append(values / np.maximum(background, floor))
    return BandView(band, revolutions, spectra[0], raised[0], raised[1])


def find_family(
    view: BandView, order: float, *, harmonics: int = 4, sideband: float = 0.0
) -> Family:
    """Return the family of lines at `order` and its harmonics, at the slip that fits best.

    Parameters
    ----------
    view : BandView
    order : float
        Expected order of the fundamental.
    harmonics : int
        How many lines to look for; fewer where the band ends earlier.
    sideband : float
        Distance in orders of the sidebands that the fault should have; their strength beyond
        what noise gives counts half, and for no more than a factor of 1.5. 0 where none are
        expected.
    """
    available = int(view.highest_order / (order * (1 + SLIP) * view.shaft_scale))
    count = min(harmonics, available)
    if count < 2:
        return Family(order, 0.0, 0.0, 0.0, ())
    slips = np.arange(-SLIP, SLIP + SLIP_STEP / 2, SLIP_STEP)
    multiples = np.arange(1, count + 1)
    orders = multiples[:, None] * (order * (1 + slips) * view.shaft_scale)[None, :]
    scores = np.stack([_line_scores(view, row) for row in orders])
    usable = np.isfinite(scores)
    total = _mean_of_usable(scores, max(2, 0.6 * count))
    if sideband:
        sides = [
            _line_scores(view, row + side)
            for row in orders[:3]
            for side in (-sideband * view.shaft_scale, sideband * view.shaft_scale)
        ]
        beyond_noise = 0.5 * (_mean_of_usable(np.stack(sides), 2) - _NOISE_PEAK)
        total = total + np.minimum(beyond_noise, _MOST_FOR_SIDEBANDS) * (total > 0)
    weighted = np.where(total > 0, total + 0.5 * np.log(_depths(view, orders)), -np.inf)
    best = int(weighted.argmax())
    lines = tuple(
        find_line(view, float(row[best]), float(multiple * order), int(multiple))
        for multiple, row, fine in zip(multiples, orders, usable[:, best], strict=True)
        if fine
    )
    if total[best] <= 0:
        return Family(order, 0.0, 0.0, 0.0, ())
    depth = float(_depths(view, orders[:, best : best + 1])[0])
    return Family(order, float(slips[best]), float(np.exp(total[best])), depth, lines)


def find_line(view: BandView, order: float, expected_order: float, multiple: int = 1) -> FoundLine:
    """Return the highest line near `order`."""
    centre = order * view.revolutions
    half = max(1, round(order * view.revolutions * _SMEAR))
    first = min(max(round(centre) - half, 1), len(view.both) - 1)
    near = view.both[first : round(centre) + half + 1]
    position = first + int(near.argmax()) if len(near) else first
    return FoundLine(
        multiple, position / view.revolutions, expected_order, float(np.exp(view.both[position]))
    )


def strongest_stranger(view: BandView, tries: int = 6) -> Family:
    """Return the most prominent family at any order from 1.1 to 12 but the shaft's own.

    Parameters
    ----------
    view : BandView
    tries : int
        How many of the highest lines to take as fundamentals.
    """
    orders = np.arange(len(view.both)) / view.revolutions
    scores = _line_scores(view, orders)
    open_to_all = np.where((orders > 1.1) & (orders < 12) & np.isfinite(scores), view.both, 0)
    best = Family(0.0, 0.0, 0.0, 0.0, ())
    for _ in range(tries):
        position = int(open_to_all.argmax())
        order = position / view.revolutions
        if order < 1.1:
            break
        family = find_family(view, order / view.shaft_scale, harmonics=3)
        best = max(best, family, key=lambda seen: seen.prominence)
        near = max(3, round(order * 0.01 * view.revolutions))
        open_to_all[max(position - near, 0) : position + near + 1] = 0
    return best


def shaft_scale(view: BandView, harmonics: int = 3) -> float:
    """Return true over stated speed, from the lines at whole orders; 1 if they are too weak.

    All of the first three orders must show, each as a peak of its own, and none counts for more
    than eight times the background: a fault near one whole order is not the shaft, and neither
    is the flank of a sideband.
    """
    slips = np.arange(-SLIP, SLIP + SLIP_STEP / 2, SLIP_STEP)
    if int(view.highest_order / (1 + SLIP)) < harmonics:
        return 1.0
    is_peak = np.zeros(len(view.raised), dtype=bool)
    inner = view.raised[1:-1]
    is_peak[1:-1] = (inner >= view.raised[:-2]) & (inner >= view.raised[2:])
    peaks = np.log(np.clip(np.where(is_peak, view.raised, 1.0), 1.0, 8.0))
    scores = [
        _scores(peaks, view.revolutions, np.asarray(k * (1 + slips), dtype=np.float64))
        for k in range(1, harmonics + 1)
    ]
    mean = np.mean(scores, axis=0) - 5 * np.abs(slips)
    best = int(mean.argmax())
    return 1 + float(slips[best]) if mean[best] > np.log(4.5) else 1.0


def _line_scores(view: BandView, orders: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the score at each order; nan where a whole shaft order is too near to tell."""
    scores = _scores(view.both, view.revolutions, orders)
    shaft_orders = orders / view.shaft_scale
    distance = np.abs(shaft_orders - np.rint(shaft_orders)) * view.revolutions
    guard = _half_width(orders, view.revolutions) + _SHAFT_HALF_WIDTH
    return np.where(distance > guard, scores, np.nan)


def _mean_of_usable(scores: NDArray[np.float64], needed: float) -> NDArray[np.float64]:
    """Return the mean over lines where at least `needed` of them can be used, else 0."""
    usable = np.isfinite(scores)
    count = usable.sum(axis=0)
    mean = np.where(usable, scores, 0).sum(axis=0) / np.maximum(count, 1)
    return np.where(count >= needed, mean, 0.0)


def _scores(
    values: NDArray[np.floating], revolutions: float, orders: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the highest value near each order."""
    half = _half_width(orders, revolutions)
    positions = np.minimum(np.rint(orders * revolutions).astype(int), len(values) - 1)
    first = max(int(positions.min()) - half, 0)
    smeared = scipy.ndimage.maximum_filter1d(
        values[first : int(positions.max()) + half + 1], 2 * half + 1
    )
    return smeared[positions - first].astype(np.float64)


def _half_width(orders: NDArray[np.float64], revolutions: float) -> int:
    return max(1, round(float(orders.mean()) * revolutions * _SMEAR))


def _depths(view: BandView, orders: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return, per column of `orders`, how much of the power swings with these lines."""
    squares = np.full(orders.shape[1], 1e-6)
    for row in orders:
        squares += _scores(view.above_background, view.revolutions, row) ** 2
    return np.sqrt(squares)
