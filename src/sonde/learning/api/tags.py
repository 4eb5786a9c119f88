"""Tags over REST; experiments are tagged by `POST /experiments/changes`."""

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.learning.core.tags import Tag
from sonde.learning.services import tags
from sonde.platform.api.routing import Acting, router

ROUTER = router("/tags", tag="Experiments")


class TagBody(BaseModel):
    """A tag: one that is made, or what is to change of one."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200)] = ""
    colour: Annotated[str, Field(max_length=20, description="Such as teal; chosen if empty.")] = ""


class TagPage(BaseModel):
    """The tags of your workspaces, the most used first."""

    items: list[Tag]
    next_cursor: str | None = None


@ROUTER.get("")
def list_tags(actor: Acting) -> TagPage:
    """List tags with how many experiments carry each."""
    return TagPage(items=list(tags.list_tags(actor)))


@ROUTER.post("", status_code=201)
def create_tag(actor: Acting, body: TagBody) -> Tag:
    """Make a tag."""
    return tags.create(actor, body.name, body.colour)


@ROUTER.patch("/{tag_id}")
def change_tag(actor: Acting, tag_id: str, body: TagBody) -> Tag:
    """Give a tag another name or colour."""
    return tags.change(actor, tag_id, name=body.name, colour=body.colour)


@ROUTER.delete("/{tag_id}", status_code=204)
def delete_tag(actor: Acting, tag_id: str) -> Response:
    """Delete a tag from every experiment."""
    tags.remove(actor, tag_id)
    return Response(status_code=204)
