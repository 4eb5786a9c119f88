"""ResNet-34 in one dimension."""

from functools import partial

from sonde.learning.core.models.deep.architecture import Architecture
from sonde.learning.core.models.deep.residual import residual_knobs, residual_plan

ARCHITECTURE = Architecture(
    name="resnet-34-1d",
    title="ResNet-34",
    family="Residual network",
    help="Thirty-four layers with shortcuts: for much data, at twice the cost of ResNet-18.",
    hyper_parameters=residual_knobs(32),
    plan=partial(residual_plan, (3, 4, 6, 3)),
)
