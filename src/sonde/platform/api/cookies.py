"""The one cookie: an opaque session id that scripts cannot read."""

from starlette.requests import cookie_parser
from starlette.responses import Response

from sonde.platform.services.sessions import ABSOLUTE_LIFE


def cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; over https the browser itself binds it to this host."""
    return "__Host-sonde" if secure else "sonde"


def session_token(headers: list[tuple[bytes, bytes]], *, secure: bool) -> str:
    """Return the session id of a request; empty where there is none."""
    name = cookie_name(secure=secure)
    for header, value in headers:
        if header == b"cookie":
            # Other applications of this host may set cookies without form; ours still counts.
            token = cookie_parser(value.decode("latin-1")).get(name, "")
            if token:
                return token
    return ""


def set_session(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its session id."""
    response.set_cookie(
        cookie_name(secure=secure),
        token,
        max_age=int(ABSOLUTE_LIFE.total_seconds()),
        httponly=True,
        secure=secure,
        samesite="lax",
        path="/",
    )


def drop_session(response: Response, *, secure: bool) -> None:
    """Take the session id back."""
    response.delete_cookie(
        cookie_name(secure=secure), path="/", secure=secure, httponly=True, samesite="lax"
    )
