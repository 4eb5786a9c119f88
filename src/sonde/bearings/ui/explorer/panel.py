"""Draw what is looked at, or say why it cannot be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sonde.bearings.core.exploring.overview import class_order
from sonde.bearings.services import dataset_facts, features
from sonde.bearings.services.explorer import keeping, looking
from sonde.bearings.ui.explorer.controls import controls
from sonde.bearings.ui.explorer.layout import Foot, count_words, foot_words, nothing_kept
from sonde.bearings.ui.explorer.settings import Said
from sonde.bearings.ui.explorer.state import ExplorerState
from sonde.bearings.ui.explorer.tabs.catalogue import tab_of
from sonde.bearings.ui.explorer.tabs.tab import Drawn, Offer, extraction_offer, refusal
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Invalid


@dataclass(frozen=True)
class Shown:
    """What stands beside the filters.

    Parameters
    ----------
    controls : sequence of components
    drawn : Drawn
    count : str
    foot : components
    """

    controls: Sequence[Any]
    drawn: Drawn
    count: str
    foot: Any


def offer_of(actor: Actor, dataset_id: str) -> Offer:
    """Return what there is to choose from in a data set."""
    statistics = dataset_facts.statistics(actor, dataset_id)
    units = [unit for unit, _ in statistics.units]
    return Offer(
        class_order(frozenset(part.name for part in statistics.classes)),
        looking.available(actor, dataset_id),
        units[0] if len(units) == 1 else "",
    )


def panel(actor: Actor, state: ExplorerState) -> Shown:
    """Return what the tab shows of what the filter keeps."""
    offer = offer_of(actor, state.dataset_id)
    tab = tab_of(state.tab)
    said = Said(tab.settings(offer), state.said)
    bar = [] if tab.needs_features and not offer.features else controls(tab.key, said)
    try:
        found = looking.overview(actor, state.dataset_id, state.wanted)
        words = count_words(found)
        drawn = nothing_kept(state.wanted) if not found.n else _tab(actor, state, said, offer)
    except (Invalid, Conflict) as refused:
        words, drawn = "", refusal(refused.message)
    return Shown(bar, drawn, words, foot_words(_foot(actor, state)))


def _tab(actor: Actor, state: ExplorerState, said: Said, offer: Offer) -> Drawn:
    tab = tab_of(state.tab)
    if tab.needs_features:
        extraction = features.extraction(actor, state.dataset_id)
        if not extraction.is_ready:
            return extraction_offer(extraction.job, may_start=actor.role is not Role.VIEWER)
    return tab.draw(actor, state, said, offer)


def _foot(actor: Actor, state: ExplorerState) -> Foot:
    dataset = looking.dataset_of(actor, state.dataset_id)
    reads = keeping.reads(dataset)
    return Foot(dataset.name, dataset.content_hash, reads.hits, reads.misses)
