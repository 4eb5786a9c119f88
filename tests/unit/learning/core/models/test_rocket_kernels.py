"""The compiled transforms answer as aeon's; a stored model brings no deep-learning framework."""

import subprocess
import sys

import numpy as np
import pytest

from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.models import hydra
from sonde.learning.core.models.rocket_kernels import hydra_features, minirocket_features
from sonde.platform.core.errors import Invalid
from tests.unit.learning.toy_problem import toy_problem


def _windows(n_channels: int) -> np.ndarray:
    shape = (4, n_channels, 300)
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("n_channels", [1, 3])
def test_minirocket_transforms_as_aeon(n_channels: int) -> None:
    from aeon.transformations.collection.convolution_based import MiniRocket

    windows = _windows(n_channels)
    theirs = MiniRocket(n_kernels=336, random_state=0, n_jobs=1).fit(windows)
    ours = minirocket_features(windows, theirs.parameters)
    # Sums in another order may put one moment on the other side of a bias.
    assert np.abs(ours - theirs.transform(windows)).max() <= 1.01 / 100
    assert np.abs(ours - theirs.transform(windows)).mean() < 1e-4


@pytest.mark.parametrize("n_channels", [1, 5])
def test_hydra_transforms_as_aeon(n_channels: int) -> None:
    from aeon.transformations.collection.convolution_based import HydraTransformer

    windows = _windows(n_channels)
    theirs = HydraTransformer(n_groups=8, random_state=0, output_type="numpy").fit(windows)
    inner = theirs._hydra
    kernels = inner.W.numpy().reshape(inner.num_dilations, 2, inner.h, inner.k, 9)
    channels = np.stack([one.numpy() for one in inner.idx])
    if n_channels == 1:
        channels = np.zeros((*kernels.shape[:3], 1), dtype=np.int64)
    ours = hydra_features(windows, kernels, channels)
    assert np.allclose(ours, theirs.transform(windows), rtol=1e-4, atol=1e-3)
    assert hydra.n_dilations(300) == inner.num_dilations


def test_hydra_hears_several_channels_and_refuses_other_windows() -> None:
    from dataclasses import replace

    single = toy_problem(recordings_per_group=1)
    pair = replace(
        single, read_windows=lambda indices: np.repeat(single.read_windows(indices), 2, axis=1)
    )
    every = np.arange(len(pair))
    fitted = hydra.fit(pair, every, ModelConfig("hydra", 0, {"n_groups": 8}), lambda _: None)
    told = fitted.predict_proba(pair.read_windows(every)).argmax(axis=1)
    assert (told == pair.labels).all()
    with pytest.raises(Invalid, match=r"windows of \(channel, sample\) \(2, 256\)"):
        fitted.predict_proba(single.read_windows(every))
    short = replace(pair, read_windows=lambda indices: pair.read_windows(indices)[..., :8])
    with pytest.raises(Invalid, match="at least 9 samples, not 8"):
        hydra.fit(short, every, ModelConfig("hydra"), lambda _: None)


def test_asking_a_stored_rocket_imports_neither_aeon_nor_torch() -> None:
    source = """
import sys
import numpy as np
from sonde.learning.core.models.rocket_kernels import hydra_features, minirocket_features
zeros = np.zeros((1, 1, 64), dtype=np.float32)
minirocket_features(zeros, tuple(np.ones(n) for n in (84, 84, 1, 1, 84)))
hydra_features(zeros, np.ones((1, 2, 1, 8, 9)), np.zeros((1, 2, 1, 1)))
print(sorted({"torch", "aeon", "sklearn"} & set(sys.modules)))
"""
    told = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
