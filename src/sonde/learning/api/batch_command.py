"""More of ``sonde models``: one model asked about a whole data set or many files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde.learning.api.following import finished_batch
from sonde.learning.api.model_details_command import models
from sonde.learning.api.terminal import opened_request, pairs, telling, written
from sonde.platform.core.errors import Invalid

if TYPE_CHECKING:
    from sonde.learning.core.batch_prediction import Batch
    from sonde.platform.core.actor import Actor

__all__ = ["models"]

_Name = Annotated[str, typer.Argument(metavar="NAME", help="A registered model.")]
_Batch = Annotated[str, typer.Argument(metavar="BATCH", help="Id of a batch.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_As = Annotated[str, typer.Option("--as", help="Print the answers as table, csv or json.")]
_FORMS = ("", "table", "csv", "json")


@models.command("batch")
def batch(
    name: _Name,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Recordings, at most 500.")
    ] = None,
    dataset: Annotated[str, typer.Option(help="Or the id or title of a data set.")] = "",
    version: Annotated[str, typer.Option(help="Empty: the champion.")] = "",
    given: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="What files do not say; repeatable."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Wait, and write the table to this CSV file.")
    ] = None,
    form: Annotated[
        str, typer.Option("--as", help="Wait, and print the answers as table, csv or json.")
    ] = "",
) -> None:
    """Ask a model about every recording of a data set or about files, as a job on a worker.

    What the model learned from is marked, and what cannot be read says why.

    Example: sonde models batch fan-bearings night/*.mat --given sampling_rate_hz=12000 --as table
    """
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request:
        _check_form(form)
        with unit_of_work(request.ports):
            made = _asked(request.actor, (name, version), files or [], dataset, pairs(given))
        waits = bool(out or form)
        words = f"Batch {made.id}: {name} version {made.version} about {made.title}."
        typer.echo(words, err=bool(form))
        if not waits:
            return
        told = _summary(finished_batch(request, name, made.id))
        with unit_of_work(request.ports):
            _give(request.actor, (name, made.id), out, form)
        typer.echo(f"{told} Written to {out}." if out else told, err=bool(form))


@models.command("batches")
def batches(name: _Name, json: _Json = False) -> None:
    """List the predictions of many recordings, newest first."""
    from sonde.learning.api import report
    from sonde.learning.services import model_batches
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        found = model_batches.list_batches(request.actor, name)
    if json:
        typer.echo(report.as_json(found))
        return
    for one in found:
        state = one.job.state.value if one.job else "gone"
        typer.echo(f"{one.id}  v{one.version}  {state}  {one.title}")


@models.command("batch-results")
def batch_results(
    name: _Name,
    batch: _Batch,
    to: Annotated[Path | None, typer.Argument(help="A CSV file; empty: print the answers.")] = None,
    form: _As = "",
) -> None:
    """Write what a model said about each recording of a batch as CSV, or print it."""
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        _check_form(form)
        _give(request.actor, (name, batch), to, form if to or form else "table")


@models.command("batch-delete")
def batch_delete(name: _Name, batch: _Batch) -> None:
    """Delete a prediction of many recordings; a running one is cancelled."""
    from sonde.learning.services import model_batches
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request, unit_of_work(request.ports):
        model_batches.remove(request.actor, name, batch)
    typer.echo(f"Deleted: {batch}")


def _check_form(form: str) -> None:
    if form not in _FORMS:
        raise Invalid(f"Answers are printed as table, csv or json, not {form!r}.", field="as")


def _asked(
    actor: "Actor",
    model: tuple[str, str],
    files: Sequence[Path],
    dataset: str,
    given: Mapping[str, Any],
) -> "Batch":
    """Queue a batch about files or a data set; raises Invalid where neither or both are named."""
    from sonde.learning.services import experiments, model_batches

    if bool(files) == bool(dataset):
        raise Invalid("Name files, or --dataset, and not both.", field="files")
    if dataset:
        problem = experiments.locate_problem(actor, dataset)
        return model_batches.predict_problem(actor, *model, problem)
    lacking = [file for file in files if not file.is_file()]
    if lacking:
        raise Invalid(f"There is no file {lacking[0]}.", field="file")
    named = [(file.name, file) for file in files]
    return model_batches.predict_files(actor, *model, named, given)


def _give(actor: "Actor", batch: tuple[str, str], out: Path | None, form: str) -> None:
    """Write and print the answers of a batch."""
    from sonde.learning.api import batch_text
    from sonde.learning.services import model_batches

    content = model_batches.results(actor, *batch)[1]
    if out is not None:
        written(out, content)
    if form:
        typer.echo(batch_text.printed(content.decode(), form), nl=False)


def _summary(found: "Batch") -> str:
    """Say what a finished batch came to."""
    summary = found.summary
    if summary is None:
        return ""
    parts = [f"{summary.n_recordings} recordings: {summary.told}"]
    if summary.n_unreadable:
        parts.append(f"{summary.n_unreadable} could not be read")
    if summary.is_training_data:
        learned = summary.n_learned or "some"
        parts.append(f"the model learned from {learned} of them: this is no test of it")
    return "; ".join(parts) + "."
