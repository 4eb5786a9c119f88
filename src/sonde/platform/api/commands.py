"""Commands of the platform: people and their way in; heavy imports wait until a command runs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sonde.platform.core.actor import Actor

users = typer.Typer(
    name="users",
    no_args_is_help=True,
    help="See, add and change people, and give them sign-in links.\n\n"
    "Example: sonde users add ada@example.org --name 'Ada Lovelace' --role analyst",
)

_Email = Annotated[str, typer.Argument(metavar="E-MAIL")]
_Role = Annotated[str, typer.Option(help="viewer, analyst or admin.")]


@contextmanager
def _acting() -> Iterator["Actor"]:
    """Open a request and one unit of work of the person at this machine."""
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    with local_request() as request, unit_of_work(request.ports):
        yield request.actor


@users.command("list")
def list_people() -> None:
    """List everybody with role and last sign-in."""
    from sonde.platform.services import accounts

    with _acting() as actor:
        people = accounts.list_users(actor)
    for user in people:
        seen = f"{user.last_signed_in_at:%Y-%m-%d %H:%M} UTC" if user.last_signed_in_at else "never"
        state = "" if user.is_active else "  switched off"
        typer.echo(f"{user.email}  {user.role.value}  {user.name}  signed in: {seen}{state}")


@users.command("add")
def add_person(
    email: _Email, name: Annotated[str, typer.Option()], role: _Role = "analyst"
) -> None:
    """Add a person and print a link with which they sign in for the first time."""
    from sonde.platform.services import accounts

    with _acting() as actor:
        user = accounts.create_user(actor, email=email, name=name, role=_role(role))
        _print_link(user.id)


@users.command("link")
def print_link(
    email: _Email = "",
    forget_password: Annotated[
        bool, typer.Option(help="Take the lost password away, so that a new one can be set.")
    ] = False,
) -> None:
    """Print a one-time sign-in link, for who has lost the password; empty: for yourself."""
    from sonde.platform.services import accounts

    with _acting() as actor:
        user_id = accounts.find_user(actor, email).id if email else actor.user_id
        if forget_password:
            accounts.forget_password(actor, user_id)
        _print_link(user_id)


@users.command("role")
def change_role(email: _Email, role: Annotated[str, typer.Argument()]) -> None:
    """Give a person another role."""
    from sonde.platform.services import accounts

    with _acting() as actor:
        user = accounts.find_user(actor, email)
        accounts.change_role(actor, user.id, _role(role))
    typer.echo(f"{user.email} is {role} now.")


@users.command("off")
def switch_off(email: _Email) -> None:
    """Switch an account off; its sessions end at once."""
    _switch(email, active=False)


@users.command("on")
def switch_on(email: _Email) -> None:
    """Switch an account on again."""
    _switch(email, active=True)


def _switch(email: str, *, active: bool) -> None:
    from sonde.platform.services import accounts

    with _acting() as actor:
        user = accounts.find_user(actor, email)
        accounts.set_active(actor, user.id, active=active)
    typer.echo(f"{user.email} is switched {'on' if active else 'off'}.")


def _role(name: str) -> Any:
    from sonde.platform.core.actor import Role
    from sonde.platform.core.errors import Invalid

    try:
        return Role(name)
    except ValueError:
        raise Invalid(f"There is no role {name!r}; choose viewer, analyst or admin.") from None


def _print_link(user_id: str) -> None:
    from sonde.platform.services import sessions

    typer.echo(f"/sign-in/link/{sessions.issue_link(user_id)}")
    typer.echo("Append it to the address of this installation. It works once, for 24 hours.")


COMMANDS: Sequence[tuple[str, Callable[..., Any] | typer.Typer]] = (("users", users),)
