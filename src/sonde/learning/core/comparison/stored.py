"""A comparison that people keep, name and share."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class StoredComparison:
    """Which experiments are compared, under which name.

    Parameters
    ----------
    id, name, note : str
    owner_id, owner_name : str
    experiment_ids : tuple of str
        In the order of the columns.
    created_at : datetime
    """

    id: str
    name: str
    note: str
    owner_id: str
    owner_name: str
    experiment_ids: tuple[str, ...]
    created_at: datetime
