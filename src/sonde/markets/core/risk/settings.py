"""Risk settings of an account: what is allowed, in which range, and how it is kept.

Documents are kept with a version. Version 1 is the seed's: ``max_drawdown``, ``stoploss`` and
``position_size``; version 2 is the one written here. A limit that is None is off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from sonde.platform.core.errors import Invalid

VERSION = 2
_LARGEST = Decimal(10) ** 12
_VERSION_1 = MappingProxyType(
    {
        "max_drawdown": "max_drawdown",
        "stoploss": "stop_loss_percent",
        "position_size": "position_size",
    }
)


@dataclass(frozen=True)
class Setting:
    """What may stand in one field of the settings.

    Parameters
    ----------
    name, title : str
    unit : str
        ``currency``, ``%``, ``x``, ``min``, ``s``, ``bars``, ``trades`` or empty.
    low, high : Decimal
        The accepted range, both ends included.
    optional : bool
        Whether None is allowed and turns the rule off.
    whole : bool
        Whether only whole numbers are accepted.
    """

    name: str
    title: str
    unit: str
    low: Decimal
    high: Decimal
    optional: bool = True
    whole: bool = False


def _setting(name: str, title: str, unit: str, low: str, high: str, **more: bool) -> Setting:
    return Setting(name, title, unit, Decimal(low), Decimal(high), **more)


SETTINGS: tuple[Setting, ...] = (
    _setting("position_size", "Position size", "currency", "0.01", "1e9", optional=False),
    _setting("stop_loss_percent", "Stop loss", "%", "0.01", "99"),
    _setting("take_profit_percent", "Take profit", "%", "0.01", "1000"),
    _setting("max_drawdown", "Largest drawdown", "currency", "0.01", "1e12"),
    _setting("max_drawdown_percent", "Largest drawdown", "%", "0.1", "100"),
    _setting("max_daily_loss_percent", "Largest loss in a day", "%", "0.1", "100"),
    _setting("max_position", "Largest position", "currency", "0.01", "1e12"),
    _setting("max_position_percent", "Largest position", "%", "0.1", "10000"),
    _setting("max_symbol_exposure_percent", "Exposure in one symbol", "%", "0.1", "10000"),
    _setting("max_total_exposure_percent", "Exposure in all", "%", "0.1", "10000"),
    _setting("max_risk_percent", "Risk of one trade", "%", "0.01", "100"),
    _setting("max_open_trades", "Open trades", "trades", "1", "1000", whole=True),
    _setting("max_leverage", "Leverage", "x", "1", "125"),
    _setting("cooldown_minutes", "Pause after an exit", "min", "1", "10080", whole=True),
    _setting("stop_guard_stops", "Stops that pause trading", "trades", "1", "100", whole=True),
    _setting("stop_guard_bars", "within", "bars", "1", "1000", optional=False, whole=True),
    _setting("low_profit_trades", "Last trades of a symbol", "trades", "1", "100", whole=True),
    _setting("low_profit_percent", "must have made", "%", "-100", "1000", optional=False),
    _setting("low_profit_minutes", "or rest for", "min", "1", "10080", optional=False, whole=True),
    _setting("max_atr_percent", "Volatility (ATR)", "%", "0.01", "100"),
    _setting("max_spread_percent", "Spread", "%", "0.001", "100"),
    _setting("min_confidence", "Confidence", "", "0", "1"),
    _setting("max_data_age_s", "Age of the price", "s", "1", "86400", optional=False),
)
_BY_NAME: Mapping[str, Setting] = MappingProxyType({one.name: one for one in SETTINGS})


@dataclass(frozen=True)
class RiskSettings:
    """What an account may do.

    The defaults honour the seed: a drawdown of 1,000 in the account's currency, a stop loss of 1 %,
    a position size of 100. Every number is checked against `SETTINGS` when the value is made.

    Parameters
    ----------
    position_size : Decimal
        Size of a trade where none is given, in the account's currency.
    stop_loss_percent, take_profit_percent : Decimal, optional
        Distance of stop and target from the entry where none is given.
    require_stop : bool
        Whether a trade without a stop is refused instead of warned about.

    Raises
    ------
    Invalid
        If a value is no number or outside its range; the message repeats both.

    Examples
    --------
    >>> RiskSettings().max_drawdown
    Decimal('1000')
    >>> RiskSettings(stop_loss_percent=Decimal(150))
    Traceback (most recent call last):
    sonde.platform.core.errors.Invalid: Stop loss must be between 0.01 and 99 %, not 150.
    """

    position_size: Decimal = Decimal(100)
    stop_loss_percent: Decimal | None = Decimal(1)
    take_profit_percent: Decimal | None = Decimal(2)
    max_drawdown: Decimal | None = Decimal(1000)
    max_drawdown_percent: Decimal | None = None
    max_daily_loss_percent: Decimal | None = Decimal(5)
    max_position: Decimal | None = None
    max_position_percent: Decimal | None = Decimal(25)
    max_symbol_exposure_percent: Decimal | None = Decimal(50)
    max_total_exposure_percent: Decimal | None = Decimal(100)
    max_risk_percent: Decimal | None = Decimal(2)
    max_open_trades: Decimal | None = Decimal(10)
    max_leverage: Decimal | None = Decimal(5)
    cooldown_minutes: Decimal | None = None
    stop_guard_stops: Decimal | None = Decimal(4)
    stop_guard_bars: Decimal = Decimal(24)
    low_profit_trades: Decimal | None = None
    low_profit_percent: Decimal = Decimal(0)
    low_profit_minutes: Decimal = Decimal(60)
    max_atr_percent: Decimal | None = Decimal(10)
    max_spread_percent: Decimal | None = Decimal("0.5")
    min_confidence: Decimal | None = None
    max_data_age_s: Decimal = Decimal(60)
    require_stop: bool = False

    def __post_init__(self) -> None:
        for setting in SETTINGS:
            value = _checked(setting, getattr(self, setting.name))
            object.__setattr__(self, setting.name, value)
        if not isinstance(self.require_stop, bool):
            raise Invalid("require_stop is true or false.", field="require_stop")

    def changed(self, changes: Mapping[str, Any]) -> "RiskSettings":
        """Return the settings with some fields changed; raises Invalid for unknown fields.

        Examples
        --------
        >>> RiskSettings().changed({"position_size": "250"}).position_size
        Decimal('250')
        """
        return replace(self, **_known(changes))

    def document(self) -> dict[str, Any]:
        """Return what is kept: the version and every field; numbers as text, so none is rounded."""
        told: dict[str, Any] = {"version": VERSION}
        for field in fields(self):
            value = getattr(self, field.name)
            told[field.name] = format(value, "f") if isinstance(value, Decimal) else value
        return told


def read_settings(document: Mapping[str, Any]) -> RiskSettings:
    """Return the settings of a kept document of any version so far.

    Parameters
    ----------
    document : mapping
        ``version`` says which; without it the document is of version 1. Fields that a version did
        not have get their defaults.

    Raises
    ------
    Invalid
        For a version that is newer than this code, unknown fields, and values out of range.

    Examples
    --------
    >>> read_settings({"max_drawdown": 500, "stoploss": 2.5}).stop_loss_percent
    Decimal('2.5')
    """
    version = document.get("version", 1)
    told = {name: value for name, value in document.items() if name != "version"}
    if version == 1:
        return RiskSettings().changed({_VERSION_1.get(name, name): told[name] for name in told})
    if version != VERSION:
        raise Invalid(f"Risk settings of version {version!r} are newer than this program knows.")
    return RiskSettings().changed(told)


def only(limits: Mapping[str, Any]) -> RiskSettings:
    """Return settings in which nothing is limited but what is named.

    Raises
    ------
    Invalid
        For unknown fields and values out of range.

    Examples
    --------
    >>> told = only({"cooldown_minutes": "30"})
    >>> told.cooldown_minutes, told.max_drawdown, told.stop_guard_stops
    (Decimal('30'), None, None)
    """
    off = {setting.name: None for setting in SETTINGS if setting.optional}
    return RiskSettings().changed({**off, **limits})


def _known(changes: Mapping[str, Any]) -> dict[str, Any]:
    for name in changes:
        if name not in _BY_NAME and name != "require_stop":
            known = ", ".join([*_BY_NAME, "require_stop"])
            raise Invalid(f"Risk settings have no {name!r}; they have {known}.", field=name)
    return dict(changes)


def _checked(setting: Setting, value: object) -> Decimal | None:
    if value is None and setting.optional:
        return None
    span = f"between {setting.low:f} and {setting.high:f} {setting.unit}".rstrip()
    wrong = f"{setting.title} must be {span}, not {value}."
    number = _number(value)
    if number is None or not setting.low <= number <= setting.high:
        raise Invalid(wrong, field=setting.name, low=str(setting.low), high=str(setting.high))
    if setting.whole and number != number.to_integral_value():
        raise Invalid(f"{setting.title} is a whole number, not {value}.", field=setting.name)
    return number


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float | str):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= _LARGEST else None
