"""The description of the API, and a page to read and try it, without any foreign host."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from sonde.platform.core.errors import NotFound

docs = APIRouter(include_in_schema=False)

_FOLDER = Path(__file__).parent / "swagger"
_FILES = ("swagger-ui-bundle.js", "swagger-ui.css", "start.js")
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>Sonde API</title>
<link rel="icon" type="image/svg+xml" href="/public/mark.svg">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>"""


@docs.get("/api/openapi.json")
async def openapi(request: Request) -> JSONResponse:
    """Return the OpenAPI description."""
    return JSONResponse(request.app.openapi())


@docs.get("/api/docs")
async def page() -> HTMLResponse:
    """Return the page."""
    return HTMLResponse(_PAGE)


@docs.get("/api/docs/{name}")
async def file(name: str) -> Response:
    """Return one of the page's own files."""
    if name not in _FILES:
        raise NotFound
    return FileResponse(_FOLDER / name, headers={"Cache-Control": "private, max-age=86400"})
