"""Every way in to the application, as the outside sees it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """One way in: path template and methods."""

    path: str
    methods: frozenset[str]


def routes_of(web):
    """Go through every route of the application, Dash's own included."""
    server = web.application._app._app
    yield from _below("", server.router.routes)


def _below(prefix, routes):
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from _below(prefix + route.include_context.prefix, included.routes)
        else:
            yield Route(prefix + route.path, frozenset(getattr(route, "methods", None) or ()))
