"""What ``sonde train`` can be told."""

from typing import Annotated, Any

import typer

from sonde.platform.core.errors import Invalid

Dataset = Annotated[str, typer.Option(help="Id or title of a data set; see sonde choices.")]
Model = Annotated[
    str, typer.Option(help="random-forest, minirocket, cnn-1d ...: any that sonde choices lists.")
]
Split = Annotated[
    str,
    typer.Option(
        help="group-k-fold, leave-one-group-out, stratified-group-hold-out, "
        "leave-one-NAME-out, a protocol of the data, or random-windows (leaky). "
        "Empty: the honest way of the data."
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A setting of the model; repeatable."),
]
Options = Annotated[
    list[str] | None,
    typer.Option(
        "--option", metavar="NAME=VALUE", help="How windows are made: window=12000; repeatable."
    ),
]
Training = Annotated[
    list[str] | None,
    typer.Option("--training", metavar="NAME=VALUE", help="How a deep model learns: epochs=10."),
]
TestFraction = Annotated[float, typer.Option(help="Share of the groups that a hold-out tests on.")]
Folds = Annotated[int, typer.Option(min=2, max=50, help="Folds of group-k-fold.")]
Seed = Annotated[int, typer.Option(min=0, help="Makes everything repeatable.")]
Seeds = Annotated[str, typer.Option(help="Several seeds, such as 0,1,2: one experiment for each.")]
Device = Annotated[str, typer.Option(help="auto, cpu or cuda.")]
Title = Annotated[str, typer.Option(help="Made from model and data where empty.")]
Notes = Annotated[str, typer.Option(help="For people; kept with the experiment.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A tag; repeatable.")]
Leaky = Annotated[
    bool, typer.Option("--leaky", help="Train even if this split leaks; marked as such.")
]
Template = Annotated[
    str, typer.Option(help="Do not train: keep all of this as a template of this name.")
]
OnlyEstimate = Annotated[
    bool, typer.Option("--estimate", help="Only say what it would be worth and cost.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Wait for the result.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def seeds_of(text: str, otherwise: int) -> list[int]:
    """Return the seeds that a text names, or the one that is used otherwise; raises Invalid."""
    try:
        return [int(one) for one in text.split(",")] if text else [otherwise]
    except ValueError:
        raise Invalid(f"Seeds are numbers such as 0,1,2, not {text!r}.", field="seeds") from None


def listed(given: dict[str, Any]) -> dict[str, Any]:
    """Return training settings with lists where lists belong: ``augmentations=noise,shift``."""
    return {
        name: str(value).split(",") if name in {"augmentations", "progressive_resizing"} else value
        for name, value in given.items()
    }
