"""Predictions of many recordings over REST: start them, follow them, fetch the table."""

from contextlib import ExitStack
from typing import Annotated

from fastapi import File, Form, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from sonde.learning.api.predictions import said
from sonde.learning.api.uploads import kept_for_a_moment
from sonde.learning.core.batch_prediction import Batch
from sonde.learning.services import experiments, model_batches
from sonde.platform.api.routing import Acting, router

ROUTER = router("/models", tag="Models")


class BatchBody(BaseModel):
    """Which data set to predict."""

    model_config = ConfigDict(extra="forbid")

    dataset: str = Field(max_length=200, description="Id or title of a data set.")
    version: str = Field("", max_length=40, description="A number, an alias; empty: the champion.")


@ROUTER.post("/{model_name}/batches", status_code=201)
def predict_dataset(actor: Acting, model_name: str, body: BatchBody) -> Batch:
    """Ask a registered model about every recording of a data set, as a job."""
    problem = experiments.locate_problem(actor, body.dataset)
    return model_batches.predict_problem(actor, model_name, body.version, problem)


@ROUTER.post("/{model_name}/batches/files", status_code=201)
def predict_files(
    actor: Acting,
    model_name: str,
    files: Annotated[list[UploadFile], File(description="Recordings, at most 500.")],
    version: Annotated[str, Form(max_length=40)] = "",
    given: Annotated[str, Form(max_length=2000)] = "{}",
) -> Batch:
    """Ask a registered model about several recordings, as a job; they are deleted after it."""
    with ExitStack() as stack:
        placed = [stack.enter_context(kept_for_a_moment(file)) for file in files]
        named = [(name, path) for path, name in placed]
        return model_batches.predict_files(actor, model_name, version, named, said(given))


@ROUTER.get("/{model_name}/batches")
def list_batches(actor: Acting, model_name: str) -> list[Batch]:
    """List the predictions of many recordings, newest first."""
    return list(model_batches.list_batches(actor, model_name))


@ROUTER.get("/{model_name}/batches/{batch_id}")
def get_batch(actor: Acting, model_name: str, batch_id: str) -> Batch:
    """Look at one of them: how far it is, and what it came to."""
    return model_batches.get(actor, model_name, batch_id)


@ROUTER.get("/{model_name}/batches/{batch_id}/results.csv")
def download_results(actor: Acting, model_name: str, batch_id: str) -> Response:
    """Download what the model said about each recording as CSV."""
    name, content = model_batches.results(actor, model_name, batch_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@ROUTER.delete("/{model_name}/batches/{batch_id}", status_code=204)
def delete_batch(actor: Acting, model_name: str, batch_id: str) -> Response:
    """Delete a prediction of many recordings; a running one is cancelled."""
    model_batches.remove(actor, model_name, batch_id)
    return Response(status_code=204)
