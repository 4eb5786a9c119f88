"""The page that compares experiments as components."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.learning.core.certificate import SplitCertificate
from sonde.learning.core.comparison.agreement import MOST
from sonde.learning.core.comparison.comparison import Comparison
from sonde.learning.core.comparison.stored import StoredComparison
from sonde.learning.ui.compare.ids import CompareId, CompareType
from sonde.learning.ui.compare.sharing import keep_modal
from sonde.learning.ui.compare.state import TABS, CompareState, as_store
from sonde.learning.ui.marks import honesty_badge
from sonde.platform.ui.components import PageView, button_link, card, empty_state, note
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone, series_colour
from sonde.platform.ui.wording import ago, count

_TRAIN: Final = (
    "A difference between their scores could come from the test as well as from the models. "
    "Train them on the same version of the data, with the same windows and the same split, "
    "and compare them then. What differs is listed below."
)
_WAIT: Final = (
    "Wait until every experiment is finished, or take out above what has no result. What differs "
    "is listed below."
)


@dataclass(frozen=True)
class Drawn:
    """What the page shows of experiments that may or may not be compared.

    Parameters
    ----------
    state : CompareState
    titles : tuple of str
    certificate : SplitCertificate, optional
    comparison : Comparison, optional
        None where they cannot be compared.
    reasons : sequence of str
        Why not.
    panel : sequence of components
        The open tab.
    is_waiting : bool
        Whether a result is missing.
    """

    state: CompareState
    titles: tuple[str, ...]
    certificate: SplitCertificate | None
    comparison: Comparison | None
    reasons: Sequence[str]
    panel: Sequence[Any]
    is_waiting: bool = False


@dataclass(frozen=True)
class Offer:
    """What the person can choose and do.

    Parameters
    ----------
    choices : sequence of (str, str)
        Id and title of every finished experiment.
    kept : sequence of StoredComparison
    stored : StoredComparison, optional
        The one whose link was followed.
    may_keep, may_forget : bool
    """

    choices: Sequence[tuple[str, str]]
    kept: Sequence[StoredComparison] = ()
    stored: StoredComparison | None = None
    may_keep: bool = False
    may_forget: bool = False


def choosing_view(offer: Offer, ids: Sequence[str]) -> PageView:
    """Return the page before there are two experiments."""
    if not offer.choices:
        start = button_link(
            "New experiment", "/experiment/new", icon_name="tabler:plus", variant="filled"
        )
        body: list[Any] = [
            card(
                empty_state(
                    "Nothing to compare yet",
                    "Train two models on the same data with the same split; then this page says "
                    "which is better, and how sure that is.",
                    icon_name="tabler:arrows-split",
                    actions=[start],
                )
            )
        ]
    else:
        words = (
            "Choose one more experiment."
            if ids
            else "Choose two to twenty experiments. Those that were tested on the same samples, "
            "under the same split, can be compared."
        )
        body = [
            _chooser(offer.choices, ids),
            card(
                empty_state("Which is better?", words, icon_name="tabler:arrows-split"),
            ),
        ]
    return PageView(
        "Compare experiments",
        [*body, *_kept_card(offer.kept)],
        description="Which model is better, how sure that is, and where they differ.",
        crumb="Compare",
    )


def compare_view(offer: Offer, drawn: Drawn) -> PageView:
    """Return the page of some experiments."""
    stored = offer.stored
    ids = drawn.state.ids
    body = [*(_told(stored, ids) if stored else []), _chooser(offer.choices, drawn.state.ids)]
    if drawn.comparison is None:
        body += [refusal(drawn), html.Div(list(drawn.panel), className="sonde-stack")]
    else:
        body += [
            dcc.Store(id=CompareId.STATE, data=as_store(drawn.state)),
            html.Div(headline(drawn), id=CompareId.HEAD),
            _tabs(drawn),
            *([keep_modal(drawn.titles)] if offer.may_keep else []),
        ]
    return PageView(
        stored.name if stored else "Compare experiments",
        body,
        description=_description(drawn),
        marks=[] if drawn.certificate is None else [honesty_badge(drawn.certificate.is_honest)],
        actions=_actions(offer, drawn),
        crumb=stored.name if stored else "Compare",
    )


def gone_view(offer: Offer, ids: Sequence[str]) -> PageView:
    """Return the page of a kept comparison of which less than two experiments are left."""
    view = choosing_view(offer, ids)
    stored = offer.stored
    if stored is None:
        return view
    body = [*_told(stored, ids), *view.body]
    return replace(
        view, title=stored.name, crumb=stored.name, body=body, actions=_forgetting(offer)
    )


def headline(drawn: Drawn) -> Any:
    """Return the whole in one sentence, and who is compared."""
    found = drawn.comparison
    if found is None:
        return []
    chips = [
        html.A(
            [
                html.I(className="sonde-key", style={"background": series_colour(at)}),
                html.Span(title),
                html.Span(f"{values[0].value:.3f}", className="sonde-strong"),
            ],
            href=f"/experiment/{one}/results",
            title=title,
            className="sonde-compare-chip",
        )
        for at, (one, title, values) in enumerate(
            zip(found.ids, found.titles, found.metrics, strict=True)
        )
    ]
    notes = [html.P(f"{words}.", className="sonde-dim sonde-small") for words in found.notes]
    return card(
        [
            html.P(found.sentence, className="sonde-compare-sentence"),
            html.Div(chips, className="sonde-compare-chips"),
            *notes,
        ]
    )


def refusal(drawn: Drawn) -> Any:
    """Say why experiments cannot be compared, and what to do."""
    reasons = html.Ul([html.Li(reason) for reason in drawn.reasons])
    advice = _WAIT if drawn.is_waiting else _TRAIN
    title = "These experiments cannot be compared"
    return note([reasons, html.P(advice)], Tone.WARN, title=title)


def as_data(choices: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Return what the chooser offers."""
    return [{"value": value, "label": label} for value, label in choices]


def _chooser(choices: Sequence[tuple[str, str]], ids: Sequence[str]) -> Any:
    select = dmc.MultiSelect(
        id=CompareId.CHOSEN,
        label="Experiments",
        placeholder="Add an experiment",
        data=as_data(choices),
        value=list(ids),
        maxValues=MOST,
        searchable=True,
        hidePickedOptions=True,
        nothingFoundMessage="There is no finished experiment of this title.",
    )
    stores = [
        dcc.Store(id=CompareId.SHOWN, data=",".join(ids)),
        dcc.Store(id=CompareId.VISITED),
        html.Div(id=CompareId.WRONG),
    ]
    return card([select, *stores])


def _tabs(drawn: Drawn) -> Any:
    tabs = [dmc.TabsTab(title, value=key) for key, title in TABS]
    # what a tab controls is drawn below, on the server; each says so to a screen reader
    below = [
        dmc.TabsPanel(html.Span(f"{title}: below", className="sonde-hidden"), value=key)
        for key, title in TABS
    ]
    bar = dmc.Tabs(
        [dmc.TabsList(tabs, className="sonde-look-tabs"), *below],
        id=CompareId.TABS,
        value=drawn.state.tab,
    )
    panel = html.Div(list(drawn.panel), id=CompareId.PANEL, className="sonde-stack")
    loading = dcc.Loading(
        panel,
        type="dot",
        overlay_style={"visibility": "visible", "opacity": 0.55},
        delay_show=300,
    )
    return html.Div([bar, loading], className="sonde-stack")


def _description(drawn: Drawn) -> str:
    n = f"{len(drawn.titles)} experiments"
    found = drawn.comparison
    if found is None:
        why = "not all of them with a result" if drawn.is_waiting else "not tested in the same way"
        return f"{n}, {why}."
    tested = f"{count(found.n_units)} {found.unit_noun}s and {count(found.n_rows)} windows"
    return f"{n}, tested on the same {tested}."


def _actions(offer: Offer, drawn: Drawn) -> list[Any]:
    found: list[Any] = []
    if drawn.comparison is not None:
        asked = {"ids": ",".join(drawn.state.ids), "rope": f"{drawn.state.rope:g}"}
        kept = {"kept": offer.stored.id} if offer.stored else {}
        found += [
            _download("PDF", "report.pdf", asked | kept),
            _download("CSV", "table.csv", asked),
        ]
    if offer.stored is not None:
        found.append(_copying(f"/compare/{offer.stored.id}"))
    found += _forgetting(offer)
    if offer.may_keep and drawn.comparison is not None:
        found.append(
            dmc.Button(
                "Keep and share",
                id=CompareId.KEEP_OPEN,
                leftSection=icon("tabler:device-floppy", 16),
            )
        )
    return found


def _copying(path: str) -> Any:
    return dmc.Button(
        "Copy link",
        variant="default",
        leftSection=icon("tabler:copy", 16),
        **{"data-sonde-copy": path},
    )


def _forgetting(offer: Offer) -> list[Any]:
    if offer.stored is None or not offer.may_forget:
        return []
    button = dmc.Button("Delete", variant="default", leftSection=icon("tabler:trash", 16))
    item = dmc.MenuItem(
        "Delete this comparison; its experiments stay",
        id={"type": CompareType.FORGET.value, "id": offer.stored.id},
        color="red",
        leftSection=icon("tabler:trash", 14),
    )
    return [dmc.Menu([dmc.MenuTarget(button), dmc.MenuDropdown(item)], position="bottom-end")]


def _download(words: str, file: str, asked: Mapping[str, str]) -> Any:
    mark = html.Span([icon("tabler:download", 16), words], className="sonde-button")
    return html.A(
        mark,
        href=f"/api/v1/comparisons/{file}?{urlencode(asked, safe=',')}",
        download="",
        className="sonde-button-link sonde-compare-file",
        style={"textDecoration": "none", "color": "inherit"},
    )


def _told(stored: StoredComparison, ids: Sequence[str]) -> list[Any]:
    words = f"Kept by {stored.owner_name or 'somebody'}, {ago(stored.created_at)}."
    told = [
        note(
            [html.Div(stored.note, className="sonde-lines"), words] if stored.note else words,
            Tone.INFO,
        )
    ]
    n_gone = len(stored.experiment_ids) - len(ids)
    if n_gone:
        gone = f"{n_gone} of its {len(stored.experiment_ids)} experiments were deleted since."
        told.append(note(gone, Tone.WARN))
    return told


def _kept_card(kept: Sequence[StoredComparison]) -> list[Any]:
    if not kept:
        return []
    rows = [
        [
            dmc.Anchor(one.name, href=f"/compare/{one.id}", size="sm"),
            len(one.experiment_ids),
            one.note[:80],
            one.owner_name,
            ago(one.created_at),
        ]
        for one in kept
    ]
    columns = (
        Column("Name"),
        Column("Experiments", numeric=True),
        Column("Note"),
        Column("By"),
        Column("Kept"),
    )
    return [card(plain_table(columns, rows), title="Kept comparisons")]
