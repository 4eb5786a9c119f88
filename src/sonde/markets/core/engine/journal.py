"""The engine's journal: what was asked and what happened, as rows that are only ever appended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sonde.markets.core.engine.layout import (
    CODES,
    E_CODE,
    E_FEE,
    E_GROSS,
    E_INSTRUMENT,
    E_KIND,
    E_MAKER,
    E_ORDER,
    E_QUANTITY,
    E_REFERENCE,
    E_SEQ,
    E_SIDE,
    E_SLIPPAGE,
    E_STATE,
    E_TAG,
    E_TICKS,
    E_TIME,
    EVENTS,
    FIRST_EVENT,
    FIRST_INSTRUMENT,
    N_EVENTS,
    STATES,
    Ints,
)
from sonde.markets.core.engine.listings import EngineSettings


@dataclass(frozen=True)
class Event:
    """One thing that happened in an account.

    Parameters
    ----------
    seq : int
        Counted from 1 without a gap.
    time_ms : int
        Of the bar's open or of the quote, milliseconds UTC.
    kind : str
        accepted, pending, rejected, modified, triggered, fill, cancelled, expired, funding or
        transfer.
    order : int
        0 for a liquidation, funding or a transfer.
    key : str
        Of the instrument; empty for a transfer.
    side, quantity, ticks, reference : int
        Of a fill: +1 or -1, steps, the price paid and the one before slippage in ticks.
    fee, slippage : int
        Units.
    gross : int
        Units: what a fill realised, what funding cost, what a transfer brought.
    maker : bool
    code, state : str
        Why it was refused or ended, and the state of the order after it.
    tag : int
        A code of ``backtesting.results.EXIT_REASONS``.
    """

    seq: int
    time_ms: int
    kind: str
    order: int
    key: str
    side: int
    quantity: int
    ticks: int
    reference: int
    fee: int
    slippage: int
    gross: int
    maker: bool
    code: str
    state: str
    tag: int


@dataclass(frozen=True)
class JournalEntry:
    """One row of the journal: a command with what it was given, or an event that followed.

    Parameters
    ----------
    seq : int
        Counted from 1 without a gap.
    time_ms : int
        Milliseconds UTC.
    kind : str
        The name of the command, or "event".
    facts : Mapping
        Numbers, words, lists and mappings of them: what JSON can hold.
    """

    seq: int
    time_ms: int
    kind: str
    facts: Mapping[str, Any]


def events_of(state: Ints, settings: EngineSettings) -> list[Event]:
    """Return the events that the last step left in the engine's table."""
    first = int(state[0, FIRST_EVENT])
    return [_event(state[at], settings) for at in range(first, first + int(state[0, N_EVENTS]))]


def _event(row: Ints, settings: EngineSettings) -> Event:
    instrument = int(row[E_INSTRUMENT])
    listings = settings.listings
    named = listings[instrument - FIRST_INSTRUMENT].instrument.key if instrument else ""
    return Event(
        seq=int(row[E_SEQ]),
        time_ms=int(row[E_TIME]),
        kind=EVENTS[row[E_KIND]],
        order=int(row[E_ORDER]),
        key=named,
        side=int(row[E_SIDE]),
        quantity=int(row[E_QUANTITY]),
        ticks=int(row[E_TICKS]),
        reference=int(row[E_REFERENCE]),
        fee=int(row[E_FEE]),
        slippage=int(row[E_SLIPPAGE]),
        gross=int(row[E_GROSS]),
        maker=bool(row[E_MAKER]),
        code=CODES[row[E_CODE]],
        state=STATES[row[E_STATE]],
        tag=int(row[E_TAG]),
    )
