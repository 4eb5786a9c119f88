"""Kept searches over REST."""

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.learning.core.saved_searches import SavedSearch
from sonde.learning.core.search.tokens import LONGEST
from sonde.learning.services import saved_searches
from sonde.platform.api.routing import Acting, router

ROUTER = router("/saved-searches", tag="Experiments")


class SearchBody(BaseModel):
    """A search to keep."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    query: str = Field("", max_length=LONGEST)
    view: dict[str, Annotated[str, Field(max_length=4000)]] = Field(
        default_factory=dict, description="columns (with commas), sort, group."
    )
    is_pinned: bool = False
    is_shared: bool = Field(False, description="Whether the whole workspace sees it.")
    is_alert: bool = Field(
        False, description="Tell me of experiments it finds once they have ended."
    )


class SearchPage(BaseModel):
    """Yours and those shared with you, the pinned ones first."""

    items: list[SavedSearch]
    next_cursor: str | None = None


@ROUTER.get("")
def list_searches(actor: Acting) -> SearchPage:
    """List kept searches."""
    return SearchPage(items=list(saved_searches.list_searches(actor)))


@ROUTER.post("", status_code=201)
def save_search(actor: Acting, body: SearchBody) -> SavedSearch:
    """Keep a search."""
    return saved_searches.save(actor, saved_searches.NewSearch(**body.model_dump()))


@ROUTER.get("/{search_id}")
def get_search(actor: Acting, search_id: str) -> SavedSearch:
    """Look at a kept search."""
    return saved_searches.find(actor, search_id)


@ROUTER.put("/{search_id}")
def change_search(actor: Acting, search_id: str, body: SearchBody) -> SavedSearch:
    """Keep a search in another form."""
    new = saved_searches.NewSearch(**body.model_dump())
    return saved_searches.change(actor, search_id, new)


@ROUTER.delete("/{search_id}", status_code=204)
def delete_search(actor: Acting, search_id: str) -> Response:
    """Forget a search."""
    saved_searches.remove(actor, search_id)
    return Response(status_code=204)
