"""Families of lines: what counts, and what does not."""

import numpy as np
import pytest
from scipy import fft

from sonde.bearings.core.lines import (
    BandView,
    clip_tones,
    find_family,
    running_median,
    shaft_scale,
    strongest_stranger,
)

REVOLUTIONS = 200.0


def _view(lines: dict[float, float], *, clipped: dict[float, float] | None = None) -> BandView:
    """Return a flat background of 1 with lines of the given height at the given orders."""

    def raised(heights: dict[float, float]) -> np.ndarray:
        values = np.ones(int(30 * REVOLUTIONS))
        for order, height in heights.items():
            values[round(order * REVOLUTIONS)] = height
        return values

    first = raised(lines)
    second = first if clipped is None else raised(clipped)
    return BandView((100.0, 5000.0), REVOLUTIONS, first / 50, first, second)


def test_a_family_is_found_with_its_slip_and_strength() -> None:
    view = _view({3.6 * k: 20.0 for k in range(1, 5)})
    family = find_family(view, 3.57)
    assert family.slip == pytest.approx(0.0084, abs=0.001)
    assert family.strength == pytest.approx(20.0, rel=0.01)
    assert [line.multiple for line in family.lines] == [1, 2, 3, 4]


def test_a_family_further_off_than_two_per_cent_is_not_found() -> None:
    view = _view({3.75 * k: 20.0 for k in range(1, 5)})
    assert find_family(view, 3.57).strength < 3


def test_lines_of_tones_count_for_their_root_only() -> None:
    orders = {3.57 * k: 25.0 for k in range(1, 5)}
    assert find_family(_view(orders, clipped={}), 3.57).strength == pytest.approx(5.0, rel=0.01)


def test_whole_shaft_orders_count_for_nobody() -> None:
    view = _view({float(k): 100.0 for k in range(1, 30)})
    assert find_family(view, 3.98).strength < 3
    assert strongest_stranger(view).prominence < 1


def test_too_few_harmonics_in_the_band_are_no_family() -> None:
    view = _view({})
    assert find_family(view, 20.0).lines == ()
    assert find_family(view, 20.0).prominence == 0.0


def test_the_shaft_says_how_fast_it_turns() -> None:
    assert shaft_scale(_view({1.013 * k: 30.0 for k in range(1, 7)})) == pytest.approx(
        1.013, abs=0.002
    )
    assert shaft_scale(_view({3.05 * k: 100.0 for k in range(1, 5)})) == 1.0
    assert shaft_scale(_view({})) == 1.0


def test_a_stranger_is_found_where_it_is() -> None:
    stranger = strongest_stranger(_view({4.29 * k: 60.0 for k in range(1, 4)}))
    assert stranger.found_order == pytest.approx(4.29, rel=0.005)


def test_clipping_takes_tones_and_leaves_noise() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(size=20_000)
    tone = 30 * np.sin(2 * np.pi * 0.123 * np.arange(20_000))
    clipped = fft.irfft(clip_tones(fft.rfft(noise + tone), 200), 20_000)
    assert clipped.std() == pytest.approx(1.0, rel=0.05)


def test_the_running_median_follows_slowly_and_ignores_lines() -> None:
    values = np.linspace(1, 2, 1000)
    values[500] = 1e6
    np.testing.assert_allclose(
        running_median(values, 50)[100:900], np.linspace(1, 2, 1000)[100:900], atol=0.03
    )
