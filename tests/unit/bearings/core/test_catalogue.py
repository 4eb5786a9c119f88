"""The catalogue: what it holds, how it is asked, what it says when it does not know."""

import pytest

from sonde.bearings.core.catalogue import catalogue, find_bearing
from sonde.platform.core.errors import NotFound


@pytest.mark.parametrize(
    ("written", "designation"),
    [
        ("6205-2RS", "6205"),
        ("6205-2RS JEM", "6205"),
        ("6205 2rs1/c3", "6205"),
        ("SKF 6205", "6205"),
        ("skf6205", "6205"),
        ("62052RS", "6205"),
        ("6205ZZ", "6205"),
        ("6205-ZZ-C3", "6205"),
        ("FAG 6310.C4", "6310"),
        ("NTN 6203LLU", "6203"),
        ("6900 2Z", "6900"),
        ("nu 205 ecp", "NU205"),
        ("NU205", "NU205"),
        ("ER-16K", "ER16K"),
    ],
)
def test_designations_are_found_with_their_suffixes(written: str, designation: str) -> None:
    assert find_bearing(written).designation == designation


def test_the_cwru_bearings_are_the_published_ones() -> None:
    drive, fan = find_bearing("6205-2RS"), find_bearing("6203-2RS")
    assert drive.geometry.n_rollers == 9
    assert drive.geometry.ratio == pytest.approx(0.3126 / 1.537, rel=1e-5)
    assert fan.geometry.ratio == pytest.approx(0.2656 / 1.122, rel=1e-5)
    assert not drive.is_estimated


def test_the_common_deep_groove_sizes_are_there() -> None:
    wanted = [f"60{i:02d}" for i in range(13)] + [f"62{i:02d}" for i in range(13)]
    wanted += [f"63{i:02d}" for i in range(11)] + [f"68{i:02d}" for i in range(11)]
    wanted += [f"69{i:02d}" for i in range(11)]
    assert set(wanted) <= set(catalogue())


def test_every_row_states_its_basis_and_source() -> None:
    for bearing in catalogue().values():
        assert bearing.basis in {"published", "estimated"}
        assert len(bearing.source) > 10
        assert 0.07 < bearing.geometry.ratio < 0.36
        assert bearing.geometry.warnings == ()


@pytest.mark.parametrize("written", ["6299-2RS", "", "62051", "XYZ", "../../etc/passwd", "6" * 400])
def test_an_unknown_designation_names_the_way_out(written: str) -> None:
    with pytest.raises(NotFound) as missing:
        find_bearing(written)
    assert "--geometry" in missing.value.message
    assert "\n" not in missing.value.message
    assert len(missing.value.message) < 300


def test_close_matches_are_named() -> None:
    with pytest.raises(NotFound) as missing:
        find_bearing("6215-2RS")
    assert missing.value.details["nearest"]
