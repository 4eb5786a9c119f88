"""The measured CWRU folder as a problem, read by the product's own readers."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sonde.bearings.core.datasets import Dataset, StoredRecording, content_hash
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.services.imports import recording_of
from sonde.bearings.services.problems import problem_of, window_reader
from sonde.bearings.services.scanning import files_in, label_table_in, scan
from sonde.learning.core.fingerprints import window_fingerprints
from sonde.learning.core.problem import Problem


def cwru_folder() -> Path:
    """Return the folder that SONDE_REAL_DATA holds, or leave with one line."""
    folder = Path(os.environ.get("SONDE_REAL_DATA", "")) / "bearings" / "cwru"
    if not folder.is_dir():
        sys.exit("Set SONDE_REAL_DATA to the folder of measured data; nothing was measured.")
    return folder


def cwru_problem(signals: Path, window: int = 12_000) -> Problem:
    """Import the folder into `signals` and return it as a problem."""
    folder = cwru_folder()
    given = Given(labels=label_table_in(folder))
    rows = [row for row in scan(files_in(folder), given, signals, lambda *_: None) if row.goes_in]
    new = [recording_of(row) for row in rows]
    recordings = tuple(
        StoredRecording(id=f"{number}", dataset_id="cwru", **vars(one))
        for number, one in enumerate(new)
    )
    dataset = Dataset(
        id="cwru",
        workspace_id="",
        owner_id="",
        owner_name="",
        name="CWRU drive end",
        origin="import",
        designation="6205-2RS",
        content_hash=content_hash(new),
        file_key="",
        size_bytes=0,
        n_recordings=len(new),
        n_bearings=len({one.bearing for one in new}),
        classes=tuple(sorted({one.label for one in new})),
        created_at=datetime.now(UTC),
    )
    reader = window_reader(dataset, recordings, signals, {"window": window})
    every = np.arange(len(reader.position))
    return problem_of(dataset, reader, window_fingerprints(reader.windows(every)))
