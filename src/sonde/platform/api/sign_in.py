"""The sign-in page: plain HTML, so that nothing of Dash answers to strangers."""

from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, select_autoescape

from sonde.platform.api.cookies import drop_session, set_session
from sonde.platform.api.routing import WorkRoute
from sonde.platform.api.sessions import is_secure, visitor_of
from sonde.platform.core.errors import NotFound, SondeError
from sonde.platform.core.people import NewProfile
from sonde.platform.services import accounts, sessions
from sonde.platform.services.request import current_request

pages = APIRouter(route_class=WorkRoute, include_in_schema=False)
public = APIRouter(include_in_schema=False)

_PUBLIC_FILES = Path(__file__).parent / "public"
_Text = Annotated[str, Form(max_length=1024)]


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("sonde.platform.api", "pages"), autoescape=select_autoescape()
    )


def _page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    return HTMLResponse(_templates().get_template(template).render(**values), status)


def safe_next(target: str) -> str:
    """Return where to go after signing in: a path of ours, whatever was asked for.

    Examples
    --------
    >>> safe_next("/datasets?x=1"), safe_next("//evil.example"), safe_next("https://evil.example")
    ('/datasets?x=1', '/', '/')
    """
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_ours and target.isprintable() and "\\" not in target else "/"


@pages.get("/sign-in")
def show(next: str = "/") -> Response:
    """Show the form, or go on where somebody is signed in."""
    if current_request().signed_in is not None:
        return RedirectResponse(safe_next(next), 303)
    return _page("sign_in.html", next=safe_next(next))


@pages.post("/sign-in")
def sign_in(
    request: Request,
    email: _Text = "",
    password: _Text = "",
    next: _Text = "/",
) -> Response:
    """Open a session, or show the form again with what is wrong."""
    try:
        token = sessions.sign_in(email, password, visitor_of(request))
    except SondeError as error:
        return _page("sign_in.html", 422, next=safe_next(next), email=email, error=error.message)
    return _signed_in(request, token, safe_next(next))


@pages.get("/sign-in/link/{token}")
def show_link(token: str) -> Response:
    """Ask before the link is used up, so that no preview of a chat can use it."""
    if not sessions.link_is_open(token):
        return _page("link.html", 404, error=_USED)
    return _page("link.html", token=token)


_USED = "This link was used already or is too old. Make a new one with: sonde users link"


@pages.post("/sign-in/link/{token}")
def use_link(token: str, request: Request) -> Response:
    """Use the link up, open a session, and let a person without a password set one."""
    try:
        opened = sessions.sign_in_by_link(token, visitor_of(request))
    except NotFound:
        return _page("link.html", 404, error=_USED)
    found = sessions.resolve(opened)
    has_password = found is not None and accounts.me(found[0]).has_password
    return _signed_in(request, opened, "/" if has_password else "/welcome")


@pages.get("/welcome")
def welcome() -> Response:
    """Ask for name, address and password."""
    user = accounts.me(current_request().actor)
    return _page("welcome.html", name="", email="", known=user.has_password)


@pages.post("/welcome")
def complete(
    name: _Text = "", email: _Text = "", password: _Text = "", current_password: _Text = ""
) -> Response:
    """Store them and go on, or show the form again with what is wrong."""
    request = current_request()
    wanted = NewProfile(name, email, password, current_password)
    try:
        accounts.complete_profile(request.actor, wanted, session_key=request.session_key)
    except SondeError as error:
        known = accounts.me(request.actor).has_password
        return _page("welcome.html", 422, name=name, email=email, known=known, error=error.message)
    return RedirectResponse("/", 303)


@pages.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End this session."""
    sessions.sign_out(current_request().actor, current_request().session_key)
    return _signed_out(request)


@pages.post("/sign-out/everywhere")
def sign_out_everywhere(request: Request) -> Response:
    """End every session of the acting person."""
    sessions.sign_out_everywhere(current_request().actor)
    return _signed_out(request)


@public.get("/public/{name}")
async def public_file(name: str) -> Response:
    """Serve what the sign-in page needs."""
    known = {path.name: path for path in _PUBLIC_FILES.iterdir() if path.is_file()}
    if name not in known:
        raise NotFound
    return FileResponse(known[name], headers={"Cache-Control": "public, max-age=3600"})


def _signed_in(request: Request, token: str, target: str) -> Response:
    response = RedirectResponse(target, 303)
    set_session(response, token, secure=is_secure(request))
    return response


def _signed_out(request: Request) -> Response:
    response = RedirectResponse("/sign-in", 303)
    drop_session(response, secure=is_secure(request))
    return response
