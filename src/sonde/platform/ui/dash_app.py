"""The Dash application: the shell, every part's pages, and every marked callback."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any, Final

import plotly.io
from dash import Dash, html
from dash.exceptions import DependencyException
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, PlainTextResponse

from sonde.platform.core.parts import Parts
from sonde.platform.services.request import current_request
from sonde.platform.ui.callbacks import register
from sonde.platform.ui.errors import toast_error
from sonde.platform.ui.routing import menu, pages_of
from sonde.platform.ui.shell.layout import shell

ASSETS: Final = Path(__file__).parent / "assets"

# what must run before the first component: the theme (no flash) and the icons (no internet)
_INDEX: Final = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<title>{%title%}</title>
<link rel="icon" type="image/svg+xml" href="/assets/mark.svg">
<script src="/assets/early/theme.js"></script>
<script src="/assets/early/icons.js"></script>
{%css%}
</head>
<body>
{%app_entry%}
<footer>
{%config%}
{%scripts%}
{%renderer%}
</footer>
</body>
</html>"""


def build_dash(server: FastAPI, parts: Parts) -> Dash:
    """Put the pages of `parts` on `server`; the routes exist when this returns."""
    # With orjson Plotly asks pandas about every value, also while another thread is loading it.
    plotly.io.json.config.default_engine = "json"
    packages = [import_module(name) for name in _ui_packages(parts)]
    app = Dash(
        "sonde",
        server=server,
        assets_folder=str(ASSETS),
        assets_path_ignore=["early"],
        pages_folder="",
        use_pages=False,
        serve_locally=True,
        suppress_callback_exceptions=True,
        title="Sonde",
        update_title="",
        index_string=_INDEX,
        on_error=toast_error,
        external_scripts=_serve_scripts(server, packages),
        add_log_handler=False,
        enable_mcp=False,
    )
    app.layout = partial(_shell, parts)
    for package in packages:
        for module in _callback_modules(package):
            register(app, module)
    # Dash does this on the first visit of "/" only, but the first visit may be a deeper link.
    app._setup_server()
    server.add_exception_handler(DependencyException, _no_such_file)
    return app


async def _no_such_file(_request: Request, _error: Exception) -> PlainTextResponse:
    """Answer for a component file that does not exist; Dash alone would call it an error."""
    return PlainTextResponse("There is no such file.", 404)


def _shell(parts: Parts) -> Any:
    """Return the frame for whoever asks; empty where nobody does (Dash's own start-up check)."""
    try:
        actor = current_request().actor
    except LookupError:
        return html.Div()
    return shell(actor, menu(pages_of(parts), actor))


def _ui_packages(parts: Parts) -> Iterator[str]:
    for part in parts.every:
        name = f"sonde.{part.slug}.ui"
        if _exists(name):
            yield name


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _callback_modules(package: ModuleType) -> Iterator[ModuleType]:
    """Import and return the modules called ``callbacks`` below a ``ui`` room."""
    for info in walk_packages(package.__path__, f"{package.__name__}."):
        if info.name.rpartition(".")[2] == "callbacks":
            yield import_module(info.name)


def _serve_scripts(server: FastAPI, packages: Sequence[ModuleType]) -> list[str]:
    """Serve each page's ``browser.js`` and return where."""
    urls = []
    for package in packages:
        for path in sorted(Path(package.__path__[0]).rglob("browser.js")):
            url = f"/scripts/{package.__name__.split('.')[1]}/{path.parent.name}.js"
            server.add_api_route(url, _script(path), include_in_schema=False, name=url)
            urls.append(url)
    return urls


def _script(path: Path) -> Callable[[], Awaitable[FileResponse]]:
    async def serve() -> FileResponse:
        return FileResponse(path)

    return serve
