"""Results on the real PostgreSQL: conditions, samples, and an archive that proves its number."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sonde.learning.core import bundle as bundles
from sonde.learning.core import held_out as tables
from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.services import experiments, results
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict, NotFound
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.learning.toy_source import person, with_toys

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def outside(ports: Ports) -> Ports:
    return with_toys(ports)


@pytest.fixture(scope="module")
def ada(outside: Ports) -> Actor:
    return person(outside, "Ada")


@pytest.fixture(scope="module")
def trained(outside: Ports, ada: Actor) -> Experiment:
    with unit_of_work(outside):
        made = experiments.create(
            ada, NewExperiment("tones", "tones", ModelConfig("random-forest", 1, {"n_trees": 10}))
        )
    run_job(outside, made.summary.job_id, "test worker")
    with unit_of_work(outside):
        return experiments.get(ada, made.id)


def test_acceptance_result_scores_by_condition(
    outside: Ports, ada: Actor, trained: Experiment
) -> None:
    with unit_of_work(outside):
        found = results.conditions(ada, trained.id)
    assert trained.result is not None
    by_attribute = {one.attribute for one in found}
    assert "load" in by_attribute
    assert trained.result.certificate.group_noun in by_attribute
    loads = [one for one in found if one.attribute == "load"]
    total = sum(one.n_samples for one in loads)
    right = sum(one.accuracy * one.n_samples for one in loads)
    assert right / total == pytest.approx(trained.result.evaluation.accuracy)
    for one in found:
        if one.low is not None and one.high is not None:
            assert one.low <= one.accuracy <= one.high, one


def test_acceptance_result_a_cell_of_the_confusion_matrix_names_its_samples(
    outside: Ports, ada: Actor, trained: Experiment
) -> None:
    assert trained.result is not None
    evaluation = trained.result.evaluation
    names = evaluation.class_names
    with unit_of_work(outside):
        for row, label in enumerate(names):
            for column, told in enumerate(names):
                n_samples, found = results.samples(ada, trained.id, label, told)
                assert n_samples == evaluation.confusion[row][column]
                assert all((one.sample.label, one.sample.told) == (label, told) for one in found)
        n_errors, errors = results.samples(ada, trained.id)
    whole = sum(map(sum, evaluation.confusion))
    assert n_errors == whole - round(evaluation.accuracy * whole)
    sure = [one.sample.probability for one in errors]
    assert sure == sorted(sure, reverse=True)


def test_acceptance_result_the_notebook_recomputes_the_headline_number(
    outside: Ports, ada: Actor, trained: Experiment, tmp_path: Path
) -> None:
    with unit_of_work(outside):
        name, content = results.bundle(ada, trained.id)
        again = results.bundle(ada, trained.id)[1]
    assert name.endswith(".zip")
    assert again == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True)
    assert run_notebook(tmp_path).returncode == 0
    bundles.load((tmp_path / "model.safetensors").read_bytes())
    assert len(tables.load((tmp_path / "held-out.safetensors").read_bytes()))
    assert trained.result is not None
    card = (tmp_path / "model-card.md").read_text()
    assert f"{trained.result.evaluation.macro_f1:.4f}" in card
    assert "When not to trust it" in card
    document = json.loads((tmp_path / "recompute.ipynb").read_text())
    code = next(cell for cell in document["cells"] if "assert abs" in "".join(cell["source"]))
    code["source"] = "".join(code["source"]).replace("expected = ", "expected = 0.01 + ")
    (tmp_path / "recompute.ipynb").write_text(json.dumps(document))
    assert run_notebook(tmp_path).returncode != 0, "a wrong number is noticed"


def run_notebook(folder: Path) -> "subprocess.CompletedProcess[bytes]":
    """Run the code cells of the notebook in a process that has no Sonde in it."""
    document = json.loads((folder / "recompute.ipynb").read_text())
    cells = ["".join(one["source"]) for one in document["cells"] if one["cell_type"] == "code"]
    script = folder / "cells.py"
    script.write_text("\n".join(cells))
    return subprocess.run([sys.executable, script], cwd=folder, capture_output=True, check=False)


def test_nothing_is_taken_from_an_unfinished_or_a_foreign_experiment(
    outside: Ports, ada: Actor, trained: Experiment
) -> None:
    stranger = person(outside, "Bob")
    with unit_of_work(outside):
        made = experiments.create(
            ada, NewExperiment("tones", "tones", ModelConfig("random-forest", 1, {"n_trees": 10}))
        )
        for ask in (
            results.card,
            results.recomputing_notebook,
            results.bundle,
            results.conditions,
            results.samples,
        ):
            with pytest.raises(Conflict):
                ask(ada, made.id)
            with pytest.raises(NotFound):
                ask(stranger, trained.id)
        experiments.delete(ada, made.id)
