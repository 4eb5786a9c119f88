"""What somebody wants to trade, and the order that it becomes.

Every field of a wish has one meaning: a direction, an amount that says what it counts, an entry
price that makes the entry a limit order, and stop and target as prices or percentages. What is
left out comes from the account's risk settings.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from sonde.markets.core.entries import (
    EntryAt,
    EntryKind,
    EntryOrder,
    EntryWish,
    distance_ticks,
    entry_order,
    expected_ticks,
)
from sonde.markets.core.instruments import Instrument, Kind, traded_as
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.facts import Quote, TradeRequest
from sonde.markets.core.risk.settings import RiskSettings
from sonde.markets.core.sides import Side
from sonde.markets.core.ticket import (
    Amount,
    AmountKind,
    LevelKind,
    Terms,
    level_ticks,
    steps_of_amount,
)
from sonde.platform.core.errors import Conflict


@dataclass(frozen=True)
class Level:
    """A stop or a target.

    Parameters
    ----------
    value : Decimal
    kind : LevelKind
    """

    value: Decimal
    kind: LevelKind = LevelKind.PERCENT


@dataclass(frozen=True)
class Wish:
    """A trade that somebody wants.

    Parameters
    ----------
    side : Side
    amount : Amount, optional
        Without one, the settings' position size.
    entry_price : Decimal, optional
        With one, the entry is a limit order at it, or a stop-limit order with a trigger.
    stop, target : Level, optional
        Without them, the settings' percentages, unless `own_levels_only`.
    leverage : Decimal
    confidence : Decimal, optional
    tag : str
        ``manual``, or the strategy that asks.
    own_levels_only : bool
    trail : Decimal, optional
        Distance in price of a stop that follows the best price; it stands in for `stop`.
    entry : EntryWish
        What sets the entry off and how long it holds.
    kind : {"spot", "perpetual"}, optional
        As what the instrument is traded; without one, as what it is.
    """

    side: Side
    amount: Amount | None = None
    entry_price: Decimal | None = None
    stop: Level | None = None
    target: Level | None = None
    leverage: Decimal = field(default=Decimal(1))
    confidence: Decimal | None = None
    tag: str = "manual"
    own_levels_only: bool = False
    trail: Decimal | None = None
    entry: EntryWish = field(default_factory=EntryWish)
    kind: Kind | None = None

    @property
    def waits_for_price(self) -> bool:
        """Whether it says itself at which price it enters."""
        return self.entry_price is not None or self.entry.trigger is not None


@dataclass(frozen=True)
class Plan:
    """A wish in whole steps and ticks.

    Parameters
    ----------
    terms : Terms
    steps : int
    limit_ticks, stop_ticks, target_ticks, trail_ticks : int, optional
    wish : Wish
    entry : EntryOrder
    """

    terms: Terms
    steps: int
    limit_ticks: int | None
    stop_ticks: int | None
    target_ticks: int | None
    wish: Wish
    trail_ticks: int | None = None
    entry: EntryOrder = field(default_factory=EntryOrder)

    @property
    def first_stop_ticks(self) -> int | None:
        """Where the stop stands at the entry; None without one."""
        if self.trail_ticks is None:
            return self.stop_ticks
        return max(1, self.terms.price_ticks - self.wish.side.sign * self.trail_ticks)

    @property
    def request(self) -> TradeRequest:
        """What the gate is asked."""
        one, stop_ticks = self.terms.instrument, self.first_stop_ticks
        return TradeRequest(
            instrument=one,
            side=self.wish.side,
            quantity=one.quantity_of(self.steps),
            price=self.terms.price,
            leverage=self.wish.leverage,
            stop_price=None if stop_ticks is None else one.price_of(stop_ticks),
            target_price=None if self.target_ticks is None else one.price_of(self.target_ticks),
            confidence=self.wish.confidence,
            at_market=self.terms.at_market,
        )


@dataclass(frozen=True)
class Where:
    """Where a wish meets the market.

    Parameters
    ----------
    instrument : Instrument
    currency : Currency
        Of the account.
    quote : Quote, optional
        None where there is no price.
    now_ms : int
        Time of the market's clock, milliseconds UTC.
    """

    instrument: Instrument
    currency: Currency
    quote: Quote | None
    now_ms: int = 0


def planned(wish: Wish, where: Where, free_units: int, settings: RiskSettings) -> Plan:
    """Return the order that a wish becomes.

    Parameters
    ----------
    wish : Wish
    where : Where
    free_units : int
        Free balance of the account.
    settings : RiskSettings

    Returns
    -------
    Plan

    Raises
    ------
    Conflict
        If there is neither a price nor an entry price: nothing is invented.
    Invalid
        If an amount, a price or a leverage cannot be.
    """
    one = where.instrument if wish.kind is None else traded_as(where.instrument, wish.kind)
    limit = None if wish.entry_price is None else one.ticks_of(wish.entry_price)
    last = None if where.quote is None else where.quote.last
    entry = entry_order(wish.entry, wish.entry_price, EntryAt(one, wish.side, last, where.now_ms))
    terms = _terms(wish, replace(where, instrument=one), limit, entry)
    amount = wish.amount or Amount(settings.position_size, AmountKind.CURRENCY)
    stop, target = wish.stop, wish.target
    if not wish.own_levels_only:
        stop = stop or _default(settings.stop_loss_percent)
        target = target or _default(settings.take_profit_percent)
    trail = trail_ticks(stop, terms)
    if wish.trail is not None:
        trail = max(1, one.ticks_of(wish.trail))
    return Plan(
        terms,
        steps_of_amount(amount, terms, free_units),
        limit,
        None if trail else _ticks(stop, terms, is_stop=True),
        _ticks(target, terms, is_stop=False),
        wish,
        trail,
        entry,
    )


def _terms(wish: Wish, where: Where, limit: int | None, entry: EntryOrder) -> Terms:
    """Return the terms at the price that an entry is expected to fill at.

    A limit order that the market meets already fills there, as a taker.
    """
    expected = expected_ticks(wish.side, limit, entry.trigger_ticks)
    is_resting = entry.kind == EntryKind.LIMIT.value
    if expected is None or (is_resting and where.quote is not None):
        met = market_ticks(wish.side, where.instrument, where.quote)
        if expected is None or (expected - met) * wish.side.sign >= 0:
            expected, is_resting = met, False
    return Terms(
        where.instrument, where.currency, wish.side, expected, wish.leverage, not is_resting
    )


def trail_ticks(stop: Level | None, terms: Terms) -> int | None:
    """Return how far a trailing stop follows the price; None for one that stands still."""
    if stop is None or stop.kind is not LevelKind.TRAILING:
        return None
    return distance_ticks(stop.value, terms.price_ticks)


def market_ticks(side: Side, instrument: Instrument, quote: Quote | None) -> int:
    """Return the price that a market order meets: the ask of a buyer, the bid of a seller.

    Raises
    ------
    Conflict
        If there is no price.
    """
    if quote is None:
        raise Conflict(
            f"There is no price of {instrument.key}: start a feed or a replay, or give an "
            "entry price."
        )
    best = quote.ask if side is Side.LONG else quote.bid
    price = quote.last if best is None else best
    return int((price / instrument.tick).to_integral_value())


def _default(percent: Decimal | None) -> Level | None:
    return None if percent is None else Level(percent)


def _ticks(level: Level | None, terms: Terms, *, is_stop: bool) -> int | None:
    if level is None:
        return None
    return level_ticks(level.value, level.kind, terms, is_stop=is_stop)
