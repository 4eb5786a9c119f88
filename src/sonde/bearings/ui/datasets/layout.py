"""The Datasets page as components."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.ui.datasets.ids import DatasetsId
from sonde.platform.ui.components import PageView, button_link, card, empty_state
from sonde.platform.ui.tables import Column, grid
from sonde.platform.ui.wording import ago, count

IMPORT: Final = "/datasets/import"
COLUMNS: Final = (
    Column("Name", "name", searchable=True, options={"cellRenderer": "SondeLink", "minWidth": 200}),
    Column("Recordings", "n_recordings", numeric=True, width=120),
    Column("Bearings", "n_bearings", numeric=True, width=110),
    Column("Classes", "classes", sortable=False, options={"minWidth": 200}),
    Column("Bearing type", "designation", width=140),
    Column("Size", "size", numeric=True, width=110, sortable=False),
    Column("Owner", "owner", width=140),
    Column("Stored", "created", width=140, sortable=False),
)


def datasets_view(
    datasets: Sequence[Dataset], waiting: Sequence[tuple[str, str]], *, may_import: bool
) -> PageView:
    """Return the page; `waiting` are identifiers and names of imports that are not stored."""
    more = (
        [button_link("Import recordings", IMPORT, icon_name="tabler:file-import", variant="filled")]
        if may_import
        else []
    )
    body: list[Any] = [_waiting(waiting)] if waiting else []
    if datasets:
        table = grid(
            COLUMNS,
            id=DatasetsId.GRID,
            name="Data sets",
            rows=[dataset_row(dataset) for dataset in datasets],
        )
        body.append(card(table, className="sonde-card is-flush"))
    else:
        body.append(
            card(
                [
                    empty_state(
                        "No data sets yet",
                        "Import recordings from .mat, .npy, .csv, .wav or .h5 files. You see what "
                        "was understood of each file before anything is stored. Or look around in "
                        "the sample project first.",
                        icon_name="tabler:database",
                        actions=[*more, _sample_button()] if may_import else (),
                    ),
                    html.Div(id=DatasetsId.SAMPLE_JOB),
                ]
            )
        )
    return PageView(
        "Datasets",
        body,
        description="Recordings that belong together. A stored data set never changes, so every "
        "result can be computed again.",
        actions=more if datasets else (),
    )


def _sample_button() -> Any:
    return dmc.Button("Load the sample project", id=DatasetsId.SAMPLE, variant="default")


def _waiting(waiting: Sequence[tuple[str, str]]) -> Any:
    links = [
        html.Li(dmc.Anchor(name, href=f"{IMPORT}/{import_id}", size="sm"))
        for import_id, name in waiting
    ]
    return card(html.Ul(links), title="Imports that wait for your word")


def dataset_row(dataset: Dataset) -> dict[str, Any]:
    """Return a data set as a row of the grid."""
    return {
        "id": dataset.id,
        "name": dataset.name,
        "href": f"/datasets/{dataset.id}",
        "n_recordings": dataset.n_recordings,
        "n_bearings": dataset.n_bearings,
        "classes": ", ".join(dataset.classes),
        "designation": dataset.designation or "not stated",
        "size": size_text(dataset.size_bytes),
        "owner": dataset.owner_name,
        "created": ago(dataset.created_at),
    }


def size_text(size_bytes: int) -> str:
    """Write a size.

    Examples
    --------
    >>> size_text(2_500_000), size_text(1200)
    ('2.5 MB', '1 kB')
    """
    if size_bytes < 1_000_000:
        return f"{count(round(size_bytes / 1e3))} kB"
    return f"{size_bytes / 1e6:,.1f} MB"
