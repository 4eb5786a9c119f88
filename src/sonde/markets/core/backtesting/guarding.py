"""The gate of paper trading in a backtest: asked before every entry, with what was known then."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from sonde.markets.core.backtesting.lanes import Lane
from sonde.markets.core.backtesting.results import EXIT_REASONS, HeldBack
from sonde.markets.core.backtesting.settings import BacktestSettings
from sonde.markets.core.engine.layout import (
    E_FEE,
    E_GROSS,
    E_INSTRUMENT,
    E_KIND,
    E_QUANTITY,
    E_SIDE,
    E_TAG,
    E_TICKS,
    E_TIME,
    EV_FILL,
    FIRST,
    FIRST_INSTRUMENT,
    FREE,
    LAST,
    O_INSTRUMENT,
    O_QUANTITY,
    O_REDUCE,
    O_SIDE,
    P_COST,
    P_LAST,
    P_MARGIN,
    P_STEPS,
    S_UNIT,
    W_SIDE,
    W_STOP,
    W_TARGET,
    W_TRAIL,
    Ints,
)
from sonde.markets.core.indicators.atr import atr
from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.checking import check
from sonde.markets.core.risk.facts import (
    Measured,
    OpenPosition,
    PastTrade,
    PendingEntry,
    Quote,
    TradeRequest,
)
from sonde.markets.core.sides import Side

_DAY_MS = 86_400_000
_RECENT = 200
_STOPS = frozenset(EXIT_REASONS.index(name) for name in ("stop", "trailing stop", "liquidation"))
# columns of a book, as the driver names them
_AT_BAR, _AT_WISH, _AT_DECIDING, _AT_STEPS = 0, 3, 4, 6
_N_ROWS = 5

Book = tuple[Ints, Ints, Ints, Ints]


class Guard:
    """Asks every rule about an entry; what is not allowed is taken from the wishes.

    Parameters
    ----------
    lanes : sequence of Lane
    settings : BacktestSettings
    currency : Currency
    opens : ndarray of int64, shape (bar,)
        When the bars of the run open, milliseconds UTC.

    Notes
    -----
    An exit that goes before the entry at the same open counts as done: its money is free, its
    position gone. Prices are those of the close that decided; a backtest knows no older ones.
    """

    def __init__(
        self, lanes: Sequence[Lane], settings: BacktestSettings, currency: Currency, opens: Ints
    ) -> None:
        self._lanes, self._settings, self._currency = lanes, settings, currency
        self._closes = opens + lanes[0].candles.timeframe.ms
        self._past = _Past(lanes, currency)
        self.limits = settings.limits
        self._peak = currency.units_of(settings.start)
        self._seen = 0
        self.held_back: list[HeldBack] = []

    def answer(self, state: Ints, wishes: Ints, book: Book) -> None:
        """Judge the entry that a run waits for; a refused one loses its side."""
        place, rows, marks, counts = book
        bar, lane = int(place[_AT_BAR]) - 1, int(place[_AT_DECIDING])
        limits = self.limits
        if limits is None:
            return
        self._past.read(rows, int(counts[_N_ROWS]))
        wish = wishes[int(place[_AT_WISH]), lane]
        request = self._request(state, wish, (bar, lane), int(place[_AT_STEPS]))
        report = check(request, self._measured(state, marks[0], (bar, lane)), limits)
        if not report.blocks:
            return
        self.held_back.append(
            HeldBack(
                int(self._closes[bar]),
                self._lanes[lane].candles.instrument.symbol,
                int(wish[W_SIDE]),
                tuple(one.code for one in report.blocks),
                " ".join(one.sentence for one in report.blocks),
            )
        )
        wish[W_SIDE] = 0

    def _instrument(self, lane: int) -> Instrument:
        one = self._lanes[lane].candles.instrument
        return one if self._settings.fees is None else replace(one, fees=self._settings.fees)

    def _request(self, state: Ints, wish: Ints, place: tuple[int, int], steps: int) -> TradeRequest:
        lane = place[1]
        one = self._instrument(lane)
        last, side = int(state[FIRST_INSTRUMENT + lane, P_LAST]), int(wish[W_SIDE])
        stop = last - side * int(wish[W_TRAIL]) if wish[W_TRAIL] else int(wish[W_STOP])
        target = int(wish[W_TARGET])
        return TradeRequest(
            one,
            Side.LONG if side > 0 else Side.SHORT,
            one.quantity_of(steps),
            one.price_of(last),
            self._settings.leverage,
            one.price_of(stop) if stop > 0 else None,
            one.price_of(target) if target > 0 else None,
            self._confidence(place),
        )

    def _confidence(self, place: tuple[int, int]) -> Decimal | None:
        row = self._row_of(place)
        told = self._lanes[place[1]].decisions.confidence
        if told is None or not np.isfinite(told[row]):
            return None
        return Decimal(str(round(float(told[row]), 6)))

    def _row_of(self, place: tuple[int, int]) -> int:
        """Return the row of a lane that closed at a bar of the run."""
        candles = self._lanes[place[1]].candles
        found = np.searchsorted(candles.close_time_ms, self._closes[place[0]])
        return int(found)

    def _measured(self, state: Ints, equity: Ints, place: tuple[int, int]) -> Measured:
        bar, lane = place
        now_ms, amount = int(self._closes[bar]), self._currency.amount_of
        self._peak = max(self._peak, int(equity[self._seen : bar + 1].max()))
        self._seen = bar
        others = [one for one in self._positions(state) if one[0] != lane]
        waiting = [one for one in self._pending(state) if one[0] != lane]
        length = self._lanes[lane].candles.timeframe.ms
        costs = self._settings.costs
        return Measured(
            now_ms=now_ms,
            equity=amount(int(equity[bar])),
            free=amount(_free(state, FIRST_INSTRUMENT + lane)),
            equity_peak=amount(self._peak),
            day_start_equity=amount(self._day_start(equity, bar)),
            quote=self._quote(state, lane, now_ms),
            positions=tuple(one for _, one in others),
            pending=tuple(one for _, one in waiting),
            atr_percent=self._volatility(place),
            slippage_percent=Decimal(costs.half_spread_ppm + costs.slippage_ppm) / 10_000,
            recent=tuple(self._past.trades[-_RECENT:]),
            bar_ms=length,
            open_trades=len(others) + len(waiting),
            currency=self._currency.code,
        )

    def _day_start(self, equity: Ints, bar: int) -> int:
        """Return the equity at 00:00 UTC of the day."""
        midnight = int(self._closes[bar]) // _DAY_MS * _DAY_MS
        before = int(np.searchsorted(self._closes, midnight, "right")) - 1
        if before < 0:
            return self._currency.units_of(self._settings.start)
        return int(equity[before])

    def _quote(self, state: Ints, lane: int, now_ms: int) -> Quote:
        last = self._instrument(lane).price_of(int(state[FIRST_INSTRUMENT + lane, P_LAST]))
        half = last * self._settings.costs.half_spread_ppm / 1_000_000
        length = self._lanes[lane].candles.timeframe.ms
        return Quote(last, now_ms, "stored candles", last - half, last + half, length)

    def _positions(self, state: Ints) -> list[tuple[int, OpenPosition]]:
        found = []
        for lane in range(len(self._lanes)):
            row, one = state[FIRST_INSTRUMENT + lane], self._instrument(lane)
            steps = int(row[P_STEPS])
            if steps:
                side = Side.LONG if steps > 0 else Side.SHORT
                price = one.price_of(int(row[P_LAST]))
                position = OpenPosition(one.key, side, one.quantity_of(abs(steps)), price)
                found.append((lane, position))
        return found

    def _pending(self, state: Ints) -> list[tuple[int, PendingEntry]]:
        found = []
        for row in state[int(state[0, FIRST]) : int(state[0, LAST])]:
            if row[O_REDUCE]:
                continue
            lane = int(row[O_INSTRUMENT]) - FIRST_INSTRUMENT
            one = self._instrument(lane)
            price = one.price_of(int(state[row[O_INSTRUMENT], P_LAST]))
            side = Side.LONG if row[O_SIDE] > 0 else Side.SHORT
            worth = one.quantity_of(int(row[O_QUANTITY])) * price
            found.append((lane, PendingEntry(one.key, side, worth)))
        return found

    def _volatility(self, place: tuple[int, int]) -> Decimal | None:
        limits = self.limits
        if limits is None or limits.max_atr_percent is None:
            return None
        row, candles = self._row_of(place), self._lanes[place[1]].candles
        seen = slice(max(0, row - _ATR_BARS), row + 1)
        found = float(atr(candles.high[seen], candles.low[seen], candles.close[seen])[-1])
        share = found / float(candles.close[row]) * 100
        return Decimal(f"{share:.4f}") if np.isfinite(share) else None


_ATR_BARS = 100


def _free(state: Ints, at: int) -> int:
    """Return what is free once the instrument's own position is closed, in units."""
    row = state[at]
    steps = int(row[P_STEPS])
    if not steps:
        return int(state[0, FREE])
    worth = int(row[P_LAST]) * abs(steps) * int(row[S_UNIT])
    won = worth - int(row[P_COST]) if steps > 0 else int(row[P_COST]) - worth
    return int(state[0, FREE]) + int(row[P_MARGIN]) + won


class _Past:
    """The trades that have ended so far, read from the rows as they come."""

    def __init__(self, lanes: Sequence[Lane], currency: Currency) -> None:
        self._keys = [lane.candles.instrument.key for lane in lanes]
        self._units = [
            float(lane.candles.instrument.tick)
            * float(lane.candles.instrument.step)
            * 10.0**currency.decimals
            for lane in lanes
        ]
        self._steps = [0] * len(lanes)
        self._net = [0] * len(lanes)
        self._entered = [0.0] * len(lanes)
        self._read = 0
        self.trades: list[PastTrade] = []

    def read(self, rows: Ints, n: int) -> None:
        """Read the rows behind those that were read before."""
        for row in rows[self._read : n]:
            lane = int(row[E_INSTRUMENT]) - FIRST_INSTRUMENT
            if row[E_KIND] == EV_FILL:
                self._filled(lane, row)
            else:
                self._net[lane] -= int(row[E_GROSS])
        self._read = n

    def _filled(self, lane: int, row: Ints) -> None:
        signed, before = int(row[E_SIDE]) * int(row[E_QUANTITY]), self._steps[lane]
        self._net[lane] += int(row[E_GROSS]) - int(row[E_FEE])
        self._steps[lane] += signed
        if before * signed >= 0:
            worth = float(row[E_TICKS]) * float(row[E_QUANTITY]) * self._units[lane]
            self._entered[lane] += worth
        if self._steps[lane] == 0:
            self._ended(lane, before, row)

    def _ended(self, lane: int, before: int, row: Ints) -> None:
        net, entered = self._net[lane], self._entered[lane]
        share = Decimal(f"{100 * net / entered:.8f}") if entered else Decimal(0)
        is_stopped = int(row[E_TAG]) in _STOPS and net < 0
        side = Side.LONG if before > 0 else Side.SHORT
        self.trades.append(PastTrade(self._keys[lane], side, int(row[E_TIME]), share, is_stopped))
        self._net[lane], self._entered[lane] = 0, 0.0
