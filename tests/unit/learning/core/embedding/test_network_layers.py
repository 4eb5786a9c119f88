"""Looking into networks: layers, gradients and filters of small ones with a known answer."""

import numpy as np
import pytest
import torch

from sonde.learning.core.embedding.network_layers import (
    deepest_over_time,
    first_filters,
    input_gradient,
    layer_outputs,
    layer_vectors,
)
from sonde.platform.core.errors import Invalid

torch.set_num_threads(1)
WINDOWS = np.random.default_rng(0).normal(size=(5, 1, 64)).astype(np.float32)


def net() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Conv1d(1, 4, 9, padding=4),
        torch.nn.ReLU(),
        torch.nn.AdaptiveAvgPool1d(1),
        torch.nn.Flatten(),
        torch.nn.Linear(4, 3),
    ).eval()


def test_acceptance_embeddings_every_layer_is_seen_once_and_in_order() -> None:
    found = layer_outputs(net(), WINDOWS[0])
    assert [one.name for one in found] == ["0", "1", "2", "3", "4"]
    assert [one.values.shape for one in found] == [(4, 64), (4, 64), (4, 1), (4,), (3,)]
    assert (found[1].values >= 0.0).all()
    vectors = layer_vectors(net(), WINDOWS, "1")
    assert vectors.shape == (5, 4)
    assert vectors[0] == pytest.approx(found[1].values.mean(axis=1), abs=1e-6)
    assert deepest_over_time(net(), WINDOWS[0]) == "1"
    assert deepest_over_time(torch.nn.Sequential(torch.nn.Flatten()), WINDOWS[0]) == "0"
    with pytest.raises(Invalid, match="no layer 'x'; there are 0, 1"):
        layer_vectors(net(), WINDOWS, "x")


def test_acceptance_embeddings_saliency_is_the_gradient_at_the_input() -> None:
    module = net()
    gradient, logits = input_gradient(module, WINDOWS[0])
    step = 1e-2
    for place in (3, 30, 60):
        moved = WINDOWS[0].copy()
        moved[0, place] += step
        with torch.no_grad():
            after = module(torch.from_numpy(moved[None]))[0, int(logits.argmax())]
        assert gradient[0, place] == pytest.approx((float(after) - logits.max()) / step, abs=2e-3)


def test_filters_are_those_that_hear_the_signal() -> None:
    name, taps = first_filters(net(), 1)
    assert (name, taps.shape) == ("0", (4, 9))
    with pytest.raises(Invalid, match="does not begin with a convolution"):
        first_filters(net(), 2)
    with pytest.raises(Invalid, match="does not begin with a convolution"):
        first_filters(torch.nn.Sequential(torch.nn.Linear(64, 3)), 1)
