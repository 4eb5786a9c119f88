"""Every way in to the application, as the outside sees it."""

from dataclasses import dataclass

from sonde.platform.api.routing import ExactPaths


@dataclass(frozen=True)
class Route:
    """One way in: path template and methods."""

    path: str
    methods: frozenset[str]


def routes_of(web):
    """Go through every route of the application, Dash's own included."""
    server = web.application._app._app
    for route in server.router.routes:
        if not isinstance(route, ExactPaths):
            yield Route(route.path, frozenset(getattr(route, "methods", None) or ()))
