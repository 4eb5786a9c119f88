"""What is done to kept searches and to tags."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sonde.learning.services import saved_searches, tags
from sonde.learning.services.saved_searches import NewSearch
from sonde.learning.ui.experiments.ids import ExperimentsType
from sonde.platform.core.actor import Actor
from sonde.platform.ui.errors import show_toast
from sonde.platform.ui.theme import Tone

_FLAGS = ("pinned", "shared", "alert")


@dataclass(frozen=True)
class Seen:
    """What the list shows: the search, and columns, order and grouping as addresses say them."""

    query: str
    view: Mapping[str, str]

    @classmethod
    def of(cls, query: str | None, shown: Mapping[str, Any], sort: str | None) -> "Seen":
        """Return what the page's stores say."""
        columns = ",".join(shown.get("columns") or ())
        group = str(shown.get("group") or "")
        return cls(query or "", {"columns": columns, "sort": sort or "", "group": group})


def keep(actor: Actor, seen: Seen, name: str | None, flags: Any) -> None:
    """Keep what the list shows under a name."""
    is_so = {f"is_{flag}": flag in (flags or ()) for flag in _FLAGS}
    saved_searches.save(actor, NewSearch(name or "", seen.query, seen.view, **is_so))
    show_toast("Saved", f"{name} is kept.", Tone.GOOD)


def change(actor: Actor, search_id: str, do: str, seen: Seen) -> None:
    """Forget a kept search, put another in its place, or turn one of its flags."""
    if do == "forgotten":
        saved_searches.remove(actor, search_id)
        return
    found = saved_searches.find(actor, search_id)
    new = NewSearch(
        found.name, found.query, found.view, found.is_pinned, found.is_shared, found.is_alert
    )
    if do == "replaced":
        new = replace(new, query=seen.query, view=seen.view)
        show_toast("Saved", f"{found.name} is now what you see.", Tone.GOOD)
    elif do in _FLAGS:
        new = _turned(new, do)
    saved_searches.change(actor, search_id, new)


def _turned(new: NewSearch, flag: str) -> NewSearch:
    if flag == "pinned":
        return replace(new, is_pinned=not new.is_pinned)
    if flag == "shared":
        return replace(new, is_shared=not new.is_shared)
    return replace(new, is_alert=not new.is_alert)


def change_tag(actor: Actor, kind: str, tag_id: str, value: Any) -> bool:
    """Delete a tag, or give it another name or colour; say whether anything changed."""
    if kind == ExperimentsType.TAG_GONE:
        tags.remove(actor, tag_id)
        return True
    what = "name" if kind == ExperimentsType.TAG_NAME else "colour"
    if getattr(tags.find(actor, tag_id), what) == value:
        return False
    tags.change(actor, tag_id, **{what: value})
    return True
