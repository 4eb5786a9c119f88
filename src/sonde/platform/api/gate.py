"""The gate: the outermost layer over Dash, REST, static files and WebSockets.

Nobody passes who is not signed in, except to the few places in `PUBLIC`. The gate also checks
where unsafe requests come from, names every request, and adds the security headers.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from urllib.parse import quote, urlsplit

import anyio
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sonde.platform.api.cookies import session_token
from sonde.platform.api.errors import CHALLENGE, answer_to, error_body
from sonde.platform.api.routing import ProtocolRouter
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import TooLarge, Unavailable
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.ports import NotKept, Ports, Reads
from sonde.platform.services import sessions
from sonde.platform.services.request import REQUEST, RequestScope
from sonde.platform.services.work import unit_of_work

PUBLIC = frozenset({"/healthz", "/readyz", "/sign-in", "/api/v1/session"})
# One name below each, and no more: what lies deeper would reach Dash, which answers any path.
PUBLIC_FOLDERS = re.compile(r"/sign-in/link/[A-Za-z0-9_-]+|/public/[a-z0-9-]+\.[a-z0-9]+")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 512 * 1024 * 1024
RECHECK_SOCKET_EVERY_S = 5.0
_POLICY_VIOLATION = 1008
_log = structlog.get_logger(__name__)

Refuse = Callable[[int, str, str], JSONResponse]


@dataclass(frozen=True)
class GateConfig:
    """What the gate has to know.

    Parameters
    ----------
    public_origin : str
        Origin that browsers see, such as ``"https://sonde.example.org"``.
    port : int
        Port on the loopback address, where the product answers as well.
    script_hashes : callable
        Returns the hashes of Dash's inline scripts; asked once, at the first request.
    protocols : tuple of ProtocolRouter
        Whose errors are not of our shape.
    """

    public_origin: str
    port: int
    script_hashes: Callable[[], Iterable[str]]
    protocols: tuple[ProtocolRouter, ...] = ()

    @property
    def is_secure(self) -> bool:
        """Whether browsers come over https."""
        return self.public_origin.startswith("https:")

    @property
    def origins(self) -> frozenset[str]:
        """Every origin under which the product answers."""
        local = (f"http://{host}:{self.port}" for host in ("127.0.0.1", "localhost", "[::1]"))
        return frozenset(_as_browsers_send(one) for one in (self.public_origin, *local))

    @property
    def hosts(self) -> frozenset[str]:
        """Every ``Host`` under which the product answers."""
        return frozenset(urlsplit(origin).netloc for origin in self.origins)


class Gate:
    """The pure-ASGI gate around `app`.

    Parameters
    ----------
    app : ASGIApp
    ports : Ports
    config : GateConfig
    """

    def __init__(self, app: ASGIApp, ports: Ports, config: GateConfig) -> None:
        self._app = app
        self._ports = ports
        self._config = config
        self._hosts = config.hosts
        self._origins = config.origins
        self._headers: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request_id = new_id()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            if scope["type"] == "websocket":
                await self._socket(scope, receive, send, request_id)
            else:
                await self._http(scope, receive, self._dressed(send, request_id), request_id)

    async def _http(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        headers = Headers(scope=scope)
        refuse = partial(self._refused, scope["path"], request_id)
        refusal = self._refusal(scope, headers, refuse)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        started = finished = False

        async def sending(message: Message) -> None:
            nonlocal started, finished
            started = True
            finished = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            signed_in = await self._who(headers)
            if signed_in is None and not is_public(scope["path"]):
                await _closed(scope, headers, refuse)(scope, receive, send)
                return
            actor, key = signed_in or (None, "")
            with _as_current(RequestScope(request_id, self._ports, actor, key)):
                await self._app(scope, _limited(receive), sending)
        except Exception as error:
            if finished:  # somebody further in has logged and answered it
                return
            if started:
                raise
            await answer_to(error, request_id)(scope, receive, send)

    async def _who(self, headers: Headers) -> tuple[Actor, str] | None:
        token = session_token(headers.raw, secure=self._config.is_secure)
        if not token:
            return None

        def resolve(reads: Reads) -> tuple[Actor, str] | None:
            with unit_of_work(self._ports, reads):
                return sessions.resolve(token)

        try:
            return resolve(Reads.KEPT)
        except NotKept:
            return await anyio.to_thread.run_sync(resolve, Reads.ANY)

    def _refused(
        self, path: str, request_id: str, status: int, code: str, message: str
    ) -> JSONResponse:
        """Return a refusal in our shape, or in that of the protocol whose path was asked for."""
        headers = {"WWW-Authenticate": CHALLENGE} if status == HTTPStatus.UNAUTHORIZED else None
        for protocol in self._config.protocols:
            if path == protocol.prefix or path.startswith(f"{protocol.prefix}/"):
                return JSONResponse(protocol.error_of(message), status, headers)
        return JSONResponse(error_body(code, message, request_id), status, headers)

    def _refusal(self, scope: Scope, headers: Headers, refuse: Refuse) -> Response | None:
        host = headers.get("host", "").lower()
        if host not in self._hosts:
            message = "This server does not answer under this name; set PUBLIC_URL to the name."
            return refuse(421, "wrong_host", message)
        if scope["method"] not in SAFE_METHODS and not self._is_ours(headers):
            return refuse(403, "cross_site", "This request comes from another site.")
        if int(headers.get("content-length") or 0) > LARGEST_BODY:
            return refuse(413, _too_large().code, _too_large().message)
        return None

    def _is_ours(self, headers: Headers) -> bool:
        """Say whether a request was made by a page of ours, or by no page at all."""
        origin = headers.get("origin")
        if origin is not None:
            return origin.lower() in self._origins
        return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}

    async def _socket(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        headers = Headers(scope=scope)
        known = headers.get("host", "").lower() in self._hosts
        try:
            allowed = known and self._is_ours(headers)
            signed_in = await self._who(headers) if allowed else None
        except Unavailable:
            signed_in = None
        if signed_in is None:
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        actor, key = signed_in
        with _as_current(RequestScope(request_id, self._ports, actor, key)):
            async with anyio.create_task_group() as group:
                group.start_soon(self._close_when_signed_out, key, send, group.cancel_scope)
                await self._app(scope, receive, send)
                group.cancel_scope.cancel()

    async def _close_when_signed_out(self, key: str, send: Send, scope: anyio.CancelScope) -> None:
        """End a live socket soon after its session has ended."""

        def still_open() -> bool:
            with unit_of_work(self._ports):
                return sessions.is_open(key)

        while True:
            await anyio.sleep(RECHECK_SOCKET_EVERY_S)
            try:
                alive = await anyio.to_thread.run_sync(still_open)
            except Unavailable:
                continue
            if not alive:
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
                scope.cancel()
                return

    def _dressed(self, send: Send, request_id: str) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._security_headers().items():
                    headers.setdefault(name, value)
                headers["X-Request-ID"] = request_id
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return dressed

    def _security_headers(self) -> dict[str, str]:
        if not self._headers:
            self._headers = security_headers(
                list(self._config.script_hashes()), secure=self._config.is_secure
            )
        return self._headers


def _as_browsers_send(origin: str) -> str:
    """Return an origin without the port that its scheme has anyway."""
    origin = origin.lower()
    usual = ":443" if origin.startswith("https:") else ":80"
    return origin.removesuffix(usual)


def is_public(path: str) -> bool:
    """Say whether a path answers to anybody."""
    return path in PUBLIC or PUBLIC_FOLDERS.fullmatch(path) is not None


def security_headers(script_hashes: list[str], *, secure: bool) -> dict[str, str]:
    """Return the headers that every answer carries."""
    hashes = " ".join(f"'{one.strip(chr(39))}'" for one in script_hashes)
    policy = {
        "default-src": "'self'",
        "script-src": f"'self' {hashes}".strip(),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def _closed(scope: Scope, headers: Headers, refuse: Refuse) -> Response:
    """Send a person to the sign-in page and a program away."""
    path: str = scope["path"]
    is_page = scope["method"] in {"GET", "HEAD"} and not path.startswith(("/api", "/_", "/assets"))
    if is_page and "text/html" in headers.get("accept", ""):
        query = scope.get("query_string", b"").decode("latin-1")
        here = f"{path}?{query}" if query else path
        target = "/sign-in" if here == "/" else f"/sign-in?next={quote(here, safe='')}"
        return RedirectResponse(target, 303)
    return refuse(401, "signed_out", "Sign in first.")


def _too_large() -> TooLarge:
    return TooLarge(f"A request has at most {LARGEST_BODY // 1024**2} MB.", limit=LARGEST_BODY)


def _limited(receive: Receive) -> Receive:
    """Stop reading a body that is larger than it may be, whatever it declared."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LARGEST_BODY:
            raise _too_large()
        return message

    return limited


@contextmanager
def _as_current(request: RequestScope) -> Iterator[None]:
    token = REQUEST.set(request)
    try:
        yield
    finally:
        REQUEST.reset(token)
