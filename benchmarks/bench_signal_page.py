"""What the server does for one redraw of the Signal page, at 102,400 samples, in every view.

The whole answer: who may see it, reading from the HDF5 file, computing, the figure with its table
and the JSON, on the embedded PostgreSQL. The peers do what most dashboards do: all samples as
lists, and the spectrogram of scipy as a list of rows.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from dash._utils import to_json
from scipy import signal as scipy_signal

from benchmarks.bench_signal_list import ADA, database
from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.core.simulate.impacts import Fault
from sonde.bearings.core.simulate.rolling import (
    PlannedRecording,
    SimulationConfig,
    simulate_recording,
)
from sonde.bearings.persistence.signal_files import samples_hash, writing
from sonde.bearings.services import datasets
from sonde.bearings.services.signals import diagnosis, measures
from sonde.bearings.ui.signal.looks.panel import panel
from sonde.bearings.ui.signal.state import ViewState
from sonde.platform.core.ports import Ports
from sonde.platform.persistence.files import open_files
from sonde.platform.services.work import unit_of_work

RATE_HZ = 20_480.0
N_SAMPLES = 102_400
SHAFT_HZ = 30.0
RUNS = 11
LINES_KB, IMAGE_KB = 60.0, 200.0
REDRAWS: dict[str, tuple[ViewState, float, float]] = {
    "time": (ViewState("", "time"), 100, LINES_KB),
    "time, envelope and 3 s of it": (
        ViewState("", "time", span=(1.0, 4.0), said={"show": "envelope"}),
        100,
        LINES_KB,
    ),
    "spectrum": (ViewState("", "spectrum"), 100, LINES_KB),
    "spectrum, averaged velocity": (
        ViewState("", "spectrum", said={"averages": "16", "quantity": "velocity"}),
        100,
        LINES_KB,
    ),
    "envelope on the kurtogram": (ViewState("", "envelope"), 150, LINES_KB),
    "cepstrum": (ViewState("", "cepstrum"), 100, LINES_KB),
    "orders, tacho": (ViewState("", "orders"), 100, LINES_KB),
    "orders, speed found": (ViewState("", "orders", said={"speed": "signal"}), 100, LINES_KB),
    "average": (ViewState("", "average"), 100, LINES_KB),
    "spectrogram": (ViewState("", "time-frequency"), 100, IMAGE_KB),
    "wavelets": (ViewState("", "time-frequency", said={"method": "cwt"}), 150, IMAGE_KB),
    "pseudo-Wigner-Ville": (
        ViewState("", "time-frequency", said={"method": "wigner-ville"}),
        100,
        IMAGE_KB,
    ),
    "waterfall, kept": (ViewState("", "waterfall"), 100, IMAGE_KB),
    "orbit": (ViewState("", "orbit"), 100, LINES_KB),
    "cyclic coherence": (ViewState("", "coherence"), 500, IMAGE_KB),
    "bicoherence": (ViewState("", "bicoherence"), 100, IMAGE_KB),
}


def samples() -> np.ndarray:
    """Return two channels of a faulty bearing, and a tacho."""
    geometry = find_bearing("6205").geometry
    plan = (PlannedRecording("B", Fault.OUTER, 1.0, SHAFT_HZ * 60, 0.8),)
    config = SimulationConfig(1, "6205", geometry, RATE_HZ, N_SAMPLES / RATE_HZ, plan)
    first = simulate_recording(config, 0).samples
    turns = SHAFT_HZ * np.arange(N_SAMPLES) / RATE_HZ
    for order in range(1, 9):  # what a speed can be found by
        first = first + 0.2 / order * np.cos(2 * np.pi * order * turns)
    return np.stack([first, np.roll(first, 170), 5.0 * (turns % 1 < 0.1)]).astype(np.float32)


@contextmanager
def page(folder: Path) -> Iterator[tuple[Ports, str, np.ndarray]]:
    """Start the database and store a data set of twelve recordings; give the id of the first."""
    made = samples()
    path = folder / "signals.h5"
    channels = ("DE", "FE", "tacho")
    with writing(path) as writer:
        new = tuple(
            NewRecording(
                file=f"{number}.npy",
                signal_path=writer.add(made, channels=channels),
                channels=channels,
                n_samples=N_SAMPLES,
                sampling_rate_hz=RATE_HZ,
                speed_rpm=SHAFT_HZ * 60,
                unit="g",
                label="outer",
                bearing="B",
                lineage=str(number),
                content_hash=samples_hash(made),
                tacho_channel="tacho",
            )
            for number in range(12)
        )
    with database(folder) as (found, _), ExitStack() as stack:
        files = open_files((folder / "store").as_uri(), folder / "cache")
        ports = replace(found, files=files)
        stack.enter_context(unit_of_work(ports))
        key = datasets.store_signals(path)
        plan = datasets.DatasetPlan("Twelve", "import", "6205", new)
        stored = datasets.create_sealed(ADA, plan, file_key=key)
        yield ports, datasets.recordings(ADA, stored.id)[0].id, made


def redraw(recording_id: str, state: ViewState) -> str:
    """Answer one change of the view."""
    wanted = ViewState(recording_id, state.view, span=state.span, said=state.said)
    drawn = to_json(panel(ADA, wanted))
    assert "sonde-refusal" not in drawn, drawn[:2000]
    return drawn


def as_lists(made: np.ndarray) -> str:
    """Draw the time chart as most dashboards do."""
    x = (np.arange(N_SAMPLES) / RATE_HZ).tolist()
    return to_json({"data": [{"x": x, "y": made[0].tolist()}]})


def spectrogram_as_lists(made: np.ndarray) -> str:
    """Draw the spectrogram as most dashboards do."""
    f, t, power = scipy_signal.spectrogram(made[0], RATE_HZ, nperseg=1024, noverlap=768)
    rows = (10 * np.log10(power + 1e-12)).tolist()
    return to_json({"data": [{"type": "heatmap", "x": t.tolist(), "y": f.tolist(), "z": rows}]})


def timed(draw: Callable[[], str]) -> tuple[float, float]:
    """Return the lower quartile of the time in ms, and the size in kB."""
    answer = draw()
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        answer = draw()
        seconds.append(time.perf_counter() - started)
    return float(np.quantile(seconds, 0.25)) * 1e3, len(answer) / 1e3


def main() -> int:
    """Print the table; return 1 if a redraw misses its bar."""
    missed = 0
    with tempfile.TemporaryDirectory() as name, page(Path(name)) as (_, recording_id, made):
        print(f"{'redraw at 102,400 samples':32}{'ms':>8}{'bar':>6}{'kB':>8}{'bar':>6}")
        took = {}
        for title, (state, bar_ms, bar_kb) in REDRAWS.items():
            took[title] = timed(partial(redraw, recording_id, state))
            ms, kb = took[title]
            missed += ms > bar_ms or kb > bar_kb
            print(f"{title:32}{ms:8.1f}{bar_ms:6.0f}{kb:8.1f}{bar_kb:6.0f}")
        look = ViewState(recording_id).look
        beside = timed(lambda: str(measures.features(ADA, look)))
        cold = timed(lambda: diagnosis.diagnosis(ADA, look).summary)
        print(f"{'features at the side':32}{beside[0]:8.1f}")
        print(f"{'diagnosis at the side, kept':32}{cold[0]:8.1f}")
        peer_ms, peer_kb = timed(partial(as_lists, made))
        image_ms, image_kb = timed(partial(spectrogram_as_lists, made))
    print(f"{'all samples as lists (peer)':32}{peer_ms:8.1f}{'':6}{peer_kb:8.1f}")
    print(f"{'spectrogram as lists (peer)':32}{image_ms:8.1f}{'':6}{image_kb:8.1f}")
    ms, kb = took["time"]
    print(f"the time chart: {peer_ms / ms:.0f} times faster, {peer_kb / kb:.0f} times smaller")
    ms, kb = took["spectrogram"]
    print(f"the spectrogram: {image_ms / ms:.1f} times faster, {image_kb / kb:.0f} times smaller")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
