"""An import that waits for a person's word."""

from dataclasses import dataclass
from datetime import datetime

from sonde.bearings.core.understanding.understand import Understood


@dataclass(frozen=True)
class StagedImport:
    """An import as a person sees it.

    Parameters
    ----------
    id, name, designation : str
    state : str
        ``"reading"``, ``"ready"`` or ``"stored"``.
    job_id : str
        The job that reads the files.
    dataset_id : str
        The data set that came of it; empty before.
    rows : tuple of Understood
    created_at : datetime
    """

    id: str
    name: str
    designation: str
    state: str
    job_id: str
    dataset_id: str
    rows: tuple[Understood, ...]
    created_at: datetime
