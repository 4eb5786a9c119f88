"""The request that is being answered: who asks, under which id. Set by the gate."""

from contextvars import ContextVar
from dataclasses import dataclass

from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import SignedOut
from sonde.platform.core.ports import Ports


@dataclass(frozen=True)
class RequestScope:
    """One request, as the gate saw it.

    Parameters
    ----------
    request_id : str
        Stands in every log line and in every error that a person sees.
    ports : Ports
    signed_in : Actor, optional
        None only on the few public routes.
    session_key : str
        Hash of the session's id; empty where nobody is signed in.
    """

    request_id: str
    ports: Ports
    signed_in: Actor | None = None
    session_key: str = ""

    @property
    def actor(self) -> Actor:
        """The acting person; raises SignedOut."""
        if self.signed_in is None:
            raise SignedOut
        return self.signed_in


REQUEST: ContextVar[RequestScope] = ContextVar("sonde_request")


def current_request() -> RequestScope:
    """Return the request that is being answered; LookupError outside of one."""
    return REQUEST.get()
