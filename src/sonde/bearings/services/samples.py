"""The sample project: simulated bearings, a model trained on them, and what it is worth.

Two data sets: rolling bearings, on which a model is trained, and journal bearings in all their
eleven conditions.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.core.generations import Part
from sonde.bearings.core.simulate.plan import PRESETS
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
from sonde.bearings.services.generation_files import working_file, write_part
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import NotFound
from sonde.platform.core.jobs import Job, JobOutcome, JobRun
from sonde.platform.services import jobs

NAME = "Sample: simulated rolling bearings"
JOURNAL_NAME = "Sample: simulated journal bearings"
JOURNAL_SAMPLE = PRESETS["quick"].config
MODEL = "rbf-svm"
JOB_KIND = "bearings.sample"
_UNIT = "g"


def start(actor: Actor) -> Job:
    """Queue the job that loads the sample project; raises Forbidden for viewers."""
    actor.require(Role.ANALYST)
    return jobs.enqueue(actor, kind=JOB_KIND, params={}, title="Load the sample project")


def load_sample(job: JobRun) -> JobOutcome:
    """Simulate, store, and queue a training; data sets and experiment are made exactly once.

    Emits ``bearings.dataset_stored``; a job ``learning.train`` follows.
    """
    with job.work():
        names = [name for name in (JOURNAL_NAME, NAME) if not _is_loaded(job.actor, name)]
    if not names:
        return JobOutcome({"link": "/datasets"})
    made = [_MAKERS[name](job) for name in names]
    link = "/" if NAME in names else "/datasets"
    return JobOutcome({"link": link}, effect=lambda: _begin(job.actor, made))


def _journal_bearings(job: JobRun) -> tuple[DatasetPlan, str]:
    """Simulate ten signals of each of the eleven classes into the file store."""
    config = JOURNAL_SAMPLE
    count = config.n_signals

    def done(number: int) -> None:
        job.progress("Simulating", 0.3 * number / count, f"journal bearing {number} of {count}")

    with working_file() as path:
        recordings = write_part(config, Part(0, 0, count), path, done)
        with job.work():
            key = datasets.store_signals(path)
    from_ = {"config": config.to_json(), "config_hash": config.content_hash}
    return DatasetPlan(JOURNAL_NAME, "sample", "", recordings, made_from=from_), key


def _rolling_bearings(job: JobRun) -> tuple[DatasetPlan, str]:
    """Simulate four classes of rolling bearings into the file store."""
    plan = sample_plan()
    with working_file() as path:
        with writing(path) as writer:
            recordings = tuple(_recordings(job, plan, writer))
        job.progress("Storing", 0.95)
        with job.work():
            key = datasets.store_signals(path)
    return DatasetPlan(NAME, "sample", plan.designation, recordings), key


_MAKERS: Mapping[str, Callable[[JobRun], tuple[DatasetPlan, str]]] = MappingProxyType(
    {JOURNAL_NAME: _journal_bearings, NAME: _rolling_bearings}
)


def _begin(actor: Actor, made: list[tuple[DatasetPlan, str]]) -> None:
    for plan, key in made:
        dataset = datasets.create_sealed(actor, plan, file_key=key)
        if plan.name == NAME:
            wanted = NewExperiment(
                "datasets", dataset.id, ModelConfig(MODEL), title="Sample experiment"
            )
            experiments.create(actor, wanted)


def _is_loaded(actor: Actor, name: str) -> bool:
    try:
        datasets.find(actor, name)
    except NotFound:
        return False
    return True


def _recordings(
    job: JobRun, plan: SimulationConfig, writer: SignalWriter
) -> Iterator[NewRecording]:
    count = len(plan.recordings)
    for index in range(count):
        job.progress("Simulating", 0.3 + 0.6 * index / count, f"recording {index + 1} of {count}")
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
