"""Pictures of samples by name."""

import numpy as np
import pytest

from sonde.learning.core.sample_views import Picture, PictureAxis, SampleView, chosen_view
from sonde.platform.core.errors import Invalid


def nothing(samples: np.ndarray, _rate_hz: float) -> Picture:
    axis = PictureAxis("", np.zeros(1))
    return Picture(samples[None], axis, axis, "", 0.0, 1.0, "")


def test_a_view_is_chosen_by_its_name_and_the_first_without_one() -> None:
    views = (SampleView("a", "A", "", nothing), SampleView("b", "B", "", nothing))
    assert chosen_view(views, "").key == "a"
    assert chosen_view(views, "b").key == "b"
    with pytest.raises(Invalid, match="no view 'c' of these samples; choose one of a, b"):
        chosen_view(views, "c")
    with pytest.raises(Invalid, match="offers no pictures"):
        chosen_view((), "")
