"""A result computed again from what is kept of it."""

from dataclasses import replace

import pytest

from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.provenance import Code
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import experiments, rerunning, runs
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, NotFound
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.learning.toy_source import PROBLEMS, person, with_toys

pytestmark = pytest.mark.integration
FOREST = ModelConfig("random-forest", 5, {"n_trees": 10})
NETWORK = ModelConfig(
    "cnn-1d", 5, {}, TrainingConfig(epochs=2, augmentations=("noise", "mixup"), device="cpu")
)
ONE_FOLD = SplitConfig("stratified-group-hold-out")


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def ada(outside: Ports) -> Actor:
    return person(outside, "AgainAda")


def trained(outside: Ports, actor: Actor, experiment: Experiment) -> Experiment:
    assert run_job(outside, experiment.summary.job_id, "test worker") == "succeeded"
    with unit_of_work(outside):
        return experiments.get(actor, experiment.id)


@pytest.mark.parametrize("config", [FOREST, NETWORK], ids=["forest", "network"])
def test_check_43_a_rerun_from_provenance_gives_identical_metrics(
    outside: Ports, ada: Actor, config: ModelConfig
) -> None:
    with unit_of_work(outside):
        made = experiments.create(ada, NewExperiment("tones", "tones", config, ONE_FOLD))
    first = trained(outside, ada, made)
    with unit_of_work(outside):
        asked = rerunning.rerun(ada, first.id)
    again = trained(outside, ada, asked.experiment)
    with unit_of_work(outside):
        lines = [line.text for line in runs.log_lines(ada, again.id)]
    assert first.result is not None
    assert again.result is not None
    assert again.result.evaluation == first.result.evaluation
    assert again.result.leaky == first.result.leaky
    assert again.result.novelty == first.result.novelty
    assert again.result.model_hash == first.result.model_hash
    before, after = first.result.provenance, again.result.provenance
    assert before is not None
    assert after is not None
    assert replace(after, rerun_of="") == before
    assert after.rerun_of == first.id
    assert before.seeds == {"model": 5, "split": 0}
    assert before.configuration["model"]["training"]["epochs"] == config.training.epochs
    assert before.code.version
    assert dict(before.environment.libraries)["numpy"]
    assert again.summary.title == f"{first.summary.title} (again)"
    assert any(
        line.startswith("The figures are identical") and "bit for bit" in line for line in lines
    )


def test_changed_data_and_other_code_are_told(
    outside: Ports, ada: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work(outside):
        made = experiments.create(ada, NewExperiment("tones", "tones", FOREST))
        with pytest.raises(Conflict, match="has no provenance"):
            rerunning.rerun(ada, made.id)
        with pytest.raises(NotFound):
            rerunning.rerun(person(outside, "AgainBob"), made.id)
    first = trained(outside, ada, made)
    changed = replace(PROBLEMS["tones"], data_hash="another")
    monkeypatch.setitem(PROBLEMS, "tones", changed)  # type: ignore[arg-type]
    monkeypatch.setattr(rerunning, "code_version", lambda: Code("9.9", "c0ffee", True))
    with unit_of_work(outside):
        asked = rerunning.rerun(ada, first.id)
        notes = experiments.get(ada, asked.experiment.id).summary.notes
    assert asked.told[0].startswith("The data have changed since")
    assert "is 9.9, commit c0ffee with changes" in asked.told[1]
    assert all(one in notes for one in asked.told)
    with unit_of_work(outside):
        experiments.delete(ada, first.id)
    trained(outside, ada, asked.experiment)
    with unit_of_work(outside):
        lines = [line.text for line in runs.log_lines(ada, asked.experiment.id)]
    assert "The experiment that this one repeats is deleted." in lines
