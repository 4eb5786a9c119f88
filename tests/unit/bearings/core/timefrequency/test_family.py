"""Every transform of the map keeps the same promises."""

import numpy as np
import pytest

from sonde.bearings.core.timefrequency.family import (
    TRANSFORMS,
    Transform,
    settings_of,
    time_frequency_image,
)
from sonde.bearings.core.timefrequency.image import SENT
from sonde.platform.core.errors import Invalid

RATE_HZ = 20_480.0


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=lambda one: one.key)
@pytest.mark.parametrize("count", [100, 5000, 60_001])
def test_acceptance_look_every_image_is_small_finite_and_placed(
    transform: Transform, count: int
) -> None:
    samples = np.random.default_rng(0).normal(size=count).astype(np.float32)
    image = time_frequency_image(samples, RATE_HZ, transform.settings())
    rows, columns = image.values.shape
    assert rows == len(image.frequencies_hz) <= SENT.rows
    assert columns == len(image.times_s) <= SENT.columns
    assert image.values.dtype == np.float32
    assert np.isfinite(image.values).all()
    assert (np.diff(image.frequencies_hz) > 0).all()
    assert columns == 1 or (np.diff(image.times_s) > 0).all()
    assert image.times_s[0] >= 0
    assert image.times_s[-1] <= count / RATE_HZ
    assert image.frequencies_hz[-1] <= RATE_HZ / 2


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=lambda one: one.key)
def test_acceptance_look_every_image_finds_a_tone_and_its_time(transform: Transform) -> None:
    time_s = np.arange(102_400) / RATE_HZ
    samples = np.where(time_s > 2.5, np.sin(2 * np.pi * 2560 * time_s), 0.0)
    image = time_frequency_image(samples, RATE_HZ, transform.settings())
    strongest = image.values.max(axis=1).argmax()
    assert image.frequencies_hz[strongest] == pytest.approx(2560, rel=0.06)
    early, late = image.times_s < 2.3, image.times_s > 2.7
    assert image.values[strongest, late].min() > 20 * np.abs(image.values[strongest, early]).max()


def test_settings_by_name() -> None:
    assert settings_of("stft", {"length": 512}).length == 512
    with pytest.raises(Invalid, match="No transform"):
        settings_of("fft", {})
    with pytest.raises(Invalid, match="no setting"):
        settings_of("cwt", {"colour": 1})
