"""Public data sets are recognised by their layout; nothing is said that is not published."""

from pathlib import Path

import pytest

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.geometry import parse_geometry
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.understanding.presets.registry import PRESETS, checked_preset
from sonde.bearings.core.understanding.understood import Understood
from sonde.bearings.services.scanning import files_in, scan
from sonde.platform.core.errors import Invalid
from tests.layouts.public_sets import SETS


def imported(key: str, folder: Path, **given: object) -> dict[str, Understood]:
    """Write a set's files, read them through the jail, and return the rows by their titles."""
    files = files_in(SETS[key](folder / key))
    rows = scan(files, Given(**given), folder / "signals.h5", lambda *_: None)
    return {row.title: row for row in rows}


def facts(row: Understood) -> tuple[object, ...]:
    return row.label, row.bearing, row.sampling_rate_hz, row.speed_rpm, row.load


def test_cwru(tmp_path: Path) -> None:
    rows = imported("cwru", tmp_path)
    assert facts(rows["12k_drive_end/105.mat"]) == ("inner", "DE-IR007", 12e3, 1796.0, "0 hp")
    assert facts(rows["12k_drive_end/97.mat"])[0] == "healthy"


def test_mfpt(tmp_path: Path) -> None:
    rows = imported("mfpt", tmp_path)
    assert facts(rows["baseline_1.mat"]) == ("healthy", "healthy", 97_656, 1500, "270 lbs")
    assert facts(rows["OuterRaceFault_vload_1.mat"]) == ("outer", "outer", 48_828, 1500, "25 lbs")
    assert facts(rows["InnerRaceFault_vload_1.mat"]) == ("inner", "inner", 48_828, 1500, "0 lbs")
    assert {row.unit for row in rows.values()} == {"g"}
    assert {row.sources["bearing"] for row in rows.values()} == {"assumed"}


def test_paderborn(tmp_path: Path) -> None:
    rows = imported("paderborn", tmp_path)
    by_code = {row.bearing.split()[-1]: row for row in rows.values()}
    assert {code: row.label for code, row in by_code.items()} == {
        "K001": "healthy",
        "KA01": "outer",
        "KI16": "inner",
        "KB27": "inner+outer",
    }
    row = by_code["KI16"]
    assert (row.channels, row.sampling_rate_hz, row.load) == (("vibration_1",), 64_000, "1000 N")
    assert row.speed_rpm == pytest.approx(1501.0, abs=0.01)
    assert (row.fault_size, row.session) == ("level 3", "N15_M07_F10")
    assert row.conditions["damage_origin"] == "real"
    assert row.conditions["torque_nm"] == 0.7
    assert by_code["KA01"].conditions["damage_origin"] == "artificial"
    assert "damage_origin" not in by_code["K001"].conditions
    assert all(row.goes_in for row in rows.values())


def test_ims(tmp_path: Path) -> None:
    rows = imported("ims", tmp_path)
    assert len(rows) == 2 * 4 + 4 * 4
    first = rows["1st_test/2003.10.22.12.06.24 bearing 3"]
    assert first.channels == ("acc x", "acc y")
    assert first.taken_at == "2003-10-22T12:06:24+00:00"
    assert facts(first) == ("", "IMS set 1 bearing 3", 20_000, 2_000, "6000 lbs")
    assert first.missing == ("label",)
    assert first.conditions == {"run_to_failure": True, "found_at_the_end": "inner"}
    second = rows["2nd_test/2004.02.12.10.32.39 bearing 2"]
    assert second.channels == ("acc",)
    assert "found_at_the_end" not in second.conditions


def test_only_the_person_calls_the_beginning_of_a_run_healthy(tmp_path: Path) -> None:
    rows = imported("ims", tmp_path, healthy_part=0.5)
    labels = [rows[f"2nd_test/2004.02.12.1{hour}.32.39 bearing 1"].label for hour in range(4)]
    assert labels == ["healthy", "healthy", "", ""]
    said = rows["2nd_test/2004.02.12.10.32.39 bearing 1"].sources["label"]
    assert said == "you: the first 50% of each run"


def test_xjtu(tmp_path: Path) -> None:
    rows = imported("xjtu", tmp_path)
    third = rows["35Hz12kN/Bearing1_1/3.csv"]
    assert facts(third) == ("", "XJTU-SY 1_1", 25_600, 2_100, "12 kN")
    assert third.channels == ("horizontal", "vertical")
    assert third.taken_at == "1970-01-01T00:02:00+00:00"
    assert third.conditions["found_at_the_end"] == "outer"
    assert rows["40Hz10kN/Bearing3_2/1.csv"].speed_rpm == 2_400


def test_femto(tmp_path: Path) -> None:
    rows = imported("femto", tmp_path)
    place = "Learning_set/Bearing2_1"
    third = rows[f"{place}/acc_00003.csv"]
    assert facts(third) == ("", "FEMTO 2_1", 25_600, 1_650, "4200 N")
    assert (third.channels, third.unit) == (("horizontal", "vertical"), "g")
    times = [rows[f"{place}/acc_0000{number}.csv"].taken_at[:19] for number in (1, 2, 3, 4)]
    assert times == [
        "1970-01-01T23:59:40",
        "1970-01-01T23:59:50",
        "1970-01-02T00:00:00",
        "1970-01-02T00:00:10",
    ]
    assert rows[f"{place}/temp_00001.csv"].refused.endswith("no vibration.")


def test_a_preset_is_named_by_hand_or_left_out(tmp_path: Path) -> None:
    rows = imported("mfpt", tmp_path, preset="none")
    assert rows["baseline_1.mat"].load == "270"
    rows = imported("ims", tmp_path, preset="paderborn")
    assert len(rows) == 6
    assert all("does not look like" in " ".join(row.notes) for row in rows.values())
    with pytest.raises(Invalid, match="there are auto, none, cwru"):
        checked_preset("nasa")


def test_every_preset_says_a_bearing_type_that_the_product_knows() -> None:
    for preset in PRESETS.values():
        if preset.designation:
            known = parse_geometry if "=" in preset.designation else find_bearing
            assert known(preset.designation)
