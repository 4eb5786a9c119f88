"""What the diagnosis must reach on measured recordings."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.diagnosis import Diagnosis, diagnose
from sonde.bearings.core.readers.reading import read_recording

NOMINAL_RPM = {"0": 1797.0, "1": 1772.0, "2": 1750.0, "3": 1730.0}
GEOMETRY = find_bearing("6205-2RS").geometry

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def answers(real_data: Path) -> list[tuple[str, Diagnosis]]:
    """Truth and diagnosis of all 64 records at 12 kHz."""
    folder = real_data / "bearings" / "cwru"
    found = []
    with (folder / "labels.csv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["fs"] == "12000"]
    for row in rows:
        given = float(row["rpm_in_file"] or NOMINAL_RPM[row["load_hp"]])
        recording = read_recording(
            folder / row["file"], channel="DE", sampling_rate_hz=12_000.0, speed_rpm=given
        )
        answer = diagnose(recording.samples[0], 12_000.0, given, GEOMETRY)
        found.append((row["label"].replace("normal", "healthy"), answer))
    return found


def test_acceptance_diagnose_names_the_faults(
    answers: list[tuple[str, Diagnosis]],
) -> None:
    right = Counter(truth for truth, answer in answers if answer.verdict.value == truth)
    assert len(answers) == 64
    assert right["inner"] == 16
    assert right["outer"] >= 23
    assert right["ball"] >= 8
    assert right["healthy"] == 4


def test_acceptance_diagnose_is_rarely_confidently_wrong(
    answers: list[tuple[str, Diagnosis]],
) -> None:
    wrong = [
        (truth, answer.verdict)
        for truth, answer in answers
        if answer.verdict.value not in {truth, "cannot_tell"}
    ]
    assert len(wrong) <= 8, wrong
