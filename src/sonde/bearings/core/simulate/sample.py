"""The plan of the sample data set: small enough to be made and learned in seconds."""

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.simulate.impacts import Fault
from sonde.bearings.core.simulate.rolling import PlannedRecording, SimulationConfig

SAMPLE_SEED = 20_260
SAMPLE_DESIGNATION = "6205"
BEARINGS_PER_CLASS = 4
SPEEDS_RPM = (1500.0, 1800.0)
LOADS = (0.3, 0.9)


def sample_plan() -> SimulationConfig:
    """Return the plan: four classes, four bearings each, at two speeds and two loads.

    Examples
    --------
    >>> plan = sample_plan()
    >>> len(plan.recordings), len({recording.bearing for recording in plan.recordings})
    (64, 16)
    """
    recordings = tuple(
        PlannedRecording(
            bearing=f"{fault.value}-{number + 1}",
            fault=fault,
            severity=0.0 if fault is Fault.HEALTHY else (number + 0.5) / BEARINGS_PER_CLASS,
            speed_rpm=speed_rpm,
            load=load,
        )
        for fault in Fault
        for number in range(BEARINGS_PER_CLASS)
        for speed_rpm in SPEEDS_RPM
        for load in LOADS
    )
    return SimulationConfig(
        seed=SAMPLE_SEED,
        designation=SAMPLE_DESIGNATION,
        geometry=find_bearing(SAMPLE_DESIGNATION).geometry,
        sampling_rate_hz=12_000.0,
        duration_s=2.0,
        recordings=recordings,
    )
