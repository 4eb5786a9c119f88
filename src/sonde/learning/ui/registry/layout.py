"""The list of registered models."""

from collections.abc import Sequence
from typing import Any, Final

from sonde.learning.core.registry import CHAMPION, RegisteredModel
from sonde.learning.ui.registry.ids import RegistryId
from sonde.platform.ui.components import PageView, button_link, card, empty_state
from sonde.platform.ui.tables import Column, grid
from sonde.platform.ui.wording import ago

COLUMNS: Final = (
    Column(
        "Model",
        "title",
        searchable=True,
        options={"cellRenderer": "SondeLink", "minWidth": 170, "flex": 2},
    ),
    Column("Macro-F1", "score", numeric=True, width=105),
    Column("Split is", "honesty", width=95, options={"cellRenderer": "SondeHonesty"}),
    Column("Champion", "champion", width=100),
    Column("Versions", "versions", numeric=True, width=90),
    Column("Kind", "kind", searchable=True, options={"minWidth": 160, "flex": 1}),
    Column("Data", "data", searchable=True, options={"minWidth": 150, "flex": 2}),
    Column("Aliases", "aliases", searchable=True, options={"minWidth": 95, "width": 95}),
    Column("Newest", "newest", width=138, sortable=False),
)


def models_view(found: Sequence[RegisteredModel], *, archived: bool) -> PageView:
    """Return the page."""
    other = "/models" if archived else "/models?archived=1"
    words = "Hide archived" if archived else "Show archived"
    body = card(
        grid(
            COLUMNS,
            id=RegistryId.GRID,
            name="Registered models",
            rows=[model_row(one) for one in found],
            height=600,
        ),
        className="sonde-card is-flush",
    )
    return PageView(
        "Models",
        body if found else card(_nothing()),
        description="Trained models under names that programs can ask for, with the version that "
        "answers.",
        actions=[button_link(words, other, icon_name="tabler:archive")],
    )


def model_row(one: RegisteredModel) -> dict[str, Any]:
    """Return a model as a row of the grid; its figures are those of the version that answers."""
    answering = one.answering
    others = [f"{alias} {n}" for alias, n in sorted(one.aliases.items()) if alias != CHAMPION]
    return {
        "id": one.id,
        "href": f"/models/{one.name}",
        "title": f"{one.name} (archived)" if one.is_archived else one.name,
        "champion": _champion(one),
        "aliases": ", ".join(others) or "–",
        "versions": len(one.versions),
        "score": round(answering.macro_f1, 3) if answering else None,
        "honesty": "" if not answering else "honest" if answering.is_honest else "leaky",
        "kind": answering.architecture_title if answering else "–",
        "data": answering.lineage.ref_title if answering else "–",
        "newest": ago(one.versions[0].created_at) if one.versions else "–",
    }


def _champion(one: RegisteredModel) -> str:
    return f"version {one.aliases[CHAMPION]}" if CHAMPION in one.aliases else "none yet"


def _nothing() -> Any:
    return empty_state(
        "No registered model yet",
        "Open the result of a finished experiment and register its model under a name. Programs "
        "ask for the name; you decide which version answers.",
        icon_name="tabler:category",
        actions=[
            button_link("Experiments", "/experiments", icon_name="tabler:flask", variant="filled")
        ],
    )
