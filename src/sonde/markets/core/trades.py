"""A trade: what was asked for, what came of it, and what may still be done with it.

::

    pending --> open --> closing --> closed
       |          |---------------->
       '--> cancelled

A pending trade waits to be activated, or for its entry to fill. A closing one waits for its exit
to fill; what is left of it when the exit ends without that is open again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from sonde.markets.core.entries import EntryOrder, expected_ticks
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import fee
from sonde.markets.core.sides import Side
from sonde.platform.core.errors import Conflict, Invalid


class TradeState(StrEnum):
    """Where a trade stands."""

    PENDING = "pending"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen to the trade any more."""
        return self in (TradeState.CLOSED, TradeState.CANCELLED)


class Action(StrEnum):
    """What a person may do with a trade."""

    ACTIVATE = "activate"
    MODIFY = "modify"
    REDUCE = "close a part of"
    CLOSE = "close"
    CANCEL = "cancel"


STOP_REASONS = frozenset({"stop", "trailing stop", "liquidation"})

_ALLOWED: Mapping[Action, frozenset[TradeState]] = MappingProxyType(
    {
        Action.ACTIVATE: frozenset({TradeState.PENDING}),
        Action.MODIFY: frozenset({TradeState.PENDING, TradeState.OPEN}),
        Action.REDUCE: frozenset({TradeState.OPEN}),
        Action.CLOSE: frozenset({TradeState.OPEN}),
        Action.CANCEL: frozenset({TradeState.PENDING}),
    }
)


@dataclass(frozen=True)
class Trade:
    """One trade of an account.

    Parameters
    ----------
    id, symbol : str
        The symbol is the instrument's key.
    side : Side
    wanted_steps : int
        What was asked for, in steps of the instrument.
    asked_ms : int
        When, milliseconds UTC.
    leverage : Decimal
    limit_ticks, stop_ticks, target_ticks : int, optional
        A limit makes the entry a limit order; stop and target guard what is open.
    trail_ticks : int, optional
        Distance of a stop that follows the best price; it stands in for a fixed one.
    entry : EntryOrder
        What sets the entry off and how long it holds.
    is_placed : bool
        Whether the entry has been handed to the engine.
    state : TradeState
    filled_steps, closed_steps : int
        Of the entry, and of the exits.
    entry_weight, exit_weight : int
        Sums of ticks times steps.
    fees_units, funding_units, slippage_units : int
        Slippage is inside the prices; it is counted, not subtracted again.
    opened_ms, closed_ms : int, optional
        First entry fill, last exit fill.
    exit_reason : str
        Of the last exit fill, or why it was cancelled; empty before.
    tag : str
        ``manual``, or the strategy that asked.
    confidence : Decimal, optional
    """

    id: str
    symbol: str
    side: Side
    wanted_steps: int
    asked_ms: int
    leverage: Decimal = field(default=Decimal(1))
    limit_ticks: int | None = None
    stop_ticks: int | None = None
    target_ticks: int | None = None
    is_placed: bool = False
    state: TradeState = TradeState.PENDING
    filled_steps: int = 0
    closed_steps: int = 0
    entry_weight: int = 0
    exit_weight: int = 0
    fees_units: int = 0
    funding_units: int = 0
    slippage_units: int = 0
    opened_ms: int | None = None
    closed_ms: int | None = None
    exit_reason: str = ""
    tag: str = "manual"
    confidence: Decimal | None = None
    trail_ticks: int | None = None
    entry: EntryOrder = field(default_factory=EntryOrder)

    @property
    def open_steps(self) -> int:
        """What is held now, in steps."""
        return self.filled_steps - self.closed_steps

    @property
    def entry_kind(self) -> str:
        """The kind of order that enters."""
        return self.entry.kind or ("market" if self.limit_ticks is None else "limit")

    @property
    def asked_ticks(self) -> int | None:
        """The price that the entry waits for; None where it is the market's."""
        return expected_ticks(self.side, self.limit_ticks, self.entry.trigger_ticks)

    def first_stop_ticks(self, entry_ticks: int) -> int | None:
        """Return where the stop stands when the entry fills at a price; None without one."""
        if self.trail_ticks is None:
            return self.stop_ticks
        return max(1, entry_ticks - self.side.sign * self.trail_ticks)

    def entry_price(self, instrument: Instrument) -> Decimal | None:
        """Return the average price of the entry; None before the first fill."""
        return _average(self.entry_weight, self.filled_steps, instrument)

    def exit_price(self, instrument: Instrument) -> Decimal | None:
        """Return the average price of the exits; None before the first."""
        return _average(self.exit_weight, self.closed_steps, instrument)

    def gross_units(self, unit_value: int) -> int:
        """Return what the closed part made before fees, rounded down to a unit of money.

        ``side * (exits - entry * closed / filled)``: exact once everything is closed.
        """
        if not self.filled_steps:
            return 0
        made = self.exit_weight * self.filled_steps - self.entry_weight * self.closed_steps
        return self.side.sign * made * unit_value // self.filled_steps

    def net_units(self, unit_value: int) -> int:
        """Return gross less fees and funding."""
        return self.gross_units(unit_value) - self.fees_units - self.funding_units


@dataclass(frozen=True)
class TradeFill:
    """A fill that belongs to a trade.

    Parameters
    ----------
    is_exit : bool
    steps, ticks, fee_units : int
        Steps and ticks positive.
    time_ms : int
    reason : str
        Of an exit.
    slippage_units : int
        What spread and slippage cost; inside the price.
    """

    is_exit: bool
    steps: int
    ticks: int
    fee_units: int
    time_ms: int
    reason: str = ""
    slippage_units: int = 0


@dataclass(frozen=True)
class LiveResult:
    """What a trade would be worth if it were closed at a price now.

    Parameters
    ----------
    gross_units, fees_units, net_units : int
        Of the closed and the open part; fees include the one of closing, funding is among them.
    percent : Decimal, optional
        Net, of the entry's notional; None before the first fill.
    """

    gross_units: int
    fees_units: int
    net_units: int
    percent: Decimal | None


def other_side(trade: Trade) -> str:
    """Say why a trade of the other side cannot be opened beside one."""
    return (
        f"You are {trade.side} in {trade.symbol}: close or cancel that first. "
        "All trades of a symbol look the same way."
    )


def allow(trade: Trade, action: Action) -> None:
    """Do nothing where the action is possible.

    Raises
    ------
    Conflict
        If the trade is not in a state for it; the message says which it is in.

    Examples
    --------
    >>> allow(Trade("t", "x:BTC", Side.LONG, 5, 0), Action.CLOSE)
    Traceback (most recent call last):
    sonde.platform.core.errors.Conflict: You cannot close a trade that is pending.
    """
    if trade.state not in _ALLOWED[action]:
        raise Conflict(f"You cannot {action} a trade that is {trade.state}.", state=trade.state)
    if action is Action.ACTIVATE and trade.is_placed:
        raise Conflict("This trade is active already; its order waits to be filled.")


def filled(trade: Trade, fill: TradeFill) -> Trade:
    """Return the trade after one of its orders was filled.

    Raises
    ------
    Invalid
        If the fill is empty, or closes more than is open.
    Conflict
        If the trade has ended.

    Examples
    --------
    >>> asked = Trade("t", "x:BTC", Side.LONG, 5, 0, is_placed=True)
    >>> bought = filled(asked, TradeFill(False, 5, 100, 1, 10))
    >>> sold = filled(bought, TradeFill(True, 5, 110, 1, 20, "target"))
    >>> sold.state, sold.gross_units(unit_value=1), sold.net_units(unit_value=1)
    (<TradeState.CLOSED: 'closed'>, 50, 48)
    """
    if trade.state.is_final:
        raise Conflict(f"This trade is {trade.state}; nothing of it can be filled any more.")
    if fill.steps <= 0 or fill.ticks <= 0:
        raise Invalid("A fill has a quantity and a price above 0.")
    trade = replace(
        trade,
        fees_units=trade.fees_units + fill.fee_units,
        slippage_units=trade.slippage_units + fill.slippage_units,
    )
    return _left(trade, fill) if fill.is_exit else _entered(trade, fill)


def entry_ended(trade: Trade, time_ms: int, reason: str) -> Trade:
    """Return the trade after its entry ended; without any fill it is cancelled."""
    if trade.filled_steps or trade.state.is_final:
        return trade
    return replace(trade, state=TradeState.CANCELLED, closed_ms=time_ms, exit_reason=reason)


def lessened(trade: Trade, steps: int) -> Trade:
    """Return a trade of which so much less is wanted: the other of two entries has filled it.

    One that is left with nothing stays as it was asked for; it is cancelled.

    Examples
    --------
    >>> lessened(Trade("t", "x:BTC", Side.LONG, 5, 0, filled_steps=3), 4).wanted_steps
    3
    """
    left = max(trade.wanted_steps - steps, trade.filled_steps)
    return replace(trade, wanted_steps=left) if left else trade


def part_of(trade: Trade, part: Decimal) -> int:
    """Return the steps that a part of what is open has, rounded down, at least one.

    Raises
    ------
    Invalid
        If the part is not above 0 and at most 1.

    Examples
    --------
    >>> part_of(Trade("t", "x:BTC", Side.LONG, 5, 0, filled_steps=5), Decimal("0.5"))
    2
    """
    if not 0 < part <= 1:
        raise Invalid(f"Close a part above 0 % and at most 100 %, not {part * 100:f} %.")
    return max(1, int(trade.open_steps * part))


def given_up(trade: Trade, time_ms: int, reason: str) -> Trade:
    """Return a trade that was ended without its orders: its account was reset."""
    return replace(trade, state=TradeState.CANCELLED, closed_ms=time_ms, exit_reason=reason)


def exit_asked(trade: Trade, reason: str) -> Trade:
    """Return the trade while an order for all of it waits to be filled."""
    return replace(trade, state=TradeState.CLOSING, exit_reason=reason)


def exit_ended(trade: Trade) -> Trade:
    """Return the trade after its exit order ended; what is still held is open again."""
    if trade.state is TradeState.CLOSING and trade.open_steps:
        return replace(trade, state=TradeState.OPEN)
    return trade


def live_result(trade: Trade, price_ticks: int, unit_value: int, taker_parts: int) -> LiveResult:
    """Return the result of a trade at a price, the fee of closing included.

    Parameters
    ----------
    trade : Trade
    price_ticks : int
        At which it would close.
    unit_value : int
        Units of money per tick and step.
    taker_parts : int
        Fee of closing, parts per 10**9.

    Examples
    --------
    >>> bought = Trade("t", "x:BTC", Side.SHORT, 10, 0, filled_steps=10, entry_weight=1000)
    >>> live_result(bought, 95, 1, 0)
    LiveResult(gross_units=50, fees_units=0, net_units=50, percent=Decimal('5.00'))
    """
    held = trade.open_steps
    closing = fee(price_ticks * held * unit_value, taker_parts)
    whole = replace(
        trade,
        closed_steps=trade.filled_steps,
        exit_weight=trade.exit_weight + price_ticks * held,
    )
    gross = whole.gross_units(unit_value)
    fees = trade.fees_units + trade.funding_units + closing
    cost = trade.entry_weight * unit_value
    percent = Decimal(gross - fees) / cost * 100 if cost else None
    return LiveResult(gross, fees, gross - fees, percent)


def _entered(trade: Trade, fill: TradeFill) -> Trade:
    if trade.filled_steps + fill.steps > trade.wanted_steps:
        raise Invalid("A trade cannot be filled with more than was asked for.")
    return replace(
        trade,
        state=TradeState.OPEN if trade.state is TradeState.PENDING else trade.state,
        filled_steps=trade.filled_steps + fill.steps,
        entry_weight=trade.entry_weight + fill.ticks * fill.steps,
        opened_ms=fill.time_ms if trade.opened_ms is None else trade.opened_ms,
    )


def _left(trade: Trade, fill: TradeFill) -> Trade:
    if fill.steps > trade.open_steps:
        raise Invalid(f"Only {trade.open_steps} steps of this trade are open, not {fill.steps}.")
    is_over = fill.steps == trade.open_steps
    return replace(
        trade,
        state=TradeState.CLOSED if is_over else trade.state,
        closed_steps=trade.closed_steps + fill.steps,
        exit_weight=trade.exit_weight + fill.ticks * fill.steps,
        closed_ms=fill.time_ms if is_over else None,
        exit_reason=fill.reason or trade.exit_reason,
    )


def _average(weight: int, steps: int, instrument: Instrument) -> Decimal | None:
    return instrument.tick * weight / steps if steps else None
