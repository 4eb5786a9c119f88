"""Static files: compressed once, then from memory, and kept by browsers where the name says so."""

import gzip
import re
from collections.abc import MutableMapping
from dataclasses import dataclass, field

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOLDERS = ("/_dash-component-suites/", "/assets/", "/scripts/", "/api/docs/")
_WORTH_IT = re.compile(r"javascript|css|json|svg|text|font/ttf")
# Dash writes version and time of change into the names of its own files.
_FINGERPRINT = re.compile(r"\.v[0-9_a-z]+m[0-9]+\.|[?&]m=[0-9.]+")
_TIME_OF_CHANGE = re.compile(r"m=[0-9.]{1,32}")
_FOREVER = "private, max-age=31536000, immutable"
_SMALLEST = 1000
_LEVEL = 6
_BUDGET = 32 * 1024 * 1024
_OVERHEAD = 2000


@dataclass
class _Collected:
    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)


class Compressed:
    """Serves static files gzipped; each is compressed once per process, on a worker thread.

    Parameters
    ----------
    app : ASGIApp
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: MutableMapping[str, _Collected] = {}
        self._room = _BUDGET

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or ask the application and remember."""
        if not self._is_ours(scope):
            await self._app(scope, receive, send)
            return
        query = scope.get("query_string", b"").decode("latin-1")
        name = f"{scope['path']}?{query}" if _TIME_OF_CHANGE.fullmatch(query) else scope["path"]
        answer = self._kept.get(name)
        if answer is None:
            answer = await self._ask(scope, receive, name)
        await _send(answer, send)

    @staticmethod
    def _is_ours(scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        headers = Headers(scope=scope)
        return (
            scope["path"].startswith(_FOLDERS)
            and "gzip" in headers.get("accept-encoding", "")
            and "range" not in headers
            and "if-none-match" not in headers
        )

    async def _ask(self, scope: Scope, receive: Receive, name: str) -> _Collected:
        answer = _Collected()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = list(message["headers"])
            else:
                answer.body += message.get("body", b"")

        await self._app(scope, receive, collect)
        headers = MutableHeaders(raw=answer.headers)
        if answer.status != 200:
            return answer
        if _FINGERPRINT.search(name):
            headers["Cache-Control"] = _FOREVER
        kind = headers.get("content-type", "")
        if len(answer.body) > _SMALLEST and _WORTH_IT.search(kind):
            packed = await anyio.to_thread.run_sync(gzip.compress, bytes(answer.body), _LEVEL)
            answer.body = bytearray(packed)
            headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(packed))
            headers["Vary"] = "Accept-Encoding"
        weight = len(answer.body) + len(name) + _OVERHEAD
        if name not in self._kept and weight <= self._room:
            self._room -= weight
            self._kept[name] = answer
        return answer


async def _send(answer: _Collected, send: Send) -> None:
    headers = list(answer.headers)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": bytes(answer.body)})
