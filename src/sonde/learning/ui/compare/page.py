"""One visit of the page that compares experiments, by its ids or under a kept name."""

from collections import Counter
from collections.abc import Sequence

from sonde.learning.core.comparison.agreement import FEWEST
from sonde.learning.core.comparison.stored import StoredComparison
from sonde.learning.core.experiment_list import ListQuery
from sonde.learning.core.experiments import ExperimentSummary
from sonde.learning.core.search.completing import written
from sonde.learning.services import (
    comparison,
    experiment_search,
    experiments,
    stored_comparisons,
)
from sonde.learning.ui.compare.layout import Offer, choosing_view, compare_view, gone_view
from sonde.learning.ui.compare.panel import drawn
from sonde.learning.ui.compare.state import ids_in, state_of
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView

_CHOICES = 100
_KEPT = 100


def show(request: PageRequest) -> PageView:
    """Return the page of the experiments that the address names."""
    ids = ids_in(request.query.get("ids", ""))
    actor = request.actor
    if len(ids) < FEWEST:
        kept = stored_comparisons.list_kept(actor, limit=_KEPT).items
        return choosing_view(Offer(choices_of(actor, ids), kept), ids)
    state = state_of(request.query, ids)
    return compare_view(_offer(actor, ids, None), drawn(actor, state))


def show_kept(request: PageRequest) -> PageView:
    """Return the page of a comparison that was kept."""
    stored = stored_comparisons.get(request.actor, request.params["comparison_id"])
    ids = comparison.still_there(request.actor, stored.experiment_ids)
    if len(ids) < FEWEST:
        return gone_view(_offer(request.actor, ids, stored), ids)
    state = state_of(request.query, ids)
    return compare_view(_offer(request.actor, ids, stored), drawn(request.actor, state))


def choices_of(actor: Actor, ids: Sequence[str], typed: str = "") -> list[tuple[str, str]]:
    """Return id and title of the latest that have a score, or whose title holds what is typed.

    Those that are named already are always among them. Titles that are the same tell their seed
    or their moment.
    """
    query = f"has:score title:{written(typed)}" if typed.strip() else "has:score"
    listed = experiment_search.find(actor, ListQuery(query, "-created", limit=_CHOICES)).rows
    found = {one.id: one.summary for one in listed}
    for one in ids:
        found[one] = found.get(one) or experiments.get(actor, one).summary
    times = Counter(one.title for one in found.values())
    return [(key, _label(one, is_one=times[one.title] == 1)) for key, one in found.items()]


def _label(one: ExperimentSummary, *, is_one: bool) -> str:
    """Return a title, with the seed or the moment where there are several of it."""
    if is_one:
        return one.title
    if one.family_id:
        return f"{one.title}, seed {one.seed}"
    return f"{one.title}, {one.created_at:%d %b %H:%M}"


def _offer(actor: Actor, ids: Sequence[str], stored: StoredComparison | None) -> Offer:
    may_work = actor.role is not Role.VIEWER
    is_own = stored is not None and (stored.owner_id == actor.user_id or actor.role is Role.ADMIN)
    return Offer(
        choices=choices_of(actor, ids),
        stored=stored,
        may_keep=may_work and stored is None,
        may_forget=may_work and is_own,
    )
