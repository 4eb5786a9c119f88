"""Characteristic orders: published values, laws and refusals."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.bearings.core.geometry import Geometry, parse_geometry
from sonde.platform.core.errors import Invalid

geometries = st.builds(
    lambda n, fill, D, angle: Geometry(n, fill * D * math.sin(math.pi / n), D, angle),
    st.integers(4, 40),
    st.floats(0.3, 0.98),
    st.floats(1.0, 500.0),
    st.floats(0.0, 45.0),
)


@pytest.mark.parametrize(
    ("geometry", "bpfi", "bpfo", "ftf", "strike"),
    [
        (Geometry(9, 0.3126 * 25.4, 1.537 * 25.4), 5.4152, 3.5848, 0.39828, 4.7135),
        (Geometry(8, 0.2656 * 25.4, 1.122 * 25.4), 4.9469, 3.0530, 0.3817, 3.9874),
    ],
    ids=["drive end", "fan end"],
)
def test_published_orders_of_the_cwru_bearings(
    geometry: Geometry, bpfi: float, bpfo: float, ftf: float, strike: float
) -> None:
    assert geometry.bpfi == pytest.approx(bpfi, abs=1e-3)
    assert geometry.bpfo == pytest.approx(bpfo, abs=1e-3)
    assert geometry.ftf == pytest.approx(ftf, abs=1e-3)
    assert geometry.ball_strike == pytest.approx(strike, abs=1e-3)


@given(geometries)
def test_rollers_pass_both_races_as_often_as_there_are_rollers(geometry: Geometry) -> None:
    assert geometry.bpfo + geometry.bpfi == pytest.approx(geometry.n_rollers)
    assert geometry.bpfo == pytest.approx(geometry.n_rollers * geometry.ftf)


@given(geometries, st.floats(0.01, 100.0))
def test_only_the_ratio_of_the_diameters_enters(geometry: Geometry, factor: float) -> None:
    scaled = Geometry(
        geometry.n_rollers,
        geometry.ball_diameter_mm * factor,
        geometry.pitch_diameter_mm * factor,
        geometry.contact_angle_deg,
    )
    assert scaled.orders == pytest.approx(dict(geometry.orders))


@given(geometries)
def test_a_geometry_is_read_back_from_its_own_text(geometry: Geometry) -> None:
    again = parse_geometry(str(geometry))
    assert again.orders == pytest.approx(dict(geometry.orders), rel=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "n=2,d=5,D=30",
        "n=8,d=30,D=30",
        "n=8,d=40,D=30",
        "n=8,d=-1,D=30",
        "n=8,d=nan,D=30",
        "n=8,d=5,D=inf",
        "n=8.5,d=5,D=30",
        "n=8,d=5",
        "n=8,d=5,D=30,angle=90",
        "n=8,d=5,D=30,x=1",
        "n=8,n=9,d=5,D=30",
        "n=40,d=9,D=40",
        "8,5,30",
        "",
    ],
)
def test_an_impossible_geometry_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_geometry(text)
    assert "\n" not in refused.value.message


def test_an_odd_size_warns_and_is_accepted() -> None:
    inches = parse_geometry("n=8,d=0.235,D=1.245")
    assert inches.bpfo == pytest.approx(3.245, abs=1e-3)
    assert any("Odd size" in warning for warning in inches.warnings)
    assert parse_geometry("n=8,d=5.97,D=31.62,angle=0").warnings == ()
