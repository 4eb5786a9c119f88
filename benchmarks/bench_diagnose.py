"""Diagnose the measured CWRU drive-end records from physics.

Reads the folder named by ``SONDE_REAL_DATA``. The threshold on the plain envelope spectrum stands
beside it as the peer: the same lines, one fixed band, geometric mean over three harmonics.
"""

import csv
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.diagnosis import diagnose
from sonde.bearings.core.envelope import squared_envelope_spectrum
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.readers.reading import read_recording

RATE_HZ = 12_000.0
NOMINAL_RPM = {"0": 1797.0, "1": 1772.0, "2": 1750.0, "3": 1730.0}
NEEDED = {"inner": 16, "outer": 23, "ball": 8, "healthy": 4}
VERDICTS = ("healthy", "outer", "inner", "ball", "cannot_tell")
SHELL_RUNS = 5


@dataclass(frozen=True)
class Answer:
    """One record: truth, verdicts, and how long the computation took."""

    truth: str
    ours: str
    peer: str
    took_ms: float


def plain_threshold(samples: np.ndarray, speed_rpm: float, geometry: Geometry) -> str:
    """Decide by the highest family over a threshold of 5 in one fixed band."""
    spectrum = squared_envelope_spectrum(samples, RATE_HZ, (1.0, 0.9 * RATE_HZ / 2))
    orders = {"outer": geometry.bpfo, "inner": geometry.bpfi, "ball": geometry.ball_strike}
    heights = {}
    for name, order in orders.items():
        lines = []
        for multiple in (1, 2, 3):
            centre = multiple * order * speed_rpm / 60 / spectrum.resolution_hz
            near = spectrum.values[int(centre * 0.99) : int(centre * 1.01) + 2]
            around = spectrum.values[int(centre * 0.9) : int(centre * 1.1) + 2]
            lines.append(near.max() / np.median(around))
        heights[name] = float(np.exp(np.mean(np.log(lines))))
    best = max(heights, key=lambda name: heights[name])
    return best if heights[best] >= 5 else "healthy"


def answers(folder: Path) -> list[Answer]:
    """Diagnose every record of 12 kHz."""
    geometry = find_bearing("6205-2RS").geometry
    with (folder / "labels.csv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["fs"] == "12000"]
    found = []
    for row in rows:
        speed_rpm = float(row["rpm_in_file"] or NOMINAL_RPM[row["load_hp"]])
        recording = read_recording(
            folder / row["file"], channel="DE", sampling_rate_hz=RATE_HZ, speed_rpm=speed_rpm
        )
        samples = recording.samples[0]
        started = time.perf_counter()
        verdict = diagnose(samples, RATE_HZ, speed_rpm, geometry).verdict.value
        took_ms = (time.perf_counter() - started) * 1e3
        truth = row["label"].replace("normal", "healthy")
        found.append(Answer(truth, verdict, plain_threshold(samples, speed_rpm, geometry), took_ms))
    return found


def shell_seconds(folder: Path) -> float:
    """Return the median time from shell to answer."""
    command = [
        *(sys.executable, "-c", "from sonde.app.cli import main; main()", "diagnose"),
        str(folder / "12k_drive_end" / "105.mat"),
        *("--bearing", "6205-2RS", "--rpm", "1797", "--sampling-rate", "12000", "--json"),
    ]
    seconds = []
    for _ in range(SHELL_RUNS):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    return float(np.median(seconds))


def main() -> int:
    """Print the table; return 1 if a bar is missed."""
    root = os.environ.get("SONDE_REAL_DATA", "")
    folder = Path(root) / "bearings" / "cwru"
    if not root or not folder.is_dir():
        print("SONDE_REAL_DATA names no folder with bearings/cwru; nothing measured.")
        return 0
    found = answers(folder)
    print(
        f"{'truth':10}" + "".join(f"{verdict:>13}" for verdict in VERDICTS) + "     right   plain"
    )
    missed = 0
    for truth, needed in NEEDED.items():
        mine = [answer for answer in found if answer.truth == truth]
        counts = Counter(answer.ours for answer in mine)
        plain = sum(answer.peer == truth for answer in mine)
        missed += counts[truth] < needed
        cells = "".join(f"{counts[verdict] or '.':>13}" for verdict in VERDICTS)
        print(f"{truth:10}{cells}{counts[truth]:7}/{len(mine)}{plain:5}/{len(mine)}")
    wrong = sum(answer.ours not in {answer.truth, "cannot_tell"} for answer in found)
    plain_wrong = sum(answer.peer != answer.truth for answer in found)
    milliseconds = float(np.median([answer.took_ms for answer in found]))
    shell_s = shell_seconds(folder)
    print(f"confidently wrong: {wrong} of {len(found)} (at most 8); plain threshold {plain_wrong}")
    print(f"computation: {milliseconds:.1f} ms for 10 s of signal (at most 60)")
    print(f"from shell to answer: {shell_s:.2f} s (at most 1.5)")
    return int(bool(missed) or wrong > 8 or milliseconds > 60 or shell_s > 1.5)


if __name__ == "__main__":
    raise SystemExit(main())
