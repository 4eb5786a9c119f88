"""A search that somebody keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class SavedSearch:
    """One kept search.

    Parameters
    ----------
    id, owner_id, owner_name, workspace_id, name : str
    query : str
        In the search language; ``created:>7d`` counts back from whenever it is asked.
    view : mapping
        ``columns``, ``sort`` and ``group`` as they stand in the page's address.
    is_pinned, is_shared, is_alert : bool
    created_at : datetime
    """

    id: str
    owner_id: str
    owner_name: str
    workspace_id: str
    name: str
    query: str
    view: Mapping[str, Any]
    is_pinned: bool
    is_shared: bool
    is_alert: bool
    created_at: datetime
