"""Analyses over REST: ask a long question about experiments, look at the answer."""

from math import isfinite
from typing import Annotated, Any

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sonde.learning.core.analyses import KINDS
from sonde.learning.services import analyses
from sonde.learning.services.analyses import Analysis
from sonde.platform.api.routing import Acting, Cursor, IdempotencyKey, Limit, once, router

ROUTER = router("/analyses", tag="Analyses")

_ANALYSIS = TypeAdapter(Analysis)


class QuestionBody(BaseModel):
    """What to ask about which experiments."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[str, Field(max_length=100)]
    experiments: Annotated[list[str], Field(min_length=1, max_length=20)]
    params: dict[str, bool | int | float | str] = Field(default_factory=dict)


class KindBody(BaseModel):
    """One question that can be asked."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    help: str
    fewest: int
    most: int
    is_quick: bool
    defaults: dict[str, Any]


class AnalysisPage(BaseModel):
    """Part of the list of what was asked, newest first."""

    items: list[Analysis]
    next_cursor: str | None


@ROUTER.get("/kinds")
def list_kinds(_actor: Acting) -> list[KindBody]:
    """List every question that can be asked, with its parameters' defaults."""
    return [
        KindBody(
            name=kind.name,
            title=kind.title,
            help=kind.help,
            fewest=kind.fewest,
            most=kind.most,
            is_quick=kind.is_quick,
            defaults=dict(kind.defaults),
        )
        for kind in KINDS.values()
    ]


@ROUTER.get("")
def list_analyses(
    actor: Acting,
    experiment: Annotated[str, Query(max_length=40, description="Id of an experiment.")],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> AnalysisPage:
    """List what was asked about an experiment, newest first."""
    page = analyses.of_experiment(actor, experiment, cursor=cursor, limit=limit)
    return AnalysisPage(items=list(page.items), next_cursor=page.next_cursor or None)


@ROUTER.post("", status_code=201, response_model=Analysis)
def ask(actor: Acting, body: QuestionBody, idempotency_key: IdempotencyKey = None) -> JSONResponse:
    """Ask: the kept answer, or the job that computes it."""

    def do() -> dict[str, Any]:
        asked = analyses.ask(actor, body.kind, body.experiments, body.params)
        document: dict[str, Any] = _ANALYSIS.dump_python(asked, mode="json")
        return document

    return once(actor, idempotency_key, body, do)


@ROUTER.get("/{analysis_id}")
def get_analysis(actor: Acting, analysis_id: str) -> Analysis:
    """Look at a question and, once it is there, its answer."""
    return analyses.get(actor, analysis_id)


@ROUTER.get("/{analysis_id}/arrays")
def get_arrays(actor: Acting, analysis_id: str) -> dict[str, Any]:
    """Return the arrays of an answer; what is no number is null."""
    found = analyses.arrays(actor, analysis_id)
    return {
        name: {
            "shape": list(one.shape),
            "values": [value if isfinite(value) else None for value in one.ravel().tolist()],
        }
        for name, one in found.items()
    }


@ROUTER.delete("/{analysis_id}", status_code=204)
def delete_analysis(actor: Acting, analysis_id: str) -> Response:
    """Forget an answer; it can be asked again."""
    analyses.delete(actor, analysis_id)
    return Response(status_code=204)
