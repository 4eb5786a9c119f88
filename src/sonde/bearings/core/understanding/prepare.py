"""From a row with its raw samples to the rows that are stored: validated, shaped, measured."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.shaping import WINDOW, Piece, Shaping, shaped
from sonde.bearings.core.statistics import statistics_of
from sonde.bearings.core.understanding.understand import Rows
from sonde.bearings.core.understanding.understood import Understood
from sonde.bearings.core.validation import findings_of
from sonde.platform.core.errors import Invalid

NORMALISED_UNIT = "standard deviations"


def prepared(row: Understood, samples: NDArray[np.float32], shaping: Shaping) -> Rows:
    """Return the rows that become of one, or the row with the reason why none does.

    The validation looks at the samples as they were measured, before anything is done to them.
    """
    if row.refused:
        return [(row, samples)]
    findings = findings_of(samples, row.channels, row.sampling_rate_hz, tacho=row.tacho_channel)
    row = replace(row, quality=(*row.quality, *findings))
    try:
        return list(_pieces(row, samples, shaping))
    except Invalid as error:
        return [(replace(row, refused=error.message), samples[:0])]


def _pieces(row: Understood, samples: NDArray[np.float32], shaping: Shaping) -> Iterator[Any]:
    for number, piece in enumerate(shaped(samples, row.sampling_rate_hz, shaping), 1):
        record = f"{row.record} window {number}".strip() if shaping.cut == WINDOW else row.record
        yield (
            replace(
                row,
                record=record,
                n_samples=piece.samples.shape[1],
                sampling_rate_hz=piece.sampling_rate_hz,
                unit=NORMALISED_UNIT if shaping.normalise else row.unit,
                content_hash=hashlib.sha256(piece.samples.tobytes()).hexdigest(),
                taken_at=_later(row.taken_at, piece),
                conditions={**row.conditions, **_done(row, piece, shaping)},
                notes=(*row.notes, *_said(row, piece, shaping)),
                statistics=asdict(statistics_of(piece.samples[0], 1.0)),
            ),
            piece.samples,
        )


def _done(row: Understood, piece: Piece, shaping: Shaping) -> dict[str, Any]:
    """Return what was done to the samples, exactly enough to know what they were."""
    done: dict[str, Any] = {}
    if shaping.resample_hz is not None and row.sampling_rate_hz != shaping.resample_hz:
        done["resampled_from_hz"] = row.sampling_rate_hz
    if shaping.length is not None and piece.samples.shape[1] == shaping.length:
        done["first_sample"] = piece.start
    if shaping.normalise:
        done["normalised"] = {
            "mean": piece.mean,
            "standard_deviation": piece.standard_deviation,
            "unit": row.unit,
        }
    return done


def _said(row: Understood, piece: Piece, shaping: Shaping) -> Iterator[str]:
    """Say the same in words."""
    rate = shaping.resample_hz
    if rate is not None and row.sampling_rate_hz and rate != row.sampling_rate_hz:
        yield f"Resampled from {row.sampling_rate_hz:g} Hz to {rate:g} Hz."
        if rate > row.sampling_rate_hz:
            yield f"It holds nothing above {row.sampling_rate_hz / 2:g} Hz."
    if shaping.cut == WINDOW or piece.samples.shape[1] == shaping.length:
        yield f"Samples {piece.start:,} to {piece.start + piece.samples.shape[1]:,} of its file."
    if shaping.normalise:
        yield (
            f"Normalised: mean {piece.mean:.4g} and standard deviation "
            f"{piece.standard_deviation:.4g} {row.unit} were taken out."
        )


def _later(taken_at: str, piece: Piece) -> str:
    if not taken_at or not piece.start or not piece.sampling_rate_hz:
        return taken_at
    passed = timedelta(seconds=piece.start / piece.sampling_rate_hz)
    return (datetime.fromisoformat(taken_at) + passed).isoformat()
