"""What programs and people may send: refused with a sentence before it costs anything."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from sonde.learning.core.experiment_document import document_of, wanted_from
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.model_inputs import InputSpecification, accept_array
from sonde.learning.core.open_inference import read_request
from sonde.learning.core.splits.catalogue import plan_folds
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.core.storable import require_storable
from sonde.platform.core.errors import Invalid, TooLarge
from tests.unit.learning.toy_problem import toy_problem

FEATURES = InputSpecification("features", "FP64", ("batch", "feature"), (2,))
WINDOWS = InputSpecification("windows", "FP32", ("batch", "channel", "time"), (1, 3))


def test_one_long_text_among_numbers_takes_no_memory() -> None:
    data: list[Any] = [1.0] * 50 + ["x" * 1_000_000]
    tracemalloc.start()
    try:
        with pytest.raises(Invalid, match="no number"):
            accept_array(FEATURES, data, [25, 2])
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "data",
    [
        [[1.0, "2"]],
        [[1.0, None]],
        [[1.0, True]],
        [[1.0, 10**400]],
        [[1.0, {}]],
        [[1.0, [2.0]]],
        [[1.0], 2.0],
        [[[[1.0]]]],
        [[]],
    ],
)
def test_only_numbers_are_numbers(data: Any) -> None:
    with pytest.raises(Invalid):
        accept_array(FEATURES, data)


def test_numbers_are_taken_flat_and_nested() -> None:
    nested = accept_array(WINDOWS, [[[1, 2, 3]], [[4, 5, 6.5]]])
    flat = accept_array(WINDOWS, [1, 2, 3, 4, 5, 6.5], [2, 1, 3])
    assert nested.tolist() == flat.tolist() == [[[1, 2, 3]], [[4, 5, 6.5]]]
    assert nested.dtype == np.float32


def test_a_request_with_an_id_that_cannot_be_kept_is_refused() -> None:
    one = {"name": "features", "datatype": "FP64", "shape": [1, 2], "data": [1.0, 2.0]}
    assert read_request({"id": "é 7", "inputs": [one]}, FEATURES, ("label",))[2] == "é 7"
    for wrong in ("\0", "\ud800", "x" * 1001, 7):
        with pytest.raises(Invalid, match="`id` is a string"):
            read_request({"id": wrong, "inputs": [one]}, FEATURES, ("label",))


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("split", "n_folds", "five"),
        ("split", "test_fraction", "half"),
        ("split", "attribute", ["load"]),
        ("split", "seed", 1.5),
        ("split", "allow_leaks", "no"),
        ("model", "seed", "0"),
        ("model", "seed", True),
        ("model", "model", 3),
        ("model", "values", "n_trees"),
    ],
)
def test_a_document_with_a_value_of_another_kind_is_refused(
    part: str, name: str, value: Any
) -> None:
    document = document_of(NewExperiment("tones", "tones", ModelConfig("rbf-svm")))
    document[part] = document[part] | {name: value}
    with pytest.raises(Invalid):
        wanted_from(document)


def test_a_document_that_cannot_be_kept_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["again"] = [endless]
    deep: Any = "end"
    for _ in range(100_000):
        deep = [deep]
    for wrong in ({"a": "\0"}, {"a": "\ud800"}, {"a": deep}):
        with pytest.raises(Invalid):
            require_storable(wrong, "Options")
    with pytest.raises(TooLarge):
        require_storable({"a": "x" * 100_001}, "Options")
    require_storable({"a": "m/s² 🙂", "b": [1, None, True]}, "Options")


def test_a_seed_below_zero_is_refused_with_a_sentence() -> None:
    with pytest.raises(Invalid, match="0 or more"):
        plan_folds(toy_problem(), SplitConfig("group-k-fold", seed=-1))


def test_a_text_setting_holds_what_can_be_printed() -> None:
    knob = HyperParameter("layer", "Layer", "", "")
    assert knob.accept("body.0") == "body.0"
    for wrong in ("a\0", "a\ud800", "x" * 2001):
        with pytest.raises(Invalid, match="can be printed"):
            knob.accept(wrong)
