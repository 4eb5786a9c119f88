"""What the server does for one redraw of the Signal page, at 102,400 samples.

Reads the signal from its HDF5 file, computes, builds the figure or patch and writes the JSON; the
three row look-ups of a redraw (under 3 ms) are measured by the integration test. The peer is the
same chart without downsampling, as lists.
"""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from dash import Patch
from dash._utils import to_json

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.diagnosis import diagnose
from sonde.bearings.core.signal_views import course_of, envelope_of, spectrum_of
from sonde.bearings.core.simulate.impacts import Fault
from sonde.bearings.core.simulate.rolling import (
    PlannedRecording,
    SimulationConfig,
    simulate_recording,
)
from sonde.bearings.persistence.signal_files import read_signal, writing
from sonde.bearings.ui.signal.figures import (
    envelope_figure,
    envelope_top,
    spectrum_figure,
    time_figure,
    typed,
)

RATE_HZ = 20_480.0
N_SAMPLES = 102_400
SHAFT_HZ = 30.0
BAND = (2_000.0, 8_000.0)
RUNS = 20
GEOMETRY = find_bearing("6205").geometry


def signal_file(folder: Path) -> Path:
    """Write one simulated signal."""
    plan = (PlannedRecording("B", Fault.OUTER, 1.0, SHAFT_HZ * 60, 0.8),)
    config = SimulationConfig(1, "6205", GEOMETRY, RATE_HZ, N_SAMPLES / RATE_HZ, plan)
    path = folder / "signals.h5"
    with writing(path) as writer:
        writer.add(simulate_recording(config, 0).samples[np.newaxis], channels=("DE",))
    return path


def samples_of(path: Path, first: int = 0, last: int | None = None) -> np.ndarray:
    """Read a stretch of the signal."""
    return read_signal(path, "/signals/000001", 0, first, last)


def whole(path: Path) -> str:
    """Draw the time chart."""
    course = course_of(samples_of(path), 0, RATE_HZ)
    return to_json(time_figure(course.time_s, course.values, "g", None))


def zoomed(path: Path) -> str:
    """Redraw three seconds of it."""
    first, last = int(RATE_HZ), int(4 * RATE_HZ)
    course = course_of(samples_of(path, first, last), first, RATE_HZ)
    patch = Patch()
    patch["data"][0]["x"] = typed(course.time_s)
    patch["data"][0]["y"] = typed(course.values)
    return to_json(patch)


def spectrum(path: Path) -> str:
    """Draw the spectrum."""
    look = spectrum_of(samples_of(path), RATE_HZ).spectrum
    return to_json(spectrum_figure(look.values, look.resolution_hz, "g"))


def envelope(path: Path) -> str:
    """Draw the envelope spectrum."""
    look = envelope_of(samples_of(path), RATE_HZ, SHAFT_HZ, BAND, GEOMETRY)
    marks = [(mark.name, mark.frequency_hz) for mark in look.marks]
    return to_json(envelope_figure(look.spectrum.values, look.spectrum.resolution_hz, marks))


def band(path: Path) -> str:
    """Redraw it for another band."""
    look = envelope_of(samples_of(path), RATE_HZ, SHAFT_HZ, BAND, GEOMETRY)
    patch = Patch()
    patch["data"][0]["y"] = typed(look.spectrum.values)
    patch["layout"]["yaxis"]["range"] = [0, envelope_top(look.spectrum.values)]
    return to_json(patch)


def diagnosis(path: Path) -> str:
    """Diagnose, where nothing is cached yet."""
    return diagnose(samples_of(path), RATE_HZ, SHAFT_HZ * 60, GEOMETRY).summary


def as_lists(path: Path) -> str:
    """Draw the time chart as most dashboards do."""
    samples = samples_of(path)
    x = (np.arange(len(samples)) / RATE_HZ).tolist()
    return to_json({"data": [{"x": x, "y": samples.tolist()}]})


def timed(draw: Callable[[], str]) -> tuple[float, int]:
    """Return the lower quartile of the time in ms, and the size in bytes."""
    draw()
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        answer = draw()
        seconds.append(time.perf_counter() - started)
    return float(np.quantile(seconds, 0.25)) * 1e3, len(answer)


def main() -> int:
    """Print the table; return 1 if a redraw misses its bar."""
    draws = {
        "time chart": whole,
        "zoom": zoomed,
        "spectrum": spectrum,
        "envelope spectrum": envelope,
        "another band": band,
        "diagnosis": diagnosis,
    }
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = signal_file(Path(folder))
        print(f"{'redraw at 102,400 samples':28}{'ms':>8}{'kB':>8}    bars: 60 ms, 60 kB")
        for name, draw in draws.items():
            milliseconds, size = timed(partial(draw, path))
            missed += milliseconds > 60 or size > 60_000
            print(f"{name:28}{milliseconds:8.1f}{size / 1000:8.1f}")
        slow_ms, large = timed(partial(as_lists, path))
        zoom_ms, small = timed(partial(zoomed, path))
    print(f"{'all samples as lists (peer)':28}{slow_ms:8.1f}{large / 1000:8.1f}")
    print(f"a zoom is {slow_ms / zoom_ms:.0f} times faster and {large / small:.0f} times smaller")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
