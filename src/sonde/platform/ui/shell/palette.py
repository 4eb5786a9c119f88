"""Ctrl+K: what it looks like and what it finds."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import Page, PaletteEntry
from sonde.platform.core.parts import Parts
from sonde.platform.ui.icons import icon
from sonde.platform.ui.ids import ShellId
from sonde.platform.ui.routing import may_see, pages_of

# the browser acts on these itself; see assets/shell.js
ACTIONS = (
    PaletteEntry("Switch between light and dark", "#theme", "Actions", "tabler:sun-moon"),
    PaletteEntry("Sign out", "#sign-out", "Actions", "tabler:logout"),
)
MOST = 24


def palette_modal() -> Any:
    """Return the closed palette."""
    field = dmc.TextInput(
        id=ShellId.PALETTE_TEXT,
        placeholder="Search pages, data, experiments and actions",
        leftSection=icon("tabler:search", 18),
        variant="unstyled",
        size="md",
        debounce=120,
        className="sonde-palette-field",
        **{"aria-label": "Search"},
    )
    hints = [
        html.Span([dmc.Kbd("↑", size="xs"), dmc.Kbd("↓", size="xs"), " move"]),
        html.Span([dmc.Kbd("Enter", size="xs"), " open"]),
        html.Span([dmc.Kbd("Esc", size="xs"), " close"]),
    ]
    return dmc.Modal(
        [
            field,
            html.Div(
                id=ShellId.PALETTE_LIST,
                className="sonde-palette-list",
                role="listbox",
                **{"aria-label": "Found"},
            ),
            html.Div(hints, className="sonde-palette-hints"),
        ],
        id=ShellId.PALETTE,
        opened=False,
        withCloseButton=False,
        padding=0,
        size=600,
        yOffset="12vh",
        transitionProps={"transition": "pop", "duration": 120},
        className="sonde-palette",
        keepMounted=True,
        returnFocus=True,
    )


def palette_entries(parts: Parts, actor: Actor, text: str) -> list[PaletteEntry]:
    """Return what `text` finds, pages first."""
    words = text.lower().split()
    fixed = [entry for entry in (*_pages(pages_of(parts), actor), *ACTIONS) if _has(entry, words)]
    found = [
        entry for part in parts.every if part.palette for entry in part.palette(actor, text.strip())
    ]
    return [*fixed, *found][:MOST]


def palette_list(entries: Sequence[PaletteEntry]) -> list[Any]:
    """Return the entries under the headings of their groups."""
    if not entries:
        return [html.Div("Nothing found", className="sonde-palette-none")]
    groups: dict[str, list[PaletteEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    return [
        html.Div(
            [html.Div(group, className="sonde-palette-group"), *[_option(e) for e in members]],
            role="group",
            **{"aria-label": group},
        )
        for group, members in groups.items()
    ]


def _option(entry: PaletteEntry) -> Any:
    described = [html.Span(entry.description, className="sonde-dim")] if entry.description else []
    return dmc.Anchor(
        [icon(entry.icon, 18), html.Span(entry.label), *described],
        href=entry.path,
        underline="never",
        className="sonde-palette-option",
        tabIndex=-1,
        **{"data-palette": "option"},
    )


def _pages(pages: Sequence[Page], actor: Actor) -> list[PaletteEntry]:
    return [
        PaletteEntry(page.title, page.path, "Pages", _icon_of(page))
        for page in pages
        if "{" not in page.path and may_see(actor, page)
    ]


def _icon_of(page: Page) -> str:
    return page.navigation.icon if page.navigation else "tabler:file"


def _has(entry: PaletteEntry, words: Sequence[str]) -> bool:
    text = f"{entry.label} {entry.group}".lower()
    return all(word in text for word in words)
