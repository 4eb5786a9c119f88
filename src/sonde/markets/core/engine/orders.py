"""Orders as people and services see them, and the moves that their states allow."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from sonde.markets.core.engine.layout import (
    KINDS,
    O_ACTIVE,
    O_BEST,
    O_DISTANCE,
    O_EXPIRES,
    O_FILLED,
    O_GROUP,
    O_HELD,
    O_ID,
    O_IN_PPM,
    O_INSTRUMENT,
    O_KIND,
    O_LIMIT,
    O_PARENT,
    O_POST,
    O_QUANTITY,
    O_REDUCE,
    O_SIDE,
    O_STATE,
    O_SUBMITTED,
    O_TAG,
    O_TIF,
    O_TRIGGER,
    O_TRIGGERED,
    PENDING,
    STATES,
    TIMES_IN_FORCE,
    WIDTH,
    Ints,
)
from sonde.platform.core.errors import Invalid

OrderKind = Literal["market", "limit", "stop", "stop_limit", "take_profit", "trailing"]
Force = Literal["GTC", "IOC", "FOK", "GTD"]
MOVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "new": ("accepted", "rejected", "pending"),
        "pending": ("accepted", "rejected", "cancelled"),
        "accepted": ("partially_filled", "filled", "cancelled", "expired"),
        "partially_filled": ("partially_filled", "filled", "cancelled", "expired"),
        "filled": (),
        "cancelled": (),
        "expired": (),
        "rejected": (),
    }
)
"""Which states may follow a state (rule 3.3)."""


@dataclass(frozen=True)
class OrderRequest:
    """One order as it is asked for.

    Parameters
    ----------
    key : str
        Of the instrument, as in "binance:BTCUSDT".
    kind : {"market", "limit", "stop", "stop_limit", "take_profit", "trailing"}
    side : {1, -1}
        Bought or sold.
    quantity : int
        Steps; 0 for the child of a bracket, which follows its entry.
    limit, trigger : int
        Ticks; 0 where the kind needs none.
    distance : int
        Of a trailing stop: ticks, or parts per 10**6 of the price with ``in_ppm``.
    reduce_only, post_only, in_ppm : bool
    force : {"GTC", "IOC", "FOK", "GTD"}
    expires_ms : int
        For GTD, milliseconds UTC.
    tag : int
        Why the order is there: a code of ``backtesting.results.EXIT_REASONS``.

    Raises
    ------
    Invalid
        If a word is unknown or the side is neither 1 nor -1.
    """

    key: str
    kind: OrderKind
    side: int
    quantity: int
    limit: int = 0
    trigger: int = 0
    distance: int = 0
    in_ppm: bool = False
    reduce_only: bool = False
    post_only: bool = False
    force: Force = "GTC"
    expires_ms: int = 0
    tag: int = 0

    def __post_init__(self) -> None:
        """Refuse words that are not there; what prices mean is asked at acceptance."""
        for name, value, known in (
            ("kind", self.kind, KINDS),
            ("force", self.force, TIMES_IN_FORCE),
            ("side", self.side, (1, -1)),
        ):
            if value not in known:
                words = ", ".join(str(one) for one in known)
                raise Invalid(f"{name}={value!r}: give one of {words}.", field=name)
        if self.post_only and self.kind != "limit":
            raise Invalid("Only a limit order can be post-only.", field="post_only")

    def numbers(self, instrument: int) -> Ints:
        """Return the order as a row of the engine's table."""
        row = np.zeros(WIDTH, np.int64)
        row[O_INSTRUMENT], row[O_KIND] = instrument, KINDS.index(self.kind)
        row[O_SIDE], row[O_QUANTITY] = self.side, self.quantity
        has = changeable(self.kind)
        row[O_LIMIT] = self.limit if "limit" in has else 0
        row[O_TRIGGER] = self.trigger if "trigger" in has else 0
        row[O_DISTANCE] = self.distance if "distance" in has else 0
        row[O_IN_PPM], row[O_REDUCE] = self.in_ppm, self.reduce_only
        row[O_POST], row[O_TIF] = self.post_only, TIMES_IN_FORCE.index(self.force)
        row[O_EXPIRES], row[O_TAG] = self.expires_ms, self.tag
        return row


@dataclass(frozen=True)
class OrderView:
    """One order as it stands, or as it ended.

    Parameters
    ----------
    number : int
    key, kind, state, code, force : str
        The code says why it was refused or ended; empty otherwise.
    side, quantity, filled : int
        +1 or -1; steps.
    limit, trigger, distance, best : int
        Ticks (distance also parts per 10**6); 0 for none.
    held : int
        Units that it has set aside.
    submitted_ms, active_from_ms, expires_ms : int
    triggered, reduce_only, post_only, in_ppm : bool
    parent, group, tag : int
        The entry of its bracket and the number of its OCO group, 0 for none.
    """

    number: int
    key: str
    kind: str
    state: str
    code: str
    force: str
    side: int
    quantity: int
    filled: int
    limit: int
    trigger: int
    distance: int
    best: int
    held: int
    submitted_ms: int
    active_from_ms: int
    expires_ms: int
    triggered: bool
    reduce_only: bool
    post_only: bool
    in_ppm: bool
    parent: int
    group: int
    tag: int

    @property
    def is_open(self) -> bool:
        """Return whether it is accepted and has not ended."""
        return self.state in ("accepted", "partially_filled")

    @property
    def has_ended(self) -> bool:
        """Return whether nothing can happen to it any more."""
        return not MOVES[self.state]


def view_of(row: Ints, key: str) -> OrderView:
    """Return a row of the engine's table as a view."""
    return OrderView(
        number=int(row[O_ID]),
        key=key,
        kind=KINDS[row[O_KIND]],
        state=STATES[row[O_STATE]],
        code="",
        force=TIMES_IN_FORCE[row[O_TIF]],
        side=int(row[O_SIDE]),
        quantity=int(row[O_QUANTITY]),
        filled=int(row[O_FILLED]),
        limit=int(row[O_LIMIT]),
        trigger=int(row[O_TRIGGER]),
        distance=int(row[O_DISTANCE]),
        best=int(row[O_BEST]),
        held=int(row[O_HELD]),
        submitted_ms=int(row[O_SUBMITTED]),
        active_from_ms=int(row[O_ACTIVE]),
        expires_ms=int(row[O_EXPIRES]),
        triggered=bool(row[O_TRIGGERED]),
        reduce_only=bool(row[O_REDUCE]),
        post_only=bool(row[O_POST]),
        in_ppm=bool(row[O_IN_PPM]),
        parent=int(row[O_PARENT]),
        group=int(row[O_GROUP]),
        tag=int(row[O_TAG]),
    )


def changeable(kind: str) -> set[str]:
    """Return what an order of its kind has to change (rule 3.7)."""
    has = {
        "quantity": True,
        "limit": kind in ("limit", "stop_limit"),
        "trigger": kind in ("stop", "stop_limit", "take_profit"),
        "distance": kind == "trailing",
    }
    return {name for name, is_there in has.items() if is_there}


def pending(row: Ints) -> Ints:
    """Mark a row as an order that waits to be activated."""
    row[O_STATE] = PENDING
    return row
