"""The regime in words with its numbers, and what RSI, MACD and Bollinger bands read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html

from sonde.markets.core.indicators.readings import Reading
from sonde.markets.core.prices.checking import when
from sonde.markets.core.regime import Regime
from sonde.markets.ui.market_data.chart import price_words
from sonde.platform.ui.components import badge, empty_state, facts, stack
from sonde.platform.ui.theme import Tone

_DIRECTIONS: Final = {"up": "trend up", "down": "trend down", "range": "range"}
_OVERSOLD, _OVERBOUGHT = 30.0, 70.0
Readings = Mapping[str, Reading]


def readings_view(
    readings: Sequence[Reading], regime: Regime | None, bars: str, reason: str
) -> list[Any]:
    """Return regime and readings at the newest closed bar, or why there are none."""
    if regime is None or not readings:
        return [empty_state("No readings", reason, icon_name="tabler:activity")]
    known = {one.name: one for one in readings}
    rows = [
        ("RSI, 14 bars", rsi_words(known["rsi"])),
        ("MACD, 12, 26, 9", macd_words(known)),
        ("Bollinger, 20 bars", band_words(known)),
    ]
    at = f"At the close of the bar of {bars} that opened {when(regime.open_time_ms)}."
    words = html.P(regime.words)
    return [stack([html.Div(_marks(regime), className="sonde-row"), words, facts(rows), _dim(at)])]


def rsi_words(reading: Reading) -> str:
    """Say where the relative strength index stands.

    Examples
    --------
    >>> rsi_words(Reading("rsi", 72.25, "")), rsi_words(Reading("rsi", None, "too few bars"))
    ('72.2: overbought, at least 70', 'n/a: too few bars')
    """
    if reading.value is None:
        return f"n/a: {reading.reason}"
    value = reading.value
    if value >= _OVERBOUGHT:
        return f"{value:.1f}: overbought, at least {_OVERBOUGHT:g}"
    if value <= _OVERSOLD:
        return f"{value:.1f}: oversold, at most {_OVERSOLD:g}"
    return f"{value:.1f}: between {_OVERSOLD:g} and {_OVERBOUGHT:g}"


def macd_words(known: Readings) -> str:
    """Say where MACD stands against its signal.

    Examples
    --------
    >>> names = ("macd", "macd_signal", "macd_diff")
    >>> told = {name: Reading(name, value, "") for name, value in zip(names, (3.0, 1.0, 2.0))}
    >>> macd_words(told)
    '3: above its signal of 1 by 2'
    """
    found = [known[name] for name in ("macd", "macd_signal", "macd_diff")]
    lacking = next((one for one in found if one.value is None), None)
    if lacking is not None:
        return f"n/a: {lacking.reason}"
    value, signal, difference = (one.value or 0.0 for one in found)
    side = "above" if difference >= 0 else "below"
    words = (_short(value), _short(signal), _short(abs(difference)))
    return f"{words[0]}: {side} its signal of {words[1]} by {words[2]}"


def band_words(known: Readings) -> str:
    """Say where the close lies between the bands.

    Examples
    --------
    >>> told = {"close": 15.0, "bb_low": 10.0, "bb_high": 20.0}
    >>> band_words({name: Reading(name, value, "") for name, value in told.items()})
    'close at 50 % of the band from 10 to 20'
    """
    found = [known[name] for name in ("close", "bb_low", "bb_high")]
    lacking = next((one for one in found if one.value is None), None)
    if lacking is not None:
        return f"n/a: {lacking.reason}"
    close, low, high = (one.value or 0.0 for one in found)
    band = f"the band from {_short(low)} to {_short(high)}"
    if high <= low:
        return f"{band} has no width: prices did not move"
    if close > high:
        return f"close above {band}"
    if close < low:
        return f"close below {band}"
    return f"close at {100 * (close - low) / (high - low):.0f} % of {band}"


def _marks(regime: Regime) -> list[Any]:
    direction = _DIRECTIONS.get(str(regime.direction), "trend not known yet")
    volatility = regime.volatility or "volatility not known yet"
    tone = Tone.WARN if regime.volatility == "volatile" else Tone.NEUTRAL
    return [badge(direction, Tone.INFO), badge(volatility, tone)]


def _short(value: float) -> str:
    return price_words(float(f"{value:.6g}"))


def _dim(text: str) -> Any:
    return html.P(text, className="sonde-dim sonde-small")
