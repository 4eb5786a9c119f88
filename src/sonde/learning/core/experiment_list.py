"""The list of experiments as people see it: what is asked, and its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sonde.learning.core.experiments import ExperimentSummary
from sonde.learning.core.search.columns import ListColumn
from sonde.learning.core.search.grouping import GroupedRow
from sonde.learning.core.tags import Tag
from sonde.platform.core.jobs import JobState


@dataclass(frozen=True)
class ListQuery:
    """What is asked.

    Parameters
    ----------
    query : str
        In the search language; empty finds everything in use.
    sort : str
        A column's key, with a minus before it for the largest first.
    columns : tuple of str
        Keys; the usual ones if there are none.
    offset, limit : int
    """

    query: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 100


@dataclass(frozen=True)
class ListedExperiment:
    """One row.

    Parameters
    ----------
    summary : ExperimentSummary
    owner_name : str
    accuracy : float, optional
    tags : tuple of Tag
    pinned_at, archived_at, trashed_at : datetime, optional
    values : mapping
        Of metrics and parameters, by the column's key.
    """

    summary: ExperimentSummary
    owner_name: str
    accuracy: float | None
    tags: tuple[Tag, ...]
    pinned_at: datetime | None
    archived_at: datetime | None
    trashed_at: datetime | None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The experiment's id."""
        return self.summary.id

    @property
    def duration_min(self) -> float | None:
        """Minutes from the start to the end."""
        end = self.summary.finished_at
        return None if end is None else (end - self.summary.created_at).total_seconds() / 60.0

    def value(self, column: ListColumn) -> Any:
        """Return what stands in a column.

        Parameters
        ----------
        column : ListColumn
        """
        if column.reference is not None:
            return self.values.get(column.key)
        return self._fixed()[column.key]

    def _fixed(self) -> dict[str, Any]:
        one = self.summary
        return {
            "id": one.id,
            "title": one.title,
            "tags": ", ".join(tag.name for tag in self.tags),
            "dataset": one.ref_title,
            "model": one.model_title,
            "split": " ".join((one.policy_title, one.split_detail.replace("_", " "))).strip(),
            "macro_f1": one.macro_f1,
            "accuracy": self.accuracy,
            "low": one.interval_low,
            "high": one.interval_high,
            "certificate": _CERTIFICATES[one.is_honest],
            "leaky": one.leaky_macro_f1,
            "groups": one.n_groups,
            "status": one.state.value,
            "created": one.created_at.isoformat(),
            "finished": one.finished_at.isoformat() if one.finished_at else None,
            "duration": self.duration_min,
            "seed": one.seed,
            "family": one.family_id,
            "owner": self.owner_name,
            "notes": one.notes,
        }


_CERTIFICATES = {None: "", True: "honest", False: "leaky"}


@dataclass(frozen=True)
class Listed:
    """A part of the list.

    Parameters
    ----------
    rows : tuple of ListedExperiment
    total : int
        How many the whole list has.
    columns : tuple of ListColumn
    """

    rows: tuple[ListedExperiment, ...]
    total: int
    columns: tuple[ListColumn, ...]


@dataclass(frozen=True)
class ListedGroups:
    """A part of the groups.

    Parameters
    ----------
    rows : tuple of GroupedRow
    total : int
    columns : tuple of ListColumn
        Those of which means are formed.
    """

    rows: tuple[GroupedRow, ...]
    total: int
    columns: tuple[ListColumn, ...]


@dataclass(frozen=True)
class ListSummary:
    """What a search finds, summed up.

    Parameters
    ----------
    by_state : mapping of JobState to int
    n_leaky : int
        Experiments whose split leaks.
    """

    by_state: Mapping[JobState, int]
    n_leaky: int
