"""A backtest on the reference engine, bar by bar (10)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from sonde.markets.core.engine.reference.engine import ReferenceEngine
from sonde.markets.core.engine.reference.values import BUY, SELL, Bar, Kind, Request, Terms, slipped

OPEN = ("pending", "accepted", "partially_filled")


@dataclass(frozen=True)
class Wish:
    """What a strategy wants at the close of one bar; prices and distance in ticks."""

    enter_long: bool = False
    exit_long: bool = False
    enter_short: bool = False
    exit_short: bool = False
    stop: int | None = None
    target: int | None = None
    trail: int | None = None
    fraction: Fraction | None = None

    @property
    def side(self) -> int:
        """Return the side to enter on: +1, -1, or 0 for none (10.1)."""
        long = self.enter_long and not self.exit_long
        short = self.enter_short and not self.exit_short
        if self.enter_long and self.enter_short:
            return 0
        return int(long) - int(short)

    def leaves(self, side: int) -> bool:
        """Return whether a position or an entry of `side` is to end."""
        return (self.exit_long if side > 0 else self.exit_short) or self.side == -side


@dataclass(frozen=True)
class Size:
    """How large an entry is: a share of the equity, units, steps, or a share put at risk."""

    kind: Literal["equity", "quote", "quantity", "risk"] = "equity"
    value: Fraction = field(default=Fraction(1))


@dataclass
class Result:
    """What a run leaves behind: the engine itself, and equity and position at each close."""

    engine: ReferenceEngine
    equity: list[int] = field(default_factory=list)
    position: list[int] = field(default_factory=list)
    ambiguous_bars: int = 0
    closed_at_end: int = 0


def run(
    bars: Sequence[Sequence[Bar]],
    wishes: Sequence[Wish],
    terms: Terms,
    size: Size | None = None,
    length_ms: int = 60_000,
    funding: Sequence[tuple[int, int]] = (),
) -> Result:
    """Run wishes over bars.

    Parameters
    ----------
    bars : sequence of sequence of Bar
        For each bar its detail bars, or the bar alone.
    wishes : sequence of Wish
        One for each bar, made at its close.
    terms : Terms
    size : Size, optional
        All of the equity by default.
    length_ms : int
        Length of a bar, milliseconds; its detail bars share it.
    funding : sequence of (int, int)
        Times in milliseconds UTC and rates in parts per 10**9.

    Examples
    --------
    >>> bars = [[Bar(60_000 * k, p, p, p, p, 0)] for k, p in enumerate((100, 100, 110))]
    >>> done = run(bars, [Wish(enter_long=True), Wish(), Wish()], Terms(start=1_000))
    >>> done.equity, done.closed_at_end
    ([1000, 1000, 1100], 1)
    """
    result = Result(ReferenceEngine(terms))
    engine = result.engine
    for time_ms, rate in funding:
        engine.on_funding(time_ms, rate)
    for detail, wish in zip(bars, wishes, strict=True):
        ambiguous = False
        for bar in detail:
            engine.on_bar(bar, length_ms // len(detail))
            ambiguous = ambiguous or engine.ambiguous
        result.ambiguous_bars += ambiguous
        result.equity.append(engine.equity)
        result.position.append(engine.account.position)
        if len(result.equity) < len(bars):
            decide(engine, wish, size or Size())
    result.closed_at_end = int(engine.account.position != 0)
    engine.close_all()
    return result


def detailed(
    bars: Sequence[Bar], detail: Sequence[Bar], length_ms: int, detail_ms: int
) -> list[list[Bar]]:
    """Return for each bar what stands for it: detail that covers it whole, else itself (10.5).

    Examples
    --------
    >>> one, two, half = Bar(0, 5, 5, 5, 5, 0), Bar(2, 5, 5, 5, 5, 0), Bar(1, 5, 5, 5, 5, 0)
    >>> [[bar.open_ms for bar in each] for each in detailed([one, two], [one, half, two], 2, 1)]
    [[0, 1], [2]]
    """
    by_time = {bar.open_ms: bar for bar in detail}
    found = []
    for bar in bars:
        times = range(bar.open_ms, bar.open_ms + length_ms, detail_ms)
        is_whole = all(time_ms in by_time for time_ms in times)
        found.append([by_time[time_ms] for time_ms in times] if is_whole else [bar])
    return found


def decide(engine: ReferenceEngine, wish: Wish, size: Size) -> None:
    """Turn a wish into orders: cancel, exit, enter (10.1)."""
    orders = list(engine.book.live.values())
    entries = [each for each in orders if not each.request.reduce_only]
    for entry in entries:
        if wish.leaves(entry.side) and entry.state in OPEN:
            engine.cancel(entry.number)
    position = engine.account.position
    side = BUY if position > 0 else SELL
    exits = [each for each in orders if each.request.kind == "market" and each.request.reduce_only]
    if position and wish.leaves(side) and not exits:
        engine.submit(Request("market", -side, abs(position), reduce_only=True))
    waiting = any(entry.side == wish.side for entry in entries)
    if wish.side and position * wish.side <= 0 and not waiting:
        enter(engine, wish, size)


def enter(engine: ReferenceEngine, wish: Wish, size: Size) -> None:
    """Submit the entry with its stop and target (10.2, 10.3)."""
    quantity = quantity_of(engine, wish, size)
    close = engine.book.market.last or 0
    terms = engine.terms
    if quantity <= 0 or engine.account.value(close, quantity) < terms.min_notional:
        return
    kinds: tuple[tuple[Kind, int | None, int | None], ...] = (
        ("trailing", None, wish.trail),
        ("stop", wish.stop, None),
        ("take_profit", wish.target, None),
    )
    children = [
        Request(kind, -wish.side, 0, trigger=trigger, distance=distance, reduce_only=True)
        for kind, trigger, distance in kinds
        if trigger is not None or distance is not None
    ]
    if wish.trail is not None:
        children = [child for child in children if child.kind != "stop"]
    engine.submit(Request("market", wish.side, quantity), *children)


def quantity_of(engine: ReferenceEngine, wish: Wish, size: Size) -> int:
    """Return the steps of an entry (10.2)."""
    terms, account = engine.terms, engine.account
    equity, close = max(engine.equity, 0), engine.book.market.last or 0
    price = slipped(close, wish.side, terms.half_spread + terms.slippage)
    worth = terms.unit_value
    money, most = equity, 2**62
    if wish.fraction is not None:
        money, most = int(equity * wish.fraction), 2**62
    elif size.kind == "equity":
        money = int(equity * size.value)
    elif size.kind == "quote":
        most = int(size.value / (close * worth))
    elif size.kind == "quantity":
        most = int(size.value)
    else:
        distance = abs(close - wish.stop) if wish.stop is not None else 0
        most = int(int(equity * size.value) / Fraction(distance * worth)) if distance else 0
    most = min(most, money * terms.leverage // (100 * price * worth))
    return account.affordable(money, price, most, terms.taker)
