"""Which layers a network has, and what they give: what can be chosen elsewhere."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sonde.learning.core.analysing.kind import AnalysisKind, Answer, Progress, accept_parameters
from sonde.learning.core.analysing.material import Material
from sonde.learning.core.embedding.network_layers import layer_outputs, network_of


def compute(
    materials: tuple[Material, ...], _params: Mapping[str, Any], progress: Progress
) -> Answer:
    """Return name, kind and shape of every layer, in the order in which they are asked."""
    material = materials[0]
    progress(0.1, "Opening the network")
    module = network_of(material)
    window = material.plan.problem.read_windows(np.array([0]))[0]
    progress(0.5, "Asking the network")
    outputs = layer_outputs(module, window)
    return Answer(
        {
            "layers": [
                {"name": one.name, "kind": one.kind, "shape": list(one.values.shape)}
                for one in outputs
            ]
        }
    )


KIND: Final = AnalysisKind(
    name="layers",
    title="Layers of a network",
    help="Every layer by name, with what it gives for one window.",
    validate=lambda given: accept_parameters((), given),
    compute=compute,
    page="/visualization?experiment={ids}&tab=activations",
    is_quick=True,
    needs_network=True,
)
