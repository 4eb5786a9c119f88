"""The measured CWRU folder, imported whole: labels, groups, rates, speeds, copies."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.understanding.understood import Understood
from sonde.bearings.services.scanning import files_in, label_table_in, scan

pytestmark = [pytest.mark.integration, pytest.mark.real_data]

CLASSES = {"normal": "healthy", "inner": "inner", "outer": "outer", "ball": "ball"}
NOMINAL = {"0": 1797, "1": 1772, "2": 1750, "3": 1730}
DEPENDS_ON_TABLE = pytest.mark.parametrize("with_table", [True, False])


def imported(folder: Path, target: Path, *, with_table: bool) -> dict[str, Understood]:
    given = Given(labels=label_table_in(folder) if with_table else None)
    rows = scan(files_in(folder), given, target, lambda *_: None)
    return {row.file: row for row in rows}


@DEPENDS_ON_TABLE
def test_every_record_is_understood_as_its_label_table_says(real_data, tmp_path, with_table):
    folder = real_data / "bearings" / "cwru"
    rows = imported(folder, tmp_path / "signals.h5", with_table=with_table)
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    for each in expected:
        row = rows[each["file"]]
        assert row.goes_in, (row.file, row.refused, row.missing)
        assert row.label == CLASSES[each["label"]]
        assert row.bearing == each["bearing_id"]
        assert row.sampling_rate_hz == float(each["fs"])
        assert row.speed_rpm == float(each["rpm_in_file"] or NOMINAL[each["load_hp"]])
        assert row.load == f"{each['load_hp']} hp"
        assert row.fault_size == (f"{each['fault_mil']} mil" if each["fault_mil"] != "0" else "")
        assert row.fault_position == each["or_position"]
        assert row.unit == "unknown"
        assert row.n_samples == int(each["n_de"])
        assert row.channels[0] == "DE"
        assert bool(each["rpm_in_file"]) == (not any("assumed" in note for note in row.notes))
    copies = {row.file: row.refused for row in rows.values() if row.refused}
    assert set(copies) == {f"original_bytes/{number}.mat" for number in (97, 105, 118, 130)}
    assert len({row.bearing for row in rows.values() if row.goes_in}) == 16
    assert Counter(row.label for row in rows.values() if row.goes_in)["healthy"] == 5
    assert rows["normal/97.mat"].lineage == rows["normal/97_12k.mat"].lineage
