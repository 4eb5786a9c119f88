"""What is looked at, as the address and the page's memory say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

from sonde.bearings.core.envelope import Band
from sonde.bearings.core.signal_views import Look
from sonde.bearings.core.units import UNITS

FIRST_VIEW: Final = "time"
_MOST_OTHERS: Final = 3
RESERVED: Final = frozenset(
    {"view", "channel", "bearing", "unit", "with", "from", "to", "side", "group", "support"}
)


@dataclass(frozen=True)
class ViewState:
    """One way of looking at one recording.

    Parameters
    ----------
    recording_id : str
    view : str
        Key of the view.
    channel, bearing : str
        Empty for the recording's own.
    unit : str
        Declared for a recording that has none of its own; empty for unknown.
    others : tuple of str
        Recordings that are laid over this one.
    span : (float, float), optional
        Part of the horizontal axis that is shown; all of it if None.
    said : mapping of str to str
        What was chosen in this view.
    """

    recording_id: str
    view: str = FIRST_VIEW
    channel: str = ""
    bearing: str = ""
    unit: str = ""
    others: tuple[str, ...] = ()
    span: Band | None = None
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def look(self) -> Look:
        """Return what the services look at."""
        return Look(self.recording_id, self.channel, self.bearing, self.unit)


def of_query(recording_id: str, query: Mapping[str, str]) -> ViewState:
    """Return what an address asks for; what makes no sense is left out.

    Examples
    --------
    >>> of_query("01J", {"view": "spectrum", "from": "10", "to": "90", "window": "hann"}).span
    (10.0, 90.0)
    >>> of_query("01J", {"from": "9", "to": "1"}).span is None
    True
    """
    others = tuple(one for one in query.get("with", "").split(",") if one and one != recording_id)
    return ViewState(
        recording_id=recording_id,
        view=query.get("view", FIRST_VIEW),
        channel=query.get("channel", ""),
        bearing=query.get("bearing", "").strip(),
        unit=unit_said(query.get("unit")),
        others=tuple(dict.fromkeys(others))[:_MOST_OTHERS],
        span=_span((query.get("from"), query.get("to"))),
        said={name: value for name, value in query.items() if name not in RESERVED},
    )


def of_store(stored: Mapping[str, Any]) -> ViewState:
    """Return what the page's memory says, which the browser wrote."""
    view = str(stored.get("view") or FIRST_VIEW)
    settings = stored.get("settings") or {}
    return ViewState(
        recording_id=str(stored.get("recording") or ""),
        view=view,
        channel=str(stored.get("channel") or ""),
        bearing=str(stored.get("bearing") or "").strip(),
        unit=unit_said(stored.get("unit")),
        others=tuple(str(one) for one in stored.get("with") or ())[:_MOST_OTHERS],
        span=_span(stored.get("span") or (None, None)),
        said={str(name): str(value) for name, value in (settings.get(view) or {}).items()},
    )


def as_store(state: ViewState) -> dict[str, Any]:
    """Return the state as the page keeps it."""
    return {
        "recording": state.recording_id,
        "view": state.view,
        "channel": state.channel,
        "bearing": state.bearing,
        "unit": state.unit,
        "with": list(state.others),
        "span": list(state.span) if state.span else None,
        "settings": {state.view: dict(state.said)},
    }


def unit_said(said: object) -> str:
    """Return a unit that was declared; empty where it is none of vibration.

    Examples
    --------
    >>> unit_said("mm/s"), unit_said("furlong"), unit_said(None)
    ('mm/s', '', '')
    """
    return said if isinstance(said, str) and said in UNITS else ""


def _span(edges: Any) -> Band | None:
    try:
        low, high = float(edges[0]), float(edges[1])
    except (TypeError, ValueError, IndexError):
        return None
    return (low, high) if isfinite(low) and isfinite(high) and low < high else None
