"""What is understood of files, and who is believed when sources differ."""

import numpy as np
import pytest

from sonde.bearings.core.datasets import NewRecording, content_hash
from sonde.bearings.core.recordings import Channel, FileContent, Record
from sonde.bearings.core.understanding import cwru, names
from sonde.bearings.core.understanding.corrections import corrected
from sonde.bearings.core.understanding.given import Given
from sonde.bearings.core.understanding.label_table import parse
from sonde.bearings.core.understanding.said import plain_label
from sonde.bearings.core.understanding.understand import understand, without_copies
from sonde.bearings.core.understanding.understood import Understood
from sonde.platform.core.errors import Invalid, TooLarge

X = np.random.default_rng(5).standard_normal(500).astype(np.float32)
Y = np.random.default_rng(6).standard_normal(400).astype(np.float32)


def content(*channels: Channel, speed: float | None = None, record: str = "") -> FileContent:
    return FileContent("npy", (Record(record, channels, speed),))


def one(path: str, found: FileContent, given: Given | None = None) -> Understood:
    ((row, _),) = understand(path, found, given or Given())
    return row


def cwru_channel(number: int, name: str = "DE") -> Channel:
    return Channel(name, X, None, variable=f"X{number:03d}_{name}_time")


def test_the_public_numbering_is_believed_only_for_files_of_that_rig() -> None:
    row = one("somewhere/3001.mat", content(cwru_channel(56)))
    assert (row.label, row.bearing, row.sampling_rate_hz) == ("inner", "DE-IR028", 12000)
    assert row.speed_rpm == 1797
    assert row.sources["speed_rpm"].startswith("nominal")
    other = one("somewhere/3001.mat", content(Channel("x", X, variable="x")))
    assert other.label == ""
    assert other.missing == ("sampling_rate_hz", "speed_rpm", "label", "bearing")


def test_normal_baselines_are_48_khz_unless_brought_down() -> None:
    assert one("98.mat", content(cwru_channel(98))).sampling_rate_hz == 48000
    row = one("98_12k.mat", content(cwru_channel(98)))
    assert row.sampling_rate_hz == 12000
    assert row.lineage == one("98.mat", content(cwru_channel(98))).lineage == "CWRU 98"


def test_each_record_of_a_file_has_its_own_number() -> None:
    record = Record("X099", (cwru_channel(99),))
    said = cwru.said_of("both.mat", record)
    assert said is not None
    assert (said.label, said.load) == ("healthy", "2 hp")
    assert cwru.said_of("x.mat", Record("X500", (cwru_channel(500),))) is None
    assert cwru.said_of("name.mat", Record("", (cwru_channel(99),))) is None


def test_the_label_table_wins_and_contradictions_are_told() -> None:
    table = parse("file,label,fs,rpm,bearing_id,fault_mil,load_hp\na.mat,outer,25600,900,B1,7,2\n")
    found = content(Channel("x", X, 12000.0, "g"), speed=1500.0)
    row = one("a.mat", found, Given(labels=table))
    assert (row.sampling_rate_hz, row.speed_rpm, row.label, row.bearing) == (
        25600,
        900,
        "outer",
        "B1",
    )
    assert (row.fault_size, row.load, row.unit) == ("7 mil", "2 hp", "g")
    assert row.notes == ("sampling rate: 25600 (label table), but 12000 (file)",)


@pytest.mark.parametrize(
    ("path", "label", "size", "position"),
    [
        ("Normal/time.csv", "healthy", "", ""),
        ("data/IR014_1.mat", "inner", "14 mil", ""),
        ("data/OR021@12_3.mat", "outer", "21 mil", "12"),
        ("Inner Race/7mil/x.wav", "inner", "7 mil", ""),
        ("ball/1.npy", "ball", "", ""),
        ("unbalance/1.npy", "", "", ""),
    ],
)
def test_names(path: str, label: str, size: str, position: str) -> None:
    said = names.said_of(path.replace("Inner Race", "Inner_Race"))
    assert (said.label, said.fault_size, said.fault_position) == (label, size, position)


def test_an_unknown_bearing_is_assumed_the_careful_way() -> None:
    found = content(Channel("x", X, 1000.0), speed=600.0)
    first, second = (one(f"inner/{name}.npy", found) for name in "ab")
    assert first.bearing == second.bearing == "inner"
    assert "count as one" in first.notes[-1]
    assert first.goes_in


def test_what_is_given_for_all_fills_only_gaps() -> None:
    given = Given(sampling_rate_hz=5000.0, speed_rpm=100.0, label="Normal", unit="g")
    row = one("x.npy", content(Channel("x", X, 1000.0)), given)
    assert (row.sampling_rate_hz, row.speed_rpm, row.label, row.unit) == (1000, 100, "healthy", "g")


def test_channels_are_chosen_and_must_be_equally_long() -> None:
    found = content(Channel("DE", X), Channel("FE", X[::-1].copy()), Channel("t", Y))
    assert one("x.npy", found).channels == ("DE", "FE")
    assert "shorter: t" in one("x.npy", found).notes[0]
    assert one("x.npy", found, Given(channels=("FE",))).channels == ("FE",)
    assert "none of the channels" in one("x.npy", found, Given(channels=("BA",))).refused


def test_a_copy_with_fewer_channels_is_a_copy() -> None:
    seen: dict[str, str] = {}
    whole = understand("a.mat", content(Channel("DE", X), Channel("FE", X * 2)), Given())
    part = understand("b.npy", content(Channel("signal", X)), Given())
    assert not without_copies(whole, seen)[0][0].refused
    assert without_copies(part, seen)[0][0].refused == "It holds the same samples as a.mat."


@pytest.mark.parametrize(
    "changes",
    [
        {"file": "x"},
        {"speed_rpm": "fast"},
        {"sampling_rate_hz": -1},
        {"sampling_rate_hz": "inf"},
        {"sampling_rate_hz": 1e-320},
        {"sampling_rate_hz": [12000]},
        {"label": "x" * 81},
        {"bearing": "a\nb"},
    ],
)
def test_corrections_that_make_no_sense_are_refused(changes: dict) -> None:
    with pytest.raises(Invalid):
        corrected(Understood(file="a.npy"), changes)


def test_corrections() -> None:
    row = Understood(file="a.npy", label="inner", bearing="B")
    row = corrected(row, {"speed_rpm": "1797,5", "unit": "", "sampling_rate_hz": 12000})
    assert (row.speed_rpm, row.unit, row.sources["speed_rpm"]) == (1797.5, "unknown", "you")
    assert row.goes_in
    assert corrected(row, {"speed_rpm": None}).missing == ("speed_rpm",)
    assert not corrected(row, {"left_out": True}).goes_in
    assert Understood(file="a", refused="why").missing == ()


def test_label_tables() -> None:
    table = parse("\ufeffFile;Class;Unit\nx\\1.mat;IR;g\n./2.mat;Looseness;\n")
    said = table.said_of("x/1.mat")
    assert said is not None
    assert (said.label, said.unit) == ("inner", "g")
    assert table.said_of("1.mat") is not None
    assert table.said_of("none.mat") is None
    assert plain_label("Looseness") == "clearance"
    with pytest.raises(Invalid, match="column"):
        parse("a,b\n1,2\n")
    with pytest.raises(TooLarge):
        parse("file,label\n" + "x,y\n" * 100_001)


def test_the_content_hash_names_content_and_labels_not_order() -> None:
    def recording(label: str, speed: float) -> NewRecording:
        return NewRecording(
            file="a",
            signal_path="/signals/1",
            channels=("DE",),
            n_samples=1000,
            sampling_rate_hz=500.0,
            speed_rpm=speed,
            label=label,
            bearing="b",
            lineage="l",
            content_hash="c",
        )

    one, two = recording("inner", 1.0), recording("outer", 2.0)
    assert content_hash([one, two]) == content_hash([two, one])
    assert content_hash([one]) != content_hash([recording("ball", 1.0)])
    assert one.duration_s == 2.0
