"""``sonde strategies``: what can be used, and strategies of your own added and withdrawn."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sonde.platform.core.errors import SondeError

STRATEGIES = typer.Typer(help="List strategies; add and withdraw your own.")


@STRATEGIES.callback(invoke_without_command=True)
def strategies(context: typer.Context) -> None:
    """List strategies; add and withdraw your own."""
    if context.invoked_subcommand is None:
        list_strategies()


@STRATEGIES.command("list")
def list_strategies() -> None:
    """List every strategy that can be used, and how your own stand."""
    from sonde.markets.services import strategies as known
    from sonde.markets.services import user_strategies
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    try:
        with local_request() as request, unit_of_work(request.ports):
            usable, own = known.listed(), user_strategies.mine(request.actor)
    except SondeError as error:
        _refuse(error)
    for one in usable:
        typer.echo(f"{one.name:<28}{one.title}")
    for version in own:
        if version.state != "ready":
            named = f"{version.name}@{version.version}"
            typer.echo(f"{named:<28}{version.state}. {version.reason}".rstrip())


@STRATEGIES.command()
def add(
    file: Annotated[Path, typer.Argument(help="Python with exactly one class; see the guide.")],
) -> None:
    """Load a strategy of your own; a job proves it before it can be used.

    Example: sonde strategies add dip.py
    """
    from sonde.markets.services import user_strategies
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    try:
        source = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"{file} cannot be read: {error}", err=True)
        raise typer.Exit(2) from None
    try:
        with local_request() as request, unit_of_work(request.ports):
            made = user_strategies.upload(request.actor, source)
    except SondeError as error:
        _refuse(error)
    typer.echo(f"{made.name}@{made.version}: {made.state}. 'sonde strategies' says how it stands.")


@STRATEGIES.command()
def withdraw(name: Annotated[str, typer.Argument(help="Such as dip-in-uptrend.")]) -> None:
    """Let nobody use a strategy any more; results that are there stay."""
    from sonde.markets.services import user_strategies
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    try:
        with local_request() as request, unit_of_work(request.ports):
            count = user_strategies.withdraw(request.actor, name)
    except SondeError as error:
        _refuse(error)
    typer.echo(f"Withdrawn: {name}, {count} versions.")


def _refuse(error: SondeError) -> NoReturn:
    typer.echo(" ".join(error.message.split()), err=True)
    raise typer.Exit(2) from None
