"""Searches that people keep: pinned, shared, and as alerts that tell of new matches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sonde.learning.core.saved_searches import SavedSearch
from sonde.learning.core.search.columns import GROUPS, columns_of, order_of
from sonde.learning.core.search.parser import parse
from sonde.learning.core.search.syntax import And, SearchError
from sonde.learning.persistence import experiments as experiment_rows
from sonde.learning.persistence import saved_searches as rows
from sonde.learning.persistence.experiment_search import queries
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.jobs import JobState
from sonde.platform.services.events import emit_to
from sonde.platform.services.work import ports

MATCHED: Final = "learning.search_matched"
_LONGEST: Final = 80
_VIEW: Final = frozenset({"columns", "sort", "group"})


@dataclass(frozen=True)
class NewSearch:
    """What is to be kept.

    Parameters
    ----------
    name, query : str
    view : mapping
        ``columns`` (joined by commas), ``sort``, ``group``.
    is_pinned, is_shared, is_alert : bool
    """

    name: str
    query: str
    view: Mapping[str, str]
    is_pinned: bool = False
    is_shared: bool = False
    is_alert: bool = False


def list_searches(actor: Actor) -> Sequence[SavedSearch]:
    """Return what the actor keeps and what is shared with them, the pinned ones first."""
    return rows.seen_by(actor.user_id, actor.workspace_ids)


def find(actor: Actor, search_id: str) -> SavedSearch:
    """Return one kept search; raises NotFound."""
    for search in list_searches(actor):
        if search.id == search_id:
            return search
    raise NotFound(f"There is no saved search {search_id}.", search_id=search_id)


def save(actor: Actor, new: NewSearch) -> SavedSearch:
    """Keep a search; raises Invalid for one that cannot be understood, Conflict for its name."""
    made = rows.add(workspace_id=actor.workspace_id, owner_id=actor.user_id, **_checked(new))
    if made is None:
        raise Conflict(f"You keep a search called {new.name.strip()!r} already.", field="name")
    return find(actor, made)


def change(actor: Actor, search_id: str, new: NewSearch) -> SavedSearch:
    """Keep a search in another form; raises NotFound, Forbidden, Invalid, Conflict."""
    found = _own(actor, search_id)
    columns = _checked(new)
    if rows.is_name_taken(actor.user_id, found.workspace_id, columns["name"], search_id):
        raise Conflict(f"You keep a search called {columns['name']!r} already.", field="name")
    rows.change(search_id, columns)
    return find(actor, search_id)


def remove(actor: Actor, search_id: str) -> None:
    """Forget a search; raises NotFound, Forbidden."""
    _own(actor, search_id)
    rows.remove(search_id)


def tell_of_ended(experiment_id: str, workspace_id: str) -> int:
    """Tell the owners of alerts of a training that failed or was cancelled; return how many.

    Called in the transaction that ends it. Emits ``learning.search_matched``.
    """
    found = experiment_rows.find(experiment_id, frozenset({workspace_id}))
    if found is None:  # it was deleted, or put into the trash, which is what stopped it
        return 0
    row, job = found
    words = {JobState.FAILED: "failed", JobState.CANCELLED: "was cancelled"}
    ended = words.get(experiment_rows.state_of(job, row), "ended")
    return tell_of(experiment_id, workspace_id, f"A training that {ended}")


def tell_of(
    experiment_id: str, workspace_id: str, what: str = "A newly finished experiment"
) -> int:
    """Tell the owners of alerts that an experiment matches; return how many.

    Called in the transaction that finishes it, and so once. Emits ``learning.search_matched``.
    """
    told = 0
    for search in rows.alerts(workspace_id):
        title = _match(search, experiment_id)
        if title:
            emit_to(
                search.owner_id,
                workspace_id,
                kind=MATCHED,
                title=f"{title} matches {search.name}",
                body=f"{what} is found by the search {search.query}",
                link=experiments.result_path(experiment_id),
            )
            told += 1
    return told


def _match(search: SavedSearch, experiment_id: str) -> str:
    """Return the title of the experiment if the search finds it."""
    try:
        tree = parse(search.query, ports().clock())
    except SearchError:  # the language has changed since it was kept; its page says what is wrong
        return ""
    this = parse(f"id:{experiment_id}", ports().clock())
    wanted = queries.Search(
        And((this, tree)), search.owner_id, frozenset({search.workspace_id}), order_of("")
    )
    ids = queries.ids(wanted, limit=1)
    found = queries.rows(ids)
    return found[experiment_id][0].title if experiment_id in found else ""


def _own(actor: Actor, search_id: str) -> SavedSearch:
    found = find(actor, search_id)
    if found.owner_id != actor.user_id:
        raise Forbidden("Only who keeps this search can change it; save it under a name of yours.")
    return found


def _checked(new: NewSearch) -> dict[str, Any]:
    name = " ".join(new.name.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise Invalid(
            f"The name of a search has 1 to {_LONGEST} printable characters.", field="name"
        )
    parse(new.query, ports().clock())
    unknown = set(new.view) - _VIEW
    if unknown:
        raise Invalid(f"A view has {', '.join(sorted(_VIEW))}, not {min(unknown)}.", field="view")
    columns_of(tuple(filter(None, new.view.get("columns", "").split(","))))
    order_of(new.view.get("sort", ""))
    if new.view.get("group", "") not in {"", *GROUPS}:
        raise Invalid(f"The list is grouped by {', '.join(GROUPS)}.", field="group")
    return {
        "name": name,
        "query": new.query.strip(),
        "view": {key: value for key, value in new.view.items() if value},
        "is_pinned": new.is_pinned,
        "is_shared": new.is_shared,
        "is_alert": new.is_alert,
    }
