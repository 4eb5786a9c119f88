"""`sonde visualize`: a map of samples, a picture of one, features, or a layer, in the terminal."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sonde.learning.api.asking import answered
from sonde.learning.api.terminal import opened_request, pairs, telling

if TYPE_CHECKING:
    from sonde.learning.services.analyses import Analysis
    from sonde.platform.services.request import RequestScope


def visualize(
    experiment: Annotated[str, typer.Argument(help="Id of an experiment.")],
    what: Annotated[
        str,
        typer.Option(help="embedding, picture, features, activations, saliency, filters."),
    ] = "embedding",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter, such as method=umap."),
    ] = None,
    arrays: Annotated[
        Path | None, typer.Option(help="File .npz to write the answer's arrays to.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look at samples, features and layers as the page Visualization does.

    Runs as a job on a worker and is kept: the same question is answered at once.

    Example: sonde visualize 01J... --what features --set look=correlation
    """
    from sonde.learning.api.evaluation_text import as_json
    from sonde.learning.api.visualize_text import as_text
    from sonde.learning.services import visualizations

    with telling(), opened_request() as request:
        params = pairs(settings)
        found = answered(
            request,
            lambda: visualizations.ask(request.actor, what, experiment, params),
            quiet=json,
        )
        if arrays is not None:
            _write(request, found, arrays)
        typer.echo(as_json(found) if json else as_text(found))


def _write(request: "RequestScope", found: "Analysis", path: Path) -> None:
    """Write the arrays of an answer; raises Invalid where it has none."""
    import numpy as np

    from sonde.learning.services import visualizations
    from sonde.platform.core.errors import Invalid
    from sonde.platform.services.work import unit_of_work

    with unit_of_work(request.ports):
        content = dict(visualizations.arrays(request.actor, found))
    if not content:
        raise Invalid("This answer has no arrays; --json prints all of it.")
    if not path.parent.is_dir():
        raise Invalid(f"There is no folder {path.parent} to write to.")
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **content)
