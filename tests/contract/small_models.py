"""Every registered model in a form that learns 32 windows in a second or so."""

from typing import Any

import numpy as np

from sonde.learning.core.fitting.specification import ModelConfig, ModelSpecification
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES

LEARNING = TrainingConfig(
    epochs=10,
    batch_size=8,
    learning_rate=1e-2,
    schedule="one-cycle",
    validation_fraction=0.0,
    early_stopping=False,
)
TWO_EPOCHS = TrainingConfig(epochs=2, batch_size=32, validation_fraction=0.25)

_SMALL = {
    "random-forest": {"n_trees": 40},
    "extra-trees": {"n_trees": 40},
    "gradient-boosting": {"n_rounds": 30},
    "minirocket": {"n_kernels": 504},
    "hydra": {"n_groups": 8},
    "voting": {"members": "random-forest(n_trees=40), k-nn"},
    "voting-windows": {"members": "minirocket(n_kernels=504), hydra(n_groups=8)"},
    "stacking": {"members": "random-forest(n_trees=40), logistic-regression"},
    "stacking-windows": {"members": "minirocket(n_kernels=504), hydra(n_groups=8)"},
    "snapshot": {"network": "cnn-1d(width=8, depth=2, first_kernel=17)", "n_cycles": 2},
}
_TINY_NETWORK = {
    "width": 8,
    "depth": 2,
    "hidden": 16,
    "expansion": 2,
    "experts": 2,
    "filters": 16,
    "first_kernel": 17,
    "segment": "64",
    "dropout": 0.0,
}
_SEQUENCE = {"width": 24, "step": 8}
_DEEPEST = {"width": 4}
_IMAGE = {"width": 16}
_FITTING = {
    "lstm": _SEQUENCE,
    "gru": _SEQUENCE,
    "transformer": _SEQUENCE,
    "patch-tst": _SEQUENCE,
    "resnet-18-1d": _DEEPEST,
    "resnet-34-1d": _DEEPEST,
    "se-resnet": _DEEPEST,
    "efficientnet-1d": _DEEPEST,
    "time-frequency-cnn": _IMAGE,
}
_FIRST_POSITIONS = {"random-forest", "extra-trees", "gradient-boosting"}


def is_deep(specification: ModelSpecification) -> bool:
    """Whether the model is a network."""
    return specification.name in ARCHITECTURES


def small_config(
    specification: ModelSpecification, training: TrainingConfig = LEARNING, **values: Any
) -> ModelConfig:
    """Return the small form of a model."""
    small: dict[str, Any] = dict(_SMALL.get(specification.name, {}))
    if is_deep(specification):
        knobs = {knob.name for knob in specification.hyper_parameters}
        small = {name: value for name, value in _TINY_NETWORK.items() if name in knobs}
        small |= _FITTING.get(specification.name, {})
    return ModelConfig(specification.name, 7, small | values, training)


def bent(name: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return arrays that an attacker could have bent."""
    if name in ARCHITECTURES:
        return {"onnx": arrays["onnx"][: len(arrays["onnx"]) // 2]}
    if name in _FIRST_POSITIONS:
        return {"left": np.zeros_like(arrays["left"])}
    if "members" in arrays:
        return {"members": np.frombuffer(b"voting,voting", dtype=np.uint8).astype(np.int64)}
    return {
        "rbf-svm": lambda: {"coefficients": np.zeros((2, 2))},
        "logistic-regression": lambda: {"weights": np.zeros((2, 2))},
        "k-nn": lambda: {"labels": np.full_like(arrays["labels"], 9)},
        "minirocket": lambda: {"biases": np.zeros(3, dtype=np.float32)},
        "hydra": lambda: {"channels": np.full_like(arrays["channels"], 7)},
    }[name]()
