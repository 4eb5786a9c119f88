"""Every choice about the data that the wizard offers changes what is learned from."""

import numpy as np
import pytest

from sonde.bearings.services import feature_sets
from sonde.bearings.services.problems import DatasetProblems
from sonde.platform.services.work import unit_of_work
from tests.integration.bearings.feature_data import make_dataset

pytestmark = pytest.mark.integration
OTHERWISE = {"window": 1024, "overlap": 0.5}


def test_acceptance_wizard_every_choice_about_the_data_changes_the_windows(ports, actor):
    problems = DatasetProblems()
    with unit_of_work(ports):
        dataset = make_dataset(actor, "Choices", n_samples=8192)
        feature_sets.save(actor, "Two", ["Kurtosis", "SpectralEntropy"])
        options = problems.describe(actor, dataset.id)["options"]
        plain = _seen(problems.load(actor, dataset.id, {}))
        for option in options:
            name = option["name"]
            value = option["values"][-1][0] if "values" in option else OTHERWISE[name]
            other = _seen(problems.load(actor, dataset.id, {name: value}))
            assert other != plain, name


def _seen(problem):
    first = problem.read_windows(np.array([0]))
    return len(problem), first.shape, problem.feature_names, first.tobytes()
