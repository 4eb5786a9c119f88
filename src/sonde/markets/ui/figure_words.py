"""Figures in words: the number with its interval, or n/a and why."""

from collections.abc import Callable
from typing import Any, Final

from dash import html

from sonde.markets.core.backtesting.metrics.figure import Figure

Form = Callable[[float], str]
NOTHING: Final = "n/a"


def money(unit: str) -> Form:
    """Return how amounts of a currency are written.

    Examples
    --------
    >>> money("USDT")(-1234.5)
    '-1,234.50 USDT'
    """
    return lambda value: f"{value:,.2f} {unit}"


def share(value: float) -> str:
    """Write a fraction in percent.

    Examples
    --------
    >>> share(0.1234)
    '12.34 %'
    """
    return f"{100 * value:,.2f} %"


def signed_share(value: float) -> str:
    """Write a change in percent, with its sign."""
    return f"{100 * value:+,.2f} %"


def plain(value: float) -> str:
    """Write a ratio.

    Examples
    --------
    >>> plain(1.5), plain(0.004321)
    ('1.50', '0.00432')
    """
    return f"{value:,.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.3g}"


def probability(value: float) -> str:
    """Write a p-value.

    Examples
    --------
    >>> probability(0.0421), probability(0.00003)
    ('0.042', 'under 0.001')
    """
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def held(milliseconds: float) -> str:
    """Write for how long something was held.

    Examples
    --------
    >>> held(90_000), held(5_400_000), held(2.5 * 86_400_000)
    ('1.5 min', '1.5 h', '2.5 d')
    """
    for length, unit in ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min")):
        if milliseconds >= length:
            return f"{milliseconds / length:,.1f} {unit}"
    return f"{milliseconds / 1000:,.1f} s"


def figure_text(figure: Figure, form: Form = plain) -> str:
    """Return a figure as one line of text.

    Examples
    --------
    >>> figure_text(Figure(0.5, low=0.25, high=0.75), share)
    '50.00 % (25.00 % to 75.00 %)'
    >>> figure_text(Figure(2.0, low=1.0))
    '2.00 (1.00 and more)'
    >>> figure_text(Figure(None, "no trades"))
    'n/a: no trades'
    """
    if figure.value is None:
        return f"{NOTHING}: {figure.reason}"
    return f"{form(figure.value)}{_interval(figure, form)}"


def figure_shown(figure: Figure, form: Form = plain) -> Any:
    """Return a figure with its interval, or its reason, in smaller letters behind it."""
    if figure.value is None:
        return html.Span([NOTHING, html.Span(f" {figure.reason}", className="sonde-dim")])
    interval = _interval(figure, form)
    return html.Span([form(figure.value), html.Span(interval, className="sonde-dim")])


def _interval(figure: Figure, form: Form) -> str:
    if figure.low is None and figure.high is None:
        return ""
    if figure.high is None:
        return f" ({form(figure.low or 0.0)} and more)"
    if figure.low is None:
        return f" ({form(figure.high)} and less)"
    return f" ({form(figure.low)} to {form(figure.high)})"
