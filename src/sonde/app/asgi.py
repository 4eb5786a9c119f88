"""The web application: every part's pages and routes behind one gate."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

import sonde
from sonde.app.settings import Settings
from sonde.platform.api.docs import docs
from sonde.platform.api.errors import install_renderers
from sonde.platform.api.gate import Gate, GateConfig
from sonde.platform.api.health import health
from sonde.platform.api.hints import hints
from sonde.platform.api.routing import ExactPaths
from sonde.platform.api.sessions import session
from sonde.platform.api.sign_in import pages, public
from sonde.platform.api.static import Compressed
from sonde.platform.core.errors import NotFound
from sonde.platform.core.ports import Ports
from sonde.platform.ui.dash_app import build_dash

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def api_routers(ports: Ports) -> Iterable[APIRouter]:
    """Return what stands below ``/api/v1``: the routes of every part."""
    yield session
    for part in ports.parts.every:
        yield from part.routers()


async def _nothing_here(path: str) -> None:
    raise NotFound(f"There is no /api/{path}.")


def build_server(ports: Ports, *, secure: bool) -> FastAPI:
    """Return the FastAPI application with every route but Dash's."""

    @asynccontextmanager
    async def lifespan(_server: FastAPI) -> AsyncIterator[None]:
        with ports.database.following():
            yield

    server = FastAPI(
        lifespan=lifespan,
        title="Sonde",
        version=sonde.__version__,
        description="Signals into evidence. Sign in with `POST /api/v1/session`.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    server.state.secure = secure
    install_renderers(server)
    protocols = (router for part in ports.parts.every for router in part.protocols())
    for router in (health, hints, pages, public, docs, *api_routers(ports), *protocols):
        server.router.routes.extend(router.routes)  # FastAPI looks through included ones twice
    server.add_api_route(
        "/api/{path:path}", _nothing_here, methods=METHODS, include_in_schema=False
    )
    return server


def create_app(settings: Settings, ports: Ports) -> ASGIApp:
    """Return the whole web application; Dash comes after the API, the gate around everything."""
    config_origin = settings.public_origin
    server = build_server(ports, secure=config_origin.startswith("https:"))
    dash = build_dash(server, ports.parts)
    server.router.routes.insert(0, ExactPaths(server.router.routes))

    def script_hashes() -> Iterable[str]:
        return dash.csp_hashes()

    protocols = tuple(router for part in ports.parts.every for router in part.protocols())
    config = GateConfig(config_origin, settings.port, script_hashes, protocols)
    return Gate(Compressed(server), ports, config)


def from_environment() -> ASGIApp:
    """Build the application from the environment: what the web server process runs."""
    from sonde.app.domains import PARTS
    from sonde.app.logs import configure_logging
    from sonde.app.runtime import build_ports
    from sonde.app.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log_level)
    return create_app(settings, build_ports(settings, PARTS))
