"""Looking into a trained network: its layers, what they give, what they weigh. Needs torch."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.material import Material
from sonde.learning.core.models.deep.fitted import DeepModel, as_module
from sonde.platform.core.errors import Invalid

_BATCH = 64


@dataclass(frozen=True)
class LayerOutput:
    """What one layer gives for one window.

    Parameters
    ----------
    name : str
    kind : str
        Class of the layer.
    values : ndarray of float32, shape (channel, time) or (feature,)
    """

    name: str
    kind: str
    values: NDArray[np.float32]


def network_of(material: Material) -> Any:
    """Return the trained torch module of an experiment, the final one.

    Raises
    ------
    Invalid
        If the model is no network.
    """
    fitted = material.bundle.fitted
    if not isinstance(fitted, DeepModel):
        raise Invalid(
            f"{material.specification.title} is no network and has no layers to look into. Choose "
            "an experiment with a deep model, or a map of the features."
        )
    return as_module(fitted)


def layer_outputs(module: Any, window: NDArray[np.float32]) -> list[LayerOutput]:
    """Return what every layer gives for one window, in the order in which they are asked.

    Parameters
    ----------
    module : torch.nn.Module
    window : ndarray of float32, shape (channel, time)
    """
    import torch

    found: list[LayerOutput] = []

    def noting(name: str) -> Any:
        def note(layer: Any, _inputs: Any, output: Any) -> None:
            if isinstance(output, torch.Tensor) and output.ndim in (2, 3) and len(output) == 1:
                values = output[0].detach().float().numpy()
                found.append(LayerOutput(name, type(layer).__name__, values))

        return note

    hooks = [
        layer.register_forward_hook(noting(name))
        for name, layer in module.named_modules()
        if name and not any(layer.children())
    ]
    try:
        with torch.no_grad():
            module(torch.from_numpy(np.ascontiguousarray(window[None])))
    finally:
        for hook in hooks:
            hook.remove()
    return found


def deepest_over_time(module: Any, window: NDArray[np.float32]) -> str:
    """Return the name of the last layer that still tells moments apart.

    Parameters
    ----------
    module : torch.nn.Module
    window : ndarray of float32, shape (channel, time)
    """
    outputs = layer_outputs(module, window)
    over_time = [one.name for one in outputs if one.values.ndim == 2 and one.values.shape[1] > 1]
    return over_time[-1] if over_time else outputs[-1].name


def layer_vectors(module: Any, windows: NDArray[np.float32], layer: str) -> NDArray[np.float64]:
    """Return what a layer gives for windows, its mean over time, shape (sample, channel).

    Parameters
    ----------
    module : torch.nn.Module
    windows : ndarray of float32, shape (sample, channel, time)
    layer : str

    Raises
    ------
    Invalid
        If there is no such layer; the message lists those there are.
    """
    import torch

    layers = dict(module.named_modules())
    if layer not in layers or not layer:
        names = [one.name for one in layer_outputs(module, windows[0])]
        raise Invalid(f"There is no layer {layer!r}; there are {', '.join(names)}.", field="layer")
    kept: list[NDArray[np.float64]] = []

    def keep(_layer: Any, _inputs: Any, output: Any) -> None:
        if not isinstance(output, torch.Tensor) or output.ndim not in (2, 3):
            raise Invalid(f"The layer {layer!r} gives nothing that can be mapped.", field="layer")
        values = output.detach().double()
        kept.append((values.mean(dim=2) if values.ndim == 3 else values).numpy())

    hook = layers[layer].register_forward_hook(keep)
    try:
        with torch.no_grad():
            for start in range(0, len(windows), _BATCH):
                module(torch.from_numpy(np.ascontiguousarray(windows[start : start + _BATCH])))
    finally:
        hook.remove()
    return np.concatenate(kept)


def input_gradient(
    module: Any, window: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how the told class's logit changes with every value of a window, and all logits.

    Parameters
    ----------
    module : torch.nn.Module
    window : ndarray of float32, shape (channel, time)

    Returns
    -------
    gradient : ndarray of float64, shape (channel, time)
    logits : ndarray of float64, shape (class,)
    """
    import torch

    inputs = torch.from_numpy(np.ascontiguousarray(window[None])).requires_grad_(True)
    logits = module(inputs)[0]
    logits[logits.argmax()].backward()
    gradient = inputs.grad
    if gradient is None:
        raise Invalid("This network lets no gradient through to its input.")
    return gradient[0].double().numpy(), logits.detach().double().numpy()


def first_filters(module: Any, n_channels: int) -> tuple[str, NDArray[np.float64]]:
    """Return name and weights of the convolution that hears the signal, shape (filter, tap).

    The channels of a filter are averaged.

    Parameters
    ----------
    module : torch.nn.Module
    n_channels : int
        Of the signal.

    Raises
    ------
    Invalid
        If the network has none of more than two taps.
    """
    import torch

    for name, layer in module.named_modules():
        if not isinstance(layer, torch.nn.Conv1d):
            continue
        if layer.weight.shape[1] == n_channels and layer.weight.shape[2] > 2:
            return name, layer.weight.detach().double().numpy().mean(axis=1)
        break
    raise Invalid(
        "This network does not begin with a convolution over time, so there are no filters to show."
    )
