"""What a domain is: one frozen value that the rest of the product reads.

A domain lists what it brings (pages, routers, commands, jobs, tables, ...). Every list is
behind a function so that naming a domain imports nothing heavy: a worker never loads pages,
and ``sonde diagnose`` never loads the web.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.jobs import JobKind


def _nothing() -> tuple[Any, ...]:
    return ()


@dataclass(frozen=True)
class Navigation:
    """Where a page stands in the menu.

    Parameters
    ----------
    group : str
        Heading, such as ``"Data"``.
    icon : str
        Name of a Tabler icon, such as ``"tabler:database"``.
    order : int
        Position within the group.
    """

    group: str
    icon: str
    order: int = 100


@dataclass(frozen=True)
class PageRequest:
    """One visit of a page.

    Parameters
    ----------
    actor : Actor
    path : str
        The path as visited, such as ``"/datasets/01J..."``.
    params : mapping of str to str
        Values of the path template's fields.
    query : mapping of str to str
        The URL's query: the page's view state.
    """

    actor: Actor
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """One page of the dashboard.

    Parameters
    ----------
    path : str
        Path template, such as ``"/datasets/{dataset_id}"``.
    title : str
        Title in the browser tab, the breadcrumbs and the palette.
    layout : callable
        From `PageRequest` to components; called on a worker thread inside a unit of work.
    navigation : Navigation, optional
        Menu entry; None for detail pages.
    minimum_role : Role
    parent : str, optional
        Path template of the page one breadcrumb up.
    """

    path: str
    title: str
    layout: Callable[[PageRequest], Any]
    navigation: Navigation | None = None
    minimum_role: Role = Role.VIEWER
    parent: str | None = None


@dataclass(frozen=True)
class PaletteEntry:
    """One thing that Ctrl+K finds: a label, a path to go to, a group and an icon."""

    label: str
    path: str
    group: str
    icon: str
    description: str = ""


@dataclass(frozen=True)
class Schedule:
    """A job that beat starts every `every_s` seconds.

    Parameters
    ----------
    job_kind : str
    every_s : float
    is_needed : callable, optional
        Asked inside a unit of work; where it says no, nothing is queued.
    """

    job_kind: str
    every_s: float
    is_needed: Callable[[], bool] | None = None


@dataclass(frozen=True)
class EventKind:
    """A kind of event that people can be told about."""

    name: str
    title: str


@dataclass(frozen=True)
class SampleProject:
    """What the first start loads so that there is something to see.

    Parameters
    ----------
    job_kind : str
        The job that builds it.
    params : mapping
        The job's parameters.
    """

    job_kind: str
    params: Mapping[str, object] = field(default_factory=dict)


class ProblemSource(Protocol):
    """Where learning gets its problems from; typed further in ``learning.core.sources``."""

    slug: str
    title: str


@dataclass(frozen=True)
class Domain:
    """Everything that one domain brings to the product.

    Parameters
    ----------
    slug : str
        Short name; prefix of the domain's tables, jobs, events and API tags.
    title : str
        Name for people.
    pages, routers, commands : callable
        Return the domain's `Page` values, FastAPI routers and ``(name, typer callable)`` pairs.
    protocols : callable
        Returns the `ProtocolRouter` values of protocols whose paths others have fixed.
    jobs : callable
        Returns the `JobKind` values that workers can run.
    schedules : tuple of Schedule
    tables : callable
        Imports the modules that declare tables, so that migrations see them.
    event_kinds : tuple of EventKind
    palette : callable
        From actor and query text to palette entries.
    home_cards : callable
        From actor to components on the home page.
    problem_sources : callable
        Returns the domain's `ProblemSource` values.
    models : callable
        Returns model specifications beyond those of learning.
    sample : SampleProject, optional
    """

    slug: str
    title: str
    pages: Callable[[], Sequence[Page]] = _nothing
    routers: Callable[[], Sequence[Any]] = _nothing
    protocols: Callable[[], Sequence[Any]] = _nothing
    commands: Callable[[], Sequence[tuple[str, Any]]] = _nothing
    jobs: Callable[[], Sequence[JobKind]] = _nothing
    schedules: tuple[Schedule, ...] = ()
    tables: Callable[[], Sequence[Any]] = _nothing
    event_kinds: tuple[EventKind, ...] = ()
    palette: Callable[[Actor, str], Sequence[PaletteEntry]] | None = None
    home_cards: Callable[[Actor], Sequence[Any]] | None = None
    problem_sources: Callable[[], Sequence[ProblemSource]] = _nothing
    models: Callable[[], Sequence[Any]] = _nothing
    sample: SampleProject | None = None
