"""Every model that is no ensemble of others, by name; an ensemble's members are chosen here."""

from collections.abc import Mapping

from sonde.learning.core.fitting.specification import ModelSpecification
from sonde.learning.core.models import (
    extra_trees,
    gradient_boosting,
    hydra,
    logistic_regression,
    minirocket,
    nearest_neighbours,
    random_forest,
    rbf_svm,
)
from sonde.learning.core.models.deep.catalogue import ARCHITECTURES
from sonde.learning.core.models.deep.specification import specification_of

_CLASSICAL: Mapping[str, ModelSpecification] = {
    module.SPECIFICATION.name: module.SPECIFICATION
    for module in (
        random_forest,
        extra_trees,
        gradient_boosting,
        rbf_svm,
        logistic_regression,
        nearest_neighbours,
        minirocket,
        hydra,
    )
}

_DEEP: Mapping[str, ModelSpecification] = {
    name: specification_of(architecture) for name, architecture in ARCHITECTURES.items()
}

SINGLE_MODELS: Mapping[str, ModelSpecification] = {**_CLASSICAL, **_DEEP}
