"""Export to HDF5: ``/r000001`` and so on of shape (channel, time), facts as attributes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py

from sonde.bearings.core.export.manifest import MANIFEST, Signals, facts_of, manifest_text


def write(target: Path, dataset: Mapping[str, Any], signals: Signals) -> None:
    """Write the file; lists and mappings stand in the attributes as JSON."""
    facts = {}
    with h5py.File(target, "w", libver="v110") as file:
        for one in signals:
            made = file.create_dataset(one.name, data=one.samples, chunks=(1, one.samples.shape[1]))
            facts[one.name] = facts_of(one.recording)
            for key, value in facts[one.name].items():
                made.attrs[key] = value if isinstance(value, str | float) else json.dumps(value)
        file[MANIFEST] = manifest_text(dataset, facts)
