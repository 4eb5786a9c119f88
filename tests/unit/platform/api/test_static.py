"""Static files are kept once, whatever strangers write behind their names."""

import anyio
import pytest

from sonde.platform.api import static
from sonde.platform.api.static import Compressed


class Files:
    """An application that counts how often it is asked."""

    def __init__(self, size: int) -> None:
        self.asked = 0
        self.size = size

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        headers = [(b"content-type", b"text/css")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"x" * self.size})


def ask(app: Compressed, query: bytes) -> None:
    async def receive():
        return {"type": "http.disconnect"}

    async def send(message) -> None:
        assert message["type"].startswith("http.response")

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/assets/sonde.css",
        "query_string": query,
        "headers": [(b"accept-encoding", b"gzip")],
    }
    anyio.run(app, scope, receive, send)


def test_a_foreign_query_names_no_new_copy():
    files = Files(5000)
    app = Compressed(files)
    for number in range(20):
        ask(app, f"x={number}".encode())
    assert files.asked == 1
    ask(app, b"m=17.5")
    ask(app, b"m=17.5")
    assert files.asked == 2


def test_what_is_kept_has_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(static, "_BUDGET", 5 * 2100)
    files = Files(10)
    app = Compressed(files)
    for number in range(30):
        ask(app, f"m={number}".encode())
    for number in range(30):
        ask(app, f"m={number}".encode())
    assert len(app._kept) <= 5
