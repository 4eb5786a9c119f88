"""Which samples are looked at, and what there is to say of each."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.problem import Problem
from sonde.platform.core.errors import Invalid

SAMPLE: Final = HyperParameter("sample", "Sample", "Counted from 0.", 0, low=0, high=10**9)
CHANNEL: Final = HyperParameter("channel", "Channel", "Counted from 0.", 0, low=0, high=63)


def one_sample(problem: Problem, place: int) -> int:
    """Return the index of a sample.

    Raises
    ------
    Invalid
        If there is none of that number.
    """
    if not 0 <= place < len(problem):
        raise Invalid(
            f"There is no sample {place}; they are counted from 0 to {len(problem) - 1}.",
            field="sample",
        )
    return place


def sample_facts(problem: Problem, chosen: NDArray[np.intp]) -> dict[str, Any]:
    """Return what samples are: class, group, recording, span and attributes.

    Parameters
    ----------
    problem : Problem
    chosen : ndarray of intp, shape (sample,)
    """
    return {
        "samples": chosen.tolist(),
        "class_names": list(problem.class_names),
        "labels": problem.labels[chosen].tolist(),
        "groups": problem.groups[chosen].tolist(),
        "group_noun": problem.group_noun,
        "recordings": problem.recordings[chosen].tolist(),
        "spans": problem.spans[chosen].tolist(),
        "attributes": {
            name: values[chosen].tolist() for name, values in problem.attributes.items()
        },
    }
