"""A convolutional network whose answers must agree with the energies that a window holds.

Every class has a signature: in which bands its training windows hold more or less energy than those
of a healthy reference class. Beside telling classes apart, the network pays where the signature of
what it says differs from what the window shows.
"""

from typing import Any

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.deep import cnn_1d
from sonde.learning.core.models.deep.architecture import Architecture, InputShape, Plan, Values
from sonde.platform.core.errors import Invalid


def make(plan: Plan, shape: InputShape, n_classes: int, values: Values) -> Any:
    """Return the torch module.

    Raises
    ------
    Invalid
        If the reference class does not exist.
    """
    from sonde.learning.core.models.deep.physics_network import Physics, PhysicsNetwork

    reference = int(values["reference_class"])
    if not 1 <= reference <= n_classes:
        raise Invalid(
            f"The reference class is one of 1 to {n_classes}, not {reference}.",
            field="reference_class",
        )
    physics = Physics(
        n_bands=int(values["bands"]),
        n_classes=n_classes,
        reference=reference - 1,
        weight=float(values["physics_weight"]),
        is_scrambled=values["physics"] == "scrambled",
    )
    return PhysicsNetwork(plan, shape, physics)


ARCHITECTURE = Architecture(
    name="physics-constrained-cnn",
    title="Physics-constrained CNN",
    family="Physics-informed network",
    help="A CNN that also pays where what it says does not explain the energies in a window's "
    "bands, compared with a healthy reference.",
    hyper_parameters=(
        HyperParameter(
            "physics_weight",
            "Weight of the physics",
            "Of the band energies in the loss; 0 leaves a plain CNN.",
            0.3,
            low=0.0,
            high=100.0,
        ),
        HyperParameter(
            "physics",
            "Physics",
            "true: each class answers for its own bands; scrambled: for those of another class, "
            "the control arm that tells whether physics helps or any penalty would.",
            "true",
            choices=("true", "scrambled"),
        ),
        HyperParameter(
            "bands", "Bands", "Of equal width in octaves, up to half the rate.", 24, low=2, high=128
        ),
        HyperParameter(
            "reference_class",
            "Reference class",
            "Number of the healthy class in the problem's list; 1 is the first.",
            1,
            low=1,
            high=1000,
        ),
        *cnn_1d.ARCHITECTURE.hyper_parameters,
    ),
    plan=cnn_1d.plan,
    make=make,
)
