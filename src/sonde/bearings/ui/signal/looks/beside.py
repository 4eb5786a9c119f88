"""What several views lay over their curve: other recordings, and lines to look for."""

from dataclasses import replace

from sonde.bearings.core.expected_spectrum import ExpectedSpectrum, expected_spectrum
from sonde.bearings.core.signal_views import FaultMark, Look, bearing_marks, shaft_marks
from sonde.bearings.services.signals import access, places
from sonde.bearings.ui.signal.settings import Values
from sonde.bearings.ui.signal.state import ViewState
from sonde.platform.core.actor import Actor


def others(actor: Actor, state: ViewState) -> list[tuple[str, Look]]:
    """Return title and look of what is laid over it, in the same channel where it has that."""
    return [
        (
            one.title,
            replace(
                state.look,
                recording_id=one.id,
                channel=state.channel if state.channel in one.channels else "",
            ),
        )
        for one in places.compared(actor, state.others)
    ]


def share(points: int, laid_over: list[tuple[str, Look]]) -> int:
    """Return how many points each line gets, so that an answer stays small.

    Examples
    --------
    >>> share(1300, []), share(1300, [("a", Look("a"))] * 3)
    (1300, 650)
    """
    return points * 2 // (len(laid_over) + 1) if laid_over else points


def marks(
    actor: Actor, state: ViewState, values: Values, highest_hz: float, *, in_orders: bool = False
) -> tuple[FaultMark, ...]:
    """Return shaft and bearing lines up to a frequency (or order), as far as they are shown."""
    recording = access.recording_of(actor, state.recording_id)
    shaft_hz = 1.0 if in_orders else recording.speed_rpm / 60
    wanted = values.parts("lines")
    found = shaft_marks(shaft_hz, highest_hz) if "shaft" in wanted else ()
    if "bearing" in wanted:
        geometry = access.geometry_of(actor, recording, state.look)
        found += bearing_marks(geometry, shaft_hz, highest_hz)
    if state.span is None:
        return found
    return tuple(mark for mark in found if state.span[0] <= mark.frequency_hz <= state.span[1])


def expected(
    actor: Actor, state: ViewState, values: Values, highest_hz: float
) -> ExpectedSpectrum | None:
    """Return what the chosen fault should show, None where none is chosen; raises Invalid."""
    fault = values.text("expected")
    if not fault:
        return None
    recording = access.recording_of(actor, state.recording_id)
    geometry = access.geometry_of(actor, recording, state.look)
    return expected_spectrum(fault, recording.speed_rpm / 60, highest_hz, geometry)
