"""From a trained torch module to a model of arrays with an ONNX graph that agrees with it."""

import io
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Values
from sonde.learning.core.models.deep.fitted import DeepModel
from sonde.learning.core.models.deep.graph import INPUT, LOGITS, REPRESENTATION
from sonde.platform.core.errors import Invalid

OPSET = 18
PARITY = 1e-4
_BATCHES = (1, 3)


def deep_model(
    architecture: Architecture,
    shape: InputShape,
    n_classes: int,
    values: Values,
    module: Any,
    classes: NDArray[np.intp],
    temperature: float = 1.0,
) -> DeepModel:
    """Return the trained module as arrays, once its ONNX graph agrees with it.

    Parameters
    ----------
    architecture : Architecture
    shape : InputShape
    n_classes : int
    values : mapping
    module : Network
        Trained; it is moved to the CPU and into evaluation mode.
    classes : ndarray of intp, shape (trained class,)
    temperature : float
        Calibrates the logits.

    Returns
    -------
    DeepModel

    Raises
    ------
    Invalid
        If the training diverged, or the graph differs by more than 1e-4.
    """
    module = module.float().cpu().eval()
    weights = {name: np.array(tensor.numpy()) for name, tensor in module.state_dict().items()}
    if not all(np.isfinite(array).all() for array in weights.values()):
        raise Invalid(
            "The training diverged: the network holds numbers that are not finite. Try a smaller "
            "learning rate or gradient clipping."
        )
    content = np.frombuffer(exported(module, shape), dtype=np.uint8)
    model = DeepModel(
        architecture, shape, n_classes, values, weights, content, classes, temperature
    )
    difference = disagreement(module, model)
    if not difference < PARITY:
        raise Invalid(
            f"The exported network differs from the trained one by {difference:.1e}, more than "
            f"{PARITY:.0e}; it is not kept. Train again with other settings.",
            difference=difference,
        )
    return model


def exported(module: Any, shape: InputShape) -> bytes:
    """Return the module as an ONNX graph with a free batch axis.

    Parameters
    ----------
    module : Network
        On the CPU, in evaluation mode.
    shape : InputShape

    Returns
    -------
    bytes
        Windows in; logits and representation out.
    """
    import torch

    from sonde.learning.core.models.deep.network import Answering

    content = io.BytesIO()
    example = torch.zeros(2, shape.n_channels, shape.n_samples)
    with warnings.catch_warnings(), torch.no_grad():
        # The tracing exporter is announced to go one day; it is a hundred times faster, and the
        # parity that is measured afterwards says what its warnings only fear.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Answering(module).eval(),
            (example,),
            content,
            dynamo=False,
            opset_version=OPSET,
            input_names=[INPUT],
            output_names=[LOGITS, REPRESENTATION],
            dynamic_axes={name: {0: "batch"} for name in (INPUT, LOGITS, REPRESENTATION)},
        )
    return _with_axes(content.getvalue(), module)


def _with_axes(content: bytes, module: Any) -> bytes:
    """Return the graph with the axes of its answers written down; the tracer loses some."""
    import onnx

    model = onnx.load_model_from_string(content)
    axes = model.graph.output[1].type.tensor_type.shape.dim
    del axes[:]
    axes.add().dim_param = "batch"
    axes.add().dim_value = module.n_features
    return bytes(model.SerializeToString())


def disagreement(module: Any, model: DeepModel) -> float:
    """Return the largest difference between torch and ONNX Runtime, for two batch sizes.

    Parameters
    ----------
    module : Network
    model : DeepModel

    Returns
    -------
    float
        Of logits and representations, against their size where that is above one.
    """
    import torch

    random = np.random.default_rng(0)
    worst = 0.0
    for n_windows in _BATCHES:
        axes = (n_windows, model.shape.n_channels, model.shape.n_samples)
        windows = random.normal(size=axes).astype(np.float32)
        with torch.no_grad():
            tensor = torch.from_numpy(windows)
            told = (module(tensor).numpy(), module.representation(tensor).numpy())
        for one, two in zip(told, model.outputs(windows), strict=True):
            scale = max(1.0, float(np.abs(one).max()))
            worst = max(worst, float(np.abs(one - two).max()) / scale)
    return worst
