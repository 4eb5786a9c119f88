"""Commands on the machine itself: who can read the home folder acts as its administrator."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sonde.platform.core.errors import Unavailable
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.ports import Ports
from sonde.platform.services import accounts
from sonde.platform.services.request import REQUEST, RequestScope
from sonde.platform.services.work import unit_of_work


@dataclass(frozen=True)
class LocalAccess:
    """How a command reaches the installation; handed down by the command line.

    Parameters
    ----------
    connect : callable
        Builds what is outside; raises Unavailable where nothing runs.
    as_email : str
        Whom to act as; empty means the first administrator.
    """

    connect: Callable[[], Ports]
    as_email: str = ""


LOCAL: ContextVar[LocalAccess] = ContextVar("sonde_local")


@contextmanager
def local_request() -> Iterator[RequestScope]:
    """Open a request of the person at this machine; units of work are opened inside.

    Raises Unavailable where nothing runs, NotFound if nobody has the address asked for.
    """
    access = LOCAL.get(None)
    if access is None:
        raise Unavailable("This command reaches an installation through 'sonde'.")
    outside = access.connect()
    with unit_of_work(outside):
        if access.as_email:
            actor = accounts.actor_by_email(access.as_email)
        else:
            actor = accounts.actor_for(accounts.first_administrator().id)
    request = RequestScope(request_id=new_id(), ports=outside, signed_in=actor)
    token = REQUEST.set(request)
    try:
        yield request
    finally:
        REQUEST.reset(token)
