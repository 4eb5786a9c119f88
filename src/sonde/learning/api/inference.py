"""Asking registered models over REST: a recording, or arrays as JSON; and what they said."""

import json
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from pydantic import BaseModel

from sonde.learning.api.predictions import said
from sonde.learning.api.uploads import kept_for_a_moment
from sonde.learning.core.model_inputs import accept_array
from sonde.learning.core.prediction import Prediction
from sonde.learning.core.served import LoggedAnswer, VerdictCount, Way
from sonde.learning.services import inference, prediction_log
from sonde.platform.api.routing import Acting, Cursor, Limit, router
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, TooLarge
from sonde.platform.services.request import current_request
from sonde.platform.services.work import unit_of_work

LARGEST_JSON = 64 * 1024 * 1024
_GIVEN = 'What the file does not say, as a JSON object: {"sampling_rate_hz": 12000}.'
_Which = Annotated[
    str, Query(max_length=40, description="A number, an alias, `latest`; empty: the champion.")
]

# Not routers of units of work: none is open while a file is read and a model is asked.
ROUTER = APIRouter(prefix="/models", tags=["Models"])
LOG = router("/models", tag="Models")


class ArrayAnswer(BaseModel):
    """What a model said about arrays."""

    model_name: str
    version: int
    class_names: list[str]
    verdicts: list[str]
    probabilities: list[list[float]]
    is_unlike_training: bool | None
    input_hash: str
    latency_ms: float


class LogPage(BaseModel):
    """Part of the log of predictions, newest first."""

    items: list[LoggedAnswer]
    next_cursor: str | None


@ROUTER.post("/{model_name}/predictions")
def predict_file(
    actor: Acting,
    model_name: str,
    file: Annotated[UploadFile, File(description="One recording.")],
    version: _Which = "",
    given: Annotated[str, Form(max_length=2000, description=_GIVEN)] = "{}",
) -> Prediction:
    """Ask a registered model about a recording; the signal is not kept, its hash is."""
    facts, ports = said(given), current_request().ports
    with unit_of_work(ports):
        serving = inference.open_version(actor, model_name, version)
    with kept_for_a_moment(file) as (path, name):
        told, answered = inference.ask_file(serving, path, name, facts)
    with unit_of_work(ports):
        inference.note(actor, serving, Way.REST, [answered])
    return told


@ROUTER.post("/{model_name}/predict")
async def predict_arrays(
    actor: Acting, model_name: str, request: Request, version: _Which = ""
) -> ArrayAnswer:
    """Ask a registered model about arrays: `{"windows": [[[...]]]}` or `{"features": [[...]]}`."""
    document = await read_json(request)
    return await anyio.to_thread.run_sync(_predict, actor, model_name, version, document)


def _predict(actor: Actor, name: str, version: str, document: Any) -> ArrayAnswer:
    ports = current_request().ports
    with unit_of_work(ports):
        serving = inference.open_version(actor, name, version)
    takes = serving.takes
    if not isinstance(document, dict) or set(document) != {takes.name}:
        raise Invalid(f'This model takes a JSON object {{"{takes.name}": ...}}.', field=takes.name)
    told, answered = inference.ask_array(serving, accept_array(takes, document[takes.name]))
    with unit_of_work(ports):
        inference.note(actor, serving, Way.REST, [answered])
    names = serving.bundle.card.class_names
    return ArrayAnswer(
        model_name=name,
        version=serving.version.number,
        class_names=list(names),
        verdicts=[names[label] for label in told.argmax(axis=1).tolist()],
        probabilities=told.tolist(),
        is_unlike_training=answered.is_unlike_training,
        input_hash=answered.input_hash,
        latency_ms=answered.latency_ms,
    )


async def read_json(request: Request) -> Any:
    """Return the request's JSON; raises Invalid, and TooLarge before it is all in memory."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > LARGEST_JSON:
            raise TooLarge(f"A JSON request has at most {LARGEST_JSON // 1024**2} MB.")
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Invalid("The body of the request is no JSON.") from None


@LOG.get("/{model_name}/predictions")
def list_predictions(
    actor: Acting, model_name: str, limit: Limit = 50, cursor: Cursor = ""
) -> LogPage:
    """List what a model said, newest first; the newest 10,000 answers are kept."""
    page = prediction_log.page(actor, model_name, cursor=cursor, limit=limit)
    return LogPage(items=list(page.items), next_cursor=page.next_cursor or None)


@LOG.get("/{model_name}/verdicts")
def count_verdicts(actor: Acting, model_name: str) -> list[VerdictCount]:
    """Count how often each version told each class, among the answers that are kept."""
    return list(prediction_log.verdicts(actor, model_name))
