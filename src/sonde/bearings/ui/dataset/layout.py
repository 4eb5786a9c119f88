"""The page of one data set as components."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from sonde.bearings.core.dataset_statistics import DatasetStatistics
from sonde.bearings.core.datasets import ARCHIVED, DESCRIPTION_LENGTH, MAX_TAGS, Dataset
from sonde.bearings.core.export.formats import Export
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.recording_query import RecordingQuery
from sonde.bearings.ui.class_figures import class_figure, lying_height, severity_figure
from sonde.bearings.ui.dataset import dialogs, facts
from sonde.bearings.ui.dataset.figures import preview_figure
from sonde.bearings.ui.dataset.ids import DatasetId
from sonde.bearings.ui.dataset.lineage import Kin, lineage_card
from sonde.bearings.ui.dataset.signals import signals_card
from sonde.platform.ui.components import PageView, badge, button_link, card, split
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.icons import icon
from sonde.platform.ui.tables import Column
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

_SEALED: Final = "Its content can never change; its hash stands among the facts."


@dataclass(frozen=True)
class Shown:
    """What the page of a data set shows.

    Parameters
    ----------
    dataset : Dataset
    statistics : DatasetStatistics
    versions, same : sequence of Dataset
        All versions, and other data sets with the same content.
    before, after : sequence of Kin
        What it was made from, and what was made of it.
    n_experiments : int
    first_id : str
        Of the recording with which looking at signals begins.
    preview : sequence of (str, ndarray, float)
        Class, samples and sampling rate of one signal of each class.
    files : sequence of Export
    query : RecordingQuery
        What the list keeps, from the URL.
    opened : str
        The dialog that the URL opens: ``"export"``, ``"subset"`` or empty.
    may_change, may_train : bool
    """

    dataset: Dataset
    statistics: DatasetStatistics
    versions: Sequence[Dataset]
    same: Sequence[Dataset]
    before: Sequence[Kin]
    after: Sequence[Kin]
    n_experiments: int
    first_id: str
    preview: Sequence[Any]
    files: Sequence[Export]
    query: RecordingQuery
    opened: str
    may_change: bool
    may_train: bool


def dataset_view(shown: Shown) -> PageView:
    """Return the page of one data set."""
    dataset, statistics = shown.dataset, shown.statistics
    side = [
        _about(dataset, may_change=shown.may_change),
        facts.facts_card(dataset, statistics, shown.same),
        facts.quality_card(statistics),
        *([facts.versions_card(dataset, shown.versions)] if len(shown.versions) > 1 else []),
        *facts.warnings(statistics),
    ]
    main = [
        _classes(statistics),
        _preview(shown.preview),
    ]
    body = [
        dcc.Store(id=DatasetId.DATASET, data=dataset.id),
        dcc.Store(id=DatasetId.REVISION, data=dataset.revision),
        split(main, side),
        facts.class_table(statistics),
        facts.bearings_card(statistics),
        signals_card(statistics, shown.query),
        lineage_card(dataset, shown.before, shown.after),
        *_modals(shown),
    ]
    return PageView(
        dataset.name,
        body,
        description=f"{count(dataset.n_recordings)} recordings of {count(dataset.n_bearings)} "
        f"physical bearings, stored by {dataset.owner_name}.",
        marks=_marks(dataset, shown.versions),
        actions=_actions(shown),
        crumb=dataset.name,
    )


def _marks(dataset: Dataset, versions: Sequence[Dataset]) -> list[Any]:
    found = [badge("sealed", Tone.GOOD, icon_name="tabler:lock", hint=_SEALED)]
    if len(versions) > 1 or dataset.version > 1:
        is_newest = dataset.version == max(one.version for one in versions)
        tone = Tone.INFO if is_newest else Tone.WARN
        hint = "" if is_newest else "There is a newer version."
        found.append(badge(f"version {dataset.version}", tone, hint=hint))
    if dataset.state == ARCHIVED:
        found.append(badge("archived", Tone.WARN, icon_name="tabler:archive"))
    return found


def _actions(shown: Shown) -> list[Any]:
    dataset = shown.dataset
    found = [
        button_link("Explore", f"/data-explorer?dataset={dataset.id}", icon_name="tabler:target"),
        button_link("Signals", f"/signal-viewer/{shown.first_id}", icon_name="tabler:wave-sine"),
        _button(DatasetId.EXPORT_OPEN, "Export", "tabler:download"),
        _more(shown),
    ]
    if shown.may_train:
        href = f"/experiment/new?dataset={dataset.id}"
        train = button_link("Train on this", href, icon_name="tabler:player-play", variant="filled")
        found.append(train)
    return found


def _more(shown: Shown) -> Any:
    dataset, is_away = shown.dataset, shown.dataset.state == ARCHIVED
    compare = dmc.MenuItem(
        "Compare with another",
        href=f"/datasets/compare?ids={dataset.id}",
        leftSection=icon("tabler:arrows-split", 16),
    )
    changes = [
        dmc.MenuDivider(),
        _item(DatasetId.RENAME_OPEN, "Rename", "tabler:pencil"),
        _item(
            DatasetId.ARCHIVE,
            "Bring back in use" if is_away else "Archive",
            "tabler:archive-off" if is_away else "tabler:archive",
        ),
        _item(DatasetId.DELETE_OPEN, "Delete", "tabler:trash"),
    ]
    button = dmc.Button("More", variant="default", rightSection=icon("tabler:chevron-down", 15))
    items = [compare, *(changes if shown.may_change else [])]
    return dmc.Menu([dmc.MenuTarget(button), dmc.MenuDropdown(items)], position="bottom-end")


def _item(id: str, text: str, icon_name: str) -> Any:
    return dmc.MenuItem(text, id=id, leftSection=icon(icon_name, 16))


def _button(id: str, text: str, icon_name: str) -> Any:
    return dmc.Button(text, id=id, variant="default", leftSection=icon(icon_name, 16))


def _about(dataset: Dataset, *, may_change: bool) -> Any:
    """Return description and tags; its owner writes in place."""
    if not may_change:
        text = dataset.description or "No description."
        tags = [badge(tag, Tone.GOOD, icon_name="tabler:tag") for tag in dataset.tags]
        words = html.P(text, className="sonde-description")
        return card([words, html.Div(tags, className="sonde-row")], title="About")
    fields = [
        dmc.Textarea(
            id=DatasetId.DESCRIPTION,
            value=dataset.description,
            placeholder="What was measured, where, and why?",
            label="Description",
            autosize=True,
            minRows=2,
            maxRows=10,
            debounce=True,
            inputProps={"maxLength": DESCRIPTION_LENGTH},
        ),
        dmc.TagsInput(
            id=DatasetId.TAGS,
            value=list(dataset.tags),
            label="Tags",
            placeholder="Add a tag",
            maxTags=MAX_TAGS,
            mt="sm",
        ),
    ]
    saved = html.Span("", id=DatasetId.SAVED, className="sonde-dim sonde-small", role="status")
    return card(fields, title="About", actions=[saved])


def _classes(statistics: DatasetStatistics) -> Any:
    classes = [(class_title(part.name), part.n_recordings) for part in statistics.classes]
    severities = [
        (class_title(label), severity, number) for label, severity, number in statistics.severities
    ]
    most = max(classes, key=lambda pair: pair[1])
    with_severity = [one for one, _ in statistics.severity_counts if one]
    if with_severity:
        figure = severity_figure([part.name for part in statistics.classes], statistics.severities)
        columns = [Column("Class"), Column("Severity"), Column("Recordings", numeric=True)]
        rows: Sequence[Any] = [
            (label, severity or "not stated", number) for label, severity, number in severities
        ]
    else:
        figure = class_figure([(part.name, part.n_recordings) for part in statistics.classes])
        columns = [Column("Class"), Column("Recordings", numeric=True)]
        rows = classes
    chart = graph(
        figure,
        id=DatasetId.CLASSES,
        name="Recordings in each class",
        summary=f"{len(classes)} class{'' if len(classes) == 1 else 'es'}; {most[0]} has the most "
        f"recordings ({count(most[1])}).",
        twin=Twin(columns, rows),
        height=lying_height(len(classes)) + (24 if with_severity else 0),
    )
    return card(chart, title="Classes and severities" if with_severity else "Classes")


def _preview(signals: Sequence[Any]) -> Any:
    chart = graph(
        preview_figure(signals),
        id=DatasetId.PREVIEW,
        name="One signal of each class",
        summary="The first 0.2 s of one signal of each class, each scaled to its own height.",
        height=70 + 62 * len(signals),
    )
    return card(chart, title="Preview")


def _modals(shown: Shown) -> list[Any]:
    dataset = shown.dataset
    found = [
        dialogs.export_modal(shown.files, opened=shown.opened == "export"),
        dialogs.subset_modal(dataset, opened=shown.opened == "subset"),
    ]
    if shown.may_change:
        found += [
            dialogs.rename_modal(dataset, len(shown.versions)),
            dialogs.delete_modal(dataset, shown.n_experiments),
        ]
    return found
