"""``sonde choices``: what an experiment can be made of, as the page of a new one offers it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde.learning.api.terminal import opened_request, telling
from sonde.platform.core.errors import Invalid

if TYPE_CHECKING:
    from sonde.learning.core.hyper_parameters import HyperParameter
    from sonde.platform.core.actor import Actor


def choices(
    model: Annotated[str, typer.Option(help="Show the settings of this model.")] = "",
    dataset: Annotated[str, typer.Option(help="Show what this data set offers.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show models, ways to split and data sets to train on; or one model or data set closely.

    Example: sonde choices --model random-forest
    """
    from sonde.learning.api import report
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        if model and dataset:
            raise Invalid("Name a model or a data set, not both.", field="model")
        if model:
            found, lines = _of_model(model)
        elif dataset:
            found, lines = _of_dataset(request.actor, dataset)
        else:
            found, lines = _every(request.actor)
    typer.echo(report.as_json(found) if json else "\n".join(lines))


def _of_model(name: str) -> tuple[Any, list[str]]:
    from sonde.learning.api.experiments import ModelBody
    from sonde.learning.core.models.catalogue import model

    found = ModelBody.model_validate(model(name))
    head = f"{found.name}: {found.title}. {found.help} Learns from {found.eats}."
    return found, [head, *map(_knob_line, found.hyper_parameters)]


def _of_dataset(actor: "Actor", name: str) -> tuple[Any, list[str]]:
    from sonde.learning.services import experiments

    facts = dict(experiments.describe_problem(actor, *experiments.locate_problem(actor, name)))
    return facts, [f"{key:<20}{_words(value)}" for key, value in facts.items()]


def _every(actor: "Actor") -> tuple[Any, list[str]]:
    from sonde.learning.api.experiments import list_choices

    found = list_choices(actor)
    data = [
        f"  {one.title:<34}{one.n_recordings:>7} recordings, {one.n_groups} groups"
        for one in found.problems
    ]
    models = [f"  {one.name:<24}{one.title} ({one.family})" for one in found.models]
    splits = [
        f"  {one.name:<28}{one.title}{' (leaky)' * one.is_leaky}" for one in found.split_policies
    ]
    return found, ["Data sets", *data, "Models", *models, "Splits", *splits]


def _knob_line(knob: "HyperParameter") -> str:
    ends = [f"{end:g}" for end in (knob.low, knob.high) if end is not None]
    limits = ", ".join(knob.choices) or " to ".join(ends)
    return f"  {knob.name:<24}{knob.default!s:<16}{limits:<28}{knob.help}"


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
