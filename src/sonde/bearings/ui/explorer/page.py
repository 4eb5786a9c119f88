"""One visit of the Data explorer."""

from sonde.bearings.services import datasets
from sonde.bearings.services.explorer import looking
from sonde.bearings.ui.explorer.filters import Choice, Filters
from sonde.bearings.ui.explorer.layout import Explored, choice_view, explorer_view
from sonde.bearings.ui.explorer.panel import offer_of, panel
from sonde.bearings.ui.explorer.state import of_query
from sonde.bearings.ui.explorer.tabs.catalogue import TABS, defaults, tab_of
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView
from sonde.platform.ui.wording import count

_CHOICES = 200


def show(request: PageRequest) -> PageView:
    """Return the page as its address says."""
    actor, state = request.actor, of_query(request.query)
    choices = _choices(actor)
    if not state.dataset_id:
        return choice_view(choices)
    dataset = looking.dataset_of(actor, state.dataset_id)
    if dataset.id not in {one.id for one in choices}:
        choices = [Choice(dataset.id, dataset.name), *choices]
    shown = panel(actor, state)
    offer = offer_of(actor, dataset.id)
    filters = Filters(state, choices, looking.facts(dataset), offer.features, shown.count)
    return explorer_view(
        Explored(
            state=state,
            tabs=[(one.key, one.title) for one in TABS],
            tab=tab_of(state.tab).key,
            defaults=defaults(offer),
            filters=filters,
            controls=shown.controls,
            drawn=shown.drawn,
            foot=shown.foot,
        )
    )


def _choices(actor: Actor) -> list[Choice]:
    return [
        Choice(
            one.id,
            one.name,
            f"{count(one.n_recordings)} signals of {len(one.classes)} classes",
        )
        for one in datasets.list_datasets(actor, limit=_CHOICES).items
    ]
