"""Quotas: what a person keeps is counted before more of it is stored."""

from sonde.bearings.persistence import quotas as rows
from sonde.platform.core.actor import Actor
from sonde.platform.core.quota import Quota
from sonde.platform.services.work import ports


def used(actor: Actor) -> Quota:
    """Return what the actor keeps: data sets, those in the trash too, and waiting uploads."""
    return rows.used_by(actor.user_id)


def allowed(actor: Actor) -> Quota:
    """Return what the actor may keep."""
    del actor
    return ports().quota


def require_room(actor: Actor, more: Quota) -> None:
    """Raise TooLarge if the actor may not keep that much more.

    Whoever asks at the same time waits until this unit of work ends, so that two together cannot
    keep more than one may.
    """
    rows.lock(actor.user_id)
    allowed(actor).check(rows.used_by(actor.user_id), more)
