"""A map of samples: of their features, or of what a layer of a network makes of them."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.embedding.network_layers import (
    deepest_over_time,
    layer_vectors,
    network_of,
)
from sonde.learning.core.embedding.projecting import (
    class_share_abroad,
    project,
    standardised,
)
from sonde.learning.core.embedding.samples import sample_facts
from sonde.learning.core.evaluating.plain import number, numbers
from sonde.learning.core.fitting.calibration import subsample
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep.fitted import DeepModel
from sonde.learning.core.problem import Problem

KNOBS: Final = (
    HyperParameter(
        "of",
        "Map of",
        "Features as they were measured, or what the network's last layer sees.",
        "features",
        choices=("features", "representation", "layer"),
    ),
    HyperParameter("layer", "Layer", "Of a map of one; empty: the deepest over time.", ""),
    HyperParameter(
        "method", "Method", "How the samples are laid out.", "pca", choices=("pca", "tsne", "umap")
    ),
    HyperParameter(
        "neighbours", "Neighbours", "Perplexity of t-SNE, neighbours of UMAP.", 30, low=3, high=200
    ),
    HyperParameter("most", "Samples", "At most, every class alike.", 600, low=20, high=3000),
    HyperParameter("seed", "Seed", "Of choice and layout.", 0, low=0, high=2**31 - 1),
)
_BATCH: Final = 64
_LAYING: Final = {
    "pca": "Laying out the map",
    "tsne": "Laying out the map by t-SNE",
    "umap": "Laying out the map by UMAP; a worker's first one takes half a minute longer",
}


def compute(
    materials: tuple[Material, ...], params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return samples in the plane, with what they are, and how far the map can be trusted."""
    material = materials[0]
    problem = material.plan.problem
    chosen = subsample(problem, np.arange(len(problem)), params["most"], params["seed"])
    layer = _layer(material, chosen, params)
    values = standardised(_values(material, chosen, layer, params, progress))
    progress(0.6, _LAYING[params["method"]])
    found = project(values, params["method"], params)
    labels, groups = problem.labels[chosen], problem.groups[chosen]
    abroad = class_share_abroad(values, labels, groups)
    chance = float((np.bincount(labels) ** 2).sum() / len(labels) ** 2)
    return Answer(
        {
            "x": numbers(found.points[:, 0]),
            "y": numbers(found.points[:, 1]),
            **sample_facts(problem, chosen),
            "explained": numbers(found.explained),
            "trustworthiness": number(found.trustworthiness),
            "class_share_abroad": None if abroad is None else number(abroad),
            "chance": number(chance),
            "n_values": int(values.shape[1]),
            "method": params["method"],
            "of": params["of"],
            "layer": layer,
            "has_seen_all": params["of"] != "features",
        }
    )


def _layer(material: Material, chosen: NDArray[np.intp], params: Mapping[str, Any]) -> str:
    """Return the layer that is mapped; empty where none is."""
    if params["of"] != "layer":
        return ""
    if params["layer"]:
        return str(params["layer"])
    first = material.plan.problem.read_windows(chosen[:1])[0]
    return deepest_over_time(network_of(material), first)


def _values(
    material: Material,
    chosen: NDArray[np.intp],
    layer: str,
    params: Mapping[str, Any],
    progress: Progress,
) -> NDArray[Any]:
    """Return what is laid out: features, the representation, or a layer's mean over time."""
    if params["of"] == "features":
        return material.read_features(lambda done: progress(0.6 * done, "Measuring features"))[
            chosen
        ]
    module, problem = network_of(material), material.plan.problem
    fitted = material.bundle.fitted
    parts: list[NDArray[Any]] = []
    for batch, windows in _batches(problem, chosen, progress):
        progress(0.6 * batch / len(chosen), "Asking the network")
        if params["of"] == "representation" and isinstance(fitted, DeepModel):
            parts.append(fitted.representation(windows))
        else:
            parts.append(layer_vectors(module, windows, layer))
    return np.concatenate(parts)


def _batches(problem: Problem, chosen: NDArray[np.intp], progress: Progress) -> Any:
    for start in range(0, len(chosen), _BATCH):
        progress(0.6 * start / len(chosen), "Reading windows")
        yield start, problem.read_windows(chosen[start : start + _BATCH])


def accepted(given: Mapping[str, object]) -> dict[str, Any]:
    """Return every parameter checked; what changes nothing has its default, so that it is kept.

    Examples
    --------
    >>> accepted({"layer": "body.0", "neighbours": 5})["neighbours"]
    30
    """
    params = accept_parameters(KNOBS, given)
    defaults = {knob.name: knob.default for knob in KNOBS}
    if params["of"] != "layer":
        params["layer"] = defaults["layer"]
    if params["method"] == "pca":
        params["neighbours"] = defaults["neighbours"]
    return params


KIND: Final = AnalysisKind(
    name="embedding",
    title="Map of samples",
    help="Samples that lie close are alike to the model. Clusters that follow the groups and not "
    "the classes are a warning. A layer's map is of the final model, which has seen every sample.",
    validate=accepted,
    compute=compute,
    page="/visualization?experiment={ids}&tab=embedding",
)
