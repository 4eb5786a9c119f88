"""ONNX graphs: looked at before they run, because a stored model may come from anybody."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.models.deep.architecture import InputShape

INPUT, LOGITS, REPRESENTATION = "windows", "logits", "representation"

_LARGEST_GRAPH_BYTES = 512 * 2**20
_MOST_NODES = 5_000
_MOST_NUMBERS = 2**27
"""Numbers that all values of one window may hold together: half a gigabyte."""

OPERATORS = frozenset(
    {
        "Abs",
        "Add",
        "AveragePool",
        "Cast",
        "Concat",
        "Constant",
        "ConstantOfShape",
        "Conv",
        "Cos",
        "Div",
        "Equal",
        "Erf",
        "Exp",
        "Expand",
        "Flatten",
        "GRU",
        "Gather",
        "Gelu",
        "Gemm",
        "GlobalAveragePool",
        "GlobalMaxPool",
        "HardSigmoid",
        "HardSwish",
        "Identity",
        "LSTM",
        "LayerNormalization",
        "LeakyRelu",
        "Log",
        "MatMul",
        "Max",
        "MaxPool",
        "Min",
        "Mul",
        "Neg",
        "Pad",
        "Pow",
        "Range",
        "Reciprocal",
        "ReduceMax",
        "ReduceMean",
        "ReduceSum",
        "Relu",
        "Reshape",
        "Shape",
        "Sigmoid",
        "Sin",
        "Slice",
        "Softmax",
        "Softplus",
        "Split",
        "Sqrt",
        "Squeeze",
        "Sub",
        "Sum",
        "Tanh",
        "Transpose",
        "Unsqueeze",
        "Where",
        "BatchNormalization",
        "Clip",
    }
)
"""What an exported network is made of: arithmetic without loops, branches, files or strings."""


def session_of(onnx: NDArray[np.uint8]) -> Any:
    """Return an ONNX Runtime session on one core."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(onnx.tobytes(), options, providers=["CPUExecutionProvider"])


def tried(session: Any, shape: InputShape, n_classes: int) -> None:
    """Let a graph answer two silent windows.

    Raises
    ------
    ValueError
        If it cannot, or answers in another shape.
    """
    silence = np.zeros((2, shape.n_channels, shape.n_samples), np.float32)
    try:
        logits, features = session.run(None, {INPUT: silence})
    except _refusals() as error:
        raise ValueError("the graph cannot be run") from error
    if logits.shape != (2, n_classes) or len(features) != 2:
        raise ValueError("the graph answers in another shape")


def opened(onnx: NDArray[np.uint8]) -> Any:
    """Return a session for a graph that may come from anybody.

    Raises
    ------
    ValueError
        If ONNX Runtime refuses it.
    """
    refusals = _refusals()
    try:
        return session_of(onnx)
    except refusals as error:
        raise ValueError("the graph cannot be run") from error


def _refusals() -> tuple[type[Exception], ...]:
    """Return what ONNX Runtime raises; its errors have no family of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return (
        state.EPFail,
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NoModel,
        state.NotImplemented,
        state.RuntimeException,
    )


def checked_graph(written: NDArray[Any], shape: InputShape, n_classes: int) -> NDArray[np.uint8]:
    """Return the graph if it is harmless and fits the model.

    Parameters
    ----------
    written : ndarray of uint8, shape (byte,)
    shape : InputShape
    n_classes : int

    Raises
    ------
    ValueError
        If it is no graph, reads other files, holds an operator that no network of ours has, or
        values of unknown size or larger than a window can need.
    """
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    content = np.ascontiguousarray(written)
    if content.dtype != np.uint8 or content.ndim != 1 or len(content) > _LARGEST_GRAPH_BYTES:
        raise ValueError("the graph is not a row of bytes")
    try:
        model = onnx.load_model_from_string(content.tobytes())
    except DecodeError as error:
        raise ValueError("the graph cannot be read") from error
    _check_nodes(model)
    _check_axes(model, shape, n_classes)
    _check_sizes(model)
    return content


def _check_nodes(model: Any) -> None:
    from onnx import AttributeProto, TensorProto

    graph = model.graph
    if len(graph.node) > _MOST_NODES or model.functions or graph.sparse_initializer:
        raise ValueError("the graph is larger than that of any network")
    if any(opset.domain not in {"", "ai.onnx"} for opset in model.opset_import):
        raise ValueError("the graph holds operators of somebody else")
    nested = {AttributeProto.GRAPH, AttributeProto.GRAPHS, AttributeProto.SPARSE_TENSOR}
    tensors = list(graph.initializer)
    for node in graph.node:
        if node.domain not in {"", "ai.onnx"} or node.op_type not in OPERATORS:
            raise ValueError(f"the graph holds the operator {node.op_type!r}")
        if any(attribute.type in nested for attribute in node.attribute):
            raise ValueError("the graph holds another graph")
        tensors += [attribute.t for attribute in node.attribute if attribute.HasField("t")]
    if any(one.data_location == TensorProto.EXTERNAL or len(one.external_data) for one in tensors):
        raise ValueError("the graph reads another file")


def _check_axes(model: Any, shape: InputShape, n_classes: int) -> None:
    inputs = {one.name: _axes(one) for one in model.graph.input}
    outputs = [(one.name, _axes(one)) for one in model.graph.output]
    if inputs != {INPUT: (0, shape.n_channels, shape.n_samples)}:
        raise ValueError("the graph takes other windows")
    if [name for name, _ in outputs] != [LOGITS, REPRESENTATION]:
        raise ValueError("the graph answers something else")
    if outputs[0][1] != (0, n_classes) or len(outputs[1][1]) != 2 or not outputs[1][1][1]:
        raise ValueError("the graph knows other classes")


def _axes(value: Any) -> tuple[int, ...]:
    """Return the axes of a value; a named one, the batch, is 0."""
    return tuple(axis.dim_value for axis in value.type.tensor_type.shape.dim)


def _check_sizes(model: Any) -> None:
    """Refuse graphs in which one window grows beyond what a window can need."""
    from onnx import shape_inference

    bare = type(model)()
    bare.CopyFrom(model)
    del bare.graph.value_info[:]
    for value in (*bare.graph.input, *bare.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = 1
    try:
        inferred = shape_inference.infer_shapes(bare, strict_mode=True, data_prop=True)
    except shape_inference.InferenceError as error:
        raise ValueError("the graph does not fit together") from error
    known = {value.name: value for value in inferred.graph.value_info}
    known |= {value.name: value for value in inferred.graph.output}
    total = 0.0
    for name in (name for node in inferred.graph.node for name in node.output if name):
        if name not in known or not _is_fixed(known[name]):
            raise ValueError("the graph holds a value of unknown size")
        total += float(np.prod(_axes(known[name]), dtype=np.float64))
    if total > _MOST_NUMBERS:
        raise ValueError("the graph holds values too large for a window")


def _is_fixed(value: Any) -> bool:
    kind = value.type.tensor_type
    return kind.HasField("shape") and all(axis.HasField("dim_value") for axis in kind.shape.dim)
