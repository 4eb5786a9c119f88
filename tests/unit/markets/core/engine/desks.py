"""Both engines behind one face: that of the reference."""

from collections.abc import Callable

from sonde.markets.core.engine.reference import Bar, ReferenceEngine, Request, Terms

Desk = ReferenceEngine
DESKS: dict[str, Callable[[Terms], Desk]] = {"reference": ReferenceEngine}

PERCENT = 10**7  # of parts per 10**9

# One unit per tick and step, 0.1 % taker, 0.05 % maker, a perpetual without leverage.
PLAIN = Terms(start=10**9, taker=PERCENT // 10, maker=PERCENT // 20)
FREE = Terms(start=10**9)
MINUTE = 60_000


def bar(minute: int, prices: tuple[int, int, int, int], volume: int = 10**9) -> Bar:
    """Return the bar of a minute from open, high, low and close."""
    return Bar(minute * MINUTE, *prices, volume)


def flat(minute: int, price: int, volume: int = 10**9) -> Bar:
    """Return a bar that never moves."""
    return bar(minute, (price, price, price, price), volume)


def buy(kind: str, quantity: int, **more: object) -> Request:
    """Return a purchase."""
    return Request(kind, 1, quantity, **more)  # type: ignore[arg-type]


def sell(kind: str, quantity: int, **more: object) -> Request:
    """Return a sale."""
    return Request(kind, -1, quantity, **more)  # type: ignore[arg-type]


def prices(desk: Desk) -> list[tuple[int, int, int]]:
    """Return side, price and quantity of every fill."""
    return [(fill.side, fill.price, fill.quantity) for fill in desk.fills]
