"""Simulate recordings of rolling-element bearings from first principles.

Every recording is drawn from ``SeedSequence([seed, index])`` and every machine from its seed and
name: the same recording comes out bit for bit, whichever worker makes it and in whichever order.
"""

import zlib
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.simulate.impacts import Fault, Slip, impact_angles, impact_forces
from sonde.bearings.core.simulate.interference import gear_tones, mains_tones, shaft_tones
from sonde.bearings.core.simulate.structure import Resonance, draw_structure, response
from sonde.platform.core.errors import Invalid

NOMINAL_RPM = 1800.0


@dataclass(frozen=True)
class PlannedRecording:
    """One recording to be made.

    Parameters
    ----------
    bearing : str
        Name of the physical bearing; recordings of one bearing share their machine.
    fault : Fault
    severity : float
        0 (just begun) to 1 (severe); ignored where the bearing is healthy.
    speed_rpm : float
    load : float
        0 to 1.
    growth : float
        By how much the severity grows until the end of the recording.
    """

    bearing: str
    fault: Fault
    severity: float
    speed_rpm: float
    load: float
    growth: float = 0.0


@dataclass(frozen=True)
class SimulationConfig:
    """A whole simulated data set.

    Parameters
    ----------
    seed : int
    designation : str
        Of the bearings, for people.
    geometry : Geometry
    sampling_rate_hz, duration_s : float
    recordings : tuple of PlannedRecording
    jitter : float
        Standard deviation of the interval between impacts, relative.
    largest_slip : float
        The steady slip of a recording is drawn between minus and plus this.
    noise : float
        Root mean square of the background; a severe fault rings with a peak of about 3.
    mains_hz : float
        0 for none.

    Raises
    ------
    Invalid
        If rate, duration or noise are not positive.
    """

    seed: int
    designation: str
    geometry: Geometry
    sampling_rate_hz: float
    duration_s: float
    recordings: tuple[PlannedRecording, ...]
    jitter: float = 0.01
    largest_slip: float = 0.01
    noise: float = 0.25
    mains_hz: float = 50.0

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        for name in ("sampling_rate_hz", "duration_s", "noise"):
            if not getattr(self, name) > 0:
                raise Invalid(f"{name} must be positive; got {getattr(self, name):g}.", field=name)


@dataclass(frozen=True)
class SimulatedRecording:
    """One simulated recording.

    Parameters
    ----------
    name : str
    plan : PlannedRecording
    samples : ndarray of float32, shape (time,)
        Acceleration in g.
    sampling_rate_hz : float
    slip : float
        Steady slip that was drawn.
    structure : tuple of Resonance
        Of the machine.
    """

    name: str
    plan: PlannedRecording
    samples: NDArray[np.float32]
    sampling_rate_hz: float
    slip: float
    structure: tuple[Resonance, ...]


def simulate_recording(config: SimulationConfig, index: int) -> SimulatedRecording:
    """Make recording number `index` of `config`.

    Parameters
    ----------
    config : SimulationConfig
    index : int
        Position in ``config.recordings``.

    Raises
    ------
    Invalid
        If there is no such recording.

    Examples
    --------
    >>> plan = PlannedRecording("B1", Fault.OUTER, 0.8, 1800.0, 0.5)
    >>> config = SimulationConfig(1, "6205", Geometry(9, 7.94, 39.04), 12_000.0, 1.0, (plan,))
    >>> recording = simulate_recording(config, 0)
    >>> recording.samples.shape, recording.samples.dtype.name
    ((12000,), 'float32')
    """
    if not 0 <= index < len(config.recordings):
        raise Invalid(f"There are {len(config.recordings)} recordings; number {index} is not one.")
    rng = np.random.default_rng(np.random.SeedSequence([config.seed, index]))
    return simulate_planned(config, config.recordings[index], rng)


def simulate_planned(
    config: SimulationConfig, plan: PlannedRecording, rng: np.random.Generator, sensor: str = ""
) -> SimulatedRecording:
    """Make the recording of a plan.

    Parameters
    ----------
    config : SimulationConfig
        Its own recordings are not looked at.
    plan : PlannedRecording
    rng : numpy.random.Generator
    sensor : str
        Another sensor of the same machine hears the same impacts, by another way and with noise
        of its own.
    """
    machine = _machine_generator(config.seed, plan.bearing + sensor)
    structure = draw_structure(machine, config.sampling_rate_hz / 2)
    count = round(config.duration_s * config.sampling_rate_hz)
    time_s = np.arange(count) / config.sampling_rate_hz
    turns = _shaft_turns(time_s, plan.speed_rpm / 60, rng)
    slip = Slip(float(rng.uniform(-config.largest_slip, config.largest_slip)), config.jitter)
    forces = _impacts(config, plan, turns, slip, rng)
    if sensor:
        rng = rng.spawn(1)[0]
    signal = _through_structure(forces, structure, config, turns, rng)
    speed_ratio = plan.speed_rpm / NOMINAL_RPM
    signal += shaft_tones(turns, speed_ratio, machine) + gear_tones(turns, machine)
    if config.mains_hz:
        signal += mains_tones(time_s, config.mains_hz, rng)
    return SimulatedRecording(
        f"{plan.bearing}_{plan.speed_rpm:.0f}rpm_{plan.load:.0%}".replace("%", "load"),
        plan,
        signal.astype(np.float32),
        config.sampling_rate_hz,
        slip.steady if plan.fault is not Fault.HEALTHY else 0.0,
        structure,
    )


def _machine_generator(seed: int, bearing: str) -> np.random.Generator:
    """Return the generator of one machine: the same for all recordings of a bearing."""
    return np.random.default_rng(
        np.random.SeedSequence([seed, zlib.crc32(bearing.encode()), 0x6D61])
    )


def _shaft_turns(
    time_s: NDArray[np.float64], shaft_hz: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the shaft's angle in turns, with a slow wander of a tenth of a per cent."""
    wander_hz = rng.uniform(0.2, 0.8)
    depth = 0.001 * shaft_hz / (2 * np.pi * wander_hz)
    phase = rng.uniform(0, 2 * np.pi)
    wander: NDArray[np.float64] = shaft_hz * time_s + depth * (
        np.sin(2 * np.pi * wander_hz * time_s + phase) - np.sin(phase)
    )
    return wander


def _impacts(
    config: SimulationConfig,
    plan: PlannedRecording,
    turns: NDArray[np.float64],
    slip: Slip,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the force on the structure over time: one (shared) sample per impact."""
    forces = np.zeros(len(turns))
    geometry = config.geometry
    order = {
        Fault.OUTER: geometry.bpfo,
        Fault.INNER: geometry.bpfi,
        Fault.BALL: geometry.ball_strike,
    }.get(plan.fault)
    if order is None:
        return forces
    angles = impact_angles(order, float(turns[-1]), slip, rng)
    sizes = impact_forces(plan.fault, angles, geometry, plan.load)
    sizes *= 1 + 0.15 * rng.standard_normal(len(sizes))
    severity = np.minimum(plan.severity + plan.growth * angles / turns[-1], 1.0)
    sizes *= (0.25 + 0.75 * severity) * (0.6 + 0.4 * plan.load)
    sizes *= (plan.speed_rpm / NOMINAL_RPM) ** 0.5
    positions = np.interp(angles, turns, np.arange(len(turns)))
    whole = positions.astype(int)
    share = positions - whole
    np.add.at(forces, whole, sizes * (1 - share))
    np.add.at(forces, np.minimum(whole + 1, len(forces) - 1), sizes * share)
    return forces


def _through_structure(
    forces: NDArray[np.float64],
    structure: tuple[Resonance, ...],
    config: SimulationConfig,
    turns: NDArray[np.float64],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Let impacts and rolling noise ring in the structure, and add the sensor's own noise."""
    count = len(forces)
    padded = scipy.fft.next_fast_len(2 * count, real=True)
    frequency_hz = scipy.fft.rfftfreq(padded, 1 / config.sampling_rate_hz)
    path = response(structure, frequency_hz)
    ringing = scipy.fft.irfft(scipy.fft.rfft(forces, padded) * path, padded)[:count]
    peak = np.abs(scipy.fft.irfft(path, padded)).max()
    passing = 1 + 0.03 * np.cos(2 * np.pi * config.geometry.bpfo * turns)
    rolling = rng.standard_normal(count) * passing
    rolled = scipy.fft.irfft(scipy.fft.rfft(rolling, padded) * path, padded)[:count]
    rolled *= 0.6 * config.noise / max(float(rolled.std()), 1e-12)
    result: NDArray[np.float64] = (
        3.0 * ringing / peak + rolled + 0.8 * config.noise * rng.standard_normal(count)
    )
    return result
