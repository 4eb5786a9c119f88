"""Layers against closed forms and against torch's own."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.models.deep.architecture import InputShape
from sonde.learning.core.models.deep.building import build_module
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES
from sonde.learning.core.models.deep.cost import network_cost
from sonde.learning.core.models.deep.layers.attention_modules import (
    PositionsModule,
    SelfAttentionModule,
)
from sonde.learning.core.models.deep.layers.composition import Experts
from sonde.learning.core.models.deep.layers.convolution import Convolution
from sonde.learning.core.models.deep.layers.dense import Dense
from sonde.learning.core.models.deep.layers.pooling import Pool, Summary
from sonde.learning.core.models.deep.layers.recurrent import Recurrent
from sonde.learning.core.models.deep.layers.spectral import Spectrogram
from sonde.learning.core.models.deep.layers.spectral_modules import FilterBankModule
from tests.contract.small_models import small_config


def test_a_sine_of_amplitude_two_has_power_four_on_its_line() -> None:
    layer = Spectrogram(64, 32)
    time = np.arange(512)
    sine = 2.0 * np.sin(2 * np.pi * 8 / 64 * time + 0.4)
    power = layer.module((1, 512))(torch.tensor(sine[None, None], dtype=torch.float32))
    assert tuple(power.shape[1:]) == layer.cost((1, 512)).shape == (1, 32, 16)
    middle = power[0, 0, :, 8]
    # Line 8 stands at position 7, because lines begin at 1; Hann's neighbours have a quarter.
    assert middle[7].item() == pytest.approx(4.0, rel=1e-4)
    assert middle[6].item() == pytest.approx(1.0, rel=1e-3)
    assert middle[20].item() < 1e-6


def test_a_constant_has_no_power() -> None:
    power = Spectrogram(64, 32).module((1, 512))(torch.full((1, 1, 512), 5.0))
    # Line 1 sees the window's own skirt; all others see nothing.
    assert power[0, 0, 1:, 8].max().item() < 1e-6


def test_the_first_filters_share_the_frequencies_evenly() -> None:
    bank = FilterBankModule(9, 33)
    weights = torch.nn.functional.softplus(bank.raw).detach()
    assert bool((weights > 0).all())
    assert torch.allclose(weights.sum(dim=0), torch.ones(33), atol=0.01)
    flat = bank(torch.ones(2, 3, 33, 5))
    assert tuple(flat.shape) == (2, 27, 5)


def test_positions_are_sines_and_cosines() -> None:
    told = PositionsModule(4)(torch.zeros(1, 4, 6))[0]
    time = torch.arange(6.0)
    assert torch.allclose(told[0], torch.sin(time))
    assert torch.allclose(told[1], torch.cos(time), atol=1e-6)
    assert torch.allclose(told[2], torch.sin(time / 100.0))


def test_attention_is_that_of_torch() -> None:
    ours = SelfAttentionModule(8, 2, 0.0).eval()
    theirs = torch.nn.MultiheadAttention(8, 2, bias=False, batch_first=True).eval()
    with torch.no_grad():
        theirs.in_proj_weight.copy_(ours.project.weight)
        theirs.out_proj.weight.copy_(ours.join.weight)
        ours.join.bias.zero_()
        inputs = torch.randn(3, 8, 10)
        normal = ours.normalise(inputs.transpose(1, 2))
        wanted = inputs.transpose(1, 2) + theirs(normal, normal, normal)[0]
        assert torch.allclose(ours(inputs).transpose(1, 2), wanted, atol=1e-6)


def test_a_causal_convolution_never_looks_ahead() -> None:
    layer = Convolution(3, 5, dilation=4, is_causal=True)
    module = layer.module((2, 50))
    inputs = torch.randn(1, 2, 50)
    before = module(inputs)
    assert tuple(before.shape[1:]) == layer.cost((2, 50)).shape == (3, 50)
    inputs[:, :, 30:] = 9.0
    assert torch.equal(module(inputs)[:, :, :30], before[:, :, :30])
    assert not torch.equal(module(inputs)[:, :, 30:], before[:, :, 30:])


@pytest.mark.parametrize("n_samples", [7, 8, 9, 64, 101])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_layers_keep_the_shapes_that_they_tell(n_samples: int, stride: int) -> None:
    inputs = torch.randn(2, 3, n_samples)
    for layer in (
        Convolution(5, 5, stride, dilation=2),
        Convolution(3, 3, stride, is_depthwise=True),
        Pool("max", stride | 1, stride),
        Pool("mean", 3, stride),
        Recurrent("gru", 4, 2, is_bidirectional=True),
        Summary("both"),
        Summary("attended"),
    ):
        shape = (3, n_samples)
        assert tuple(layer.module(shape)(inputs).shape[1:]) == layer.cost(shape).shape


def test_summaries_of_a_constant_are_the_constant() -> None:
    inputs = torch.full((2, 3, 11), 1.5)
    for kind in ("mean", "max", "attended"):
        told = Summary(kind).module((3, 11))(inputs)
        assert torch.allclose(told, torch.full((2, 3), 1.5))


def test_equal_experts_mix_to_one_of_them() -> None:
    one = (Summary("mean"), Dense(4))
    module = Experts((one, one)).module((3, 16))
    module.experts[1].load_state_dict(module.experts[0].state_dict())
    inputs = torch.randn(5, 3, 16)
    assert torch.allclose(module(inputs), module.experts[0](inputs), atol=1e-6)


@pytest.mark.parametrize("name", sorted(set(ARCHITECTURES) - {"lstm", "gru", "cnn-lstm"}))
def test_multiplications_are_those_that_torch_counts(name: str) -> None:
    specification = MODELS[name]
    values = specification.values(small_config(specification).values)
    shape = InputShape(2, 512, 512.0)
    module = build_module(ARCHITECTURES[name], shape, 4, values, 0).eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module(torch.randn(1, 2, 512))
    told = network_cost(ARCHITECTURES[name], shape, 4, values).macs
    # Torch leaves products of single numbers out.
    assert told == pytest.approx(counter.get_total_flops() / 2, rel=0.05)
    assert told >= counter.get_total_flops() / 2
