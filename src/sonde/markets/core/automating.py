"""Automatic trading: how a strategy's decision at a bar becomes something to do in an account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.instruments import Instrument, Kind, traded_as
from sonde.markets.core.sides import Side
from sonde.markets.core.strategies.decisions import FLAGS, Decisions
from sonde.markets.core.ticket import Amount, AmountKind, LevelKind
from sonde.markets.core.trades import Trade, TradeState
from sonde.markets.core.wishes import Level, Wish
from sonde.platform.core.errors import Invalid

_MOST_LATENCY_MS = 86_400_000


@dataclass(frozen=True)
class AutomationTerms:
    """How the entries of a strategy are made.

    Parameters
    ----------
    amount : Decimal
    amount_kind : AmountKind
    leverage : Decimal
        1 to 200.
    latency_ms : int
        From a decision to the first price at which its order can fill.
    kind : {"spot", "perpetual"}, optional
        As what the instrument is traded; None as it is.

    Raises
    ------
    Invalid
        If one of them cannot be.

    Examples
    --------
    >>> AutomationTerms.of(AutomationTerms(Decimal(50)).document()).amount
    Decimal('50')
    """

    amount: Decimal = field(default=Decimal(100))
    amount_kind: AmountKind = AmountKind.CURRENCY
    leverage: Decimal = field(default=Decimal(1))
    latency_ms: int = 250
    kind: Kind | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        Amount(self.amount, self.amount_kind)
        if not 1 <= self.leverage <= 200:
            raise Invalid(f"A leverage is 1 to 200, not {self.leverage}.", field="leverage")
        if not 0 <= self.latency_ms <= _MOST_LATENCY_MS:
            raise Invalid(
                f"A latency is 0 to {_MOST_LATENCY_MS} ms, not {self.latency_ms}.",
                field="latency_ms",
            )

    def document(self) -> dict[str, Any]:
        """Return plain values; decimals are text."""
        return {
            "amount": str(self.amount),
            "amount_kind": self.amount_kind.value,
            "leverage": str(self.leverage),
            "latency_ms": self.latency_ms,
            "kind": self.kind,
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "AutomationTerms":
        """Return what `document` wrote down."""
        return cls(
            Decimal(document["amount"]),
            AmountKind(document["amount_kind"]),
            Decimal(document["leverage"]),
            int(document["latency_ms"]),
            document.get("kind"),
        )

    def traded(self, instrument: Instrument) -> Instrument:
        """Return the instrument as it is traded; raises Invalid where that cannot be.

        Examples
        --------
        >>> from sonde.markets.core.instruments import FEE_PRESETS
        >>> btc = Instrument("x", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.001"),
        ...                  Decimal(0), FEE_PRESETS["file"])
        >>> AutomationTerms(leverage=Decimal(3), kind="perpetual").traded(btc).kind
        'perpetual'
        """
        found = instrument if self.kind is None else traded_as(instrument, self.kind)
        if self.leverage > found.max_leverage:
            raise Invalid(
                f"{found.symbol} as {found.kind} has a leverage of at most "
                f"{found.max_leverage:f}. A perpetual has more.",
                field="leverage",
            )
        return found


@dataclass(frozen=True)
class Wanted:
    """What a strategy wants at one bar.

    Parameters
    ----------
    enter : Side or None
    leaves : frozenset of Side
        Positions of these sides are to end.
    stop_price, target_price, confidence : float or None
    reason : str
    indicators : mapping of str to float
    trail_distance : float or None
        Of a stop that follows the best price; it stands in for `stop_price`.
    size_fraction : float or None
        Share of the equity; None takes what the account is set to.
    is_standing : bool
        It wanted the same at the bar before: where nothing is to be done, that is no news.
    """

    enter: Side | None
    leaves: frozenset[Side]
    stop_price: float | None = None
    target_price: float | None = None
    confidence: float | None = None
    reason: str = ""
    indicators: Mapping[str, float] = field(default_factory=dict)
    trail_distance: float | None = None
    size_fraction: float | None = None
    is_standing: bool = False

    @property
    def words(self) -> str:
        """The wish in words: ``exit long, enter short``."""
        named = [f"exit {side.value}" for side in Side if side in self.leaves]
        return ", ".join([*named, *([f"enter {self.enter.value}"] if self.enter else [])])


@dataclass(frozen=True)
class Todo:
    """What is to be done in the account.

    Parameters
    ----------
    cancel, close : tuple of str
        Ids of trades.
    enter : Side or None
        After `close`, at the same price.
    """

    cancel: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    enter: Side | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.cancel or self.close or self.enter)


def rows_wanting(decisions: Decisions) -> NDArray[np.bool_]:
    """Return at which bars a strategy wants anything; bool, shape (bar,)."""
    wanting: NDArray[np.bool_] = (
        decisions.enter_long | decisions.exit_long | decisions.enter_short | decisions.exit_short
    )
    return wanting


def is_standing(decisions: Decisions, k: int) -> bool:
    """Say whether a strategy wants at bar `k` what it wanted at the bar before.

    Examples
    --------
    >>> held = Decisions.of(3, enter_long=[False, True, True])
    >>> is_standing(held, 1), is_standing(held, 2)
    (False, True)
    """
    return k > 0 and all(
        getattr(decisions, name)[k] == getattr(decisions, name)[k - 1] for name in FLAGS
    )


def wanted_at(decisions: Decisions, k: int) -> Wanted:
    """Return what a strategy wants at bar `k`, read as a backtest reads it.

    Wishes that contradict each other (both sides, or in and out of one) are no entry; an entry
    leaves the other side.

    Examples
    --------
    >>> wanted_at(Decisions.of(1, exit_long=[True], enter_short=[True]), 0).words
    'exit long, enter short'
    >>> wanted_at(Decisions.of(1, exit_long=[True], enter_long=[True]), 0).words
    'exit long'
    """
    flags = {Side.LONG: decisions.exit_long[k], Side.SHORT: decisions.exit_short[k]}
    entries = {Side.LONG: decisions.enter_long[k], Side.SHORT: decisions.enter_short[k]}
    wished = [side for side, is_wished in entries.items() if is_wished]
    enter = wished[0] if len(wished) == 1 and not flags[wished[0]] else None
    code = -1 if decisions.reason is None else int(decisions.reason[k])
    return Wanted(
        enter,
        frozenset(side for side, is_wanted in flags.items() if is_wanted),
        _number(decisions.stop_price, k),
        _number(decisions.target_price, k),
        _number(decisions.confidence, k),
        "" if code < 0 else decisions.reason_names[code],
        {name: float(each[k]) for name, each in decisions.indicators.items() if each[k] == each[k]},
        _number(decisions.trail_distance, k),
        _number(decisions.size_fraction, k),
        is_standing(decisions, k),
    )


def todo(wanted: Wanted, trades: Iterable[Trade]) -> Todo:
    """Return what a wish asks for, given the trades of its symbol that have not ended.

    As in a backtest: an exit takes back what waits and closes what is open; an entry is made only
    where nothing of its side waits or is open. It ends the other side at the same price.

    Examples
    --------
    >>> todo(Wanted(Side.LONG, frozenset()), [])
    Todo(cancel=(), close=(), enter=<Side.LONG: 'long'>)
    """
    cancel, close, has_same = [], [], False
    for one in trades:
        if wanted.enter is not None and one.side is wanted.enter:
            has_same = True
            continue
        is_other = wanted.enter is not None
        if one.side not in wanted.leaves and not is_other:
            continue
        if one.state is TradeState.PENDING:
            cancel.append(one.id)
        elif one.state is TradeState.OPEN:
            close.append(one.id)
    return Todo(tuple(cancel), tuple(close), None if has_same else wanted.enter)


def entry_wish(wanted: Wanted, terms: AutomationTerms, one: Instrument, tag: str) -> Wish:
    """Return the entry of a strategy as a wish; stop and target are its own only."""
    sure, share = wanted.confidence, wanted.size_fraction
    amount = Amount(terms.amount, terms.amount_kind)
    if share is not None:
        amount = Amount(Decimal(str(share)) * 100, AmountKind.PERCENT)
    trail = None if wanted.trail_distance is None else _on_grid(wanted.trail_distance, one)
    return Wish(
        wanted.enter or Side.LONG,
        amount,
        stop=None if trail else _level(wanted.stop_price, one),
        target=_level(wanted.target_price, one),
        leverage=terms.leverage,
        confidence=None if sure is None else Decimal(str(sure)),
        tag=tag,
        own_levels_only=True,
        kind=terms.kind,
        trail=trail,
    )


def _level(price: float | None, one: Instrument) -> Level | None:
    """Return a price as a level on the instrument's grid."""
    return None if price is None else Level(_on_grid(price, one), LevelKind.PRICE)


def _on_grid(price: float, one: Instrument) -> Decimal:
    """Return the nearest price of the grid, halves up, as a backtest rounds."""
    return one.price_of(max(1, floor(price / float(one.tick) + 0.5)))


def _number(column: NDArray[np.float64] | None, k: int) -> float | None:
    if column is None or np.isnan(column[k]):
        return None
    return float(column[k])
