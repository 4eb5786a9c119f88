"""Routes as sentences: parse, call the service, answer, in one unit of work."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import NotKept, Reads
from sonde.platform.services import idempotency
from sonde.platform.services.request import current_request
from sonde.platform.services.work import unit_of_work

API = "/api/v1"
LARGEST_PAGE = 200
_FOUND = "sonde.route"
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def from_memory(endpoint: Endpoint) -> Endpoint:
    """Let a route that is asked often, and is quick, answer at once where everything is kept.

    It goes to a worker thread only where the database has to be asked; see `Reads.KEPT`.
    """
    endpoint.answers_from_memory = True  # type: ignore[attr-defined]
    return endpoint


class WorkRoute(APIRoute):
    """A route whose plain function runs on a worker thread, in one unit of work."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, in_work(endpoint), **options)


def in_work(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Open a unit of work around `endpoint` and commit before the answer is sent."""

    def work(reads: Reads, *positional: Any, **named: Any) -> Any:
        with unit_of_work(current_request().ports, reads):
            return endpoint(*positional, **named)

    @wraps(endpoint)
    def answer(*positional: Any, **named: Any) -> Any:
        return work(Reads.ANY, *positional, **named)

    @wraps(endpoint)
    async def answer_at_once(*positional: Any, **named: Any) -> Any:
        try:
            return work(Reads.KEPT, *positional, **named)
        except NotKept:
            return await run_in_threadpool(work, Reads.ANY, *positional, **named)

    return answer_at_once if getattr(endpoint, "answers_from_memory", False) else answer


def router(prefix: str, *, tag: str) -> APIRouter:
    """Return a router below ``/api/v1`` whose routes run in units of work."""
    return APIRouter(prefix=f"{API}{prefix}", tags=[tag], route_class=WorkRoute)


class ExactPaths(BaseRoute):
    """Finds routes whose path holds no parameter by their path, instead of one after the other.

    It goes before them; what it does not find, and the description of the API, is left to them.

    Parameters
    ----------
    routes : sequence of BaseRoute
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes: dict[str, list[BaseRoute]] = {}
        for route in routes:
            path = getattr(route, "path", "{")
            if "{" not in path and isinstance(route, Route):
                self._routes.setdefault(path, []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return the first route of the path whose method fits too."""
        for route in self._routes.get(scope["path"], ()) if scope["type"] == "http" else ():
            match, child = route.matches(scope)
            if match is Match.FULL:
                return match, {**child, _FOUND: route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the route that was found for it."""
        await scope[_FOUND].handle(scope, receive, send)


class ProtocolRouter(APIRouter):
    """Routes of a protocol that others have fixed, with its own shape of an error.

    Parameters
    ----------
    prefix, tag : str
    route : type of APIRoute
    error_of : callable
        From a message to the body of an error, also where the gate refuses.
    """

    def __init__(
        self,
        prefix: str,
        *,
        tag: str,
        route: type[APIRoute],
        error_of: Callable[[str], dict[str, Any]],
    ) -> None:
        super().__init__(prefix=prefix, tags=[tag], route_class=route)
        self.error_of = error_of


async def _acting() -> Actor:
    return current_request().actor


Acting = Annotated[Actor, Depends(_acting)]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many items.")]
Cursor = Annotated[str, Query(max_length=200, description="`next_cursor` of the page before.")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="The same key gives the same answer for a day, and one effect.",
    ),
]


def page_of(items: Sequence[Mapping[str, Any]], next_cursor: str) -> dict[str, Any]:
    """Return the one shape of a page of a list."""
    return {"items": list(items), "next_cursor": next_cursor or None}


def once(
    actor: Actor, key: str | None, request: BaseModel, do: Callable[[], Mapping[str, Any]]
) -> JSONResponse:
    """Answer 201 with what `do` returns; under a key, do it once however often it is asked."""
    if key is None:
        return JSONResponse(dict(do()), 201)
    name = f"{type(request).__name__}:{request.model_dump_json()}"
    status, answer = idempotency.once(actor, key, name.encode(), lambda: (201, do()))
    return JSONResponse(dict(answer), status)
