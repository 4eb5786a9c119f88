"""What the layers of a network make of one sample."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.embedding.network_layers import LayerOutput, layer_outputs, network_of
from sonde.learning.core.embedding.samples import SAMPLE, one_sample, sample_facts
from sonde.learning.core.evaluating.plain import number, numbers
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.platform.core.errors import Invalid

KNOBS: Final = (
    HyperParameter("layer", "Layer", "Empty: the first that is a map over time.", ""),
    SAMPLE,
)
_MOST_ROWS: Final = 64
_MOST_TIMES: Final = 400


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return the layers, and one layer's map of one sample."""
    material = materials[0]
    progress(0.1, "Opening the network")
    module, problem = network_of(material), material.plan.problem
    place = one_sample(problem, params["sample"])
    window = problem.read_windows(np.array([place]))[0]
    progress(0.5, "Asking the network")
    outputs = layer_outputs(module, window)
    chosen = _layer(outputs, params["layer"])
    values = np.atleast_2d(chosen.values if chosen.values.ndim == 2 else chosen.values[:, None])
    order = np.argsort(-np.abs(values).max(axis=1), kind="stable")[:_MOST_ROWS]
    told = material.bundle.fitted.predict_proba(window[None])[0]
    return Answer(
        {
            "layers": [
                {"name": one.name, "kind": one.kind, "shape": list(one.values.shape)}
                for one in outputs
            ],
            "layer": chosen.name,
            "rows": order.tolist(),
            "map": [numbers(row) for row in _peaks(values[order])],
            "n_rows": len(values),
            "n_times": int(values.shape[1]),
            "duration_s": number(window.shape[1] / problem.sampling_rate_hz),
            "probabilities": numbers(told),
            **sample_facts(problem, np.array([place])),
        },
        {"window": window[0].astype(np.float32)},
    )


def _layer(outputs: list[LayerOutput], name: str) -> LayerOutput:
    if not name:
        maps = [one for one in outputs[1:] if one.values.ndim == 2]
        return (maps or outputs)[0]
    found = [one for one in outputs if one.name == name]
    if not found:
        names = ", ".join(one.name for one in outputs)
        raise Invalid(f"There is no layer {name!r}; there are {names}.", field="layer")
    return found[0]


def _peaks(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return rows of at most 400 values; each is the one of largest size in its stretch."""
    if values.shape[1] <= _MOST_TIMES:
        return values.astype(np.float64)
    edges = np.linspace(0, values.shape[1], _MOST_TIMES + 1).astype(int)
    parts = [values[:, low:high] for low, high in pairwise(edges.tolist())]
    columns = [
        np.take_along_axis(part, np.abs(part).argmax(axis=1)[:, None], axis=1) for part in parts
    ]
    return np.hstack(columns).astype(np.float64)


KIND: Final = AnalysisKind(
    name="activations",
    title="Activation maps",
    help="What each filter of a layer answers over time, the strongest first. The network is the "
    "final model.",
    validate=lambda given: accept_parameters(KNOBS, given),
    compute=compute,
    needs_network=True,
    page="/visualization?experiment={ids}&tab=activations",
    is_quick=True,
    version=2,
)
