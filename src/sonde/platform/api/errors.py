"""How the API says no: one shape, true status codes, no traces."""

from collections.abc import Mapping
from http import HTTPStatus
from math import isfinite
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sonde.platform.core import errors
from sonde.platform.services.request import current_request

_STATUS: tuple[tuple[type[errors.SondeError], HTTPStatus], ...] = (
    (errors.NotFound, HTTPStatus.NOT_FOUND),
    (errors.TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.SignedOut, HTTPStatus.UNAUTHORIZED),
    (errors.Forbidden, HTTPStatus.FORBIDDEN),
    (errors.Conflict, HTTPStatus.CONFLICT),
    (errors.RateLimited, HTTPStatus.TOO_MANY_REQUESTS),
    (errors.Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)
# How one signs in is no registered scheme: a session lies in a cookie.
CHALLENGE = 'Cookie realm="Sonde"'
_UNEXPECTED = "Something went wrong on our side. It was noted under this request id."
_HALF_CHARACTER = "The request holds half a character, such as \\ud800; send whole Unicode text."
_log = structlog.get_logger(__name__)


def status_of(error: errors.SondeError) -> HTTPStatus:
    """Return the HTTP status that an error has."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def error_body(
    code: str, message: str, request_id: str, details: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """Return the one shape of an error."""
    return {
        "code": code,
        "message": message,
        "details": dict(details or {}),
        "request_id": request_id,
    }


def answer_to(error: Exception, request_id: str) -> JSONResponse:
    """Return the answer to an error; what was not foreseen is logged and not shown."""
    if isinstance(error, errors.SondeError):
        headers = {}
        if isinstance(error, errors.SignedOut):
            headers["WWW-Authenticate"] = CHALLENGE
        if isinstance(error, errors.RateLimited):
            headers["Retry-After"] = str(error.retry_after_s)
        if isinstance(error, errors.Unavailable):
            headers["Retry-After"] = "2"
        body = error_body(error.code, error.message, request_id, error.details)
        return JSONResponse(_plain(body), status_of(error), headers)
    _log.error("request.failed", request_id=request_id, exc_info=error)
    body = error_body("internal", _UNEXPECTED, request_id)
    return JSONResponse(body, HTTPStatus.INTERNAL_SERVER_ERROR)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, int | float | bool | None):
        return value
    return str(value).encode("utf-8", "replace").decode()


async def _told(_request: Request, error: Exception) -> JSONResponse:
    return answer_to(error, current_request().request_id)


async def _malformed(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    first = error.errors()[0] if error.errors() else {"loc": (), "msg": "malformed"}
    where = ".".join(str(part) for part in first["loc"][1:]) or "request"
    fields = [
        {"field": ".".join(str(part) for part in one["loc"]), "problem": one["msg"]}
        for one in error.errors()
    ]
    body = error_body(
        "invalid", f"{where}: {first['msg']}.", current_request().request_id, {"fields": fields}
    )
    return JSONResponse(_plain(body), HTTPStatus.UNPROCESSABLE_ENTITY)


async def _unwritable(_request: Request, _error: Exception) -> JSONResponse:
    """Answer to half a surrogate pair, which JSON can spell and nothing can keep."""
    request_id = current_request().request_id
    return answer_to(errors.Invalid(_HALF_CHARACTER), request_id)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    body = error_body(code, str(error.detail), current_request().request_id)
    return JSONResponse(body, error.status_code, error.headers)


def install_renderers(app: FastAPI) -> None:
    """Make `app` answer every error in the one shape."""
    app.add_exception_handler(Exception, _told)
    app.add_exception_handler(errors.SondeError, _told)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(UnicodeEncodeError, _unwritable)
    app.add_exception_handler(HTTPException, _http)
