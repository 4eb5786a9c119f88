"""Signing in and out over REST, and who I am."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from sonde.platform.api.cookies import drop_session, set_session
from sonde.platform.api.routing import Acting, router
from sonde.platform.core.people import Visitor
from sonde.platform.services import accounts, sessions
from sonde.platform.services.request import current_request

session = router("/session", tag="session")


class Credentials(BaseModel):
    """What a person signs in with."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)


def visitor_of(request: Request) -> Visitor:
    """Return where a request comes from."""
    address = request.client.host if request.client else ""
    return Visitor(address, request.headers.get("user-agent", ""))


def is_secure(request: Request) -> bool:
    """Say whether browsers reach the product over https."""
    return bool(request.app.state.secure)


@session.post("", status_code=204, summary="Sign in")
def sign_in(credentials: Credentials, request: Request) -> Response:
    """Answer with the session cookie; the public door of the API."""
    token = sessions.sign_in(credentials.email, credentials.password, visitor_of(request))
    response = Response(status_code=204)
    set_session(response, token, secure=is_secure(request))
    return response


@session.get("", summary="Who I am")
def me(actor: Acting) -> dict[str, Any]:
    """Return the acting person."""
    user = accounts.me(actor)
    return {"id": user.id, "name": user.name, "email": user.email, "role": user.role.value}


@session.delete("", status_code=204, summary="Sign out")
def sign_out(actor: Acting, request: Request) -> Response:
    """End this session."""
    sessions.sign_out(actor, current_request().session_key)
    response = Response(status_code=204)
    drop_session(response, secure=is_secure(request))
    return response


@session.delete("/all", summary="Sign out everywhere")
def sign_out_everywhere(actor: Acting, request: Request) -> JSONResponse:
    """End every session of the acting person, this one included."""
    response = JSONResponse({"ended": sessions.sign_out_everywhere(actor)})
    drop_session(response, secure=is_secure(request))
    return response
