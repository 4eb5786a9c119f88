"""Files of a generation: one for each part, joined into the data set's signal file at the end."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.core.generations import Part
from sonde.bearings.core.simulate.describing import simulate_recording
from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.bearings.core.statistics import Statistics
from sonde.bearings.persistence.signal_files import append_signals, reading, writing
from sonde.platform.core.errors import Invalid
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.ports import FileStore

PREFIX = "generation-parts/"
_FACTS = "recording"
_ROOM = 1.1
_LISTS = ("channels", "notes", "quality")
Done = Callable[[int], None]


def write_part(
    config: GenerationConfig, part: Part, target: Path, done: Done
) -> tuple[NewRecording, ...]:
    """Simulate the signals of a part into a new file, and return their descriptions.

    `done` hears how many there are, and may raise.
    """
    described: list[NewRecording] = []
    with writing(target) as writer:
        writer.file.attrs["config_hash"] = config.content_hash
        for index in range(part.first, part.last):
            recording, samples = simulate_recording(config, index)
            path = writer.add(
                samples,
                channels=recording.channels,
                sampling_rate_hz=recording.sampling_rate_hz,
            )
            writer.file[path].attrs[_FACTS] = _as_text(recording)
            described.append(replace(recording, signal_path=path))
            done(len(described))
    return tuple(described)


def join_parts(
    config: GenerationConfig, sources: Sequence[Path], target: Path, done: Done
) -> tuple[NewRecording, ...]:
    """Copy the signals of all parts into one new file, in order; return their descriptions."""
    recordings: list[NewRecording] = []
    with writing(target) as writer:
        writer.file.attrs["config_hash"] = config.content_hash
        writer.file.attrs["config"] = json.dumps(config.to_json(), sort_keys=True)
        for number, source in enumerate(sources, start=1):
            recordings.extend(
                replace(described, signal_path=path)
                for described, path in zip(
                    _described(source),
                    append_signals(writer, source, _paths(source)),
                    strict=True,
                )
            )
            done(number)
    return tuple(recordings)


def part_key(generation_id: str) -> str:
    """Return a key of its own for the file of a part."""
    return f"{PREFIX}{generation_id}/{new_id()}.h5"


def delete_parts(files: FileStore, generation_id: str) -> None:
    """Delete every file of a generation's parts."""
    for key in list(files.keys(f"{PREFIX}{generation_id}/")):
        files.delete(key)


def part_keys(files: FileStore) -> Iterator[tuple[str, str]]:
    """Go through the keys of all parts there are, each with the id that names its file."""
    for key in list(files.keys(PREFIX)):
        yield key, key.rpartition("/")[2].removesuffix(".h5")


def require_space(n_bytes: int) -> None:
    """Raise Invalid if the folder of working files has no room for so much."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < _ROOM * n_bytes:
        raise Invalid(
            f"This generation needs {_ROOM * n_bytes / 1e9:.1f} GB of disk for its work, but only "
            f"{free / 1e9:.1f} GB are free. Choose fewer or shorter signals, or free some space.",
            field="per_class",
        )


@contextmanager
def working_file() -> Iterator[Path]:
    """Give the path of a file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sonde-generation-") as folder:
        yield Path(folder) / "signals.h5"


def _paths(source: Path) -> list[str]:
    with reading(source) as file:
        return [f"/signals/{name}" for name in sorted(file["signals"])]


def _described(source: Path) -> Iterator[NewRecording]:
    with reading(source) as file:
        for name in sorted(file["signals"]):
            yield _as_recording(json.loads(file["signals"][name].attrs[_FACTS]))


def _as_text(recording: NewRecording) -> str:
    return json.dumps({**asdict(recording), "taken_at": None})


def _as_recording(facts: Mapping[str, Any]) -> NewRecording:
    lists = {name: tuple(facts[name]) for name in _LISTS}
    statistics = Statistics(**facts["statistics"])
    return NewRecording(**{**facts, **lists, "statistics": statistics})
