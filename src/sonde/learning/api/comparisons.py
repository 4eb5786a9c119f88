"""Comparisons over REST: what can be said of experiments, as JSON, PDF and CSV; kept ones."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sonde.learning.core.comparison.comparison import Comparison
from sonde.learning.core.comparison.configuration import ConfigRow
from sonde.learning.services import comparison, comparison_exports, stored_comparisons
from sonde.platform.api.routing import Acting, Cursor, IdempotencyKey, Limit, once, router

ROUTER = router("/comparisons", tag="Comparisons")
Ids = Annotated[str, Query(max_length=600, description="Ids of 2 to 20 experiments, by commas.")]
Rope = Annotated[
    float, Query(ge=0, le=0.2, description="Shares of right windows this close count as equal.")
]
Kept = Annotated[
    str, Query(max_length=26, description="A kept comparison: its name and note stand in it.")
]


class KeptBody(BaseModel):
    """A comparison that was kept under a name."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    note: str
    owner_id: str
    owner_name: str
    experiment_ids: list[str]
    created_at: datetime


_KEPT = TypeAdapter(KeptBody)


class KeptPage(BaseModel):
    """Part of the list of kept comparisons, newest first."""

    items: list[KeptBody]
    next_cursor: str | None


class KeepBody(BaseModel):
    """What to keep: experiments, and under which name."""

    model_config = ConfigDict(extra="forbid")

    experiment_ids: list[str] = Field(min_length=2, max_length=20)
    name: str = Field("", max_length=120, description="Made from the experiments where empty.")
    note: str = Field("", max_length=4000)


class ChangeBody(BaseModel):
    """Another name or note, or other experiments."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, max_length=120)
    note: str | None = Field(None, max_length=4000)
    experiment_ids: list[str] | None = Field(None, min_length=2, max_length=20)


class ComparedBody(BaseModel):
    """Experiments side by side; without a comparison the reasons say why there is none."""

    titles: list[str]
    comparison: Comparison | None
    reasons: list[str]
    configuration: list[ConfigRow]


@ROUTER.get("/result")
def get_result(actor: Acting, ids: Ids, rope: Rope = 0.01) -> ComparedBody:
    """Compare experiments: metrics, tests, tables, and what differs in how they were made."""
    found = comparison.side_by_side(actor, comparison.ids_of(ids), rope)
    return ComparedBody(
        titles=list(found.titles),
        comparison=found.comparison,
        reasons=list(found.reasons),
        configuration=list(found.configuration),
    )


@ROUTER.get("/report.pdf", response_class=Response)
def get_report(actor: Acting, ids: Ids, rope: Rope = 0.01, kept: Kept = "") -> Response:
    """Take the comparison as a report in PDF."""
    found = comparison_exports.report(actor, comparison.ids_of(ids), rope, kept)
    return _file(found, "application/pdf")


@ROUTER.get("/table.csv", response_class=Response)
def get_table(actor: Acting, ids: Ids, rope: Rope = 0.01) -> Response:
    """Take every number of the comparison as CSV: one number a line."""
    return _file(comparison_exports.table(actor, comparison.ids_of(ids), rope), "text/csv")


@ROUTER.get("")
def list_kept(actor: Acting, limit: Limit = 50, cursor: Cursor = "") -> KeptPage:
    """List the comparisons that your workspaces keep, newest first."""
    page = stored_comparisons.list_kept(actor, cursor=cursor, limit=limit)
    return KeptPage(
        items=[KeptBody.model_validate(one) for one in page.items],
        next_cursor=page.next_cursor or None,
    )


@ROUTER.post("", status_code=201, response_model=KeptBody)
def keep(actor: Acting, body: KeepBody, idempotency_key: IdempotencyKey = None) -> JSONResponse:
    """Keep a comparison under a name; its link shows it to everyone in the workspace."""

    def do() -> dict[str, Any]:
        kept = stored_comparisons.keep(actor, body.experiment_ids, body.name, body.note)
        document: dict[str, Any] = _KEPT.dump_python(KeptBody.model_validate(kept), mode="json")
        return document

    return once(actor, idempotency_key, body, do)


@ROUTER.get("/{comparison_id}")
def get_kept(actor: Acting, comparison_id: str) -> KeptBody:
    """Look at a kept comparison: its experiments, its note."""
    return KeptBody.model_validate(stored_comparisons.get(actor, comparison_id))


@ROUTER.patch("/{comparison_id}")
def change(actor: Acting, comparison_id: str, body: ChangeBody) -> KeptBody:
    """Give a kept comparison another name or note, or other experiments; its link stays."""
    changed = stored_comparisons.change(
        actor, comparison_id, body.name, body.note, body.experiment_ids
    )
    return KeptBody.model_validate(changed)


@ROUTER.delete("/{comparison_id}", status_code=204)
def delete(actor: Acting, comparison_id: str) -> Response:
    """Delete a kept comparison; its experiments stay."""
    stored_comparisons.delete(actor, comparison_id)
    return Response(status_code=204)


def _file(found: comparison_exports.ExportFile, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return Response(found.content, media_type=media_type, headers=headers)
