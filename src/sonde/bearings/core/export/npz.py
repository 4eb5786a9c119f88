"""Export to NumPy's .npz: one array of shape (channel, time) each, and the manifest as bytes."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sonde.bearings.core.export.manifest import MANIFEST, Signals, facts_of, manifest_text


def write(target: Path, dataset: Mapping[str, Any], signals: Signals) -> None:
    """Write the file without holding more than one signal.

    ``json.loads(bytes(numpy.load(file)["sonde_manifest"]))`` gives what is known.
    """
    facts = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:

        def put(name: str, values: Any) -> None:
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, values, allow_pickle=False)

        for one in signals:
            put(one.name, np.ascontiguousarray(one.samples, dtype="<f4"))
            facts[one.name] = facts_of(one.recording)
        text = manifest_text(dataset, facts)
        put(MANIFEST, np.frombuffer(text.encode(), dtype=np.uint8))
