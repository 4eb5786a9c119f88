"""The list of experiments over REST: searched, sorted, grouped, exported, changed in bulk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from sonde.learning.core.experiment_changes import Action
from sonde.learning.core.experiment_list import ListedExperiment, ListQuery
from sonde.learning.core.experiments import ExperimentSummary
from sonde.learning.core.search.grouping import GroupedRow
from sonde.learning.core.search.tokens import LONGEST
from sonde.learning.core.tags import Tag
from sonde.learning.services import (
    experiment_changes,
    experiment_export,
    experiment_search,
    search_completion,
)
from sonde.platform.api.routing import Acting, Cursor, Limit, router
from sonde.platform.core.errors import Invalid

ROUTER = router("/experiments", tag="Experiments")

Text = Annotated[
    str,
    Query(
        max_length=LONGEST,
        description="The search language: tag:baseline accuracy:>0.95 (a OR b) NOT c.",
    ),
]
Sort = Annotated[str, Query(max_length=200, description="A column; -macro_f1: largest first.")]
Group = Annotated[str, Query(max_length=40, description="family, model, dataset, split, ...")]
Columns = Annotated[
    str, Query(max_length=4000, description="Keys with commas: title,best.validation/accuracy.")
]
Format = Annotated[str, Query(pattern="^(csv|json)$")]


@dataclass(frozen=True, kw_only=True)
class ListedBody(ExperimentSummary):
    """One experiment of the list."""

    owner_name: str
    accuracy: float | None
    tags: tuple[Tag, ...]
    pinned_at: datetime | None
    archived_at: datetime | None
    trashed_at: datetime | None
    values: dict[str, Any]


class ExperimentPage(BaseModel):
    """Part of the list; groups stand in `groups`, and then there are no items."""

    items: list[ListedBody]
    groups: list[GroupedRow] = Field(default_factory=list)
    next_cursor: str | None


class CompletionBody(BaseModel):
    """One way to go on."""

    model_config = ConfigDict(from_attributes=True)

    query: str
    label: str
    help: str


class ColumnBody(BaseModel):
    """One column that the list can have."""

    key: str
    title: str


class ChangeBody(BaseModel):
    """One thing to do to many experiments: those named, or all that a search finds."""

    model_config = ConfigDict(extra="forbid")

    action: Action
    ids: list[Annotated[str, Field(max_length=26)]] = Field(default_factory=list, max_length=10_000)
    query: str | None = Field(None, max_length=LONGEST)
    tags: list[Annotated[str, Field(max_length=200)]] = Field(default_factory=list, max_length=20)


class ChangedBody(BaseModel):
    """What was changed; send `undo` with these ids and tags to take it back."""

    action: Action
    ids: list[str]
    tags: list[str]
    undo: Action | None
    stopped: int


@ROUTER.get("")
def list_experiments(
    actor: Acting,
    query: Text = "",
    sort: Sort = "",
    group: Group = "",
    columns: Columns = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> ExperimentPage:
    """List experiments of your workspaces, newest first, or as a search says."""
    wanted = ListQuery(query, sort, _keys(columns), limit=limit)
    if group:
        return _groups(actor, wanted, group, cursor)
    page = experiment_search.page(actor, wanted, cursor=cursor)
    items = [body_of(row) for row in page.items]
    return ExperimentPage(items=items, next_cursor=page.next_cursor or None)


@ROUTER.get("/export", response_class=StreamingResponse)
def export_experiments(
    actor: Acting,
    query: Text = "",
    sort: Sort = "",
    columns: Columns = "",
    format: Format = "csv",
) -> StreamingResponse:
    """Take everything that a search finds, however much it is, as CSV or JSON."""
    found = experiment_search.export(actor, ListQuery(query, sort, _keys(columns)))
    write = experiment_export.as_csv if format == "csv" else experiment_export.as_json
    headers = {
        "Content-Disposition": f'attachment; filename="experiments.{format}"',
        "X-Total-Count": str(found.total),
    }
    kind = "text/csv" if format == "csv" else "application/json"
    return StreamingResponse(write(found), media_type=kind, headers=headers)


@ROUTER.get("/completions")
def list_completions(actor: Acting, text: Text = "") -> list[CompletionBody]:
    """Say how a search could go on at its end."""
    return [CompletionBody.model_validate(one) for one in search_completion.complete(actor, text)]


@ROUTER.get("/columns")
def list_columns(actor: Acting) -> list[ColumnBody]:
    """List the columns that there is something for."""
    return [
        ColumnBody(key=key, title=title) for key, title in search_completion.column_choices(actor)
    ]


@ROUTER.post("/changes")
def change_experiments(actor: Acting, body: ChangeBody) -> ChangedBody:
    """Tag, pin, archive, delete or restore many experiments at once, all of them or none."""
    if (body.query is None) is not bool(body.ids):
        raise Invalid("Give either ids or a query.", field="ids")
    ids: Sequence[str] = body.ids
    if body.query is not None:
        ids = experiment_search.ids_of(actor, body.query)
    done = experiment_changes.change(actor, body.action, ids, body.tags)
    return ChangedBody(
        action=done.action,
        ids=list(done.ids),
        tags=list(done.names),
        undo=done.undo,
        stopped=done.stopped,
    )


def body_of(row: ListedExperiment) -> ListedBody:
    """Return a row of the list as it is answered."""
    return ListedBody(
        **vars(row.summary),
        owner_name=row.owner_name,
        accuracy=row.accuracy,
        tags=row.tags,
        pinned_at=row.pinned_at,
        archived_at=row.archived_at,
        trashed_at=row.trashed_at,
        values=dict(row.values),
    )


def _groups(actor: Acting, wanted: ListQuery, group: str, cursor: str) -> ExperimentPage:
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 9):
        raise Invalid("This cursor leads nowhere.", field="cursor")
    offset = int(cursor or 0)
    found = experiment_search.groups(
        actor, ListQuery(wanted.query, "", wanted.columns, offset, wanted.limit), group
    )
    end = offset + len(found.rows)
    following = str(end) if end < found.total else None
    return ExperimentPage(items=[], groups=list(found.rows), next_cursor=following)


def _keys(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (key.strip() for key in text.split(","))))
