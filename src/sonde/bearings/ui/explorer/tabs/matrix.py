"""Scatter matrix: features against each other."""

import numpy as np

from sonde.bearings.services.explorer import looking
from sonde.bearings.ui.explorer.figures.points import matrix_figure
from sonde.bearings.ui.explorer.ids import chart_id
from sonde.bearings.ui.explorer.settings import BETWEEN, Kind, Said, Setting
from sonde.bearings.ui.explorer.state import ExplorerState
from sonde.bearings.ui.explorer.tabs.tab import Drawn, Offer, Tab, wide
from sonde.platform.core.actor import Actor
from sonde.platform.ui.components import card
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column
from sonde.platform.ui.wording import count

_USUAL = ("RMS", "Kurtosis", "CrestFactor", "SpectralCentroid")


def settings(offer: Offer) -> tuple[Setting, ...]:
    """Return what can be chosen."""
    names = [one.name for one in offer.features]
    usual = [one for one in _USUAL if one in names] or names[:3]
    return (
        Setting(
            "features",
            f"Features, 2 to {looking.MATRIX_FEATURES}",
            Kind.MANY,
            BETWEEN.join(usual),
            offer.figures,
            most=looking.MATRIX_FEATURES,
            hint="choose features",
        ),
    )


def draw(actor: Actor, state: ExplorerState, said: Said, _offer: Offer) -> Drawn:
    """Return every pair of the chosen features as a cloud."""
    rows = looking.matrix(actor, state.dataset_id, state.wanted, said.many("features"))
    shown, kept = len(rows.facts), rows.n_kept
    sample = "" if shown == kept else f" A sample of {count(shown)} of {count(kept)} is drawn."
    names = rows.table.names
    pairs = [
        (first, second, f"{_correlation(rows.table.column(first), rows.table.column(second)):.2f}")
        for place, first in enumerate(names)
        for second in names[place + 1 :]
    ]
    chart = graph(
        matrix_figure(rows.facts, rows.table),
        id=chart_id("points"),
        name="Features against each other",
        summary=f"{count(shown)} signals in {len(pairs)} pairs of features.{sample} Click a point "
        "to look at its signal.",
        twin=Twin(
            (Column("Feature"), Column("Feature"), Column("Correlation", numeric=True)), pairs
        ),
        height=200 + 130 * len(names),
    )
    return Drawn([card(wide(chart), title="Features against each other")])


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < 3 or not np.ptp(first[both]) or not np.ptp(second[both]):
        return float("nan")
    return float(np.corrcoef(first[both], second[both])[0, 1])


TAB = Tab("matrix", "Scatter matrix", settings, draw, needs_features=True)
