"""The Open Inference Protocol, version 2: its JSON objects, read and written.

Source: the specification of the Open Inference Protocol, HTTP/REST part.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.model_inputs import InputSpecification, accept_array
from sonde.platform.core.errors import Invalid

OUTPUTS: Final = ("probabilities", "label", "class_name")
_LONGEST_ID: Final = 1000


def model_metadata(
    name: str,
    versions: Sequence[str],
    platform: str,
    takes: InputSpecification,
    n_classes: int,
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

    Examples
    --------
    >>> takes = InputSpecification("features", "FP64", ("batch", "feature"), (36,))
    >>> model_metadata("fan", ["1"], "sonde_random-forest", takes, 4)["inputs"]
    [{'name': 'features', 'datatype': 'FP64', 'shape': [-1, 36]}]
    """
    return {
        "name": name,
        "versions": list(versions),
        "platform": platform,
        "inputs": [
            {"name": takes.name, "datatype": takes.datatype, "shape": [-1, *takes.shape]},
        ],
        "outputs": [
            {"name": "probabilities", "datatype": "FP64", "shape": [-1, n_classes]},
            {"name": "label", "datatype": "INT64", "shape": [-1]},
            {"name": "class_name", "datatype": "BYTES", "shape": [-1]},
        ],
    }


def read_request(
    request: object, takes: InputSpecification
) -> tuple[NDArray[Any], tuple[str, ...], str | None]:
    """Return the array, the wanted outputs and the id of an ``$inference_request``.

    Parameters
    ----------
    request : object
        Parsed JSON that may be anything.
    takes : InputSpecification

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
    return _input(request.get("inputs"), takes), _wanted(request.get("outputs")), request_id


def answer(
    name: str,
    version: str,
    request_id: str | None,
    outputs: Sequence[str],
    told: tuple[NDArray[np.float64], Sequence[str]],
) -> dict[str, Any]:
    """Return the ``$inference_response``.

    Parameters
    ----------
    name, version : str
    request_id : str, optional
        Given back where it came.
    outputs : sequence of str
        Which outputs, in this order.
    told : (ndarray of float64, sequence of str)
        Probabilities, shape (batch, class), and the names of the classes.
    """
    probabilities, class_names = told
    labels = probabilities.argmax(axis=1)
    every = {
        "probabilities": ("FP64", list(probabilities.shape), probabilities.ravel().tolist()),
        "label": ("INT64", [len(labels)], labels.tolist()),
        "class_name": ("BYTES", [len(labels)], [class_names[label] for label in labels.tolist()]),
    }
    response: dict[str, Any] = {"model_name": name, "model_version": version}
    if request_id is not None:
        response["id"] = request_id
    response["outputs"] = [
        {"name": one, "datatype": every[one][0], "shape": every[one][1], "data": every[one][2]}
        for one in outputs
    ]
    return response


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


def _wanted(outputs: object) -> tuple[str, ...]:
    if outputs is None or outputs == []:
        return OUTPUTS
    if not isinstance(outputs, list):
        raise Invalid("`outputs` is a list of objects, each with a name.")
    names = [one.get("name") if isinstance(one, Mapping) else None for one in outputs]
    unknown = [name for name in names if name not in OUTPUTS]
    if unknown:
        raise Invalid(
            f"There is no output {unknown[0]!r}; there are {', '.join(OUTPUTS)}.",
            choices=list(OUTPUTS),
        )
    return tuple(str(name) for name in names)
