"""Every analysis by name."""

from collections.abc import Mapping

from sonde.learning.core.analysing.kind import AnalysisKind
from sonde.learning.core.embedding.kinds import (
    activations,
    embedding,
    features,
    filters,
    layers,
    picture,
    saliency,
)
from sonde.learning.core.evaluating.kinds import (
    architectures,
    calibration,
    curves,
    errors,
    prediction_sets,
    robustness,
    unseen,
)
from sonde.platform.core.errors import Invalid

KINDS: Mapping[str, AnalysisKind] = {
    module.KIND.name: module.KIND
    for module in (
        curves,
        errors,
        architectures,
        robustness,
        calibration,
        prediction_sets,
        unseen,
        embedding,
        activations,
        saliency,
        filters,
        layers,
        picture,
        features,
    )
}


def analysis(name: str) -> AnalysisKind:
    """Return the analysis called `name`.

    Raises
    ------
    Invalid
        If there is none; the message lists the names.
    """
    try:
        return KINDS[name]
    except KeyError:
        raise Invalid(
            f"There is no analysis {name!r}; choose one of {', '.join(KINDS)}.",
            kind=name,
            choices=list(KINDS),
        ) from None
