"""The ticket: an amount becomes a quantity, percentages become prices, and costs are shown before.

One meaning for every number: an amount says whether it is money, coins or a share of what is free,
and becomes whole steps; stop and target become whole ticks. Nothing here is a float.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from sonde.markets.core.instruments import Instrument, unit_value
from sonde.markets.core.liquidation import liquidation_price
from sonde.markets.core.money import Currency, fee, notional
from sonde.markets.core.sides import Side
from sonde.platform.core.errors import Invalid


class AmountKind(StrEnum):
    """What an amount counts."""

    CURRENCY = "currency"
    COINS = "coins"
    PERCENT = "percent"


class LevelKind(StrEnum):
    """How a stop or a target is told; a trailing stop follows the price at so many percent."""

    PRICE = "price"
    PERCENT = "percent"
    TRAILING = "trailing"


@dataclass(frozen=True)
class Amount:
    """How much to trade.

    Parameters
    ----------
    value : Decimal
        Above 0.
    kind : AmountKind
        The notional in the account's currency; coins; or percent of the free balance, fee
        included and multiplied by the leverage.

    Raises
    ------
    Invalid
        If it is not above 0, or a percentage above 100.
    """

    value: Decimal
    kind: AmountKind

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value <= 0:
            raise Invalid(f"The amount must be above 0, not {self.value}.", field="amount")
        if self.kind is AmountKind.PERCENT and self.value > 100:
            raise Invalid(f"At most 100 % of the balance, not {self.value} %.", field="amount")


@dataclass(frozen=True)
class Terms:
    """What a trade would be made under.

    Parameters
    ----------
    instrument : Instrument
    currency : Currency
        The account's; the instrument's quote.
    side : Side
    price_ticks : int
        At which it is expected to fill.
    leverage : Decimal
    at_market : bool
        Whether the taker's fee is paid, else the maker's.

    Raises
    ------
    Invalid
        If the account's currency is not what the instrument is paid in, or the price is not
        above 0.
    """

    instrument: Instrument
    currency: Currency
    side: Side
    price_ticks: int
    leverage: Decimal
    at_market: bool = True

    def __post_init__(self) -> None:
        if self.currency.code != self.instrument.quote:
            raise Invalid(
                f"{self.instrument.symbol} is paid in {self.instrument.quote}; this account has "
                f"{self.currency.code}.",
                field="symbol",
            )
        if self.price_ticks <= 0:
            raise Invalid("There is no price above 0 to trade at.", field="price")

    @property
    def price(self) -> Decimal:
        """The price in quote currency."""
        return self.instrument.price_of(self.price_ticks)

    @property
    def fee_parts(self) -> int:
        """Fee of the entry, parts per 10**9."""
        fees = self.instrument.fees
        return fees.taker_parts if self.at_market else fees.maker_parts


@dataclass(frozen=True)
class Preview:
    """What a ticket would cost and could bring, in units of the account's currency.

    Parameters
    ----------
    steps : int
    notional_units, margin_units, fee_units : int
    loss_at_stop_units, gain_at_target_units : int, optional
        Net of both fees; None without the level. A loss is positive.
    reward_to_risk : Decimal, optional
    liquidation : Decimal, optional
        Price; None where no price liquidates.
    break_even : Decimal
        Price at which both fees are earned.
    """

    steps: int
    notional_units: int
    margin_units: int
    fee_units: int
    loss_at_stop_units: int | None
    gain_at_target_units: int | None
    reward_to_risk: Decimal | None
    liquidation: Decimal | None
    break_even: Decimal


def steps_of_amount(amount: Amount, terms: Terms, free_units: int) -> int:
    """Return the whole steps that an amount buys, rounded down.

    Parameters
    ----------
    amount : Amount
    terms : Terms
    free_units : int
        Free balance, for percentages.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    Invalid
        If the amount is less than one step; the message says what one step costs.

    Examples
    --------
    >>> from sonde.markets.core.instruments import FEE_PRESETS
    >>> btc = Instrument("binance", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"),
    ...                  Decimal(5), FEE_PRESETS["binance"])
    >>> terms = Terms(btc, Currency("USDT"), Side.LONG, 5_000_000, Decimal(1))
    >>> steps_of_amount(Amount(Decimal(100), AmountKind.CURRENCY), terms, 0)
    200
    >>> steps_of_amount(Amount(Decimal("0.1"), AmountKind.COINS), terms, 0)
    10000
    """
    one = terms.instrument
    if amount.kind is AmountKind.COINS:
        steps = one.steps_within(amount.value)
    elif amount.kind is AmountKind.CURRENCY:
        steps = one.steps_within(amount.value / terms.price)
    else:
        units = int(Decimal(free_units) * amount.value / 100)
        steps = steps_that_cost(units, terms)
    if steps < 1:
        cost = one.step * terms.price
        raise Invalid(
            f"This amount is less than the smallest quantity, {one.step:f} {one.base} "
            f"({cost:f} {one.quote} at {terms.price:f}).",
            field="amount",
        )
    return steps


def steps_that_cost(units: int, terms: Terms) -> int:
    """Return the most steps whose margin and entry fee are at most so many units."""
    one_step = terms.price_ticks * unit_value(terms.instrument, terms.currency)
    share = 1 / terms.leverage + Decimal(terms.fee_parts) / 10**9
    steps = max(0, int(Decimal(units) / (one_step * share)))
    while steps and cost_of(steps, terms) > units:
        steps -= 1
    return steps


def cost_of(steps: int, terms: Terms) -> int:
    """Return margin and entry fee of a quantity, in units, each rounded up."""
    value = notional(terms.price_ticks, steps, unit_value(terms.instrument, terms.currency))
    return _margin(value, terms.leverage) + fee(value, terms.fee_parts)


def level_ticks(value: Decimal, kind: LevelKind, terms: Terms, *, is_stop: bool) -> int:
    """Return the ticks of a stop or a target.

    A percentage that falls between two ticks is rounded so that a stop loses no more, and a target
    gains no less, than was asked.

    Raises
    ------
    Invalid
        If a price is off the grid, or a percentage is not above 0 or leads to no price.

    Examples
    --------
    >>> from sonde.markets.core.instruments import FEE_PRESETS
    >>> btc = Instrument("binance", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"),
    ...                  Decimal(5), FEE_PRESETS["binance"])
    >>> terms = Terms(btc, Currency("USDT"), Side.LONG, 5_000_000, Decimal(1))
    >>> level_ticks(Decimal(1), LevelKind.PERCENT, terms, is_stop=True)
    4950000
    """
    what = "stop" if is_stop else "target"
    if kind is LevelKind.TRAILING:
        raise Invalid("Only a stop trails; give the target as a price or in percent.", field=what)
    if kind is LevelKind.PRICE:
        ticks = terms.instrument.ticks_of(value)
    else:
        if not value.is_finite() or value <= 0:
            raise Invalid(f"The {what} must be more than 0 % away, not {value}.", field=what)
        way = -terms.side.sign if is_stop else terms.side.sign
        exact = terms.price_ticks * (1 + way * value / 100)
        up = terms.side is Side.LONG
        ticks = int(exact.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))
    if ticks <= 0:
        raise Invalid(f"The {what} would be at a price that is not above 0.", field=what)
    return ticks


def preview(
    steps: int, terms: Terms, stop_ticks: int | None = None, target_ticks: int | None = None
) -> Preview:
    """Return what a ticket would cost and could bring, before anything is sent.

    Notes
    -----
    Break-even of a long is :math:`e (1 + f_1) / (1 - f_2)`, of a short :math:`e (1 - f_1) /
    (1 + f_2)`, with the fees of entry and exit as fractions.
    """
    each = unit_value(terms.instrument, terms.currency)
    value = notional(terms.price_ticks, steps, each)
    entry_fee = fee(value, terms.fee_parts)
    lost = None if stop_ticks is None else -_result(steps, terms, stop_ticks)
    won = None if target_ticks is None else _result(steps, terms, target_ticks)
    has_ratio = lost is not None and won is not None and lost > 0
    return Preview(
        steps=steps,
        notional_units=value,
        margin_units=_margin(value, terms.leverage),
        fee_units=entry_fee,
        loss_at_stop_units=lost,
        gain_at_target_units=won,
        reward_to_risk=Decimal(won or 0) / Decimal(lost or 1) if has_ratio else None,
        liquidation=liquidation_price(
            terms.side, terms.price, terms.leverage, terms.instrument.maintenance_rate
        ),
        break_even=_break_even(terms),
    )


def _result(steps: int, terms: Terms, exit_ticks: int) -> int:
    each = unit_value(terms.instrument, terms.currency)
    entry, leave = (notional(ticks, steps, each) for ticks in (terms.price_ticks, exit_ticks))
    fees = fee(entry, terms.fee_parts) + fee(leave, terms.instrument.fees.taker_parts)
    return (leave - entry) * terms.side.sign - fees


def _break_even(terms: Terms) -> Decimal:
    entry, leave = Decimal(terms.fee_parts) / 10**9, terms.instrument.fees.taker
    way = terms.side.sign
    exact = terms.price * (1 + way * entry) / (1 - way * leave)
    up = ROUND_CEILING if terms.side is Side.LONG else ROUND_FLOOR
    return (exact / terms.instrument.tick).to_integral_value(up) * terms.instrument.tick


def _margin(value: int, leverage: Decimal) -> int:
    return int((Decimal(value) / leverage).to_integral_value(ROUND_CEILING))
