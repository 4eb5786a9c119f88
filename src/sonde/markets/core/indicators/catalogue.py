"""All indicators, and the 23 features of the original in its order."""

from collections.abc import Iterable, Mapping
from typing import Final

from sonde.markets.core.indicators.adx import ADX
from sonde.markets.core.indicators.atr import ATR
from sonde.markets.core.indicators.awesome import AWESOME
from sonde.markets.core.indicators.bollinger import BOLLINGER
from sonde.markets.core.indicators.cci import CCI
from sonde.markets.core.indicators.cmf import CMF
from sonde.markets.core.indicators.columns import COLUMNS
from sonde.markets.core.indicators.donchian import DONCHIAN
from sonde.markets.core.indicators.ema import EMA
from sonde.markets.core.indicators.ichimoku import ICHIMOKU
from sonde.markets.core.indicators.indicator import Indicator
from sonde.markets.core.indicators.keltner import KELTNER
from sonde.markets.core.indicators.macd import MACD
from sonde.markets.core.indicators.obv import OBV
from sonde.markets.core.indicators.roc import ROC
from sonde.markets.core.indicators.rsi import RSI
from sonde.markets.core.indicators.sma import SMA
from sonde.markets.core.indicators.stochastic import STOCHASTIC
from sonde.markets.core.indicators.supertrend import SUPERTREND
from sonde.markets.core.indicators.vwap import VWAP
from sonde.markets.core.indicators.williams_r import WILLIAMS_R
from sonde.markets.core.naming import unknown


def _by_name(indicators: Iterable[Indicator]) -> Mapping[str, Indicator]:
    return {each.name: each for each in indicators}


INDICATORS: Final[Mapping[str, Indicator]] = _by_name(
    (
        *COLUMNS,
        RSI,
        STOCHASTIC,
        WILLIAMS_R,
        ROC,
        AWESOME,
        MACD,
        ADX,
        CCI,
        SMA,
        EMA,
        BOLLINGER,
        ATR,
        OBV,
        CMF,
        VWAP,
        KELTNER,
        DONCHIAN,
        SUPERTREND,
        ICHIMOKU,
    )
)

# Feature of the original: the indicator and the output that it is.
FEATURES: Final[Mapping[str, tuple[str, str]]] = {
    "open": ("open", "open"),
    "high": ("high", "high"),
    "low": ("low", "low"),
    "close": ("close", "close"),
    "volume": ("volume", "volume"),
    "rsi": ("rsi", "rsi"),
    "stoch_k": ("stochastic", "stoch_k"),
    "stoch_d": ("stochastic", "stoch_d"),
    "williams_r": ("williams_r", "williams_r"),
    "roc": ("roc", "roc"),
    "ao": ("awesome", "ao"),
    "macd": ("macd", "macd"),
    "macd_signal": ("macd", "macd_signal"),
    "macd_diff": ("macd", "macd_diff"),
    "adx": ("adx", "adx"),
    "cci": ("cci", "cci"),
    "sma_20": ("sma", "sma"),
    "ema_20": ("ema", "ema"),
    "bb_high": ("bollinger", "bb_high"),
    "bb_low": ("bollinger", "bb_low"),
    "atr": ("atr", "atr"),
    "obv": ("obv", "obv"),
    "cmf": ("cmf", "cmf"),
}


def indicator_named(name: str) -> Indicator:
    """Return the indicator called `name`.

    Raises
    ------
    NotFound
        If there is none; says which there are.

    Examples
    --------
    >>> indicator_named("rsi").title
    'Relative strength index'
    """
    if name not in INDICATORS:
        raise unknown("indicator", name, INDICATORS)
    return INDICATORS[name]
