"""Export to HDF5: ``/r000001`` and so on of shape (channel, time), facts as attributes."""

import json
from pathlib import Path

from sonde.bearings.core.export.manifest import Manifest, Signals
from sonde.bearings.core.readers.own_file import MANIFEST


def write(target: Path, manifest: Manifest, signals: Signals) -> None:
    """Write the file; lists and mappings stand in the attributes as JSON."""
    import h5py

    with h5py.File(target, "w", libver="v110") as file:
        for one in signals:
            chunks = (1, one.samples.shape[1])
            made = file.create_dataset(one.name, data=one.samples, chunks=chunks)
            for key, value in manifest.recordings[one.name].items():
                plain = isinstance(value, str | float | int)
                made.attrs[key] = value if plain else json.dumps(value)
        file[MANIFEST] = manifest.text
