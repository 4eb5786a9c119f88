"""One visit of the Features page."""

from sonde.bearings.services import datasets, feature_views, own_features
from sonde.bearings.ui.features.layout import Offer, features_view, nothing_view
from sonde.bearings.ui.features.showing import shown
from sonde.bearings.ui.features.state import state_of
from sonde.platform.core.actor import Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView

_LISTED = 200


def show(request: PageRequest) -> PageView:
    """Return the page; the address says what is looked at."""
    actor = request.actor
    listed = datasets.list_datasets(actor, limit=_LISTED).items
    wanted = request.query.get("dataset") or (listed[0].id if listed else "")
    if not wanted:
        return nothing_view()
    dataset = datasets.get(actor, wanted)
    definitions = feature_views.definitions(actor)
    known = [one.name for one in definitions]
    state = state_of({**request.query, "dataset": dataset.id}, known)
    own = own_features.list_own(actor)
    may_work = actor.role is not Role.VIEWER
    mine = {one.id for one in own if actor.role is Role.ADMIN or one.owner_id == actor.user_id}
    offer = Offer(
        datasets=listed if any(one.id == wanted for one in listed) else (*listed, dataset),
        definitions=definitions,
        own=own,
        changeable=frozenset(mine if may_work else ()),
        may_work=may_work,
    )
    return features_view(offer, state, *shown(actor, state))
