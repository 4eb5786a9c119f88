"""``sonde templates``: configurations of experiments that are kept under a name."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde.learning.api import train_options as of
from sonde.learning.api.terminal import opened_request, pairs, telling
from sonde.platform.core.errors import NotFound

if TYPE_CHECKING:
    from sonde.learning.core.experiments import NewExperiment
    from sonde.learning.services.templates import Template
    from sonde.platform.core.actor import Actor

TEMPLATES = typer.Typer(
    help="Keep configurations of experiments under a name, and train from them.\n\n"
    "Example: sonde templates train Baseline --set n_trees=500 --seeds 0,1,2"
)

Name = Annotated[str, typer.Argument(help="Name or id of a template.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@TEMPLATES.command("list")
def list_templates(json: Json = False) -> None:
    """List the templates of your workspaces."""
    from sonde.learning.api import report
    from sonde.learning.services import templates
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = templates.list_templates(request.actor)
    if json:
        typer.echo(report.as_json(found))
        return
    for one in found:
        typer.echo(f"{one.id}  {one.name}: {one.document['model']['model']}")


@TEMPLATES.command("show")
def show(name: Name) -> None:
    """Print the configuration of a template as JSON."""
    import json

    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        typer.echo(json.dumps(dict(_found(request.actor, name).document), indent=2))


@TEMPLATES.command("save")
def save(
    name: Annotated[str, typer.Argument(help="What to call it; yours of that name is replaced.")],
    experiment: Annotated[str, typer.Option(help="Id of the experiment to keep the way of.")],
) -> None:
    """Keep the configuration of an experiment under a name."""
    from sonde.learning.core.experiment_document import document_of_experiment, wanted_from
    from sonde.learning.services import experiments, templates
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        document = document_of_experiment(experiments.get(request.actor, experiment))
        kept = templates.save(request.actor, name, wanted_from(document))
    typer.echo(f"Template {kept.id}: {kept.name}")


@TEMPLATES.command("train")
def train(
    name: Name,
    settings: of.Settings = None,
    options: of.Options = None,
    training: of.Training = None,
    seeds: of.Seeds = "",
    title: of.Title = "",
    json: Json = False,
) -> None:
    """Train what a template asks for, once or with several seeds; sonde runs follow watches it."""
    from sonde.learning.api import report
    from sonde.learning.services import families, templates
    from sonde.platform.services.work import unit_of_work

    changes = (pairs(settings), of.listed(pairs(training)), pairs(options))
    with telling(), opened_request() as request, unit_of_work(request.ports):
        kept = templates.wanted_of(request.actor, _found(request.actor, name).id)
        asked = _changed(kept, changes, title)
        chosen = of.seeds_of(seeds, asked.model.seed)
        made = families.create_family(request.actor, asked, chosen)
    if json:
        typer.echo(report.as_json(made if seeds else made[0]))
        return
    for one in made:
        typer.echo(f"Experiment {one.id}: {one.summary.title}")


@TEMPLATES.command("delete")
def delete(name: Name) -> None:
    """Forget a template."""
    from sonde.learning.services import templates
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = _found(request.actor, name)
        templates.delete(request.actor, found.id)
    typer.echo(f"Forgotten: {found.name}")


def _found(actor: "Actor", name: str) -> "Template":
    """Return the template of this name or id; raises NotFound."""
    from sonde.learning.services import templates

    for one in templates.list_templates(actor):
        if name in {one.id, one.name}:
            return one
    raise NotFound(f"There is no template {name!r}.", template=name)


def _changed(
    kept: "NewExperiment", changes: tuple[dict[str, Any], ...], title: str
) -> "NewExperiment":
    """Return what a template asks for with other settings of model, training and windows."""
    from sonde.learning.core.experiment_document import document_of, wanted_from

    settings, training, options = changes
    document = document_of(kept)
    document["model"]["values"] |= settings
    document["model"]["training"] |= training
    return wanted_from(
        document | {"options": document["options"] | options, "title": title or kept.title}
    )
