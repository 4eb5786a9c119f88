"""An import that waits for a person's word."""

from dataclasses import dataclass
from datetime import datetime

from sonde.bearings.core.understanding.understood import Understood


@dataclass(frozen=True)
class Failure:
    """One record that was refused: its file and the reason."""

    file: str
    reason: str


@dataclass(frozen=True)
class StagedImport:
    """An import as a person sees it.

    Parameters
    ----------
    id, name, designation : str
    state : str
        ``"reading"``, ``"ready"``, ``"stored"``, or ``"expired"`` when it waited for too long.
    job_id : str
        The job that reads the files.
    dataset_id : str
        The data set that came of it; empty before.
    rows : tuple of Understood
    created_at : datetime
    n_files : int
        Files that were read.
    n_recordings : int
        Recordings that were stored.
    failures : tuple of Failure
        Why files were refused; the first 200.
    """

    id: str
    name: str
    designation: str
    state: str
    job_id: str
    dataset_id: str
    rows: tuple[Understood, ...]
    created_at: datetime
    n_files: int = 0
    n_recordings: int = 0
    failures: tuple[Failure, ...] = ()
