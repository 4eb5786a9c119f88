"""The Open Inference Protocol, version 2, below ``/v2``: what other inference servers speak."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

import anyio
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

import sonde
from sonde.learning.api.inference import read_json
from sonde.learning.core import open_inference
from sonde.learning.core.served import Way
from sonde.learning.services import inference, registry
from sonde.platform.api.errors import status_of
from sonde.platform.api.routing import Acting, ProtocolRouter
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid, NotFound, SondeError, TooLarge
from sonde.platform.services import health
from sonde.platform.services.request import current_request
from sonde.platform.services.work import unit_of_work

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_NEEDED = frozenset({"Database", "Files"})


class OpenInferenceRoute(APIRoute):
    """A route whose errors are those of the protocol: ``{"error": "..."}``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with errors in the protocol's shape."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except SondeError as error:
                return JSONResponse(_error(error.message), _status(error))

        return answer


def _error(message: str) -> dict[str, Any]:
    return {"error": message}


def _status(error: SondeError) -> HTTPStatus:
    if isinstance(error, Invalid) and not isinstance(error, TooLarge):
        return HTTPStatus.BAD_REQUEST
    return status_of(error)


ROUTER = ProtocolRouter(
    "/v2", tag="Open Inference Protocol", route=OpenInferenceRoute, error_of=_error
)


@ROUTER.get("")
def describe_server() -> dict[str, Any]:
    """Tell the server's name, version and extensions."""
    return {"name": "sonde", "version": sonde.__version__, "extensions": []}


@ROUTER.get("/health/live")
def is_live() -> dict[str, bool]:
    """Say whether the server answers."""
    return {"live": True}


@ROUTER.get("/health/ready")
def is_ready() -> JSONResponse:
    """Say whether models can be asked: database and files answer."""
    parts = health.check_parts(current_request().ports)
    ready = all(part.is_up for part in parts if part.name in _NEEDED)
    return JSONResponse({"ready": ready, "live": True}, 200 if ready else 503)


@ROUTER.get("/models/{model_name}")
@ROUTER.get("/models/{model_name}/versions/{version}")
def describe_model(actor: Acting, model_name: str, version: str = "") -> dict[str, Any]:
    """Tell what a model takes and gives."""
    with unit_of_work(current_request().ports):
        found = registry.get(actor, model_name)
        serving = inference.open_version(actor, model_name, version)
    return open_inference.model_metadata(
        model_name,
        [*(str(one.number) for one in reversed(found.versions)), *found.aliases],
        f"sonde_{serving.version.architecture}",
        serving.takes,
        len(serving.version.class_names),
        is_calibrated=serving.is_calibrated,
    )


@ROUTER.get("/models/{model_name}/ready")
@ROUTER.get("/models/{model_name}/versions/{version}/ready")
def is_model_ready(actor: Acting, model_name: str, version: str = "") -> dict[str, Any]:
    """Load a model and say that it can be asked."""
    with unit_of_work(current_request().ports):
        inference.open_version(actor, model_name, version)
    return {"name": model_name, "ready": True}


@ROUTER.post("/models/{model_name}/infer")
@ROUTER.post("/models/{model_name}/versions/{version}/infer")
async def infer(
    actor: Acting, model_name: str, request: Request, version: str = ""
) -> JSONResponse:
    """Ask a model about a batch of windows or features."""
    document = await read_json(request)
    return await anyio.to_thread.run_sync(_infer, actor, model_name, version, document)


def _infer(actor: Actor, name: str, version: str, document: Any) -> JSONResponse:
    ports = current_request().ports
    with unit_of_work(ports):
        serving = inference.open_version(actor, name, version)
    gives = open_inference.outputs_of(is_calibrated=serving.is_calibrated)
    array, outputs, request_id = open_inference.read_request(document, serving.takes, gives)
    told, answered = inference.ask_array(serving, array, request_id or "")
    with unit_of_work(ports):
        inference.note(actor, serving, Way.OPEN_INFERENCE, [answered])
    batch = open_inference.ToldBatch(
        serving.bundle.card.class_names, told.raw, told.probabilities, told.sets, told.rejected
    )
    number = str(serving.version.number)
    return JSONResponse(open_inference.answer(name, number, request_id, outputs, batch))


@ROUTER.api_route("/{path:path}", methods=_METHODS, include_in_schema=False)
def nothing_here(request: Request, path: str) -> None:
    """Say that the protocol has no such path."""
    raise NotFound(f"There is no {request.method} /v2/{path} in the Open Inference Protocol.")
