"""Every deep architecture by name."""

from collections.abc import Mapping

from sonde.learning.core.models.deep import (
    attention_cnn,
    cnn_1d,
    cnn_lstm,
    dual_stream,
    efficientnet_1d,
    gru,
    inception_time,
    lstm,
    mixture_of_experts,
    multi_scale_cnn,
    multitask,
    patch_tst,
    physics_constrained,
    resnet_18,
    resnet_34,
    se_resnet,
    spectral_network,
    tcn,
    time_frequency_cnn,
    transformer,
)
from sonde.learning.core.models.deep.architecture import Architecture

ARCHITECTURES: Mapping[str, Architecture] = {
    module.ARCHITECTURE.name: module.ARCHITECTURE
    for module in (
        cnn_1d,
        multi_scale_cnn,
        attention_cnn,
        resnet_18,
        resnet_34,
        se_resnet,
        efficientnet_1d,
        inception_time,
        lstm,
        gru,
        cnn_lstm,
        tcn,
        transformer,
        patch_tst,
        spectral_network,
        time_frequency_cnn,
        dual_stream,
        mixture_of_experts,
        physics_constrained,
        multitask,
    )
}

DEFAULT = "cnn-1d"
"""The network to begin with: small, quick to train on a CPU, far under 5 ms for a 1 s window."""
