"""The list of experiments."""

from collections.abc import Sequence
from typing import Any, Final

from sonde.learning.core.experiments import ExperimentSummary
from sonde.learning.ui.experiments.ids import ExperimentsId
from sonde.platform.ui.components import PageView, button_link, card, empty_state
from sonde.platform.ui.tables import Column, grid
from sonde.platform.ui.wording import ago

COLUMNS: Final = (
    Column(
        "Experiment",
        "title",
        searchable=True,
        options={"cellRenderer": "SondeLink", "minWidth": 200, "flex": 2},
    ),
    Column("Data", "data", searchable=True, options={"minWidth": 110}),
    Column("Model", "model", searchable=True, options={"minWidth": 120}),
    Column("Split", "split", searchable=True, options={"minWidth": 140}),
    Column("Macro-F1", "score", numeric=True, width=105),
    Column("Split is", "honesty", width=95, options={"cellRenderer": "SondeHonesty"}),
    Column("Groups", "groups", numeric=True, width=90),
    Column("State", "state", width=110, options={"cellRenderer": "SondeState"}),
    Column("Started", "created", width=125, sortable=False),
)
_NEW: Final = ("New experiment", "/experiment/new")


def experiments_view(found: Sequence[ExperimentSummary]) -> PageView:
    """Return the page."""
    new = button_link(*_NEW, icon_name="tabler:plus", variant="filled")
    body = card(
        grid(
            COLUMNS,
            id=ExperimentsId.GRID,
            name="Experiments",
            rows=[experiment_row(one) for one in found],
            height=600,
        ),
        className="sonde-card is-flush",
    )
    return PageView(
        "Experiments",
        body if found else card(_nothing()),
        description="Every training with its score, and how that score was tested.",
        actions=[new],
    )


def experiment_row(one: ExperimentSummary) -> dict[str, Any]:
    """Return an experiment as a row of the grid."""
    honesty = "" if one.is_honest is None else "honest" if one.is_honest else "leaky"
    return {
        "id": one.id,
        "href": f"/experiment/{one.id}/results",
        "title": one.title,
        "data": one.ref_title,
        "model": one.model_title,
        "split": " ".join((one.policy_title, one.split_detail.replace("_", " "))).strip(),
        "score": None if one.macro_f1 is None else round(one.macro_f1, 3),
        "honesty": honesty,
        "groups": one.n_groups,
        "state": one.state.value,
        "created": ago(one.created_at),
    }


def _nothing() -> Any:
    return empty_state(
        "No experiment yet",
        "Train a model on a data set. The split keeps apart what belongs together, and the score "
        "says so.",
        icon_name="tabler:flask",
        actions=[button_link(*_NEW, icon_name="tabler:plus", variant="filled")],
    )
