"""Figures, amounts and settings in words."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from sonde.platform.ui.wording import count, duration

Kind = Literal["share", "ratio", "money", "count", "bars", "time", "points"]
NOT_KNOWN: Final = "n/a"


def value_words(value: float | None, kind: Kind, unit: str = "") -> str:
    """Write a value by its kind; what cannot be said is n/a.

    Examples
    --------
    >>> value_words(0.1234, "share"), value_words(-1234.5, "money", "USDT")
    ('12.34 %', '-1,234.50 USDT')
    >>> value_words(7_200_000, "time"), value_words(None, "ratio")
    ('2 h 0 min', 'n/a')
    """
    if value is None:
        return NOT_KNOWN
    if kind == "bars":
        return f"{value:,.1f}".removesuffix(".0") + (" bar" if value == 1 else " bars")
    written: Mapping[Kind, str] = {
        "share": f"{100 * value:z,.2f} %",
        "money": f"{value:z,.2f} {unit}".strip(),
        "count": count(round(value)),
        "time": time_words(value / 1000),
        "points": f"{value:z,.2f} %",
        "ratio": f"{value:z,.2f}",
    }
    return written[kind]


def time_words(seconds: float) -> str:
    """Say how long something lasts; long times in days.

    Examples
    --------
    >>> time_words(90), time_words(86_400 * 12.34)
    ('1 min 30 s', '12.3 days')
    """
    return duration(seconds) if seconds < 2 * 86_400 else f"{seconds / 86_400:,.1f} days"


def signed(value: float | None, kind: Kind, unit: str = "") -> str:
    """Write a value with its sign.

    Examples
    --------
    >>> signed(0.5, "share"), signed(-0.5, "share")
    ('+50.00 %', '-50.00 %')
    """
    words = value_words(value, kind, unit)
    return f"+{words}" if value is not None and value > 0 else words


def figure_words(figure: Any, kind: Kind, unit: str = "") -> str:
    """Write a figure as it is kept, or why there is none.

    Examples
    --------
    >>> figure_words({"value": None, "reason": "no trades"}, "share"), figure_words(3, "count")
    ('n/a: no trades', '3')
    """
    if not isinstance(figure, Mapping):
        return value_words(figure, kind, unit)
    if figure["value"] is None:
        return f"{NOT_KNOWN}: {figure['reason']}" if figure.get("reason") else NOT_KNOWN
    return value_words(figure["value"], kind, unit)


def interval_words(figure: Any, kind: Kind, unit: str = "") -> str:
    """Write the 95 % interval of a figure; empty where none is known.

    Examples
    --------
    >>> interval_words({"value": 0.8, "low": 0.49, "high": 0.94}, "share")
    '49.00 % to 94.00 %'
    """
    if not isinstance(figure, Mapping) or figure.get("low") is None:
        return ""
    return f"{value_words(figure['low'], kind, unit)} to {value_words(figure['high'], kind, unit)}"


def settings_words(settings: Mapping[str, Any]) -> str:
    """Write settings in one line.

    Examples
    --------
    >>> settings_words({"fast": 20, "width": 2.0, "is_on": True})
    'fast 20, width 2, is on yes'
    """
    said = (f"{name.replace('_', ' ')} {setting_words(value)}" for name, value in settings.items())
    return ", ".join(said) or "nothing to set"


def asked_words(asked: Mapping[str, Any]) -> str:
    """Write what a run was told of its strategy: fixed settings, and what a search tries.

    Examples
    --------
    >>> asked_words({"settings": {"sides": "long"}, "study": {"axes": {"fast": [5, 10]}}})
    'sides long, fast of 5, 10'
    >>> asked_words({"settings": {}, "study": {"bounds": {"fast": [5.0, 10.0], "sides": None}}})
    'fast 5 to 10, sides of all'
    """
    settings, study = asked["settings"], asked["study"]
    said = [settings_words(settings)] if settings else []
    for name, values in (study.get("axes") or {}).items():
        said.append(f"{name.replace('_', ' ')} of {', '.join(setting_words(v) for v in values)}")
    for name, ends in (study.get("bounds") or {}).items():
        drawn = "of all" if ends is None else f"{ends[0]:g} to {ends[1]:g}"
        said.append(f"{name.replace('_', ' ')} {drawn}")
    return ", ".join(said) or settings_words({})


def setting_words(value: Any) -> str:
    """Write one value of a setting."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def name_words(name: str) -> str:
    """Return a name from a result for people.

    Examples
    --------
    >>> name_words("max_drawdown"), name_words("against_holding")
    ('Max drawdown', 'Against holding')
    """
    return name.replace("_", " ").replace("-", " ").capitalize()
