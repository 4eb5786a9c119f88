"""ResNet-18 in one dimension."""

from functools import partial

from sonde.learning.core.models.deep.architecture import Architecture
from sonde.learning.core.models.deep.residual import residual_knobs, residual_plan

ARCHITECTURE = Architecture(
    name="resnet-18-1d",
    title="ResNet-18",
    family="Residual network",
    help="Eighteen layers with shortcuts: a strong, steady choice for raw windows.",
    hyper_parameters=residual_knobs(32),
    plan=partial(residual_plan, (2, 2, 2, 2)),
)
