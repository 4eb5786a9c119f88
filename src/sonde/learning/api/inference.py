"""Asking registered models over REST: a recording, or arrays as JSON; and what they said."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import anyio
import numpy as np
from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from numpy.typing import NDArray
from pydantic import BaseModel

from sonde.learning.api.predictions import said
from sonde.learning.api.uploads import kept_for_a_moment
from sonde.learning.core.model_inputs import accept_array
from sonde.learning.core.prediction import Prediction
from sonde.learning.core.served import Answered, LoggedAnswer, VerdictCount, Way
from sonde.learning.services import inference, prediction_log
from sonde.platform.api.routing import API, Acting, Cursor, Limit, router
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
ROUTER = APIRouter(prefix=f"{API}/models", tags=["Models"])
LOG = router("/models", tag="Models")


class ArrayAnswer(BaseModel):
    """What a model said about arrays; the probabilities are calibrated if it says so."""

    model_name: str
    version: int
    class_names: list[str]
    verdicts: list[str]
    is_calibrated: bool
    calibration: str
    probabilities: list[list[float]]
    raw_probabilities: list[list[float]]
    prediction_sets: list[list[str]] | None
    is_rejected: list[bool] | None
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
    return _array_answer(serving, told, answered)


def _array_answer(
    serving: inference.Serving, told: inference.ToldSamples, answered: Answered
) -> ArrayAnswer:
    names, card = serving.bundle.card.class_names, serving.bundle.card
    return ArrayAnswer(
        model_name=serving.version.model_name,
        version=serving.version.number,
        class_names=list(names),
        verdicts=[names[label] for label in told.raw.argmax(axis=1).tolist()],
        is_calibrated=card.calibration is not None,
        calibration=card.calibration_words,
        probabilities=told.probabilities.tolist(),
        raw_probabilities=told.raw.tolist(),
        prediction_sets=None if told.sets is None else _named(told.sets, names),
        is_rejected=None if told.rejected is None else told.rejected.tolist(),
        is_unlike_training=answered.is_unlike_training,
        input_hash=answered.input_hash,
        latency_ms=answered.latency_ms,
    )


def _named(sets: NDArray[np.bool_], names: Sequence[str]) -> list[list[str]]:
    return [[names[label] for label in np.flatnonzero(row)] for row in sets]


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
