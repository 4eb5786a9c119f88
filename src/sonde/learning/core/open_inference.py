"""The Open Inference Protocol, version 2: its JSON objects, read and written.

Source: the specification of the Open Inference Protocol, HTTP/REST part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.calibrated import COVERAGE
from sonde.learning.core.model_inputs import InputSpecification, accept_array
from sonde.platform.core.errors import Invalid

OUTPUTS: Final = ("probabilities", "label", "class_name")
CALIBRATED_OUTPUTS: Final = (*OUTPUTS, "raw_probabilities", "prediction_set", "reject")
_LONGEST_ID: Final = 1000


@dataclass(frozen=True)
class ToldBatch:
    """What a model says about a batch.

    Parameters
    ----------
    class_names : sequence of str
    raw, probabilities : ndarray of float64, shape (batch, class)
        As the model told them, and calibrated.
    sets : ndarray of bool, shape (batch, class), optional
        Which classes are in the prediction set; None where the model carries no calibration.
    rejected : ndarray of bool, shape (batch,), optional
        Which rows should not be answered; None where nobody knows, and no row is.
    """

    class_names: Sequence[str]
    raw: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    sets: NDArray[np.bool_] | None = None
    rejected: NDArray[np.bool_] | None = None


def outputs_of(*, is_calibrated: bool) -> tuple[str, ...]:
    """Return the outputs of a model; those that doubt need a calibration."""
    return CALIBRATED_OUTPUTS if is_calibrated else OUTPUTS


def model_metadata(
    name: str,
    versions: Sequence[str],
    platform: str,
    takes: InputSpecification,
    n_classes: int,
    *,
    is_calibrated: bool,
) -> dict[str, Any]:
    """Return the ``$metadata_model_response`` of a model.

    Parameters
    ----------
    name : str
    versions : sequence of str
        Numbers and aliases that can be asked for.
    platform : str
    takes : InputSpecification
    n_classes : int
    is_calibrated : bool

    Examples
    --------
    >>> takes = InputSpecification("features", "FP64", ("batch", "feature"), (36,))
    >>> told = model_metadata("fan", ["1"], "sonde_svm", takes, 4, is_calibrated=False)
    >>> told["inputs"]
    [{'name': 'features', 'datatype': 'FP64', 'shape': [-1, 36]}]
    >>> [one["name"] for one in told["outputs"]]
    ['probabilities', 'label', 'class_name']
    """
    shapes = {
        "probabilities": ("FP64", [-1, n_classes]),
        "label": ("INT64", [-1]),
        "class_name": ("BYTES", [-1]),
        "raw_probabilities": ("FP64", [-1, n_classes]),
        "prediction_set": ("BOOL", [-1, n_classes]),
        "reject": ("BOOL", [-1]),
    }
    return {
        "name": name,
        "versions": list(versions),
        "platform": platform,
        "inputs": [
            {"name": takes.name, "datatype": takes.datatype, "shape": [-1, *takes.shape]},
        ],
        "outputs": [
            {"name": one, "datatype": shapes[one][0], "shape": shapes[one][1]}
            for one in outputs_of(is_calibrated=is_calibrated)
        ],
    }


def read_request(
    request: object, takes: InputSpecification, gives: Sequence[str]
) -> tuple[NDArray[Any], tuple[str, ...], str | None]:
    """Return the array, the wanted outputs and the id of an ``$inference_request``.

    Parameters
    ----------
    request : object
        Parsed JSON that may be anything.
    takes : InputSpecification
    gives : sequence of str
        The model's outputs.

    Raises
    ------
    Invalid
        With a sentence that says what is wrong.
    """
    if not isinstance(request, Mapping):
        raise Invalid("An inference request is a JSON object.")
    request_id = request.get("id")
    if request_id is not None and not (isinstance(request_id, str) and _is_kept(request_id)):
        raise Invalid("`id` is a string of at most 1,000 characters, none of them NUL.")
    return _input(request.get("inputs"), takes), _wanted(request.get("outputs"), gives), request_id


def answer(
    name: str,
    version: str,
    request_id: str | None,
    outputs: Sequence[str],
    told: ToldBatch,
) -> dict[str, Any]:
    """Return the ``$inference_response``.

    Parameters
    ----------
    name, version : str
    request_id : str, optional
        Given back where it came.
    outputs : sequence of str
        Which outputs, in this order.
    told : ToldBatch
    """
    response: dict[str, Any] = {"model_name": name, "model_version": version}
    if request_id is not None:
        response["id"] = request_id
    response["parameters"] = {"calibrated": told.sets is not None}
    if told.sets is not None:
        response["parameters"]["set_coverage"] = COVERAGE
    every = _tensors(told)
    response["outputs"] = [_tensor(one, *every[one]) for one in outputs]
    return response


def _tensors(told: ToldBatch) -> dict[str, tuple[str, NDArray[Any]]]:
    labels = told.raw.argmax(axis=1)
    every: dict[str, tuple[str, NDArray[Any]]] = {
        "probabilities": ("FP64", told.probabilities),
        "label": ("INT64", labels),
        "class_name": ("BYTES", np.array(told.class_names, dtype=object)[labels]),
        "raw_probabilities": ("FP64", told.raw),
    }
    if told.sets is not None:
        every["prediction_set"] = ("BOOL", told.sets)
        nobody = np.zeros(len(labels), dtype=np.bool_)
        every["reject"] = ("BOOL", nobody if told.rejected is None else told.rejected)
    return every


def _tensor(name: str, datatype: str, array: NDArray[Any]) -> dict[str, Any]:
    return {
        "name": name,
        "datatype": datatype,
        "shape": list(array.shape),
        "data": array.ravel().tolist(),
    }


def _is_kept(text: str) -> bool:
    """Whether the log of predictions can hold a text: no NUL, no half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text and len(text) <= _LONGEST_ID


def _input(inputs: object, takes: InputSpecification) -> NDArray[Any]:
    if not isinstance(inputs, list) or len(inputs) != 1 or not isinstance(inputs[0], Mapping):
        raise Invalid(f"This model takes exactly one input, called {takes.name!r}.")
    (one,) = inputs
    if one.get("name") != takes.name:
        raise Invalid(f"This model takes {takes.name!r}, not {one.get('name')!r}.")
    if one.get("datatype") != takes.datatype:
        raise Invalid(f"{takes.name!r} has the type {takes.datatype}, not {one.get('datatype')!r}.")
    shape = one.get("shape")
    if not isinstance(shape, list) or not all(type(size) is int and size >= 0 for size in shape):
        raise Invalid(f"The shape of {takes.name!r} is a list of whole numbers.")
    return accept_array(takes, one.get("data"), shape)


def _wanted(outputs: object, gives: Sequence[str]) -> tuple[str, ...]:
    if outputs is None or outputs == []:
        return tuple(gives)
    if not isinstance(outputs, list):
        raise Invalid("`outputs` is a list of objects, each with a name.")
    names = [one.get("name") if isinstance(one, Mapping) else None for one in outputs]
    unknown = [name for name in names if name not in gives]
    if unknown:
        raise Invalid(
            f"There is no output {unknown[0]!r}; there are {', '.join(gives)}.",
            choices=list(gives),
        )
    return tuple(str(name) for name in names)
