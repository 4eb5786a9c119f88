"""Results over REST: conditions, samples, and what can be taken away."""

from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from sonde.learning.core.evaluating.class_intervals import ScoreIntervals
from sonde.learning.core.evaluating.subject import Subject
from sonde.learning.core.slices import Slice, ToldSample
from sonde.learning.services import evaluations, results
from sonde.platform.api.routing import Acting, router

ROUTER = router("/experiments", tag="Experiments")

ClassName = Annotated[str, Query(max_length=200)]


class SampleBody(BaseModel):
    """One held-out sample and where it can be looked at."""

    sample: ToldSample
    link: str


class SampleList(BaseModel):
    """Samples, the surest first."""

    n_samples: int
    items: list[SampleBody]


@ROUTER.get("/{experiment_id}/intervals")
def get_intervals(actor: Acting, experiment_id: str) -> ScoreIntervals | None:
    """Say how sure accuracy and the scores of single classes are, over whole groups."""
    return results.intervals(actor, experiment_id)


@ROUTER.get("/{experiment_id}/conditions")
def get_conditions(actor: Acting, experiment_id: str) -> list[Slice]:
    """List the score of every value of every condition."""
    return list(results.conditions(actor, experiment_id))


@ROUTER.get("/{experiment_id}/samples")
def list_samples(
    actor: Acting,
    experiment_id: str,
    label: ClassName = "",
    told: ClassName = "",
    most: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> SampleList:
    """List the samples of one cell of the confusion matrix, or all errors."""
    n_samples, found = results.samples(actor, experiment_id, label, told, most=most)
    items = [SampleBody(sample=one.sample, link=one.link) for one in found]
    return SampleList(n_samples=n_samples, items=items)


@ROUTER.get("/{experiment_id}/rivals")
def list_rivals(actor: Acting, experiment_id: str) -> list[Subject]:
    """List other experiments that were tested on the very same samples."""
    return list(evaluations.rivals(actor, experiment_id))


@ROUTER.get("/{experiment_id}/card", response_class=PlainTextResponse)
def get_card(actor: Acting, experiment_id: str) -> Response:
    """Return the model card as Markdown."""
    text = results.card(actor, experiment_id)
    return Response(text, media_type="text/markdown; charset=utf-8")


@ROUTER.get("/{experiment_id}/notebook")
def get_notebook(actor: Acting, experiment_id: str) -> Response:
    """Return the notebook that computes the score again."""
    text = results.recomputing_notebook(actor, experiment_id)
    return _download(text.encode(), "recompute.ipynb", "application/x-ipynb+json")


@ROUTER.get("/{experiment_id}/bundle")
def get_bundle(actor: Acting, experiment_id: str) -> Response:
    """Return everything about a finished experiment as one archive."""
    name, content = results.bundle(actor, experiment_id)
    return _download(content, name, "application/zip")


def _download(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
