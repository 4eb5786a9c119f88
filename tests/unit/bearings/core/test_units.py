"""Units: values, spellings, refusals."""

import pytest

from sonde.bearings.core.units import UNITS, Quantity, factor, unit_named
from sonde.platform.core.errors import Invalid


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("g", "g"),
        ("G", "g"),
        ("m/s^2", "m/s2"),
        ("m/s²", "m/s2"),
        (" mm/s ", "mm/s"),
        ("µm", "um"),
        ("μm", "um"),
        ("ips", "in/s"),
        ("[mils]", "mil"),
    ],
)
def test_usual_spellings_are_understood(written: str, symbol: str) -> None:
    assert unit_named(written).symbol == symbol


@pytest.mark.parametrize("written", ["unknown", "", "  ", "V", "Pa", "rpm"])
def test_an_undeclared_unit_is_refused_with_what_to_do(written: str) -> None:
    with pytest.raises(Invalid, match="declare the unit"):
        unit_named(written)


def test_factors_are_those_of_the_definitions() -> None:
    assert factor(UNITS["g"], UNITS["mm/s2"]) == pytest.approx(9806.65)
    assert factor(UNITS["in/s"], UNITS["mm/s"]) == pytest.approx(25.4)
    assert factor(UNITS["mm"], UNITS["um"]) == pytest.approx(1000)


def test_a_velocity_is_no_multiple_of_an_acceleration() -> None:
    with pytest.raises(Invalid, match="not a multiple"):
        factor(UNITS["g"], UNITS["mm/s"])


def test_each_quantity_is_one_integration_further() -> None:
    assert [quantity.integrations for quantity in Quantity] == [0, 1, 2]
