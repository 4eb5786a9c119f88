"""Answers about uploaded recordings are checked before a domain sees them."""

import pytest

from sonde.learning.core.sources import UploadQuestion, accept_answers
from sonde.platform.core.errors import Invalid

ASKS = (UploadQuestion("rate_hz", "Rate", "Hz"), UploadQuestion("channel", "Channel"))


def test_answers_come_in_their_own_type_and_empty_ones_are_not_given() -> None:
    assert accept_answers(ASKS, {"rate_hz": "12e3", "channel": 5}) == {
        "rate_hz": 12000.0,
        "channel": "5",
    }
    assert accept_answers(ASKS, {"rate_hz": None, "channel": ""}) == {}


@pytest.mark.parametrize(
    "given",
    [
        {"rate_hz": 0},
        {"rate_hz": "nan"},
        {"rate_hz": "fast"},
        {"rate_hz": [1]},
        {"channel": "x" * 201},
        {"colour": "red"},
    ],
)
def test_other_answers_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        accept_answers(ASKS, given)
    assert refused.value.details["field"] == next(iter(given))
