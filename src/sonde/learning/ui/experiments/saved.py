"""Kept searches: links to what they show, and what can be done with one's own."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.saved_searches import SavedSearch
from sonde.learning.ui.experiments.ids import ExperimentsType
from sonde.platform.ui.icons import icon


def saved_links(searches: Sequence[SavedSearch], user_id: str) -> list[Any]:
    """Return kept searches as links, one's own with a way to forget them."""
    return [_saved(search, is_own=search.owner_id == user_id) for search in searches]


def address_of(search: SavedSearch) -> str:
    """Return the address that shows a kept search."""
    return "/experiments?" + urlencode({"q": search.query, **search.view})


def _saved(search: SavedSearch, *, is_own: bool) -> Any:
    marks = [
        icon(name, 13)
        for is_so, name in ((search.is_alert, "tabler:bell"), (search.is_shared, "tabler:stack-2"))
        if is_so
    ]
    words = search.query or "everything"
    title = words if is_own else f"{words} (shared by {search.owner_name})"
    link = dmc.Anchor(
        [search.name, *marks],
        href=address_of(search),
        refresh=True,
        size="sm",
        className="sonde-saved-link",
    )
    kind = "sonde-saved is-pinned" if search.is_pinned else "sonde-saved"
    return html.Span([link, _more(search)] if is_own else [link], className=kind, title=title)


def _more(search: SavedSearch) -> Any:
    """Return what can be done with a search of one's own."""
    choices = (
        ("pinned", "Do not pin it" if search.is_pinned else "Pin it: it stands first"),
        ("shared", "Keep it to myself" if search.is_shared else "Share it with the workspace"),
        ("alert", "Stop telling me" if search.is_alert else "Tell me of new matches"),
        ("replaced", "Replace it by what is shown now"),
        ("forgotten", "Forget it"),
    )
    items = [
        dmc.MenuItem(
            words,
            id={"type": ExperimentsType.SEARCH, "search": search.id, "do": do},
            color="red" if do == "forgotten" else None,
        )
        for do, words in choices
    ]
    more = dmc.ActionIcon(
        icon("tabler:dots", 13),
        size="sm",
        variant="subtle",
        color="gray",
        **{"aria-label": f"Change the search {search.name}"},
    )
    copy = dmc.MenuItem("Copy its link", **{"data-sonde-copy": address_of(search)})
    return dmc.Menu([dmc.MenuTarget(more), dmc.MenuDropdown([copy, *items])])
