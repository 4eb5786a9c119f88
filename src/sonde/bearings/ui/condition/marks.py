"""States of machines as dots, badges and words; colour is never their only meaning."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

import numpy as np
from dash import html
from numpy.typing import NDArray

from sonde.bearings.core.condition.alarms import AlarmState
from sonde.platform.ui.components import badge
from sonde.platform.ui.theme import SERIES, Tone

TONES: Final = {
    AlarmState.NORMAL: Tone.GOOD,
    AlarmState.WARNING: Tone.WARN,
    AlarmState.ALARM: Tone.BAD,
    None: Tone.NEUTRAL,
}
COLOURS: Final = {
    AlarmState.NORMAL: SERIES[2],
    AlarmState.WARNING: SERIES[1],
    AlarmState.ALARM: SERIES[5],
    None: SERIES[7],
}
_PILLS: Final = {
    AlarmState.NORMAL: "is-succeeded",
    AlarmState.WARNING: "is-delayed",
    AlarmState.ALARM: "is-failed",
    None: "is-cancelled",
}
_ICONS: Final = {
    AlarmState.NORMAL: "tabler:circle-check",
    AlarmState.WARNING: "tabler:alert-triangle",
    AlarmState.ALARM: "tabler:alert-circle",
    None: "tabler:minus",
}


def word(state: AlarmState | None) -> str:
    """Return the word for a state."""
    return state.value if state is not None else "not measured"


def state_badge(state: AlarmState | None) -> Any:
    """Return a badge that says a state."""
    return badge(word(state), TONES[state], icon_name=_ICONS[state])


def state_dot(state: AlarmState | None) -> Any:
    """Return a dot with its word for those who do not see it."""
    return html.Span(
        html.Span(word(state), className="sonde-hidden"),
        className=f"sonde-state-pill {_PILLS[state]}",
        title=word(state),
    )


def spark(values: NDArray[np.float64] | None, state: AlarmState | None, name: str) -> Any:
    """Return a small line of the newest values as a picture."""
    points = _points(values) if values is not None else ""
    if not points:
        return html.Div(style={"height": "40px"})
    drawn = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 40' preserveAspectRatio='none'>"
        f"<polyline points='{points}' fill='none' stroke='{COLOURS[state]}' stroke-width='1.6' "
        "vector-effect='non-scaling-stroke'/></svg>"
    )
    return html.Img(
        src=f"data:image/svg+xml,{quote(drawn)}",
        alt=f"{name} over time",
        style={"width": "100%", "height": "40px", "display": "block"},
    )


def _points(values: Sequence[float] | NDArray[np.float64]) -> str:
    found = np.asarray(values, dtype=np.float64)
    found = found[np.isfinite(found)]
    if len(found) < 2:
        return ""
    low, high = float(found.min()), float(found.max())
    reach = (high - low) or 1.0
    x = np.linspace(1, 199, len(found))
    y = 37 - 34 * (found - low) / reach
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
