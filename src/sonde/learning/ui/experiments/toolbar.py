"""The search of the list of experiments and the controls that write it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.saved_searches import SavedSearch
from sonde.learning.core.search.columns import DEFAULT, GROUPS
from sonde.learning.core.search.syntax import SearchError
from sonde.learning.core.search.tokens import LONGEST
from sonde.learning.ui.experiments.ids import ExperimentsId
from sonde.learning.ui.experiments.saved import saved_links
from sonde.learning.ui.experiments.state import SCOPES, ListState
from sonde.platform.ui.icons import icon

_AROUND: Final = 40
_MODELS: Final = {name: model.title for name, model in MODELS.items()}


@dataclass(frozen=True)
class Offer:
    """What can be chosen.

    Parameters
    ----------
    values : mapping of str to sequence of str
        By field: ``status``, ``model``, ``tag``, ``dataset``.
    chosen : mapping of str to sequence of str
        What the search asks of them.
    columns : sequence of (str, str)
        Key and title.
    searches : sequence of SavedSearch
    scope : str
    error : SearchError, optional
        Why the search in the address cannot be understood.
    user_id : str
    """

    values: Mapping[str, Sequence[str]]
    chosen: Mapping[str, Sequence[str]]
    columns: Sequence[tuple[str, str]]
    searches: Sequence[SavedSearch]
    scope: str
    error: SearchError | None
    user_id: str


def toolbar(state: ListState, offer: Offer) -> Any:
    """Return the search, its filters, and what is kept."""
    return html.Div(
        [
            html.Div([_search(state), _buttons()], className="sonde-row sonde-between"),
            html.Div(
                wrong(state.query, offer.error),
                id=ExperimentsId.ERROR,
                className="sonde-field-error",
                role="alert",
            ),
            html.Div([_filters(offer), _views(state, offer)], className="sonde-row sonde-between"),
            html.Div(
                saved_links(offer.searches, offer.user_id),
                id=ExperimentsId.SAVED,
                className="sonde-chips sonde-maybe",
            ),
        ],
        className="sonde-card sonde-list-search",
    )


def wrong(query: str, error: SearchError | None) -> list[Any]:
    """Say what is wrong with a search, and show the character that is meant."""
    if error is None:
        return []
    at = error.position - 1
    before, after = query[max(0, at - _AROUND) : at], query[at + 1 : at + 1 + _AROUND]
    shown = [
        f"{'…' if at > _AROUND else ''}{before}",
        html.Mark(query[at : at + 1].strip() or "\u00a0"),
        f"{after}{'…' if len(query) > at + 1 + _AROUND else ''}",
    ]
    return [
        error.message,
        " ",
        html.Code(shown, className="sonde-where", **{"aria-hidden": "true"}),
    ]


def _search(state: ListState) -> Any:
    return html.Div(
        dmc.Autocomplete(
            id=ExperimentsId.QUERY,
            value=state.query,
            data=[],
            debounce=250,
            limit=30,
            filter={"function": "sondeKeepAll"},
            renderOption={"function": "sondeCompletion"},
            placeholder="tag:baseline accuracy:>0.95 (night OR day) NOT status:failed",
            leftSection=icon("tabler:search", 16),
            clearable=True,
            maxDropdownHeight=320,
            inputProps={"maxLength": LONGEST},
            **{"aria-label": "Search experiments"},
        ),
        className="sonde-grow sonde-query",
    )


def _buttons() -> Any:
    export = dmc.Menu(
        [
            dmc.MenuTarget(_button("Export", "tabler:download")),
            dmc.MenuDropdown(
                [
                    dmc.MenuItem("All that is found, as CSV", id=ExperimentsId.EXPORT_CSV),
                    dmc.MenuItem("All that is found, as JSON", id=ExperimentsId.EXPORT_JSON),
                ]
            ),
        ]
    )
    return html.Div(
        [
            _button("Save search", "tabler:device-floppy", id=ExperimentsId.SAVE_OPEN),
            _button("Tags", "tabler:tag", id=ExperimentsId.TAGS_OPEN),
            export,
            _help(),
        ],
        className="sonde-row",
    )


def _button(text: str, icon_name: str, **properties: Any) -> Any:
    return dmc.Button(
        text, variant="default", size="sm", px="sm", leftSection=icon(icon_name, 15), **properties
    )


def _help() -> Any:
    lines = (
        ("night", "title, notes, data set, model or tag hold it"),
        ("tag:a,b", 'has one of these; * stands for anything, "..." for blanks'),
        ("macro_f1:0.8..0.9", "a range; also >0.9 and <=90%"),
        ("best.validation/loss:<0.3", "best or last value of a metric"),
        ("loss@10:<0.5", "its value at step 10"),
        ("param.n_trees:>100", "a setting of the model"),
        ("created:>7d", "within 7 days; also >2026-10-01"),
        ("split:honest is:pinned", "all of these"),
        ("(a OR b) NOT c", "one of these, but not that"),
    )
    table = html.Dl(
        [part for code, words in lines for part in (html.Dt(html.Code(code)), html.Dd(words))],
        className="sonde-language",
    )
    return dmc.Popover(
        [
            dmc.PopoverTarget(
                dmc.ActionIcon(
                    icon("tabler:info-circle", 18),
                    variant="subtle",
                    size="lg",
                    **{"aria-label": "How to search"},
                )
            ),
            dmc.PopoverDropdown(table),
        ],
        width=440,
        position="bottom-end",
        withArrow=True,
    )


def _filters(offer: Offer) -> Any:
    titles = {"status": "Any state", "model": "Any model", "tag": "Any tag", "dataset": "Any data"}
    ids = {
        "status": ExperimentsId.STATUS,
        "model": ExperimentsId.MODEL,
        "tag": ExperimentsId.TAG,
        "dataset": ExperimentsId.DATASET,
    }
    controls = [
        dmc.MultiSelect(
            id=ids[field],
            data=choices(field, [*offer.values[field], *offer.chosen[field]]),
            value=list(offer.chosen[field]),
            placeholder="" if offer.chosen[field] else title,
            clearable=True,
            searchable=True,
            size="xs",
            **{"aria-label": title},
        )
        for field, title in titles.items()
    ]
    return html.Div(controls, className="sonde-row sonde-filters")


def choices(field: str, values: Sequence[str]) -> list[dict[str, str]]:
    """Return what a filter offers; models go by their titles."""
    names = _MODELS if field == "model" else {}
    known = [{"value": one, "label": names.get(one, one)} for one in dict.fromkeys(values)]
    if field == "status":
        return known
    return sorted(known, key=lambda one: one["label"].lower())


def _views(state: ListState, offer: Offer) -> Any:
    groups = [{"value": key, "label": f"By {title.lower()}"} for key, title in GROUPS.items()]
    return html.Div(
        [
            dmc.SegmentedControl(
                id=ExperimentsId.SCOPE,
                data=[{"value": value, "label": label} for value, label in SCOPES],
                value=offer.scope,
                size="xs",
            ),
            dmc.Select(
                id=ExperimentsId.GROUP,
                data=groups,
                value=state.group or None,
                placeholder="Not grouped",
                clearable=True,
                size="xs",
                w=150,
                **{"aria-label": "Group the list"},
            ),
            _columns(state, offer),
        ],
        className="sonde-row",
    )


def _columns(state: ListState, offer: Offer) -> Any:
    chosen = list(state.columns or DEFAULT)
    known = [{"value": key, "label": title} for key, title in offer.columns]
    there = {key for key, _ in offer.columns}
    known += [{"value": key, "label": key} for key in chosen if key not in there]
    field = dmc.TagsInput(
        id=ExperimentsId.COLUMNS,
        data=sorted({one["value"] for one in known}),
        value=chosen,
        label="Columns, in their order",
        description="Metrics: best.validation/accuracy, last.train/loss, loss@10. "
        "Parameters: param.n_trees.",
        clearable=True,
        maxTags=40,
        comboboxProps={"withinPortal": False},
    )
    return dmc.Popover(
        [
            dmc.PopoverTarget(
                dmc.Button(
                    "Columns",
                    variant="default",
                    size="xs",
                    leftSection=icon("tabler:columns-3", 14),
                )
            ),
            dmc.PopoverDropdown(field),
        ],
        width=420,
        position="bottom-end",
        withArrow=True,
    )
