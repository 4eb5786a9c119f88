"""One visit of the Features page."""

from collections.abc import Sequence

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.services import datasets, feature_views, own_features
from sonde.bearings.ui.features.layout import Offer, features_view, nothing_view
from sonde.bearings.ui.features.showing import shown
from sonde.bearings.ui.features.state import state_of
from sonde.platform.core.actor import Actor, Role
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
    offer = offered(actor, listed if dataset in listed else (*listed, dataset))
    known = [one.name for one in offer.definitions]
    state = state_of({**request.query, "dataset": dataset.id}, known)
    return features_view(offer, state, *shown(actor, state))


def offered(actor: Actor, listed: Sequence[Dataset] = ()) -> Offer:
    """Return what the actor can choose and change."""
    own = own_features.list_own(actor)
    may_work = actor.role is not Role.VIEWER
    mine = {one.id for one in own if actor.role is Role.ADMIN or one.owner_id == actor.user_id}
    return Offer(
        datasets=listed,
        definitions=feature_views.definitions(actor),
        own=own,
        changeable=frozenset(mine if may_work else ()),
        may_work=may_work,
    )
