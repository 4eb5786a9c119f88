"""`sonde compare`: two to twenty experiments in the terminal, as PDF, CSV or JSON."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sonde.learning.api.terminal import opened_request, telling, written

if TYPE_CHECKING:
    from sonde.learning.core.comparison.comparison import Comparison
    from sonde.platform.core.actor import Actor

_TITLE = 34


def compare(
    experiments: Annotated[list[str], typer.Argument(help="Ids of 2 to 20 experiments.")],
    rope: Annotated[
        float, typer.Option(min=0.0, max=0.2, help="Shares of right windows this close are equal.")
    ] = 0.01,
    pdf: Annotated[Path | None, typer.Option(help="Write the report to this file.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write every number to this file.")] = None,
    keep: Annotated[str, typer.Option(help="Keep the comparison under this name.")] = "",
    note: Annotated[str, typer.Option(help="A note that is kept with it.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare experiments on whole groups: which is better, for sure or not, and why.

    Refuses, with the reason, where they were tested on different samples or split differently.

    Example: sonde compare 01J...A 01J...B --pdf comparison.pdf
    """
    from sonde.learning.core.comparison.comparison import to_bytes
    from sonde.learning.services import comparison
    from sonde.platform.services.work import unit_of_work

    with telling(), opened_request() as request:
        with unit_of_work(request.ports):
            found = comparison.compare(request.actor, experiments, rope)
            typer.echo(to_bytes(found).decode() if json else comparison_text(found))
            _write(request.actor, experiments, rope, (pdf, csv))
            link = _keep(request.actor, experiments, keep, note) if keep else ""
        if link:
            typer.echo(f"Kept at {link}", err=json)


def comparison_text(found: "Comparison") -> str:
    """Return a comparison as a page of text."""
    from sonde.learning.core.comparison.wording import chosen_words

    lines = [found.sentence, "", f"{'':<{_TITLE}}{'macro-F1':>9}  95 % interval  {'accuracy':>9}"]
    for title, values in zip(found.titles, found.metrics, strict=True):
        score, name = values[0], title[: _TITLE - 2]
        ends = f"{score.low:.3f} - {score.high:.3f}"
        lines.append(f"{name:<{_TITLE}}{score.value:>9.3f}  {ends}  {values[1].value:>9.3f}")
    lines += ["", f"{found.n_units} {found.unit_noun}s, {found.n_rows:,} windows", *found.notes, ""]
    for pair, sentence in zip(found.pairs, found.sentences, strict=True):
        lines += [sentence, f"    {chosen_words(pair)}"]
    return "\n".join([*lines, *([found.overall_sentence] if found.overall_sentence else [])])


def _write(
    actor: "Actor", ids: list[str], rope: float, targets: tuple[Path | None, Path | None]
) -> None:
    from sonde.learning.services import comparison_exports

    makers = (comparison_exports.report, comparison_exports.table)
    for target, make in zip(targets, makers, strict=True):
        if target is not None:
            written(target, make(actor, ids, rope).content)


def _keep(actor: "Actor", ids: list[str], name: str, note: str) -> str:
    from sonde.learning.services import stored_comparisons

    return stored_comparisons.link(stored_comparisons.keep(actor, ids, name, note))
