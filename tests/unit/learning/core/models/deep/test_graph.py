"""Graphs from anybody: what is no network of ours is refused before it runs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from sonde.learning.core.models.deep.architecture import InputShape
from sonde.learning.core.models.deep.graph import checked_graph, opened, session_of, tried

SHAPE = InputShape(1, 64, 64.0)
N_CLASSES = 3


def _graph(
    nodes: list[Any] | None = None, tensors: list[Any] | None = None, n_samples: int = 64
) -> Any:
    """Return a graph that means each window and answers by one dense layer."""
    weights = numpy_helper.from_array(np.ones((1, N_CLASSES), np.float32), "weights")
    usual = [
        helper.make_node("ReduceMean", ["windows", "axes"], ["representation"], keepdims=0),
        helper.make_node("MatMul", ["representation", "weights"], ["logits"]),
    ]
    axes = numpy_helper.from_array(np.array([2]), "axes")
    graph = helper.make_graph(
        [*(nodes or []), *usual],
        "network",
        [helper.make_tensor_value_info("windows", TensorProto.FLOAT, ["batch", 1, n_samples])],
        [
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", N_CLASSES]),
            helper.make_tensor_value_info("representation", TensorProto.FLOAT, ["batch", 1]),
        ],
        [weights, axes, *(tensors or [])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


def _bytes(model: Any) -> np.ndarray:
    return np.frombuffer(model.SerializeToString(), dtype=np.uint8)


def test_a_plain_graph_passes_and_answers() -> None:
    content = checked_graph(_bytes(_graph()), SHAPE, N_CLASSES)
    windows = np.ones((2, 1, 64), np.float32)
    logits, features = session_of(content).run(None, {"windows": windows})
    assert logits.tolist() == [[1.0] * 3] * 2
    assert features.tolist() == [[1.0], [1.0]]


def _outside() -> Any:
    model = _graph()
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/hostname"
    return model


def _outside_in_a_constant() -> Any:
    value = TensorProto(data_type=TensorProto.FLOAT, dims=[4], name="secret")
    value.data_location = TensorProto.EXTERNAL
    entry = value.external_data.add()
    entry.key, entry.value = "location", "../secret.bin"
    return _graph([helper.make_node("Constant", [], ["secret"], value=value)])


def _branching() -> Any:
    body = helper.make_graph(
        [helper.make_node("Identity", ["weights"], ["inner"])],
        "body",
        [],
        [helper.make_tensor_value_info("inner", TensorProto.FLOAT, None)],
    )
    node = helper.make_node("If", ["yes"], ["branch"], then_branch=body, else_branch=body)
    return _graph([node], [numpy_helper.from_array(np.array(True), "yes")])


def _hidden_graph() -> Any:
    body = helper.make_graph([], "body", [], [])
    node = helper.make_node("Identity", ["weights"], ["copy"], extra=body)
    return _graph([node])


def _foreign() -> Any:
    model = _graph([helper.make_node("Sneak", ["weights"], ["out"], domain="com.example")])
    model.opset_import.append(helper.make_opsetid("com.example", 1))
    return model


def _huge() -> Any:
    shape = numpy_helper.from_array(np.array([100_000, 100_000]), "shape")
    return _graph([helper.make_node("ConstantOfShape", ["shape"], ["huge"])], [shape])


def _as_large_as_the_input_says() -> Any:
    nodes = [
        helper.make_node("Cast", ["windows"], ["numbers"], to=TensorProto.INT64),
        helper.make_node("Reshape", ["numbers", "flat"], ["row"]),
        helper.make_node("ConstantOfShape", ["row"], ["anything"]),
    ]
    return _graph(nodes, [numpy_helper.from_array(np.array([-1]), "flat")])


def _with_functions() -> Any:
    model = _graph()
    model.functions.append(onnx.FunctionProto(name="sneak", domain="x"))
    return model


def _torn() -> Any:
    return _graph([helper.make_node("MatMul", ["weights", "weights"], ["nothing"])])


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (_outside, "another file"),
        (_outside_in_a_constant, "another file"),
        (_branching, "the operator 'If'"),
        (_hidden_graph, "another graph"),
        (_foreign, "somebody else"),
        (_huge, "too large"),
        (_as_large_as_the_input_says, "unknown size"),
        (_with_functions, "larger than that of any network"),
        (_torn, "does not fit together"),
        (lambda: _graph(n_samples=128), "other windows"),
    ],
)
def test_hostile_graphs_are_refused(made: Callable[[], Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        checked_graph(_bytes(made()), SHAPE, N_CLASSES)


def test_graphs_of_other_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="other classes"):
        checked_graph(_bytes(_graph()), SHAPE, 5)
    model = _graph()
    del model.graph.output[1]
    with pytest.raises(ValueError, match="something else"):
        checked_graph(_bytes(model), SHAPE, N_CLASSES)


@pytest.mark.parametrize(
    "written",
    [
        np.zeros(100, np.uint8),
        np.frombuffer(b"\xff" * 64, np.uint8),
        np.zeros((2, 2), np.uint8),
        np.zeros(10, np.float32),
        np.zeros(0, np.uint8),
    ],
)
def test_what_is_no_graph_is_refused(written: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"."):
        checked_graph(written, SHAPE, N_CLASSES)


def test_ten_thousand_nodes_are_no_network() -> None:
    nodes = [helper.make_node("Identity", ["weights"], [f"copy{n}"]) for n in range(10_000)]
    with pytest.raises(ValueError, match="larger than that of any network"):
        checked_graph(_bytes(_graph(nodes)), SHAPE, N_CLASSES)


def test_what_the_runtime_refuses_is_no_network() -> None:
    model = _graph()
    model.graph.node[1].op_type = "Conv"
    with pytest.raises(ValueError, match="cannot be run"):
        opened(_bytes(model))


def test_a_graph_that_answers_one_window_only_is_refused() -> None:
    shape = numpy_helper.from_array(np.array([1, 1, 64]), "one")
    node = helper.make_node("Reshape", ["windows", "one"], ["single"])
    model = _graph([node], [shape])
    model.graph.node[1].input[0] = "single"
    content = checked_graph(_bytes(model), SHAPE, N_CLASSES)
    with pytest.raises(ValueError, match="cannot be run"):
        tried(opened(content), SHAPE, N_CLASSES)


def test_a_good_graph_may_be_tried() -> None:
    tried(opened(_bytes(_graph())), SHAPE, N_CLASSES)
