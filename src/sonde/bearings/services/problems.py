"""What a data set is to learning: windows that know which bearing they come from."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.cutting import (
    Cut,
    check_count,
    choose_recordings,
    n_samples_at,
    plan_cut,
    remarks_on,
    resampled,
    window_starts,
)
from sonde.bearings.core.cutting_choices import channel_choices, cut_choices
from sonde.bearings.core.datasets import Dataset, StoredRecording
from sonde.bearings.core.diagnosis import diagnose
from sonde.bearings.core.fault_classes import Severity, class_title
from sonde.bearings.core.features.measuring import Circumstances
from sonde.bearings.core.features.window_recipes import WindowMeasuring, measuring_of
from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.protocols import CWRU_SIZE_OUT, cwru_size_out, cwru_size_out_recordings
from sonde.bearings.core.readers.reading import recording_from, start_reading
from sonde.bearings.core.recordings import Recording
from sonde.bearings.core.sample_links import (
    data_looks,
    learned_name,
    sample_links,
    sample_looks,
)
from sonde.bearings.core.sample_views import SAMPLE_VIEWS
from sonde.bearings.persistence.signal_files import read_signal, read_windows
from sonde.bearings.services import datasets, feature_sets
from sonde.learning.core.fingerprints import window_fingerprints
from sonde.learning.core.problem import Problem, Upload
from sonde.learning.core.sources import ProblemChoice, UploadQuestion
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.services.work import ports

_FINGERPRINTS_TTL_S = 7 * 24 * 3600
_BATCH = 256
_LISTED = 200
_CLASS_ORDER = ("healthy", "inner", "outer", "ball")


@dataclass(frozen=True)
class WindowReader:
    """Reads windows of a sealed signal file when they are asked for; needs no database.

    Parameters
    ----------
    path : Path
    cut : Cut
    recordings : tuple of StoredRecording
    position : ndarray of intp, shape (sample,)
        Which recording each sample comes from.
    starts : ndarray of int64, shape (sample,)
        Where each sample begins, at the rate of the cut.
    geometry : Geometry, optional
    measuring : WindowMeasuring
    """

    path: Path
    cut: Cut
    recordings: tuple[StoredRecording, ...]
    position: NDArray[np.intp]
    starts: NDArray[np.int64]
    geometry: Geometry | None
    measuring: WindowMeasuring = field(default_factory=WindowMeasuring)

    def windows(self, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return windows of shape (sample, channel, time), in the order asked for."""
        answer = np.empty((len(indices), 1, self.cut.window), dtype=np.float32)
        plain: list[tuple[int, int]] = []
        others: list[tuple[int, int]] = []
        for row, index in enumerate(indices):
            recording = self.recordings[self.position[index]]
            is_plain = recording.sampling_rate_hz == self.cut.sampling_rate_hz
            (plain if is_plain else others).append((row, int(index)))
        if plain:
            rows = [row for row, _ in plain]
            places = [self._place(index) for _, index in plain]
            answer[rows, 0] = read_windows(self.path, places, self.cut.window)
        for number in sorted({int(self.position[index]) for _, index in others}):
            whole = self._resampled(number)
            for row, index in others:
                if self.position[index] == number:
                    start = self.starts[index]
                    answer[row, 0] = whole[start : start + self.cut.window]
        return answer

    def features(self, indices: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return features of shape (sample, feature)."""
        parts = [
            self.features_of(self.windows(indices[at : at + _BATCH]), indices[at : at + _BATCH])
            for at in range(0, len(indices), _BATCH)
        ]
        return np.concatenate(parts)

    def features_of(
        self, windows: NDArray[np.float32], indices: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Return the features of windows that were made from these samples."""
        speeds = np.array([one.speed_rpm for one in self.recordings])
        unit = _unit(self.recordings)
        about = Circumstances(self.cut.sampling_rate_hz, geometry=self.geometry, unit=unit)
        return self.measuring.measure(windows[:, 0], speeds[self.position[indices]], about)

    def _channel(self, recording: StoredRecording) -> int:
        return recording.channels.index(self.cut.channel) if self.cut.channel else 0

    def _place(self, index: int) -> tuple[str, int, int]:
        recording = self.recordings[self.position[index]]
        return recording.signal_path, self._channel(recording), int(self.starts[index])

    def _resampled(self, number: int) -> NDArray[np.float32]:
        recording = self.recordings[number]
        whole = read_signal(self.path, recording.signal_path, self._channel(recording))
        return resampled(whole, recording.sampling_rate_hz, self.cut.sampling_rate_hz)


class DatasetProblems:
    """Data sets as problems."""

    slug = "datasets"
    title = "Data sets"
    asks = (
        UploadQuestion("sampling_rate_hz", "Sampling rate", "Hz"),
        UploadQuestion("speed_rpm", "Shaft speed", "rpm"),
        UploadQuestion("channel", "Channel"),
        UploadQuestion("bearing", "Bearing"),
    )
    sample_views = SAMPLE_VIEWS

    def choices(self, actor: Actor) -> Sequence[ProblemChoice]:
        """List the data sets that `actor` may train on."""
        return tuple(
            ProblemChoice(one.id, one.name, one.n_recordings, one.n_bearings, one.classes)
            for one in datasets.list_datasets(actor, limit=_LISTED).items
            if len(one.classes) > 1
        )

    def describe(self, actor: Actor, ref: str) -> Mapping[str, Any]:
        """Return what the wizard shows before anything is computed; raises NotFound."""
        dataset = datasets.get(actor, ref)
        every = datasets.recordings(actor, ref)
        recordings = choose_recordings(every)
        cut = plan_cut(recordings, 0, 0.0, "")
        return {
            "remarks": list(remarks_on(every, recordings, cut)),
            "classes": [class_title(label) for label in _class_names(recordings)],
            "recordings": len(recordings),
            "bearings": len({one.bearing for one in recordings}),
            "sampling_rate": f"{cut.sampling_rate_hz:g} Hz",
            "window": f"{cut.window} samples ({cut.window / cut.sampling_rate_hz:g} s)",
            "geometry": dataset.designation or "unknown: the bearing's own lines are not used",
            "attributes": [name for name in _attributes(recordings) if name],
            "protocols": [CWRU_SIZE_OUT] if cwru_size_out_recordings(recordings) else [],
            "options": [
                _feature_choices(actor),
                *cut_choices(cut),
                *channel_choices(recordings, cut),
            ],
        }

    def load(self, actor: Actor, ref: str, options: Mapping[str, Any]) -> Problem:
        """Return the windows of a data set; raises NotFound and Invalid."""
        dataset = datasets.get(actor, ref)
        recordings = datasets.recordings(actor, ref)
        measuring = _measuring(actor, options)
        path = datasets.signal_file(dataset)
        reader = replace(window_reader(dataset, recordings, path, options), measuring=measuring)
        _check_measurable(reader)
        return problem_of(dataset, reader, _fingerprints(dataset, reader))

    def sample_links(
        self,
        actor: Actor,
        ref: str,
        options: Mapping[str, Any],
        samples: Sequence[tuple[str, int, int]],
    ) -> tuple[str, ...]:
        """Return where each sample can be looked at: its stretch in the signal viewer."""
        chosen = choose_recordings(datasets.recordings(actor, ref))
        return sample_links(chosen, _cut(chosen, options), samples)

    def data_looks(self, ref: str) -> tuple[tuple[str, str], ...]:
        """Return the pages that look at a whole data set."""
        return data_looks(ref)

    def sample_looks(self, address: str) -> tuple[tuple[str, str], ...]:
        """Return the looks at a sample's stretch in the signal viewer."""
        return sample_looks(address)

    def read_upload(
        self, path: Path, name: str, options: Mapping[str, Any], given: Mapping[str, Any]
    ) -> Upload:
        """Read an untrusted recording in a jailed child, cut as the training data was."""
        content = start_reading(path, name=name).content()
        names = {channel.name for record in content.records for channel in record.channels}
        trained_on = options.get("channel") if options.get("channel") in names else None
        recording = recording_from(
            name,
            content,
            given.get("channel") or trained_on,
            given.get("sampling_rate_hz"),
            given.get("speed_rpm"),
        )
        return upload_of(recording, options, str(given.get("bearing") or ""))


def upload_of(recording: Recording, options: Mapping[str, Any], designation: str = "") -> Upload:
    """Return a recording's first channel cut as the training data was, whatever it came from.

    The bearing of the training data is assumed where none is named. Raises NotFound for an
    unknown bearing, and Invalid for a recording that is too short or lacks its bearing.
    """
    rate, length = float(options["sampling_rate_hz"]), int(options["window"])
    samples = resampled(recording.samples[0], recording.sampling_rate_hz, rate)
    count = len(samples) // length
    if count == 0:
        raise Invalid(
            f"This recording lasts {recording.duration_s:.2f} s; the model needs at least "
            f"{length / rate:.2f} s.",
            field="file",
        )
    windows = samples[: count * length].reshape(count, length)
    designation = designation or str(options.get("designation") or "")
    geometry = datasets.geometry_of(designation)
    trained_with_lines = bool(options.get("with_lines"))
    if trained_with_lines and geometry is None:
        raise Invalid("Name the bearing: the model uses its own lines.", field="bearing")
    about = Circumstances(
        rate, geometry=geometry if trained_with_lines else None, unit=recording.unit
    )
    speeds = np.full(count, recording.speed_rpm)
    return Upload(
        name=recording.name,
        windows=windows[:, None, :],
        features=measuring_of(options).measure(windows, speeds, about),
        assumptions=_assumptions(recording.assumptions, designation),
        evidence=_evidence(recording.samples[0], recording, geometry),
    )


def window_reader(
    dataset: Dataset,
    recordings: Sequence[StoredRecording],
    path: Path,
    options: Mapping[str, Any],
) -> WindowReader:
    """Plan the windows of a data set; raises Invalid where nothing can be cut."""
    chosen = choose_recordings(recordings)
    cut = _cut(chosen, options)
    check_count(chosen, cut)
    pairs = [
        (number, start)
        for number, recording in enumerate(chosen)
        for start in window_starts(n_samples_at(recording, cut.sampling_rate_hz), cut)
    ]
    position = np.array([number for number, _ in pairs], dtype=np.intp)
    starts = np.array([start for _, start in pairs], dtype=np.int64)
    geometry = datasets.geometry_of(dataset.designation)
    return WindowReader(path, cut, chosen, position, starts, geometry)


def _measuring(actor: Actor, options: Mapping[str, Any]) -> WindowMeasuring:
    """Return how features are measured: by a saved set where one is named; raises NotFound."""
    wanted = str(options.get("feature_set") or "")
    if not wanted:
        return WindowMeasuring()
    found = feature_sets.find(actor, wanted)
    return WindowMeasuring(found.choice, found.name)


def _check_measurable(reader: WindowReader) -> None:
    """Raise Invalid, with the reason, if a feature of the set cannot be had for a recording."""
    rate, unit = reader.cut.sampling_rate_hz, _unit(reader.recordings)
    for speed in sorted({one.speed_rpm for one in reader.recordings}):
        reader.measuring.check(Circumstances(rate, speed, reader.geometry, unit))


def _feature_choices(actor: Actor) -> Mapping[str, Any]:
    """Return the saved sets as something to choose from before a training."""
    sets = feature_sets.list_sets(actor)
    values = [[one.id, f"{one.name} · {len(one.choice.names)} features"] for one in sets]
    own = ["", "Sonde's own: shape of the spectrum and the bearing's lines"]
    return {
        "name": "feature_set",
        "title": "Features",
        "help": "For models that eat features. Sets are saved on the Features page.",
        "values": [own, *values],
    }


def _cut(chosen: Sequence[StoredRecording], options: Mapping[str, Any]) -> Cut:
    window, overlap = options.get("window", 0), options.get("overlap", 0.0)
    if not isinstance(window, int) or not isinstance(overlap, int | float):
        raise Invalid("Window and overlap are numbers.", field="window")
    return plan_cut(chosen, window, float(overlap), str(options.get("channel", "")))


def _attributes(recordings: Sequence[StoredRecording]) -> Mapping[str, list[str]]:
    """Return what can be left out as a whole: only what differs between recordings."""
    values = {
        "fault_size": [one.fault_size for one in recordings],
        "load": [one.load for one in recordings],
        "speed": [f"{one.speed_rpm:.0f} rpm" for one in recordings],
        "severity": [_severity(one.severity) for one in recordings],
    }
    return {
        name: column
        for name, column in values.items()
        if len({value for value in column if value}) > 1
    }


def _severity(name: str) -> str:
    """Return a severity with its rank, so that it can be sorted and learned as a number."""
    known = [str(one) for one in Severity]
    return f"{known.index(name)} {name}" if name in known else name


def _class_names(recordings: Sequence[StoredRecording]) -> tuple[str, ...]:
    present = {one.label for one in recordings}
    known = [name for name in _CLASS_ORDER if name in present]
    return (*known, *sorted(present.difference(known)))


def problem_of(dataset: Dataset, reader: WindowReader, fingerprints: NDArray[np.uint64]) -> Problem:
    """Return the windows of a reader as a problem."""
    recordings, position, cut = reader.recordings, reader.position, reader.cut
    classes = _class_names(recordings)
    labels = np.array([classes.index(one.label) for one in recordings], dtype=np.intp)

    def of_sample(values: Sequence[str]) -> NDArray[np.str_]:
        return np.array(values, dtype=np.str_)[position]

    protocols = cwru_size_out(recordings, position.tolist())
    return Problem(
        title=dataset.name,
        class_names=classes,
        labels=labels[position],
        recordings=of_sample([learned_name(one) for one in recordings]),
        groups=of_sample([one.bearing for one in recordings]),
        spans=np.stack([reader.starts, reader.starts + cut.window], axis=1),
        fingerprints=fingerprints,
        attributes={name: of_sample(values) for name, values in _attributes(recordings).items()},
        read_windows=reader.windows,
        read_features=reader.features,
        feature_names=reader.measuring.names(reader.geometry),
        feature_recipe=reader.measuring.recipe(reader.geometry),
        sampling_rate_hz=cut.sampling_rate_hz,
        unit=_unit(recordings),
        honest_policy=CWRU_SIZE_OUT if protocols else "group-k-fold",
        protocols=protocols,
        upload_options={
            "sampling_rate_hz": cut.sampling_rate_hz,
            "window": cut.window,
            "channel": cut.channel,
            "designation": dataset.designation,
            "with_lines": reader.measuring.uses(reader.geometry),
            **reader.measuring.as_options(),
        },
        group_noun="bearing",
        data_hash=dataset.content_hash,
        features_of_windows=reader.features_of,
        class_titles={name: class_title(name) for name in classes},
    )


def _unit(recordings: Sequence[StoredRecording]) -> str:
    units = {one.unit for one in recordings}
    return units.pop() if len(units) == 1 else "unknown"


def _fingerprints(dataset: Dataset, reader: WindowReader) -> NDArray[np.uint64]:
    """Return the near-duplicate hash of every window, computed once for a data set and a cut."""
    count = len(reader.position)
    cut = hashlib.sha256(repr(asdict(reader.cut)).encode()).hexdigest()[:16]
    key = f"bearings:dataset:{dataset.id}:fingerprints:{cut}"
    kept = ports().cache.get(key)
    if kept is not None and len(kept) == 8 * count:
        return np.frombuffer(kept, dtype=np.uint64)
    every = np.arange(count)
    made = np.concatenate(
        [
            window_fingerprints(reader.windows(every[at : at + _BATCH]))
            for at in range(0, count, _BATCH)
        ]
    )
    ports().cache.set(key, made.tobytes(), _FINGERPRINTS_TTL_S)
    return made


def _assumptions(sentences: Sequence[str], designation: str) -> Mapping[str, str]:
    named = {f"{number + 1}": sentence for number, sentence in enumerate(sentences)}
    return {**named, "bearing": designation or "unknown"}


def _evidence(
    samples: NDArray[np.float32], recording: Any, geometry: Geometry | None
) -> Mapping[str, Any]:
    """Return the verdict from physics, JSON-ready; empty where the bearing is unknown."""
    if geometry is None:
        return {}
    found = diagnose(samples, recording.sampling_rate_hz, recording.speed_rpm, geometry)
    return {
        "verdict": found.verdict.value,
        "strength": found.strength,
        "summary": found.summary,
        "band_hz": list(found.band_hz),
        "evidence": [asdict(one) for one in found.evidence],
        "assumptions": list(found.assumptions),
    }
