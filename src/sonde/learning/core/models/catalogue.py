"""Every model by name."""

from collections.abc import Mapping

from sonde.learning.core.fitting.specification import ModelSpecification
from sonde.learning.core.models import snapshot, stacking, voting
from sonde.learning.core.models.predicting import predict
from sonde.learning.core.models.single_models import SINGLE_MODELS
from sonde.platform.core.errors import Invalid

__all__ = ["MODELS", "model", "predict"]

_ENSEMBLES: Mapping[str, ModelSpecification] = {
    one.name: one
    for one in (
        voting.SPECIFICATION,
        voting.SPECIFICATION_ON_WINDOWS,
        stacking.SPECIFICATION,
        stacking.SPECIFICATION_ON_WINDOWS,
        snapshot.SPECIFICATION,
    )
}

MODELS: Mapping[str, ModelSpecification] = {**SINGLE_MODELS, **_ENSEMBLES}


def model(name: str) -> ModelSpecification:
    """Return the model called `name`.

    Raises
    ------
    Invalid
        If there is none; the message lists the names.

    Examples
    --------
    >>> model("rbf-svm").eats
    'features'
    """
    try:
        return MODELS[name]
    except KeyError:
        raise Invalid(
            f"There is no model {name!r}; choose one of {', '.join(MODELS)}.",
            model=name,
            choices=list(MODELS),
        ) from None
