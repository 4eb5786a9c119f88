"""Instruments of a workspace: found, made, and known better when somebody says more."""

from dataclasses import replace

from sonde.markets.core.instruments import Instrument
from sonde.markets.persistence import instruments as rows
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid, NotFound


def ensure(actor: Actor, instrument: Instrument, *, is_inferred: bool) -> rows.InstrumentRow:
    """Return the workspace's row of an instrument, made where there is none, held.

    A grid that was read from the decimals of a file gives way to one that somebody states, and
    grows finer with the next file. Raises Forbidden for viewers, Invalid if two stated grids
    differ.
    """
    actor.require(Role.ANALYST)
    row = rows.add(
        instrument,
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        is_inferred=is_inferred,
    )
    known = rows.as_instrument(row)
    if known == instrument:
        return row
    if row.is_inferred:
        better = _finer(known, instrument) if is_inferred else instrument
        rows.change(row.id, better, is_inferred=is_inferred)
    elif not is_inferred:
        _check_same_grid(known, instrument)
    return row


def _finer(known: Instrument, other: Instrument) -> Instrument:
    return replace(known, tick=min(known.tick, other.tick), step=min(known.step, other.step))


def _check_same_grid(known: Instrument, other: Instrument) -> None:
    if (known.tick, known.step) != (other.tick, other.step):
        raise Invalid(
            f"{known.key} is known with a tick of {known.tick} and a step of {known.step}, not "
            f"{other.tick} and {other.step}.",
            field="instrument",
        )


def list_instruments(actor: Actor) -> tuple[Instrument, ...]:
    """Return every instrument that the actor may see, by name."""
    return tuple(rows.as_instrument(row) for row in rows.all_of(actor.workspace_ids))


def get(actor: Actor, key: str) -> Instrument:
    """Return the instrument ``venue:SYMBOL``; raises NotFound."""
    venue, _, symbol = key.partition(":")
    row = rows.find(venue, symbol, actor.workspace_ids)
    if row is None:
        raise NotFound(f"There is no instrument {key}; import its prices first.", field="symbol")
    return rows.as_instrument(row)
