"""Pictures of one window: a tone is where it is, and what is coupled is found."""

import numpy as np
import pytest

from sonde.bearings.core.sample_views import (
    SAMPLE_VIEWS,
    bicoherence_picture,
    scalogram_picture,
    stft_picture,
)
from sonde.platform.core.errors import Invalid

RATE_HZ = 4096.0


def tone(frequency_hz: float, n_samples: int = 4096) -> np.ndarray:
    time_s = np.arange(n_samples) / RATE_HZ
    return np.sin(2 * np.pi * frequency_hz * time_s).astype(np.float32)


def test_acceptance_embeddings_a_tone_is_where_it_is() -> None:
    for draw, near_hz in ((stft_picture, 16.0), (scalogram_picture, 40.0)):
        drawn = draw(tone(512.0), RATE_HZ)
        row, _ = np.unravel_index(drawn.values.argmax(), drawn.values.shape)
        assert drawn.y.places[row] == pytest.approx(512.0, abs=near_hz)
        assert drawn.values.shape == (len(drawn.y.places), len(drawn.x.places))
        assert drawn.values.min() >= drawn.low
        assert drawn.values.max() == drawn.high == 0.0
        assert drawn.x.places[-1] <= 1.0
    assert scalogram_picture(tone(512.0), RATE_HZ).y.is_log


def test_acceptance_embeddings_coupled_tones_are_found() -> None:
    both = tone(512.0, 16_384) + tone(832.0, 16_384)
    noise = 0.05 * np.random.default_rng(0).normal(size=len(both))
    drawn = bicoherence_picture((both + 0.5 * both**2 + noise).astype(np.float32), RATE_HZ)
    assert np.nanmax(drawn.values) > 90.0
    assert "keep step with their sum" in drawn.summary
    assert drawn.rows
    alone = bicoherence_picture(noise.astype(np.float32), RATE_HZ)
    assert np.nanmean(alone.values) < 15.0


def test_what_cannot_be_drawn_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="at least 272 samples; these hold 100"):
        bicoherence_picture(tone(100.0, 100), RATE_HZ)
    with pytest.raises(Invalid, match="one constant value"):
        stft_picture(np.full(1024, 2.0, dtype=np.float32), RATE_HZ)
    assert [one.key for one in SAMPLE_VIEWS] == ["stft", "cwt", "bicoherence"]
