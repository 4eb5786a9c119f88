"""A demo machine: a simulated run to failure, stored as a data set and fed to a channel."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sonde.bearings.core.condition.alarms import BandKind
from sonde.bearings.core.condition.demonstration import (
    DESIGNATION,
    N_RECORDINGS,
    RATE_HZ,
    SPEED_RPM,
    UNIT,
    Moment,
    run_to_failure,
    samples_of,
)
from sonde.bearings.core.condition.machines import NodeKind
from sonde.bearings.core.condition.zones import VELOCITY
from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.core.statistics import statistics_of
from sonde.bearings.persistence import machines as rows
from sonde.bearings.persistence.signal_files import SignalWriter, samples_hash, writing
from sonde.bearings.services import datasets, machines
from sonde.bearings.services.condition import alarms, measurements
from sonde.bearings.services.condition.alarms import BandWish
from sonde.bearings.services.datasets import DatasetPlan
from sonde.bearings.services.generation_files import working_file
from sonde.bearings.services.machines import NewNode
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.jobs import Job, JobOutcome, JobRun
from sonde.platform.services import jobs
from sonde.platform.services.work import ports

JOB_KIND: Final = "bearings.condition_demo"
NAME: Final = "Simulated run to failure"
PLANT: Final = "Demonstration"
N_HEALTHY: Final = 15
_BANDS: Final = (
    ("EnvelopeRMS", BandWish(BandKind.FIXED, 0.045, 0.075)),
    ("EnvelopeBPFO", BandWish(BandKind.STATISTICAL, n_baseline=N_HEALTHY)),
    ("Kurtosis", BandWish(BandKind.FIXED, 1.0, 4.0)),
    (VELOCITY, BandWish(BandKind.ISO_20816)),
)


def start(actor: Actor) -> Job:
    """Queue the job that makes a demo machine; raises Forbidden for viewers."""
    actor.require(Role.ANALYST)
    title = "Simulate a run to failure"
    return jobs.enqueue(actor, kind=JOB_KIND, params={}, title=title, subject_link="/condition")


def demonstrate(job: JobRun) -> JobOutcome:
    """Make tree and data set, then measure recording after recording; each once."""
    known = dict(job.checkpoint() or {})
    if "channel" not in known:
        with job.work():
            known = _planned(job)
        job.save_checkpoint(known)
    run = run_to_failure(datetime.fromisoformat(known["end"]), N_RECORDINGS)
    if "dataset" not in known:
        known["dataset"] = _stored(job, run)
        job.save_checkpoint(known)
    with job.work():
        recordings = [one.id for one in datasets.recordings(job.actor, known["dataset"])]
    for moment in run:
        job.progress("Measuring", 0.3 + 0.7 * moment.number / len(run))
        _measure(job, known["channel"], moment, recordings[moment.number])
    link = f"/condition?node={known['channel']}&feature=EnvelopeRMS"
    return JobOutcome({"measurements": len(run), "link": link})


def _planned(job: JobRun) -> dict[str, str]:
    """Return where to and until when is measured; a tree that an earlier attempt made is found."""
    names = {one.name for one in machines.tree(job.actor) if one.kind is NodeKind.PLANT}
    plant = f"{PLANT} {job.job_id[-4:]}" if PLANT in names else PLANT
    parent = ""
    for kind, name, details in (
        (NodeKind.PLANT, plant, {"place": "Simulated by Sonde"}),
        (NodeKind.MACHINE, "Feed pump P-101", _PUMP),
        (NodeKind.POINT, "Drive end", {"bearing": DESIGNATION}),
        (NodeKind.CHANNEL, "Radial", {"unit": UNIT, "direction": "horizontal"}),
    ):
        parent = machines.add(job.actor, NewNode(kind, name, parent, details)).id
    end = ports().clock().replace(minute=0, second=0, microsecond=0)
    return {"channel": parent, "end": end.isoformat()}


_PUMP: Mapping[str, Any] = {
    "speed_rpm": SPEED_RPM,
    "power_kw": 22,
    "machine_group": "2",
    "support": "rigid",
}


def _stored(job: JobRun, run: tuple[Moment, ...]) -> str:
    """Simulate every recording into a data set; return its id."""
    with working_file() as path:
        recordings = _simulated(job, run, path)
        with job.work():
            key = datasets.store_signals(path)
            plan = DatasetPlan(NAME, "sample", DESIGNATION, recordings, as_new_version=True)
            return datasets.create_sealed(job.actor, plan, file_key=key).id


def _simulated(job: JobRun, run: tuple[Moment, ...], path: Path) -> tuple[NewRecording, ...]:
    made = []
    with writing(path) as writer:
        for moment in run:
            job.progress("Simulating", 0.3 * moment.number / len(run))
            made.append(_recording(writer, moment))
    return tuple(made)


def _recording(writer: SignalWriter, moment: Moment) -> NewRecording:
    samples = samples_of(moment)
    place = writer.add(samples[None, :], channels=("DE",), sampling_rate_hz=RATE_HZ)
    name = f"run_{moment.number + 1:03d}"
    return NewRecording(
        file=name,
        signal_path=place,
        channels=("DE",),
        n_samples=len(samples),
        sampling_rate_hz=RATE_HZ,
        speed_rpm=SPEED_RPM,
        unit=UNIT,
        label=moment.fault.value,
        bearing="P-101 drive end",
        lineage=name,
        fault_size=f"{moment.severity:.0%} severe" if moment.severity else "",
        content_hash=samples_hash(samples),
        taken_at=moment.taken_at,
        notes=("simulated",),
        statistics=statistics_of(samples, RATE_HZ),
    )


def _measure(job: JobRun, channel_id: str, moment: Moment, recording_id: str) -> None:
    """Add one measurement, and the limits once enough is known of the healthy machine."""
    with job.work():
        if rows.has_measurement(channel_id, moment.taken_at):
            return
        taken = measurements.taken_of_recording(job.actor, recording_id, moment=moment.taken_at)
        measurements.add(job.actor, channel_id, taken)
        if moment.number + 1 == N_HEALTHY:
            for feature, wish in _BANDS:
                alarms.set_band(job.actor, channel_id, feature, wish)
