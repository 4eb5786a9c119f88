"""Settings: what is accepted, in which type, and what is said to what is not."""

import pytest

from sonde.markets.core.parameters import Parameter, accepted
from sonde.platform.core.errors import Invalid

WHOLE = Parameter("bars", "Bars", "int", 1, 50, 20, "Bars.")
NUMBER = Parameter("width", "Width", "float", 0.5, 4, 2.0, "Width.")
SWITCH = Parameter("on", "On", "bool", 0, 0, True, "On.")
CHOICE = Parameter("sides", "Sides", "choice", 0, 0, "long", "Sides.", ("long", "both"))


@pytest.mark.parametrize(
    ("parameter", "given", "taken"),
    [
        (WHOLE, "7", 7),
        (WHOLE, 7.0, 7),
        (WHOLE, 50, 50),
        (NUMBER, "0.5", 0.5),
        (NUMBER, 3, 3.0),
        (SWITCH, "no", False),
        (SWITCH, True, True),
        (CHOICE, "both", "both"),
    ],
)
def test_text_and_numbers_are_read(parameter, given, taken):
    value = parameter.accept(given)
    assert value == taken
    assert type(value) is type(taken)


@pytest.mark.parametrize(
    ("parameter", "given", "words"),
    [
        (WHOLE, 0, r"Bars \(bars\) must be a whole number between 1 and 50, not 0"),
        (WHOLE, 1.5, "whole number"),
        (WHOLE, True, "whole number"),
        (WHOLE, None, "whole number"),
        (NUMBER, "nan", "a number between 0.5 and 4, not 'nan'"),
        (NUMBER, float("inf"), "a number between"),
        (SWITCH, "perhaps", "yes or no"),
        (CHOICE, "short", "one of long, both, not 'short'"),
        (CHOICE, ["long"], "one of"),
    ],
)
def test_what_is_refused_is_named(parameter, given, words):
    with pytest.raises(Invalid, match=words) as refused:
        parameter.accept(given)
    assert refused.value.details["field"] == parameter.name


def test_what_is_not_given_takes_its_default():
    assert accepted((WHOLE, NUMBER), {"width": "3"}) == {"bars": 20, "width": 3.0}
    with pytest.raises(Invalid, match="nothing to set"):
        accepted((), {"fast": 1})
