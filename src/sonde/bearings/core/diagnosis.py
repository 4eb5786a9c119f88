"""From one recording to a verdict, by physics alone: no training and no absolute level.

1. The spectrum is cut into bands (`bands`), each is demodulated (`envelope`).
2. In every band the families of lines of the outer race, inner race, rolling elements and cage
   are looked for against the local background (`lines`).
3. The families are weighed against each other (`weighing`), and the evidence is written down.

Only ratios enter: lines over their neighbourhood, and how deep the power swings with them. Neither
the unit nor the sensor's sensitivity matters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.bands import candidate_bands
from sonde.bearings.core.envelope import Band
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.lines import (
    BandView,
    clip_tones,
    find_line,
    shaft_scale,
    view_band,
)
from sonde.bearings.core.weighing import (
    Sighting,
    Verdict,
    Weighed,
    doubt,
    look_for_faults,
    weigh,
)
from sonde.platform.core.errors import Invalid

LONGEST_SAMPLES = 2_000_000
FEWEST_REVOLUTIONS = 12.0
SHOWN_STRENGTH = 3.0


@dataclass(frozen=True)
class Evidence:
    """One line of the squared envelope spectrum.

    Parameters
    ----------
    line : str
        Such as ``"BPFO"``, ``"2xBPFI"``, ``"BPFI-1x"``, ``"4xBSF"``.
    order : float
        Expected, in orders of the shaft.
    expected_hz, found_hz : float
    strength : float
        Over the local background; 1 is the background.
    """

    line: str
    order: float
    expected_hz: float
    found_hz: float
    strength: float


@dataclass(frozen=True)
class Diagnosis:
    """What a recording says about one bearing.

    Parameters
    ----------
    verdict : Verdict
    strength : float
        Of the leading family of lines over the background (geometric mean over its lines).
    band_hz : (float, float)
        Where the leading family stands out most.
    summary : str
        One sentence for people.
    evidence : tuple of Evidence
        Strongest family first.
    assumptions : tuple of str
        What was taken as given, and what was chosen.
    """

    verdict: Verdict
    strength: float
    band_hz: Band
    summary: str
    evidence: tuple[Evidence, ...]
    assumptions: tuple[str, ...]


def diagnose(
    samples: NDArray[np.floating], sampling_rate_hz: float, speed_rpm: float, geometry: Geometry
) -> Diagnosis:
    """Say from one channel what is wrong with a bearing.

    Parameters
    ----------
    samples : ndarray of float, shape (time,)
        Acceleration or velocity in any unit.
    sampling_rate_hz : float
    speed_rpm : float
        Shaft speed; an error up to two per cent is made up for.
    geometry : Geometry

    Raises
    ------
    Invalid
        If rate or speed are not positive, or the samples are not one row of finite numbers.

    Examples
    --------
    Noise that is struck at the outer race:

    >>> rate, shaft = 12_000.0, 30.0
    >>> geometry = Geometry(9, 7.94, 39.04)
    >>> rng = np.random.default_rng(7)
    >>> signal = rng.normal(size=60_000) * 0.2
    >>> signal[(np.arange(0, 5, 1 / (geometry.bpfo * shaft)) * rate).astype(int)] += 5.0
    >>> diagnose(signal, rate, 1800.0, geometry).verdict.value
    'outer'
    """
    _check(samples, sampling_rate_hz, speed_rpm)
    used = np.ascontiguousarray(samples[:LONGEST_SAMPLES], dtype=np.float32)
    shaft_hz = speed_rpm / 60
    too_little = _what_is_missing(used, sampling_rate_hz, shaft_hz, geometry)
    assumptions = _assumptions(samples, used, sampling_rate_hz, speed_rpm, geometry)
    if too_little:
        band = candidate_bands(sampling_rate_hz, shaft_hz)[0]
        return Diagnosis(Verdict.CANNOT_TELL, 0.0, band, too_little, (), assumptions)
    views = band_views(used, sampling_rate_hz, shaft_hz)
    sightings = look_for_faults(views, geometry)
    revolutions = len(used) / sampling_rate_hz * shaft_hz
    weighed = doubt(
        weigh(sightings, excess_kurtosis(used), revolutions), sightings, views[0], shaft_hz
    )
    return _written(weighed, sightings, shaft_hz, geometry, assumptions)


def band_views(
    samples: NDArray[np.floating], sampling_rate_hz: float, shaft_hz: float
) -> tuple[BandView, ...]:
    """Return the envelope spectra of all candidate bands, on one estimate of the true speed."""
    transformed = scipy.fft.rfft(samples - samples.mean())
    width = max(int(2 * shaft_hz * len(samples) / sampling_rate_hz), 64)
    without_tones = clip_tones(transformed, width)
    views = [
        view_band(transformed, without_tones, len(samples), sampling_rate_hz, shaft_hz, band)
        for band in candidate_bands(sampling_rate_hz, shaft_hz)
    ]
    scale = shaft_scale(views[0])
    return tuple(replace(view, shaft_scale=scale) for view in views)


def excess_kurtosis(samples: NDArray[np.floating]) -> float:
    """Return the excess kurtosis: 0 for Gaussian noise, -1.5 for a sine, large for impacts.

    Examples
    --------
    >>> excess_kurtosis(np.array([1.0, -1.0, 1.0, -1.0]))
    -2.0
    """
    centred = samples - samples.mean()
    squares = centred * centred
    variance = float(squares.mean())
    return float((squares * squares).mean()) / variance**2 - 3 if variance > 0 else 0.0


def _check(samples: NDArray[np.floating], sampling_rate_hz: float, speed_rpm: float) -> None:
    if not (np.isfinite(sampling_rate_hz) and sampling_rate_hz > 0):
        raise Invalid(
            f"The sampling rate must be positive; got {sampling_rate_hz:g} Hz.",
            field="sampling_rate",
        )
    if not (np.isfinite(speed_rpm) and speed_rpm > 0):
        raise Invalid(f"The speed must be positive; got {speed_rpm:g} rpm.", field="rpm")
    if samples.ndim != 1:
        raise Invalid(f"One channel is needed; got an array of shape {samples.shape}.")
    if not np.isfinite(samples).all():
        raise Invalid("The recording holds values that are no numbers (NaN or infinity).")


def _what_is_missing(
    samples: NDArray[np.floating], sampling_rate_hz: float, shaft_hz: float, geometry: Geometry
) -> str:
    """Return why this recording cannot be diagnosed at all; empty if it can."""
    revolutions = len(samples) / sampling_rate_hz * shaft_hz
    if len(samples) < 256 or revolutions < FEWEST_REVOLUTIONS:
        return (
            f"Too short: {revolutions:.1f} turns of the shaft; "
            f"at least {FEWEST_REVOLUTIONS:.0f} are needed."
        )
    if float(np.ptp(samples)) == 0:
        return "The signal is constant."
    low, high = candidate_bands(sampling_rate_hz, shaft_hz)[0]
    if high - low < 3 * geometry.bpfi * shaft_hz:
        return (
            f"Sampled too slowly for this speed: {sampling_rate_hz:g} Hz leaves no band wide "
            "enough for three harmonics of the inner race."
        )
    return ""


def _assumptions(
    samples: NDArray[np.floating],
    used: NDArray[np.floating],
    sampling_rate_hz: float,
    speed_rpm: float,
    geometry: Geometry,
) -> tuple[str, ...]:
    found = [
        f"Shaft speed {speed_rpm:g} rpm, steady, true within 2 %.",
        f"Sampling rate {sampling_rate_hz:g} Hz.",
        f"Geometry {geometry}; outer ring at rest; slip up to 2 %.",
    ]
    if len(used) < len(samples):
        found.append(f"Only the first {len(used) / sampling_rate_hz:.0f} s were used.")
    return (*found, *geometry.warnings)


def _written(
    weighed: Weighed,
    sightings: Mapping[str, Sighting],
    shaft_hz: float,
    geometry: Geometry,
    assumptions: tuple[str, ...],
) -> Diagnosis:
    leader = sightings[weighed.leader]
    ranked = sorted(
        sightings.values(),
        key=lambda seen: (seen.name == weighed.leader, seen.family.prominence),
        reverse=True,
    )
    evidence = [line for seen in ranked for line in _evidence(seen, leader, shaft_hz, geometry)]
    low, high = leader.view.band
    notes = [f"Band {low:.0f} to {high:.0f} Hz: where these lines stand out most."]
    scale = leader.view.shaft_scale
    if abs(scale - 1) >= 0.002:
        notes.append(
            f"The shaft's own lines say {scale * shaft_hz * 60:.0f} rpm, "
            f"{(scale - 1) * 100:+.1f} % from the stated speed; that was followed."
        )
    return Diagnosis(
        weighed.verdict,
        leader.family.strength,
        leader.view.band,
        weighed.reason,
        tuple(evidence),
        (*assumptions, *notes),
    )


def _evidence(
    seen: Sighting, leader: Sighting, shaft_hz: float, geometry: Geometry
) -> tuple[Evidence, ...]:
    """Write down a family's lines: all of the leader's, of the others the fundamental."""
    lines = seen.family.lines
    leads = seen.name == leader.name
    written = [
        Evidence(
            _line_name(seen.name, line.multiple),
            line.expected_order,
            line.expected_order * shaft_hz,
            line.order * shaft_hz,
            line.strength,
        )
        for line in (lines if leads else lines[:1])
    ]
    if leads:
        written += _sidebands(seen, shaft_hz, geometry)
    return tuple(written)


def _sidebands(seen: Sighting, shaft_hz: float, geometry: Geometry) -> list[Evidence]:
    """Write down the sidebands that a fault of this part should have, where they are seen."""
    if seen.name == "FTF" or not seen.family.lines:
        return []
    distance, mark = (geometry.ftf, "FTF") if seen.name == "2xBSF" else (1.0, "1x")
    first = seen.family.lines[0]
    found = []
    for sign, symbol in ((-1, "-"), (1, "+")):
        expected = first.expected_order + sign * distance
        near = first.order + sign * distance * seen.view.shaft_scale
        if near <= 0.2:
            continue
        line = find_line(seen.view, near, expected)
        if line.strength >= SHOWN_STRENGTH:
            name = f"{_line_name(seen.name, first.multiple)}{symbol}{mark}"
            found.append(
                Evidence(name, expected, expected * shaft_hz, line.order * shaft_hz, line.strength)
            )
    return found


def _line_name(family: str, multiple: int) -> str:
    if family == "2xBSF":
        return f"{2 * multiple}xBSF"
    return family if multiple == 1 else f"{multiple}x{family}"
