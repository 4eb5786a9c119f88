"""What somebody wants to trade, and the order that it becomes.

Every field of a wish has one meaning: a direction, an amount that says what it counts, an entry
price that makes the entry a limit order, and stop and target as prices or percentages. What is
left out comes from the account's risk settings.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from sonde.markets.core.instruments import Instrument
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
        With one, the entry is a limit order at it.
    stop, target : Level, optional
        Without them, the settings' percentages, unless `own_levels_only`.
    leverage : Decimal
    confidence : Decimal, optional
    tag : str
        ``manual``, or the strategy that asks.
    own_levels_only : bool
    trail : Decimal, optional
        Distance in price of a stop that follows the best price; it stands in for `stop`.
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


@dataclass(frozen=True)
class Plan:
    """A wish in whole steps and ticks.

    Parameters
    ----------
    terms : Terms
    steps : int
    limit_ticks, stop_ticks, target_ticks, trail_ticks : int, optional
    wish : Wish
    """

    terms: Terms
    steps: int
    limit_ticks: int | None
    stop_ticks: int | None
    target_ticks: int | None
    wish: Wish
    trail_ticks: int | None = None

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
            at_market=self.limit_ticks is None,
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
    """

    instrument: Instrument
    currency: Currency
    quote: Quote | None


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
    one = where.instrument
    limit = None if wish.entry_price is None else one.ticks_of(wish.entry_price)
    terms = Terms(
        one,
        where.currency,
        wish.side,
        limit or market_ticks(wish.side, one, where.quote),
        wish.leverage,
        not limit,
    )
    amount = wish.amount or Amount(settings.position_size, AmountKind.CURRENCY)
    stop, target = wish.stop, wish.target
    if not wish.own_levels_only:
        stop = stop or _default(settings.stop_loss_percent)
        target = target or _default(settings.take_profit_percent)
    return Plan(
        terms,
        steps_of_amount(amount, terms, free_units),
        limit,
        _ticks(stop, terms, is_stop=True),
        _ticks(target, terms, is_stop=False),
        wish,
        None if wish.trail is None else max(1, one.ticks_of(wish.trail)),
    )


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
