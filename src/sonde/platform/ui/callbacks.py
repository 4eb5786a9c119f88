"""The one way in which pages answer the browser.

A callback is a plain module-level function of the acting person and the inputs; the wrapper gives
it a worker thread, a unit of work, a time limit and a line in the log. Importing a page registers
nothing: `dash_app` collects what is marked here from the ``callbacks`` modules.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

import anyio
import structlog
from dash import ClientsideFunction, Dash

from sonde.platform.core.errors import SondeError, Unavailable
from sonde.platform.services.request import current_request
from sonde.platform.services.work import unit_of_work

LIMIT_S = 10.0
SLOW_S = 1.0

Function = TypeVar("Function", bound=Callable[..., Any])
_MARK = "__server_callback__"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ServerCallback:
    """What a marked function listens to.

    Parameters
    ----------
    dependencies : tuple
        Dash's `Output`, `Input` and `State`, in Dash's order.
    options : mapping
        Further options of Dash's ``callback``, such as ``prevent_initial_call``.
    failed : callable, optional
        From the error to outputs, where a toast is not enough.
    """

    dependencies: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    failed: Callable[[Exception], Any] | None = None


@dataclass(frozen=True)
class BrowserCallback:
    """A callback that runs in the browser: a function in a script under ``assets`` or the page.

    Parameters
    ----------
    name : str
        ``"namespace.function"`` below ``window.dash_clientside``.
    dependencies : tuple
    options : mapping
    """

    name: str
    dependencies: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


def server_callback(
    *dependencies: Any, failed: Callable[[Exception], Any] | None = None, **options: Any
) -> Callable[[Function], Function]:
    """Mark ``function(actor, *inputs)`` as a callback that runs on the server."""

    def mark(function: Function) -> Function:
        vars(function)[_MARK] = ServerCallback(dependencies, options, failed)
        return function

    return mark


def browser_callback(name: str, *dependencies: Any, **options: Any) -> BrowserCallback:
    """Return a callback that runs in the browser; list it in the module's ``IN_BROWSER``."""
    return BrowserCallback(name, dependencies, options)


def register(app: Dash, module: ModuleType) -> None:
    """Register everything that `module` marks or lists."""
    for function, callback in _marked(module):
        options = {"on_error": callback.failed} if callback.failed else {}
        app.callback(*callback.dependencies, **options, **callback.options)(_wrapped(function))
    listed: Sequence[BrowserCallback] = getattr(module, "IN_BROWSER", ())
    for browser in listed:
        namespace, name = browser.name.split(".")
        app.clientside_callback(
            ClientsideFunction(namespace, name), *browser.dependencies, **browser.options
        )


def _marked(module: ModuleType) -> Iterator[tuple[Callable[..., Any], ServerCallback]]:
    for thing in vars(module).values():
        callback = getattr(thing, _MARK, None)
        if isinstance(callback, ServerCallback) and thing.__module__ == module.__name__:
            yield thing, callback


def _wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    name = f"{function.__module__}.{function.__name__}"

    async def answer(*inputs: Any, **named: Any) -> Any:
        started = time.monotonic()
        work = partial(_work, partial(function, **named), inputs, started)
        try:
            with anyio.fail_after(LIMIT_S):
                return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
        except TimeoutError:
            raise _too_slow() from None
        finally:
            _note(name, time.monotonic() - started)

    answer.__name__ = function.__name__
    answer.__qualname__ = function.__qualname__
    answer.__module__ = function.__module__
    return answer


def _work(function: Callable[..., Any], inputs: Sequence[Any], started: float) -> Any:
    """Answer in one unit of work; too late means rolled back, since nobody waits any more."""
    request = current_request()
    with unit_of_work(request.ports):
        answer = function(request.actor, *inputs)
        if time.monotonic() - started > LIMIT_S:
            raise _too_slow()
        return answer


def _too_slow() -> SondeError:
    return Unavailable(
        f"This took longer than {LIMIT_S:g} seconds and was stopped; nothing was changed."
    )


def _note(name: str, seconds: float) -> None:
    if seconds > SLOW_S:
        _log.warning("callback.slow", callback=name, seconds=round(seconds, 3))
    else:
        _log.debug("callback.answered", callback=name, seconds=round(seconds, 4))
