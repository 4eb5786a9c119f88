"""The command ``sonde``: every part's commands, and those that run the product."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde import __version__
from sonde.app.domains import PARTS
from sonde.platform.core.errors import Invalid, NotFound, SondeError
from sonde.platform.core.parts import Parts

if TYPE_CHECKING:
    from sonde.platform.core.ports import Ports

_FAILED, _BAD_INPUT = 1, 2

_ABOUT = """Sonde turns signals into evidence.

Look at one recording, without a server:

  sonde diagnose 105.mat --bearing 6205-2RS --rpm 1797 --sampling-rate 12000

Start everything (database, broker, web, workers) with one command and open the printed link:

  sonde up

Then, in a second terminal, in the same folder:

  sonde import-recordings FOLDER --name CWRU

  sonde train --dataset CWRU --model random-forest --wait

Every command explains itself: sonde COMMAND --help
"""

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Folder of the installation; else SONDE_HOME, else .sonde in the present folder.",
    ),
]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sonde {__version__}")
        raise typer.Exit


def _begin(
    context: typer.Context,
    home: HomeOption = None,
    as_email: Annotated[
        str,
        typer.Option(
            "--as", metavar="E-MAIL", help="Act as this person, not as the first administrator."
        ),
    ] = "",
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    context.obj = home
    if context.invoked_subcommand in _WITHOUT_SERVER:
        return
    from sonde.platform.services.local import LOCAL, LocalAccess

    LOCAL.set(LocalAccess(cache(lambda: _connect(home)), as_email))


def _connect(home: Path | None) -> "Ports":
    """Reach the installation that runs in `home`; raises Unavailable where none does."""
    from sonde.app.runtime import build_ports
    from sonde.app.settings import load_settings, read_settings
    from sonde.app.supervisor.home import is_in_use

    settings = read_settings(**_given(home=home))
    # What a killed supervisor noted leads nowhere.
    if is_in_use(settings.home):
        settings = load_settings(home=settings.home)
    return build_ports(settings, PARTS)


def _given(**options: object) -> dict[str, object]:
    return {name: value for name, value in options.items() if value is not None}


def up(
    context: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port of the web server; else SONDE_PORT, else 8050."),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Start everything and keep it running until Ctrl-C.

    Starts PostgreSQL and Valkey, migrates, starts the web server, workers and beat,
    and prints where to go: on the first start with a link that signs you in.

    DATABASE_URL, BROKER_URL, CACHE_URL and FILES_URL replace the embedded parts.

    Example: sonde up --port 9000 --home /srv/sonde
    """
    from sonde.app.settings import read_settings
    from sonde.app.supervisor.run import run_product

    settings = read_settings(**_given(port=port, home=home or context.obj))
    typer.echo(f"Sonde {__version__} in {settings.home}")
    run_product(settings, typer.echo)


def doctor(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check versions, port, disk, home folder and servers; status 1 if something is wrong.

    Asks the servers the same questions as /readyz and the home page.
    """
    from sonde.app.doctor import examine, report
    from sonde.app.settings import load_settings

    findings = examine(load_settings(**_given(home=context.obj)))
    report(findings, typer.echo, as_json=json)
    if any(finding.is_bad for finding in findings):
        raise typer.Exit(_FAILED)


_OWN: tuple[tuple[str, Callable[..., Any]], ...] = (("up", up), ("doctor", doctor))
# These need no installation, so they never load what reaches one.
_WITHOUT_SERVER = ("up", "doctor", "diagnose", "backtest")


def build(parts: Parts = PARTS) -> typer.Typer:
    """Build the command with the commands of every part."""
    app = typer.Typer(
        help=_ABOUT,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_begin)
    for name, command in _OWN:
        app.command(name, rich_help_panel="The product")(command)
    for part in parts.every:
        for name, command in part.commands():
            if isinstance(command, typer.Typer):
                app.add_typer(command, name=name, rich_help_panel=part.title)
            else:
                app.command(name, rich_help_panel=part.title)(command)
    return app


def main() -> None:
    """Run ``sonde``; what goes wrong is told in one line."""
    try:
        build()()
    except SondeError as error:
        typer.echo(" ".join(error.message.split()), err=True)
        sys.exit(_BAD_INPUT if isinstance(error, (Invalid, NotFound)) else _FAILED)


if __name__ == "__main__":
    main()
