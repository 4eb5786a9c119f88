"""What the fields of a ticket say, as a wish."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sonde.markets.core.entries import EntryKind, EntryWish, Force
from sonde.markets.core.instruments import Kind
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
    TicketId.TRIGGER,
    TicketId.TRAIL,
    TicketId.STOP,
    TicketId.STOP_KIND,
    TicketId.TARGET,
    TicketId.TARGET_KIND,
    TicketId.LEVERAGE,
    TicketId.AS,
    TicketId.HOLDS,
    TicketId.MINUTES,
    TicketId.OR,
)
_KINDS: Final[Mapping[str, Kind]] = {"spot": "spot", "perpetual": "perpetual"}
_LIMITED: Final = (EntryKind.LIMIT, EntryKind.STOP_LIMIT)
_TRIGGERED: Final = (EntryKind.STOP, EntryKind.STOP_LIMIT, EntryKind.IF_TOUCHED)


def wish_of(fields: Mapping[TicketId, Any], *, post_only: bool = False) -> Wish:
    """Return the wish of a ticket; what is left empty comes from the risk settings.

    Raises Invalid for what is no number. Fields that the order does not show do not count.

    Examples
    --------
    >>> wish_of({TicketId.SIDE: "short", TicketId.AMOUNT: "1,000.5"}).amount
    Amount(value=Decimal('1000.5'), kind=<AmountKind.CURRENCY: 'currency'>)
    """
    amount = number_of(fields.get(TicketId.AMOUNT), "amount")
    kind = AmountKind(fields.get(TicketId.KIND) or AmountKind.CURRENCY)
    entry = EntryKind(fields.get(TicketId.TYPE) or EntryKind.MARKET)
    traded = _KINDS.get(str(fields.get(TicketId.AS) or ""))
    leverage = _asked(fields, TicketId.LEVERAGE, "leverage", is_asked=traded != "spot")
    return Wish(
        side_named(str(fields.get(TicketId.SIDE) or "long")),
        None if amount is None else Amount(amount, kind),
        _asked(fields, TicketId.PRICE, "price", is_asked=entry in _LIMITED),
        _level(fields.get(TicketId.STOP), fields.get(TicketId.STOP_KIND), "stop"),
        _level(fields.get(TicketId.TARGET), fields.get(TicketId.TARGET_KIND), "target"),
        leverage or Decimal(1),
        entry=EntryWish(
            entry,
            _asked(fields, TicketId.TRIGGER, "trigger", is_asked=entry in _TRIGGERED),
            _asked(fields, TicketId.TRAIL, "distance", is_asked=entry is EntryKind.TRAILING),
            post_only and entry is EntryKind.LIMIT,
            Force(fields.get(TicketId.HOLDS) or Force.GTC),
            _minutes(fields),
        ),
        kind=traded,
    )


def wishes_of(fields: Mapping[TicketId, Any], *, post_only: bool = False) -> list[Wish]:
    """Return the wish of a ticket, and the other one where it names a second price.

    The other entry is a limit order where the first waits for the price to run, else a stop order.

    Examples
    --------
    >>> told = {TicketId.TYPE: "limit", TicketId.PRICE: "95", TicketId.OR: "105"}
    >>> [(one.entry_price, one.entry.trigger) for one in wishes_of(told)]
    [(Decimal('95'), None), (None, Decimal('105'))]
    """
    wish = wish_of(fields, post_only=post_only)
    waits = wish.entry.kind in (*_LIMITED, *_TRIGGERED)
    price = _asked(fields, TicketId.OR, "other price", is_asked=waits)
    if price is None:
        return [wish]
    runs = wish.entry.kind in (EntryKind.STOP, EntryKind.STOP_LIMIT)
    limit, trigger = (price, None) if runs else (None, price)
    kind = EntryKind.LIMIT if runs else EntryKind.STOP
    entry = replace(wish.entry, kind=kind, trigger=trigger, post_only=False)
    return [wish, replace(wish, entry_price=limit, entry=entry)]


def _asked(
    fields: Mapping[TicketId, Any], name: TicketId, what: str, *, is_asked: bool
) -> Decimal | None:
    return number_of(fields.get(name), what) if is_asked else None


def _minutes(fields: Mapping[TicketId, Any]) -> int | None:
    """Return for how many minutes the entry is good, where it is good for a time."""
    if fields.get(TicketId.HOLDS) != Force.GTD:
        return None
    minutes = number_of(fields.get(TicketId.MINUTES), "time in minutes")
    if minutes is not None and minutes != int(minutes):
        raise Invalid("An order is good for whole minutes.", field="minutes")
    return None if minutes is None else int(minutes)


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
