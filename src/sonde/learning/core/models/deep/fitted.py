"""A trained network as arrays: weights to go on with, and an ONNX graph that answers.

Asking needs ONNX Runtime only, so that the web process never meets torch.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.fitting.calibration import probabilities
from sonde.learning.core.fitting.specification import Arrays
from sonde.learning.core.models.deep.architecture import Architecture, InputShape
from sonde.learning.core.models.deep.graph import checked_graph, opened, session_of, tried
from sonde.platform.core.errors import Invalid

_WEIGHTS = "weights."
_BATCH = 32


@dataclass(frozen=True)
class DeepModel:
    """A trained network.

    Parameters
    ----------
    architecture : Architecture
    shape : InputShape
        Of the windows that it was trained on.
    n_classes : int
    values : mapping
        The hyper-parameters that it was built with.
    weights : mapping of str to ndarray
        torch's state dictionary, the scaling layer's numbers among it.
    onnx : ndarray of uint8, shape (byte,)
        Windows in, logits and representation out.
    classes : ndarray of intp, shape (trained class,)
    temperature : float
        Divides the logits before the softmax.
    """

    architecture: Architecture
    shape: InputShape
    n_classes: int
    values: Mapping[str, Any]
    weights: Mapping[str, NDArray[Any]]
    onnx: NDArray[np.uint8]
    classes: NDArray[np.intp]
    temperature: float = 1.0

    @cached_property
    def _session(self) -> Any:
        return session_of(self.onnx)

    def predict_proba(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return probabilities, shape (sample, class); untrained classes have none.

        Raises
        ------
        Invalid
            If the windows have another shape than those of the training.
        """
        logits = self.outputs(inputs)[0][:, self.classes].astype(np.float64)
        return probabilities(logits, self.temperature, self.classes, self.n_classes)

    def representation(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """Return what the last layer sees, shape (sample, feature); raises Invalid."""
        return self.outputs(inputs)[1]

    def outputs(self, inputs: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return logits (sample, class) and representation (sample, feature).

        Raises
        ------
        Invalid
            If the windows have another shape than those of the training.
        """
        trained = (self.shape.n_channels, self.shape.n_samples)
        if tuple(inputs.shape[1:]) != trained:
            raise Invalid(
                f"This model was trained on windows of (channel, sample) {trained}, "
                f"not {tuple(inputs.shape[1:])}."
            )
        logits, features = [], []
        if not len(inputs):
            n_features = int(self._session.get_outputs()[1].shape[1])
            empty = np.zeros((0, self.n_classes), np.float32)
            return empty, np.zeros((0, n_features), np.float32)
        for start in range(0, len(inputs), _BATCH):
            batch = np.ascontiguousarray(inputs[start : start + _BATCH], dtype=np.float32)
            one, two = self._session.run(None, {"windows": batch})
            logits.append(one)
            features.append(two)
        return np.concatenate(logits), np.concatenate(features)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that was learned."""
        return {
            **{_WEIGHTS + name: array for name, array in self.weights.items()},
            "onnx": self.onnx,
            "values": np.frombuffer(json.dumps(dict(self.values)).encode(), dtype=np.uint8),
            "window_shape": np.array([self.shape.n_channels, self.shape.n_samples]),
            "sampling_rate_hz": np.array([self.shape.sampling_rate_hz]),
            "n_classes": np.array([self.n_classes]),
            "classes": self.classes.astype(np.int64),
            "temperature": np.array([self.temperature]),
        }


def restored(architecture: Architecture, arrays: Arrays) -> DeepModel:
    """Return the trained network of `arrays`, which may come from anybody.

    Raises
    ------
    KeyError, ValueError
        If they are not those of such a network, or the graph may not be run.
    """
    n_channels, n_samples = _whole(arrays["window_shape"], 2)
    (n_classes,) = _whole(arrays["n_classes"], 1)
    shape = InputShape(n_channels, n_samples, float(arrays["sampling_rate_hz"][0]))
    temperature, classes = float(arrays["temperature"][0]), arrays["classes"].astype(np.intp)
    if not len(classes) or classes.min() < 0 or classes.max() >= n_classes:
        raise ValueError("a class lies outside the classes")
    if not (np.isfinite(temperature) and temperature > 0.0):
        raise ValueError("the temperature is no temperature")
    onnx = checked_graph(arrays["onnx"], shape, n_classes)
    tried(opened(onnx), shape, n_classes)
    return DeepModel(
        architecture=architecture,
        shape=shape,
        n_classes=n_classes,
        values=_values(architecture, arrays["values"]),
        weights={
            name.removeprefix(_WEIGHTS): array
            for name, array in arrays.items()
            if name.startswith(_WEIGHTS)
        },
        onnx=onnx,
        classes=classes,
        temperature=temperature,
    )


def _whole(numbers: NDArray[Any], n_numbers: int) -> tuple[int, ...]:
    """Return so many whole numbers above zero; raises ValueError."""
    if numbers.shape != (n_numbers,) or numbers.dtype.kind != "i" or numbers.min() < 1:
        raise ValueError("these are not whole numbers")
    return tuple(int(number) for number in numbers)


def _values(architecture: Architecture, written: NDArray[Any]) -> dict[str, Any]:
    """Return the hyper-parameters, each one accepted anew by its knob."""
    from sonde.learning.core.models.deep.scaling import SCALING

    given = json.loads(np.asarray(written, dtype=np.uint8).tobytes())
    try:
        return {
            knob.name: knob.accept(given[knob.name])
            for knob in (*architecture.hyper_parameters, SCALING)
        }
    except (Invalid, TypeError) as error:
        raise ValueError("these are not the settings of this model") from error


def as_module(model: DeepModel) -> Any:
    """Return the trained torch module in evaluation mode; needs torch.

    Parameters
    ----------
    model : DeepModel

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        If the weights are not those of the architecture.
    """
    import torch

    from sonde.learning.core.models.deep.building import build_module

    module = build_module(model.architecture, model.shape, model.n_classes, model.values, 0)
    state = {name: torch.from_numpy(np.array(array)) for name, array in model.weights.items()}
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        raise ValueError("these weights are not those of the architecture") from error
    return module.eval()
