"""What a training costs, in words."""

from typing import Any

from dash import html

from sonde.learning.core.estimating import Estimate
from sonde.platform.ui.components import facts

_MINUTE, _HOUR = 60.0, 3600.0
_KILO, _MEGA, _GIGA = 1e3, 1e6, 1e9


def cost_panel(told: Estimate, n_seeds: int) -> Any:
    """Return parameters, work and time of what the form asks for."""
    channels, samples = told.window_shape
    rows: list[tuple[str, Any]] = [
        ("Windows", f"{samples:,} samples" + (f" of {channels} channels" if channels > 1 else "")),
        ("Trainings", f"{told.work.n_fits} of about {told.work.n_samples:,} windows"),
    ]
    if told.n_parameters is not None and told.macs and told.activation_bytes:
        rows += [
            ("Parameters", f"{told.n_parameters:,}"),
            ("One window", f"{_amount(told.macs)} multiplications"),
            ("Memory", f"{told.activation_bytes / _MEGA:.1f} MB for each window of a batch"),
        ]
    if told.n_before:
        waiting = "1 training is" if told.n_before == 1 else f"{told.n_before} trainings are"
        rows.append(("Queue", f"{waiting} before it; it begins by itself"))
    each = " for each seed" if n_seeds > 1 else ""
    rows.append(("Time", f"{duration(told.low_s)} to {duration(told.high_s)}{each}"))
    return html.Div([facts(rows), html.P(_basis(told), className="sonde-dim")])


def duration(seconds: float) -> str:
    """Return a time in the unit that a person would use.

    Examples
    --------
    >>> duration(5400.0)
    '1.5 h'
    """
    if seconds < _MINUTE:
        return f"{max(seconds, 1.0):.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < _HOUR else f"{seconds / _HOUR:.1f} h"


def _basis(told: Estimate) -> str:
    if not told.n_runs:
        return "A first guess: no earlier run of this model is there to go by."
    runs = "run" if told.n_runs == 1 else "runs"
    return f"By the pace of {told.n_runs} earlier {runs} of this model."


def _amount(number: float) -> str:
    for size, word in ((_GIGA, "billion"), (_MEGA, "million"), (_KILO, "thousand")):
        if number >= size:
            return f"{number / size:.3g} {word}"
    return f"{number:.0f}"
