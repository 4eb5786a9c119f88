"""A recording over the shaft's angle: its speed profile, orders, and what repeats every turn."""

from dataclasses import dataclass
from enum import StrEnum

from sonde.bearings.core.order_tracking import (
    AngularSignal,
    OrderSpectrum,
    order_spectrum,
    resampled_by_angle,
)
from sonde.bearings.core.signal_views import Look, Signal
from sonde.bearings.core.spectrum_settings import SpectrumSettings
from sonde.bearings.core.speed_in_signal import profile_in_signal
from sonde.bearings.core.speed_profile import SpeedProfile, stated_profile
from sonde.bearings.core.speed_ridge import RidgeSettings
from sonde.bearings.core.synchronous_average import SynchronousAverage, synchronous_average
from sonde.bearings.core.tacho import TachoSettings, profile_of_tacho
from sonde.bearings.services.signals import access
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid


class SpeedSource(StrEnum):
    """Where the speed is taken from."""

    BEST = ""
    TACHO = "tacho"
    SIGNAL = "signal"
    STATED = "stated"


@dataclass(frozen=True)
class SpeedWish:
    """How the speed is to be had.

    Parameters
    ----------
    source : SpeedSource
        The best one is the tacho where there is one, else the stated speed.
    pulses : int
        Of the tacho in every revolution.
    highest_order : float
    """

    source: SpeedSource = SpeedSource.BEST
    pulses: int = 1
    highest_order: float = 50.0


@dataclass(frozen=True)
class Turned:
    """A recording over the shaft's angle.

    Parameters
    ----------
    signal : Signal
    profile : SpeedProfile
    angular : AngularSignal
    """

    signal: Signal
    profile: SpeedProfile
    angular: AngularSignal


def turned(actor: Actor, look: Look, wish: SpeedWish) -> Turned:
    """Return a recording over the shaft's angle.

    Raises NotFound, and Invalid where there is no tacho, where it is no tacho, or where no speed
    stands out in the signal.
    """
    found = access.signal(actor, look)
    profile = speed_profile(actor, look, found, wish)
    angular = resampled_by_angle(found.samples, found.rate_hz, profile, wish.highest_order)
    return Turned(found, profile, angular)


def speed_profile(actor: Actor, look: Look, signal: Signal, wish: SpeedWish) -> SpeedProfile:
    """Return how the shaft turned during a recording; raises Invalid."""
    tacho = signal.recording.tacho_channel
    source = wish.source or (SpeedSource.TACHO if tacho else SpeedSource.STATED)
    if source is SpeedSource.SIGNAL:
        settings = RidgeSettings(nominal_hz=signal.shaft_hz)
        return profile_in_signal(signal.samples, signal.rate_hz, settings)
    if source is SpeedSource.STATED:
        return stated_profile(signal.shaft_hz, signal.recording.duration_s)
    if not tacho:
        raise Invalid(
            "This recording has no tacho channel: let the speed be found in the signal, or take "
            "the stated one.",
            field="source",
        )
    pulses = access.signal(actor, look, tacho=True)
    return profile_of_tacho(pulses.samples, signal.rate_hz, TachoSettings(wish.pulses))


def orders(
    actor: Actor, look: Look, wish: SpeedWish, settings: SpectrumSettings
) -> tuple[OrderSpectrum, Turned]:
    """Return the spectrum over orders and what it was made from; raises NotFound and Invalid."""
    found = turned(actor, look, wish)
    return order_spectrum(found.angular, settings), found


def average(
    actor: Actor, look: Look, wish: SpeedWish, revolutions: int
) -> tuple[SynchronousAverage, Turned]:
    """Return what repeats every so many revolutions; raises NotFound and Invalid."""
    found = turned(actor, look, wish)
    return synchronous_average(found.angular, revolutions), found
