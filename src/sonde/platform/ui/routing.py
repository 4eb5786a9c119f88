"""From a path to its page: templates such as ``/datasets/{dataset_id}``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import Page
from sonde.platform.core.errors import SondeError
from sonde.platform.core.parts import Parts

_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Crumb:
    """One step of the way to a page."""

    title: str
    path: str


@dataclass(frozen=True)
class Match:
    """The page of a path, with the values of its template's fields."""

    page: Page
    params: Mapping[str, str]


def pages_of(parts: Parts) -> tuple[Page, ...]:
    """Return every page of the product."""
    return tuple(page for part in parts.every for page in part.pages())


def find_page(pages: Sequence[Page], path: str) -> Match | None:
    """Return the page at `path`; a page with a fixed path wins over a template.

    Examples
    --------
    >>> page = Page("/datasets/{dataset_id}", "Data set", layout=print)
    >>> find_page([page], "/datasets/01J").params
    {'dataset_id': '01J'}
    >>> find_page([page], "/elsewhere") is None
    True
    """
    wanted = path.rstrip("/") or "/"
    for page in sorted(pages, key=lambda page: page.path.count("{")):
        found = _pattern(page.path).fullmatch(wanted)
        if found is not None:
            return Match(page, found.groupdict())
    return None


def breadcrumbs(pages: Sequence[Page], match: Match) -> tuple[Crumb, ...]:
    """Return the pages above this one, outermost first."""
    by_path = {page.path: page for page in pages}
    crumbs: list[Crumb] = []
    parent = match.page.parent
    while parent is not None and parent in by_path:
        page = by_path[parent]
        crumbs.append(Crumb(page.title, _filled(page.path, match.params)))
        parent = page.parent
    return tuple(reversed(crumbs))


def menu(pages: Sequence[Page], actor: Actor) -> dict[str, tuple[Page, ...]]:
    """Return the pages that stand in the actor's menu, in order of their groups."""
    groups: dict[str, list[Page]] = {}
    for page in pages:
        if page.navigation is not None and may_see(actor, page):
            groups.setdefault(page.navigation.group, []).append(page)
    ordered = {group: tuple(sorted(found, key=_order)) for group, found in groups.items()}
    return dict(sorted(ordered.items(), key=lambda group: _order(group[1][0])[0]))


def may_see(actor: Actor, page: Page) -> bool:
    """Say whether the actor's role is enough for the page."""
    try:
        actor.require(page.minimum_role)
    except SondeError:
        return False
    return True


def query_of(search: str | None) -> dict[str, str]:
    """Return the fields of a URL's query.

    Examples
    --------
    >>> query_of("?tab=spectrum&from=2")
    {'tab': 'spectrum', 'from': '2'}
    """
    return dict(parse_qsl((search or "").lstrip("?")))


def _order(page: Page) -> tuple[int, str]:
    return (page.navigation.order if page.navigation else 0, page.title)


def _pattern(template: str) -> re.Pattern[str]:
    parts = _FIELD.split(template)
    literal = [
        re.escape(part) if n % 2 == 0 else f"(?P<{part}>[^/]+)" for n, part in enumerate(parts)
    ]
    return re.compile("".join(literal))


def _filled(template: str, params: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda found: params.get(found[1], ""), template)
