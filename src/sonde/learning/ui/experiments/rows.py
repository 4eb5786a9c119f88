"""Columns and rows of the grid of experiments, and of their groups."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sonde.learning.core.experiment_list import ListedExperiment
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.search.columns import GROUPS, ListColumn
from sonde.learning.core.search.completing import written
from sonde.learning.core.search.grouping import GroupedRow, Spread
from sonde.platform.ui.tables import Column
from sonde.platform.ui.wording import ago

_RENDERED: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"cellRenderer": "SondeExperiment", "minWidth": 220, "flex": 2, "pinned": None},
    "tags": {"cellRenderer": "SondeTags", "minWidth": 140},
    "dataset": {"minWidth": 130, "tooltipField": "dataset"},
    "model": {"minWidth": 140, "tooltipField": "model"},
    "split": {"minWidth": 120, "tooltipField": "split"},
    "certificate": {"cellRenderer": "SondeHonesty"},
    "status": {"cellRenderer": "SondeState"},
    "macro_f1": {"cellRenderer": "SondeScore"},
    "created": {"tooltipField": "created"},
    "finished": {"tooltipField": "finished"},
    "notes": {"minWidth": 160, "tooltipField": "notes"},
    "id": {"minWidth": 250},
}
_WIDTHS: Final = {
    "certificate": 90, "status": 115, "created": 135, "finished": 135, "groups": 95, "seed": 85,
    "macro_f1": 105, "accuracy": 105, "low": 120, "high": 110, "leaky": 115, "duration": 100,
}  # fmt: skip


def grid_columns(columns: Sequence[ListColumn], sort: str) -> tuple[Column, ...]:
    """Return the grid's columns; a field has no dots, a column's id is its key."""
    descending, sorted_by = sort.startswith("-"), sort.removeprefix("-")
    shown = []
    for place, column in enumerate(columns):
        options = {"colId": column.key, "headerTooltip": column.title, "minWidth": 90}
        options |= _RENDERED.get(column.key, {})
        if column.key == sorted_by:
            options["sort"] = "desc" if descending else "asc"
        shown.append(
            Column(
                column.title,
                field_name(place),
                numeric=column.is_numeric,
                sortable=column.is_sortable,
                width=_WIDTHS.get(column.key) or (150 if column.is_numeric else None),
                options=options,
            )
        )
    return tuple(shown)


def experiment_row(one: ListedExperiment, columns: Sequence[ListColumn]) -> dict[str, Any]:
    """Return an experiment as a row of the grid."""
    values = {field_name(place): _shown(one, column) for place, column in enumerate(columns)}
    is_over = one.summary.state.is_final
    page = "results" if is_over else "monitor"
    return values | {
        "id": one.id,
        "title": one.summary.title,
        "href": f"/experiment/{one.id}/{page}" if one.trashed_at is None else "",
        "dataset": one.summary.ref_title,
        "model": one.summary.model_title,
        "split": f"{one.summary.policy_title} {one.summary.split_detail.replace('_', ' ')}".strip(),
        "created": _moment(one.summary.created_at),
        "finished": _moment(one.summary.finished_at),
        "notes": one.summary.notes,
        "pinned": one.pinned_at is not None,
        "family_seed": one.summary.seed if one.summary.family_id else None,
        "low": one.summary.interval_low,
        "high": one.summary.interval_high,
    }


def group_columns(columns: Sequence[ListColumn], by: str) -> tuple[Column, ...]:
    """Return the grid's columns of groups."""
    whole = {"cellRenderer": "SondeGroup", "minWidth": 240, "flex": 2}
    return (
        Column(GROUPS[by], "title", sortable=False, options=whole),
        Column("Experiments", "n", numeric=True, width=115, sortable=False),
        Column("Finished", "n_finished", numeric=True, width=100, sortable=False),
        Column("Leaky", "n_leaky", numeric=True, width=85, sortable=False),
        *(
            Column(
                f"{column.title}, mean",
                field_name(place),
                numeric=True,
                sortable=False,
                options={"minWidth": 190, "headerTooltip": f"{column.title}: mean and interval"},
            )
            for place, column in enumerate(columns)
        ),
    )


def group_row(group: GroupedRow, columns: Sequence[ListColumn], by: str) -> dict[str, Any]:
    """Return a group as a row of the grid; its link searches for its experiments."""
    values = {
        field_name(place): spread_text(group.spreads[column.key])
        for place, column in enumerate(columns)
    }
    return values | {
        "id": f"group-{group.key}",
        "title": _group_title(group, by),
        "search": f"{by}:{written(group.key)}" if group.key else "",
        "n": group.n,
        "n_finished": group.n_finished,
        "n_leaky": group.n_leaky or None,
    }


def spread_text(spread: Spread) -> str:
    """Say the mean of a group and how sure it is.

    Examples
    --------
    >>> spread_text(Spread(3, 0.9, 0.85, 0.95, 0.88, 0.92)), spread_text(Spread(1, 0.9))
    ('0.900 ± 0.050 (n = 3)', '0.900 (one)')
    """
    if spread.mean is None:
        return ""
    if spread.low is None:
        return f"{_short(spread.mean)} (one)"
    return f"{_short(spread.mean)} ± {_short(spread.mean - spread.low)} (n = {spread.n})"


def field_name(place: int) -> str:
    """Return the row's key of the column at a place."""
    return f"v{place}"


def _shown(one: ListedExperiment, column: ListColumn) -> Any:
    if column.key == "tags":
        return [{"name": tag.name, "colour": tag.colour} for tag in one.tags]
    if column.key == "created":
        return ago(one.summary.created_at)
    if column.key == "finished":
        return ago(one.summary.finished_at) if one.summary.finished_at else ""
    value = one.value(column)
    return float(_short(value)) if isinstance(value, float) else value


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


def _short(value: float) -> str:
    """Return three decimals of a score, four figures of other numbers."""
    return f"{value:.3f}" if 1e-3 <= abs(value) <= 1.0 or value == 0 else f"{value:.4g}"


def _group_title(group: GroupedRow, by: str) -> str:
    if by == "family":
        return group.title
    if by == "model" and group.key in MODELS:
        return MODELS[group.key].title
    return group.key or "(none)"
