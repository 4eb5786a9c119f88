"""The measured CWRU folder through the whole product: imported, trained, judged, asked."""

from pathlib import Path

import pytest

from sonde.bearings.core.understanding.given import Given
from sonde.bearings.services import imports
from sonde.bearings.services.imports import ImportWish
from sonde.bearings.services.scanning import label_table_in
from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import experiments, predictions
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job

pytestmark = [pytest.mark.integration, pytest.mark.real_data]
PROTOCOL = "cwru-size-out"
LEAST_MACRO_F1 = 0.85


@pytest.fixture(scope="module")
def dataset_id(ports: Ports, admin: Actor, real_data: Path) -> str:
    """The whole folder as a sealed data set."""
    folder = real_data / "bearings" / "cwru"
    wish = ImportWish("CWRU drive end", "6205-2RS", Given(labels=label_table_in(folder)))
    with unit_of_work(ports):
        waiting = imports.stage_folder(admin, wish, folder)
        (job,) = jobs.active(admin)
    assert run_job(ports, job.id, "test worker") == "succeeded"
    with unit_of_work(ports):
        return imports.commit(admin, waiting.id).id


@pytest.fixture(scope="module")
def trained(ports: Ports, admin: Actor, dataset_id: str) -> Experiment:
    """The recipe of docs/benchmarks.md, through the job runner."""
    wanted = NewExperiment(
        "datasets", dataset_id, ModelConfig("rbf-svm"), SplitConfig(PROTOCOL), title="CWRU"
    )
    with unit_of_work(ports):
        made = experiments.create(admin, wanted)
    assert run_job(ports, made.summary.job_id, "test worker") == "succeeded"
    with unit_of_work(ports):
        return experiments.get(admin, made.id)


def test_acceptance_cwru_size_out(trained: Experiment) -> None:
    result = trained.result
    assert result is not None
    certificate, evaluation = result.certificate, result.evaluation
    assert (certificate.policy, certificate.detail) == ("protocol", PROTOCOL)
    assert certificate.is_honest
    assert certificate.notes == ("healthy: 1 bearing, divided by record",)
    assert certificate.honest_classes == ("inner", "outer", "ball")
    assert certificate.n_groups == 10
    assert result.window_shape == (1, 12000)
    assert [fold.name for fold in evaluation.folds] == ["7 mil", "14 mil", "21 mil"]
    assert evaluation.aggregation == "mean of folds"
    assert evaluation.macro_f1 == pytest.approx(sum(fold.macro_f1 for fold in evaluation.folds) / 3)
    assert evaluation.named_classes == ("inner", "outer", "ball")
    assert evaluation.interval.n_groups == 10
    assert result.leaky is not None
    assert result.leaky.macro_f1 > 0.98, "random windows recognise the recording"
    assert evaluation.macro_f1 < result.leaky.macro_f1 - 0.05
    assert round(evaluation.macro_f1, 2) >= LEAST_MACRO_F1
    assert result.novelty is not None
    sizes = {row.attribute: row for row in result.novelty.unseen}["fault_size"]
    assert {value.value for value in sizes.values} == {"7 mil", "14 mil", "21 mil"}
    assert sizes.mean_auroc > 0.9


def test_a_measured_recording_is_predicted_with_physics_beside(
    ports: Ports, admin: Actor, trained: Experiment, real_data: Path
) -> None:
    with unit_of_work(ports):
        opened = predictions.open_model(admin, trained.id)
    path = real_data / "bearings" / "cwru" / "12k_drive_end" / "105.mat"
    told = predictions.ask(opened, path, "105.mat", {"sampling_rate_hz": 12000.0})
    assert told.verdict == "inner"
    assert told.evidence["verdict"] == "inner"
    assert told.is_unlike_training is False
    assert told.is_honest
