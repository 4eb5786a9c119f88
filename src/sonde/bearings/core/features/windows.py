"""Features of short windows for telling faults apart on machines that were never seen.

Every window is standardised first, so that no absolute level can be learned. What is left is the
shape of the spectrum (``A``) and the lines of the envelope spectrum at the bearing's own orders
over their local background (``L``). Orders are taken from speed and geometry, so that speed,
sampling rate and size of the bearing drop out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.geometry import Geometry

N_BANDS = 24
# Edges of the envelope bands as shares of half the sampling rate: all of it, then four that
# overlap, because a structure rings where it likes.
ENVELOPE_BANDS = ((0.0, 1.0), (1 / 12, 1 / 3), (1 / 4, 1 / 2), (5 / 12, 2 / 3), (7 / 12, 0.9))
HARMONICS = 2
SLIP = 0.015
_BACKGROUND_ORDERS = 0.6
_FLOOR = 1e-12
_BATCH_SAMPLES = 2_000_000


@dataclass(frozen=True)
class WindowRecipe:
    """How features are taken from windows; its name is kept with every model.

    Parameters
    ----------
    name : str
    with_lines : bool
        False where speed or geometry is unknown: then only the shape of the spectrum is used.
    """

    name: str
    with_lines: bool


RECIPE = WindowRecipe("bearing-windows-1", with_lines=True)
RECIPE_WITHOUT_GEOMETRY = WindowRecipe("bearing-windows-1-shape", with_lines=False)


def recipe_for(geometry: Geometry | None) -> WindowRecipe:
    """Return the recipe that fits what is known of the bearing."""
    return RECIPE_WITHOUT_GEOMETRY if geometry is None else RECIPE


def _line_orders(geometry: Geometry) -> tuple[tuple[str, float], ...]:
    """Return name and order of every line that is looked at."""
    families = (
        ("1X", 1.0, 0.0, ""),
        ("FTF", geometry.ftf, 0.0, ""),
        ("BPFI", geometry.bpfi, 1.0, "1X"),
        ("BPFO", geometry.bpfo, 0.0, ""),
        ("2BSF", geometry.ball_strike, geometry.ftf, "FTF"),
        ("BSF", geometry.bsf, 0.0, ""),
    )
    lines: list[tuple[str, float]] = []
    for family, order, spacing, side in families:
        for multiple in range(1, HARMONICS + 1):
            lines.append((f"{multiple}x{family}", multiple * order))
            if spacing:
                lines.append((f"{multiple}x{family}-{side}", multiple * order - spacing))
                lines.append((f"{multiple}x{family}+{side}", multiple * order + spacing))
    return tuple(lines)


def feature_names(geometry: Geometry | None) -> tuple[str, ...]:
    """Return the names of the features in their order.

    Examples
    --------
    >>> feature_names(None)[:2], len(feature_names(None))
    (('band_01', 'band_02'), 26)
    """
    shape = (*(f"band_{band + 1:02d}" for band in range(N_BANDS)), "kurtosis", "crest")
    if geometry is None:
        return shape
    lines = _line_orders(geometry)
    return shape + tuple(
        f"{name}@{number + 1}" for number in range(len(ENVELOPE_BANDS)) for name, _ in lines
    )


def window_features(
    windows: NDArray[np.floating],
    sampling_rate_hz: float,
    speed_rpm: NDArray[np.float64],
    geometry: Geometry | None,
) -> NDArray[np.float64]:
    """Compute the features of many windows.

    Parameters
    ----------
    windows : ndarray of float, shape (sample, time)
    sampling_rate_hz : float
    speed_rpm : ndarray of float64, shape (sample,)
        Shaft speed of each window; used only with `geometry`.
    geometry : Geometry, optional

    Returns
    -------
    ndarray of float64, shape (sample, feature)
        Named by `feature_names`; finite for every input, constant windows included.

    Examples
    --------
    >>> time_s = np.arange(4096) / 4096
    >>> tone = np.sin(2 * np.pi * 100 * time_s)[None]
    >>> values = window_features(tone, 4096.0, np.array([600.0]), None)
    >>> int(values[0, :24].argmax()), round(float(values[0, 24]), 3), round(float(values[0, 25]), 3)
    (1, -1.5, 1.414)
    """
    size = max(1, _BATCH_SAMPLES // max(windows.shape[1], 1))
    parts = [
        _batch(windows[at : at + size], sampling_rate_hz, speed_rpm[at : at + size], geometry)
        for at in range(0, len(windows), size)
    ]
    if not parts:
        return np.empty((0, len(feature_names(geometry))))
    return np.concatenate(parts)


def _batch(
    windows: NDArray[np.floating],
    sampling_rate_hz: float,
    speed_rpm: NDArray[np.float64],
    geometry: Geometry | None,
) -> NDArray[np.float64]:
    standard = _standardised(windows)
    transformed = scipy.fft.rfft(standard, axis=1)
    columns = [_band_energies(transformed), *_shape(standard)]
    if geometry is not None:
        orders = np.array([order for _, order in _line_orders(geometry)])
        lines_per_order = speed_rpm / 60 * windows.shape[1] / sampling_rate_hz
        columns += [
            _envelope_lines(transformed, band, orders, lines_per_order) for band in ENVELOPE_BANDS
        ]
    return np.concatenate(columns, axis=1).astype(np.float64)


def _standardised(windows: NDArray[np.floating]) -> NDArray[np.float32]:
    centred = windows - windows.mean(axis=1, keepdims=True)
    scale = centred.std(axis=1, keepdims=True)
    scale[scale < _FLOOR] = 1
    standard: NDArray[np.float32] = (centred / scale).astype(np.float32)
    return standard


def _band_energies(transformed: NDArray[np.complexfloating]) -> NDArray[np.float64]:
    power = transformed.real.astype(np.float64) ** 2 + transformed.imag.astype(np.float64) ** 2
    edges = np.linspace(1, power.shape[1], N_BANDS + 1).astype(int)
    starts = np.minimum(edges[:-1], power.shape[1] - 1)
    energy = np.add.reduceat(power, starts, axis=1)
    energy /= np.maximum(energy.sum(axis=1, keepdims=True), _FLOOR)
    logarithm: NDArray[np.float64] = np.log10(energy + 1e-9)
    return logarithm


def _shape(standard: NDArray[np.float32]) -> Sequence[NDArray[np.float64]]:
    squared = standard.astype(np.float64) ** 2
    kurtosis = (squared**2).mean(axis=1, keepdims=True) - 3
    crest = np.sqrt(squared.max(axis=1, keepdims=True))
    return kurtosis, crest


def _envelope_lines(
    transformed: NDArray[np.complexfloating],
    band: tuple[float, float],
    orders: NDArray[np.float64],
    lines_per_order: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the logarithm of each line over its local median, shape (sample, line)."""
    count = transformed.shape[1] - 1
    first, last = int(band[0] * count), int(band[1] * count)
    length = scipy.fft.next_fast_len(2 * (last - first))
    shifted = np.zeros((len(transformed), length), dtype=transformed.dtype)
    shifted[:, : last - first] = transformed[:, first:last]
    analytic = scipy.fft.ifft(shifted, axis=1, overwrite_x=True)
    envelope = analytic.real**2 + analytic.imag**2
    envelope -= envelope.mean(axis=1, keepdims=True)
    spectrum = np.abs(scipy.fft.rfft(envelope, axis=1))[:, : last - first]
    raised = np.zeros((len(spectrum), len(orders)))
    # Windows of one speed have their lines in the same places.
    for scale in np.unique(lines_per_order):
        same = np.flatnonzero(lines_per_order == scale)
        raised[same] = raised_lines(spectrum[same], orders, float(scale))
    return raised


def raised_lines(
    spectra: NDArray[np.floating], orders: NDArray[np.float64], lines_per_order: float
) -> NDArray[np.float64]:
    """Return the logarithm of each line over its local median; 0 for lines beyond the band."""
    background = max(5, round(_BACKGROUND_ORDERS * lines_per_order))
    values = np.zeros((len(spectra), len(orders)))
    for number, order in enumerate(orders):
        centre = order * lines_per_order
        reach = max(1, round(SLIP * centre))
        low, high = round(centre) - reach, round(centre) + reach + 1
        if low < 1 or high + background > spectra.shape[1]:
            continue
        around = np.median(spectra[:, max(1, low - background) : high + background], axis=1)
        peak = spectra[:, low:high].max(axis=1)
        values[:, number] = np.log((peak + _FLOOR) / (around + _FLOOR))
    return values
