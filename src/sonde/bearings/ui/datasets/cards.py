"""Data sets as cards, and what can be done with each."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.datasets import ARCHIVED, TRASHED, Dataset
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.ui.class_marks import class_colour
from sonde.bearings.ui.datasets.ids import DatasetsType
from sonde.bearings.ui.naming import ORIGINS, size_text
from sonde.platform.ui.components import badge
from sonde.platform.ui.icons import icon
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import ago, count

_CLASSES_SHOWN: Final = 6
_TRASH_DAYS: Final = 30


def dataset_cards(datasets: Sequence[Dataset], changeable: frozenset[str]) -> Any:
    """Return a card for each data set; those in `changeable` can be chosen and changed."""
    return html.Ul(
        [html.Li(dataset_card(one, may_change=one.id in changeable)) for one in datasets],
        className="sonde-dataset-cards",
    )


def dataset_card(dataset: Dataset, *, may_change: bool) -> Any:
    """Return one data set: its name, what it holds, where it comes from, what can be done."""
    title = dmc.Anchor(dataset.name, href=f"/datasets/{dataset.id}", className="sonde-cell-link")
    if dataset.state == TRASHED:
        title = html.Span(dataset.name, className="sonde-strong")
    head = html.Div(
        [
            html.Div([_choice(dataset), html.H2(title)], className="sonde-dataset-title"),
            _menu(dataset, may_change=may_change),
        ],
        className="sonde-dataset-head",
    )
    facts = (
        f"{count(dataset.n_recordings)} signals · {count(dataset.n_bearings)} bearings · "
        f"{size_text(dataset.size_bytes)}"
    )
    parts = [head, html.P(facts, className="sonde-dim"), _classes(dataset)]
    if dataset.description:
        parts.append(html.P(dataset.description, className="sonde-dataset-text"))
    parts.append(html.Div(marks(dataset), className="sonde-row sonde-dataset-marks"))
    parts.append(html.P(_who(dataset), className="sonde-dim sonde-small"))
    return html.Article(parts, className="sonde-card sonde-dataset-card")


def _choice(dataset: Dataset) -> Any:
    if dataset.state == TRASHED:
        return None
    return dmc.Checkbox(
        id={"type": DatasetsType.CHOOSE, "dataset": dataset.id},
        checked=False,
        size="xs",
        radius="sm",
        **{"aria-label": f"Choose {dataset.name}"},
    )


def _classes(dataset: Dataset) -> Any:
    shown = dataset.classes[:_CLASSES_SHOWN]
    chips = [
        html.Span(
            [
                html.Span(className="sonde-chip-dot", style={"background": class_colour(label)}),
                class_title(label),
            ],
            className="sonde-chip",
        )
        for label in shown
    ]
    more = len(dataset.classes) - len(shown)
    if more > 0:
        rest = ", ".join(map(class_title, dataset.classes[_CLASSES_SHOWN:]))
        chips.append(html.Span(f"{more} more", className="sonde-chip", title=rest))
    return html.Div(chips, className="sonde-chips")


def marks(dataset: Dataset) -> list[Any]:
    """Return the badges of a data set: version, origin, state, tags."""
    found = [badge(ORIGINS.get(dataset.origin, dataset.origin))]
    if dataset.version > 1:
        found.insert(0, badge(f"version {dataset.version}", Tone.INFO))
    if dataset.state == ARCHIVED:
        found.append(badge("archived", Tone.WARN, icon_name="tabler:archive"))
    return [*found, *(badge(tag, Tone.GOOD, icon_name="tabler:tag") for tag in dataset.tags)]


def _who(dataset: Dataset) -> str:
    if dataset.state == TRASHED and dataset.trashed_at is not None:
        return f"deleted {ago(dataset.trashed_at)}, gone for good after {_TRASH_DAYS} days"
    return f"stored {ago(dataset.created_at)} by {dataset.owner_name}"


def _menu(dataset: Dataset, *, may_change: bool) -> Any:
    if dataset.state == TRASHED:
        return html.Div(_trash_buttons(dataset) if may_change else [], className="sonde-row")
    links = [
        _link("Open", f"/datasets/{dataset.id}", "tabler:database"),
        _link("Explore", f"/data-explorer?dataset={dataset.id}", "tabler:chart-dots"),
        _link("Export", f"/datasets/{dataset.id}?open=export", "tabler:download"),
        _link("Store a part", f"/datasets/{dataset.id}?open=subset", "tabler:filter"),
    ]
    changes = [_archive_item(dataset), _item(dataset, "delete", "Delete", "tabler:trash")]
    return dmc.Menu(
        [
            dmc.MenuTarget(
                dmc.ActionIcon(
                    icon("tabler:dots", 16),
                    variant="subtle",
                    color="gray",
                    **{"aria-label": f"Actions for {dataset.name}"},
                )
            ),
            dmc.MenuDropdown([*links, *([dmc.MenuDivider(), *changes] if may_change else [])]),
        ],
        position="bottom-end",
    )


def _trash_buttons(dataset: Dataset) -> list[Any]:
    how: dict[str, Any] = {"size": "compact-sm", "variant": "default"}
    restore = dmc.Button(
        "Restore",
        id={"type": DatasetsType.ACT, "action": "restore", "dataset": dataset.id},
        leftSection=icon("tabler:restore", 14),
        **how,
        **{"aria-label": f"Restore: {dataset.name}"},
    )
    remove = dmc.Button(
        "Delete for good",
        leftSection=icon("tabler:trash", 14),
        **how,
        **{"aria-label": f"Delete for good: {dataset.name}"},
    )
    sure = _item(dataset, "remove", "Delete now; this cannot be undone", "tabler:alert-triangle")
    return [restore, dmc.Menu([dmc.MenuTarget(remove), dmc.MenuDropdown([sure])])]


def _archive_item(dataset: Dataset) -> Any:
    if dataset.state == ARCHIVED:
        return _item(dataset, "unarchive", "Bring back in use", "tabler:archive-off")
    return _item(dataset, "archive", "Archive", "tabler:archive")


def _link(text: str, href: str, icon_name: str) -> Any:
    return dmc.MenuItem(text, href=href, leftSection=icon(icon_name, 16))


def _item(dataset: Dataset, action: str, text: str, icon_name: str) -> Any:
    return dmc.MenuItem(
        text,
        id={"type": DatasetsType.ACT, "action": action, "dataset": dataset.id},
        leftSection=icon(icon_name, 16),
    )
