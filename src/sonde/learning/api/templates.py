"""Templates over REST: configurations of experiments, kept for the workspace."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.learning.core.experiment_document import wanted_from
from sonde.learning.services import templates
from sonde.learning.services.templates import Template
from sonde.platform.api.routing import Acting, router

ROUTER = router("/experiment-templates", tag="Experiments")


class TemplateBody(BaseModel):
    """A configuration and its name."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=100)]
    document: Annotated[
        dict[str, Any], Field(description="As the wizard shows it: source, ref, model, split, ...")
    ]


class TemplateList(BaseModel):
    """Every template, by name."""

    items: list[Template]


@ROUTER.get("")
def list_templates(actor: Acting) -> TemplateList:
    """List the templates of your workspaces."""
    return TemplateList(items=list(templates.list_templates(actor)))


@ROUTER.put("")
def save_template(actor: Acting, body: TemplateBody) -> Template:
    """Keep a configuration under a name, in place of your own of that name."""
    return templates.save(actor, body.name, wanted_from(body.document))


@ROUTER.get("/{template_id}")
def get_template(actor: Acting, template_id: str) -> Template:
    """Look at one template."""
    return templates.get(actor, template_id)


@ROUTER.delete("/{template_id}", status_code=204)
def delete_template(actor: Acting, template_id: str) -> Response:
    """Forget a template."""
    templates.delete(actor, template_id)
    return Response(status_code=204)
