"""The sample project: simulated bearings, a model trained on them, and what it is worth."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.core.simulate.rolling import (
    SimulatedRecording,
    SimulationConfig,
    simulate_recording,
)
from sonde.bearings.core.simulate.sample import sample_plan
from sonde.bearings.core.statistics import statistics_of
from sonde.bearings.persistence.signal_files import SignalWriter, samples_hash, writing
from sonde.bearings.services import datasets
from sonde.bearings.services.datasets import DatasetPlan
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.models.specification import ModelConfig
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import NotFound
from sonde.platform.core.jobs import Job, JobOutcome, JobRun
from sonde.platform.services import jobs

NAME = "Sample: simulated rolling bearings"
MODEL = "rbf-svm"
JOB_KIND = "bearings.sample"
_UNIT = "g"


def start(actor: Actor) -> Job:
    """Queue the job that loads the sample project; raises Forbidden for viewers."""
    actor.require(Role.ANALYST)
    return jobs.enqueue(actor, kind=JOB_KIND, params={}, title="Load the sample project")


def load_sample(job: JobRun) -> JobOutcome:
    """Simulate, store, and queue a training; data set and experiment are made exactly once.

    Emits ``bearings.dataset_stored``; a job ``learning.train`` follows.
    """
    plan = sample_plan()
    with job.work():
        if _is_loaded(job.actor):
            return JobOutcome({"link": "/datasets"})
    with tempfile.TemporaryDirectory(prefix="sonde-sample-") as folder:
        path = Path(folder) / "signals.h5"
        with writing(path) as writer:
            recordings = tuple(_recordings(job, plan, writer))
        job.progress("Storing", 0.95)
        with job.work():
            key = datasets.store_signals(path)
    wanted = DatasetPlan(NAME, "sample", plan.designation, recordings)
    return JobOutcome({"link": "/"}, effect=lambda: _begin(job.actor, wanted, key))


def _begin(actor: Actor, plan: DatasetPlan, key: str) -> None:
    dataset = datasets.create_sealed(actor, plan, file_key=key)
    wanted = NewExperiment("datasets", dataset.id, ModelConfig(MODEL), title="Sample experiment")
    experiments.create(actor, wanted)


def _is_loaded(actor: Actor) -> bool:
    try:
        datasets.find(actor, NAME)
    except NotFound:
        return False
    return True


def _recordings(
    job: JobRun, plan: SimulationConfig, writer: SignalWriter
) -> Iterator[NewRecording]:
    count = len(plan.recordings)
    for index in range(count):
        job.progress("Simulating", 0.9 * index / count, f"recording {index + 1} of {count}")
        made = simulate_recording(plan, index)
        place = writer.add(
            made.samples[None, :], channels=("DE",), sampling_rate_hz=plan.sampling_rate_hz
        )
        yield _described(made, place)


def _described(made: SimulatedRecording, place: str) -> NewRecording:
    plan = made.plan
    is_healthy = plan.fault.value == "healthy"
    return NewRecording(
        file=made.name,
        signal_path=place,
        channels=("DE",),
        n_samples=len(made.samples),
        sampling_rate_hz=made.sampling_rate_hz,
        speed_rpm=plan.speed_rpm,
        unit=_UNIT,
        label=plan.fault.value,
        bearing=plan.bearing,
        lineage=made.name,
        content_hash=samples_hash(made.samples),
        fault_size="" if is_healthy else f"{plan.severity:.0%} severe",
        load=f"{plan.load:.0%}",
        notes=("simulated",),
        statistics=statistics_of(made.samples, made.sampling_rate_hz),
    )
