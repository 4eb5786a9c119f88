"""Compare: in which features the classes differ."""

from typing import Any

from sonde.bearings.core.exploring.comparison import ClassComparison, telling
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.services.explorer import looking
from sonde.bearings.ui.explorer.figures.compare import heat_figure, radar_figure
from sonde.bearings.ui.explorer.ids import chart_id
from sonde.bearings.ui.explorer.settings import Kind, Said, Setting
from sonde.bearings.ui.explorer.state import ExplorerState
from sonde.bearings.ui.explorer.tabs.tab import Drawn, Offer, Tab, wide
from sonde.platform.core.actor import Actor
from sonde.platform.ui.components import card
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column

_AXES = 8
_MOST_AXES = 12


def settings(offer: Offer) -> tuple[Setting, ...]:
    """Return what can be chosen."""
    hint = f"the {_AXES} that differ most"
    return (
        Setting(
            "axes", "Axes of the radar", Kind.MANY, "", offer.figures, most=_MOST_AXES, hint=hint
        ),
        Setting("draw", "Draw", Kind.MANY, choices=offer.classes, hint="all classes"),
    )


def draw(actor: Actor, state: ExplorerState, said: Said, _offer: Offer) -> Drawn:
    """Return the radar and the heat map."""
    axes = said.many("axes")
    found = looking.compare(actor, state.dataset_id, state.wanted)
    on_radar = found
    if axes:
        on_radar = looking.compare(actor, state.dataset_id, state.wanted, axes)
    names = axes or telling(found, _AXES)
    drawn = said.many("draw")
    rows = [row for row, label in enumerate(on_radar.labels) if not drawn or label in drawn]
    return Drawn(
        [_radar(_some(on_radar, rows or list(range(len(found.labels)))), names), _heat(found)]
    )


def _some(found: ClassComparison, rows: list[int]) -> ClassComparison:
    labels = tuple(found.labels[row] for row in rows)
    return ClassComparison(
        labels, found.names, found.means[rows], found.z[rows], found.scaled[rows]
    )


def _radar(found: ClassComparison, names: tuple[str, ...]) -> Any:
    places = [found.names.index(name) for name in names]
    rows = [
        (class_title(label), *(f"{value:.4g}" for value in found.means[row, places]))
        for row, label in enumerate(found.labels)
    ]
    chart = graph(
        radar_figure(found, names),
        id=chart_id("radar"),
        name="Class means of features",
        summary=f"Means of {len(names)} features in {len(found.labels)} classes; the centre is the "
        "lowest mean of a class, the rim the highest.",
        twin=Twin((Column("Class"), *(Column(name, numeric=True) for name in names)), rows),
        height=520,
    )
    return card(chart, title="Class means")


def _heat(found: ClassComparison) -> Any:
    (name,) = telling(found, 1)
    rows = [
        (class_title(label), *(f"{value:.2f}" for value in found.z[row]))
        for row, label in enumerate(found.labels)
    ]
    chart = graph(
        heat_figure(found),
        id=chart_id("heat"),
        name="Distances of class means",
        summary=f"Class means lie furthest apart in {name}. 1 is one standard deviation of all "
        "signals; colours end at 3.",
        twin=Twin((Column("Class"), *(Column(one, numeric=True) for one in found.names)), rows),
        height=180 + 30 * len(found.labels),
    )
    return card(
        wide(chart),
        title="Distance from the mean of all signals",
        description="In standard deviations: blue below, orange above.",
    )


TAB = Tab("compare", "Compare features", settings, draw, needs_features=True)
