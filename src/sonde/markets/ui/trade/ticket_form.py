"""What the fields of a ticket say, as a wish."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sonde.markets.core.sides import side_named
from sonde.markets.core.ticket import Amount, AmountKind, LevelKind
from sonde.markets.core.wishes import Level, Wish
from sonde.markets.ui.trade.ids import TicketId
from sonde.platform.core.errors import Invalid

FIELDS: Final = (
    TicketId.SIDE,
    TicketId.AMOUNT,
    TicketId.KIND,
    TicketId.TYPE,
    TicketId.PRICE,
    TicketId.STOP,
    TicketId.STOP_KIND,
    TicketId.TARGET,
    TicketId.TARGET_KIND,
    TicketId.LEVERAGE,
)


def wish_of(fields: Mapping[TicketId, Any]) -> Wish:
    """Return the wish of a ticket; what is left empty comes from the risk settings.

    Raises Invalid for what is no number, and for a limit order without a price.

    Examples
    --------
    >>> wish_of({TicketId.SIDE: "short", TicketId.AMOUNT: "1,000.5"}).amount
    Amount(value=Decimal('1000.5'), kind=<AmountKind.CURRENCY: 'currency'>)
    """
    amount = number_of(fields.get(TicketId.AMOUNT), "amount")
    price = None
    if fields.get(TicketId.TYPE) == "limit":
        price = number_of(fields.get(TicketId.PRICE), "price")
        if price is None:
            raise Invalid("A limit order needs its price.", field="price")
    kind = AmountKind(fields.get(TicketId.KIND) or AmountKind.CURRENCY)
    return Wish(
        side_named(str(fields.get(TicketId.SIDE) or "long")),
        None if amount is None else Amount(amount, kind),
        price,
        _level(fields.get(TicketId.STOP), fields.get(TicketId.STOP_KIND), "stop"),
        _level(fields.get(TicketId.TARGET), fields.get(TicketId.TARGET_KIND), "target"),
        number_of(fields.get(TicketId.LEVERAGE), "leverage") or Decimal(1),
    )


def number_of(told: Any, what: str) -> Decimal | None:
    """Return the number that somebody wrote, None for nothing; raises Invalid.

    Examples
    --------
    >>> number_of(" 1,250.50 ", "amount"), number_of("", "amount")
    (Decimal('1250.50'), None)
    """
    text = str("" if told is None else told).replace(",", "").strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > Decimal(10) ** 15:
        raise Invalid(f"The {what} is a number such as 250.5, not {text[:30]!r}.", field=what)
    return number


def _level(told: Any, kind: Any, what: str) -> Level | None:
    value = number_of(told, what)
    return None if value is None else Level(value, LevelKind(kind or LevelKind.PERCENT))
