"""Random markets and random traders, as scripts that every engine can be driven with."""

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from sonde.markets.core.engine.reference import Bar, Quote, Request, Terms
from sonde.platform.core.errors import Conflict, Invalid, NotFound
from tests.unit.markets.core.engine.desks import MINUTE, Desk

BASE = 1_000  # ticks: a coarse grid, so that prices meet triggers often


@dataclass(frozen=True)
class Step:
    """One thing that is done to a desk."""

    name: str
    facts: tuple[Any, ...]


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """Return the terms of some instrument and account."""
    spot = draw(st.booleans())
    return Terms(
        start=draw(st.sampled_from([10**5, 10**6, 10**7 + 1, 10**9])),
        unit_value=draw(st.sampled_from([1, 1, 3, 10])),
        maker=draw(st.sampled_from([0, 200_000, 1_000_000])),
        taker=draw(st.sampled_from([0, 500_000, 1_000_001, 10_000_000])),
        maintenance=0 if spot else draw(st.sampled_from([0, 5_000_000, 50_000_000])),
        leverage=100 if spot else draw(st.sampled_from([100, 100, 250, 1_000, 5_000])),
        spot=spot,
        min_notional=draw(st.sampled_from([0, 0, 5_000])),
        half_spread=draw(st.sampled_from([0, 0, 500])),
        slippage=draw(st.sampled_from([0, 0, 1_000])),
        impact=draw(st.sampled_from([0, 0, 10_000])),
        share=draw(st.sampled_from([None, None, 10**9, 10**8, 333_333_333])),
        touch=draw(st.booleans()),
        latency_ms=draw(st.sampled_from([0, 0, 0, 500, MINUTE])),
    )


@st.composite
def shapes(draw: st.DrawFn, point: int) -> tuple[int, int, int, int, int]:
    """Return a bar's open, high, low, close and volume; it may begin with a gap from `point`."""
    gap = draw(st.sampled_from([0, 0, 0, 1, -1, 5, -5, 40, -40, 300, -300]))
    opening = max(2, point + gap)
    up, down = draw(st.integers(0, 30)), draw(st.integers(0, 30))
    low, high = max(1, opening - down), opening + up
    close = draw(st.integers(low, high))
    volume = draw(st.sampled_from([0, 7, 30, 100, 1_000, 10**12]))
    return opening, high, low, close, volume


def _near(point: int) -> st.SearchStrategy[int]:
    return st.integers(-25, 25).map(lambda away: max(1, point + away))


@st.composite
def requests(draw: st.DrawFn, point: int, minute: int) -> Request:
    """Return an order of any kind near `point`."""
    kinds = ["market", "market", "limit", "limit", "stop", "stop_limit", "take_profit", "trailing"]
    kind = draw(st.sampled_from(kinds))
    force = draw(st.sampled_from(["gtc", "gtc", "gtc", "ioc", "fok", "gtd"]))
    relative = draw(st.booleans())
    return Request(
        kind=kind,
        side=draw(st.sampled_from([1, -1])),
        quantity=draw(st.sampled_from([1, 3, 10, 10, 33, 100, 1_000])),
        limit=draw(_near(point)) if kind in ("limit", "stop_limit") else None,
        trigger=draw(_near(point)) if kind in ("stop", "stop_limit", "take_profit") else None,
        distance=draw(st.integers(1, 20)) * (1_000 if relative else 1)
        if kind == "trailing"
        else None,
        relative=relative and kind == "trailing",
        reduce_only=draw(st.sampled_from([False, False, True])),
        post_only=kind == "limit" and draw(st.sampled_from([False, False, True])),
        force=force,
        expires_ms=(minute + draw(st.integers(0, 4))) * MINUTE if force == "gtd" else None,
    )


@st.composite
def children(draw: st.DrawFn, entry: Request, point: int) -> tuple[Request | None, Request | None]:
    """Return a stop and a target, or only one, for an entry."""
    side = -entry.side
    plain = {"kind": "stop", "trigger": max(1, point - entry.side * draw(st.integers(-3, 20)))}
    trail = {"kind": "trailing", "distance": draw(st.integers(1, 20))}
    stop = Request(side=side, quantity=0, reduce_only=True, **draw(st.sampled_from([plain, trail])))
    trigger = max(1, point + entry.side * draw(st.integers(-3, 20)))
    target = Request("take_profit", side, 0, trigger=trigger, reduce_only=True)
    which = draw(st.sampled_from(["both", "both", "stop", "target"]))
    return (stop if which != "target" else None, target if which != "stop" else None)


@st.composite
def _command(draw: st.DrawFn, point: int, minute: int, submitted: int) -> Step:
    names = ["submit"] * 5 + ["bracket"] * 3 + ["oco"] * 2
    names += ["modify", "cancel", "transfer", "funding", "link", "link"]
    name = draw(st.sampled_from(names))
    if name == "submit":
        return Step(name, (draw(requests(point, minute)),))
    if name == "bracket":
        entry = replace(draw(requests(point, minute)), reduce_only=False)
        return Step(name, (entry, *draw(children(entry, point))))
    if name == "oco":
        pair = [draw(requests(point, minute)) for _ in range(draw(st.integers(2, 3)))]
        return Step(name, (pair,))
    if name == "link":
        newest = st.integers(max(1, submitted - 4), submitted + 1)
        return Step(name, (draw(st.lists(newest, min_size=1, max_size=3)),))
    if name == "modify":
        field = draw(st.sampled_from(["quantity", "limit", "trigger", "distance"]))
        value = draw(st.integers(1, 200) if field in ("quantity", "distance") else _near(point))
        return Step(name, (draw(st.integers(1, submitted + 1)), field, value))
    if name == "cancel":
        return Step(name, (draw(st.integers(1, submitted + 1)),))
    if name == "transfer":
        return Step(name, (draw(st.sampled_from([1, 10**5, -(10**4), -(10**9)])),))
    late = draw(st.sampled_from([0, 0, 30_000, MINUTE]))
    rate = draw(st.sampled_from([100_000, -100_000, 10**7, -(10**8), 123_457]))
    return Step(name, (minute * MINUTE + late, rate))


@st.composite
def books(draw: st.DrawFn, bid: int, ask: int) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return the levels of both sides of a book."""
    sides = {}
    for name, first, side in (("bids", bid, -1), ("asks", ask, 1)):
        away, levels = 0, []
        for _ in range(draw(st.integers(1, 5))):
            if first + side * away >= 1:
                steps = draw(st.sampled_from([0, 1, 2, 7, 40, 1_000]))
                levels.append((first + side * away, steps))
            away += draw(st.sampled_from([1, 1, 3, 10]))
        sides[name] = tuple(levels)
    return sides


@st.composite
def scripts(draw: st.DrawFn, *, bars: int = 6, quotes: bool = False) -> list[Step]:
    """Return commands between bars (or quotes) of a random market."""
    steps: list[Step] = []
    point, submitted = BASE, 0
    for minute in range(draw(st.integers(2, bars))):
        for _ in range(draw(st.integers(0, 3))):
            step = draw(_command(point, minute, submitted))
            submitted += {"submit": 1, "bracket": 3, "oco": 2}.get(step.name, 0)
            steps.append(step)
        opening, high, low, close, volume = draw(shapes(point))
        if quotes:
            spread = draw(st.sampled_from([0, 1, 4]))
            depth = draw(st.sampled_from([None, volume]))
            quote = Quote(minute * MINUTE, low, low + spread, opening, depth)
            if depth is None and draw(st.booleans()):
                quote = replace(quote, **draw(books(low, low + spread)))
            steps.append(Step("quote", (quote,)))
        else:
            one = Bar(minute * MINUTE, opening, high, low, close, volume)
            steps.append(Step("bar", (one,)))
        point = close
    return steps


def act(desk: Desk, step: Step) -> str:
    """Do one step; return the name of the error if it is refused."""
    doing = {
        "submit": desk.submit,
        "bracket": desk.submit,
        "oco": desk.submit_oco,
        "link": desk.link,
        "modify": lambda number, field, value: desk.modify(number, **{field: value}),
        "cancel": desk.cancel,
        "transfer": desk.transfer,
        "funding": desk.on_funding,
        "bar": desk.on_bar,
        "quote": desk.on_quote,
        "close_all": desk.close_all,
    }
    if step.name in ("modify", "cancel") and step.facts[0] > desk.submitted:
        return "unknown"
    if step.name == "link" and max(step.facts[0]) > desk.submitted:
        return "unknown"
    try:
        doing[step.name](*step.facts)
    except (Conflict, Invalid, NotFound) as refused:
        return type(refused).__name__
    return ""
