"""Predictions over REST: a recording goes up, an answer comes down."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile

from sonde.learning.api.uploads import kept_for_a_moment
from sonde.learning.core.prediction import Prediction
from sonde.learning.services import predictions
from sonde.platform.api.routing import API, Acting
from sonde.platform.core.errors import Invalid
from sonde.platform.core.ports import Ports
from sonde.platform.services.request import current_request
from sonde.platform.services.work import unit_of_work

_GIVEN = 'What the file does not say, as a JSON object: {"sampling_rate_hz": 12000}.'

# Not a router of units of work: none is open while the file is read and the model is asked.
ROUTER = APIRouter(prefix=f"{API}/experiments", tags=["Experiments"])


@ROUTER.post("/{experiment_id}/predictions")
def predict(
    actor: Acting,
    experiment_id: str,
    file: Annotated[UploadFile, File(description="One recording.")],
    given: Annotated[str, Form(max_length=2000, description=_GIVEN)] = "{}",
) -> Prediction:
    """Ask the model of an experiment about a recording; nothing of it is kept."""
    facts = said(given)
    ports: Ports = current_request().ports
    with unit_of_work(ports):
        opened = predictions.open_model(actor, experiment_id)
    with kept_for_a_moment(file) as (path, name):
        return predictions.ask(opened, path, name, facts)


def said(given: str) -> dict[str, Any]:
    """Return what a person said about a file; raises Invalid if it is no JSON object."""
    try:
        facts = json.loads(given)
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict):
        raise Invalid("`given` is a JSON object.", field="given")
    return facts
