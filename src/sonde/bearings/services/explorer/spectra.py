"""Class spectra of what a filter keeps: kept once computed, by a job where that takes a while."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from sonde.bearings.core.class_spectra import (
    ClassCurve,
    ClassSignal,
    ClassSpectra,
    ClassSpectraSettings,
    SpectrumKind,
    class_spectra,
)
from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.exploring.filters import ExplorerFilter, drawn, filter_from_json
from sonde.bearings.persistence import recording_search
from sonde.bearings.persistence.signal_files import read_signal
from sonde.bearings.services import datasets, features
from sonde.bearings.services.explorer import keeping, looking, starting
from sonde.bearings.services.explorer.arrays import packed_arrays, unpacked_arrays
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import Job, JobOutcome, JobRun

JOB_KIND = "bearings.class-spectra"
AT_ONCE_SAMPLES = 10_000_000
LONGEST = 1 << 17


def look_or_start(
    actor: Actor, dataset_id: str, wanted: ExplorerFilter, settings: ClassSpectraSettings
) -> ClassSpectra | Job:
    """Return the class spectra of what a filter keeps, or the job that computes them.

    What takes less than about two seconds is computed at once. Raises NotFound, Invalid where the
    filter keeps nothing, and Conflict where it needs features that are not extracted.
    """
    dataset = datasets.get(actor, dataset_id)
    key = _key(dataset, wanted, settings)
    kept = keeping.look(dataset, key)
    if kept is not None:
        return _unpacked(kept)
    chosen = _chosen(actor, dataset, wanted, settings)
    is_little = sum(min(one.n_samples, LONGEST) for one in chosen) <= AT_ONCE_SAMPLES
    if is_little or actor.role is Role.VIEWER:
        return _compute(dataset, key, settings, chosen, iter(chosen))
    params = {"filter": asdict(wanted), "settings": asdict(settings)}
    return starting.running(actor, key) or starting.start(
        actor, dataset, JOB_KIND, params, key=key, title=f"Class spectra of {dataset.name}"
    )


def run(job: JobRun, params: Mapping[str, Any]) -> JobOutcome:
    """Compute class spectra for whoever looks again."""
    wanted = filter_from_json(params["filter"])
    settings = settings_from_json(params["settings"])
    with job.work():
        dataset = datasets.get(job.actor, params["dataset_id"])
        key = _key(dataset, wanted, settings)
        chosen = _chosen(job.actor, dataset, wanted, settings)
        cache = keeping.outside()
        path = datasets.signal_file(dataset)

    def told() -> Iterator[StoredRecording]:
        for number, one in enumerate(chosen):
            job.progress("Reading", number / len(chosen), one.title)
            yield one

    found = class_spectra(_signals(path, told()), settings, _lowest_rate(chosen))
    cache.set(key, _packed(found), keeping.TTL_S)
    return JobOutcome({"recordings": len(chosen)})


def settings_from_json(data: Mapping[str, Any]) -> ClassSpectraSettings:
    """Return settings that ``dataclasses.asdict`` made plain; raises Invalid."""
    try:
        band = data.get("band")
        return ClassSpectraSettings(
            kind=SpectrumKind(data.get("kind", "psd")),
            top=float(data.get("top") or 0.0),
            band=None if band is None else (float(band[0]), float(band[1])),
            per_class=int(data.get("per_class") or 12),
        )
    except (TypeError, ValueError, IndexError) as error:
        raise Invalid("These settings cannot be understood.", field="settings") from error


def _chosen(
    actor: Actor, dataset: Dataset, wanted: ExplorerFilter, settings: ClassSpectraSettings
) -> list[StoredRecording]:
    rows = looking.choose(actor, dataset.id, wanted).rows
    if not len(rows):
        raise Invalid("The filter keeps no recording.", field="filter")
    part = rows.at(drawn(rows.labels, settings.per_class, wanted.seed))
    return recording_search.by_ids(part.id_texts(), actor.workspace_ids)


def _compute(
    dataset: Dataset,
    key: str,
    settings: ClassSpectraSettings,
    chosen: list[StoredRecording],
    each: Iterator[StoredRecording],
) -> ClassSpectra:
    signals = _signals(datasets.signal_file(dataset), each)
    found = class_spectra(signals, settings, _lowest_rate(chosen))
    keeping.keep(key, _packed(found))
    return found


def _lowest_rate(chosen: list[StoredRecording]) -> float:
    return min(one.sampling_rate_hz for one in chosen)


def _signals(path: Path, each: Iterator[StoredRecording]) -> Iterator[ClassSignal]:
    """Read the first channel of one recording after the other, its first 131,072 samples."""
    for one in each:
        samples = read_signal(path, one.signal_path, 0, 0, LONGEST)
        yield ClassSignal(one.label, samples, one.sampling_rate_hz)


def _key(dataset: Dataset, wanted: ExplorerFilter, settings: ClassSpectraSettings) -> str:
    stamps = features.stamps(dataset, wanted.feature_names)
    return keeping.key_of(dataset, "spectra", wanted.text, stamps, asdict(settings))


def _packed(found: ClassSpectra) -> bytes:
    facts = {
        "kind": found.kind.value,
        "n_short": found.n_short,
        "classes": [[one.label, one.n] for one in found.classes],
    }
    curves = np.stack([[one.mean, one.low, one.high] for one in found.classes])
    return packed_arrays(facts, {"axis": found.axis, "curves": curves})


def _unpacked(content: bytes) -> ClassSpectra:
    facts, arrays = unpacked_arrays(content)
    curves = [
        ClassCurve(label, n, *curve)
        for (label, n), curve in zip(facts["classes"], arrays["curves"], strict=True)
    ]
    return ClassSpectra(
        SpectrumKind(facts["kind"]), arrays["axis"], tuple(curves), facts["n_short"]
    )
