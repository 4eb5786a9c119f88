"""Export to NumPy's .npz: one array of shape (channel, time) each, and the manifest as bytes."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from sonde.bearings.core.export.manifest import Manifest, Signals
from sonde.bearings.core.readers.own_file import MANIFEST


def write(target: Path, manifest: Manifest, signals: Signals) -> None:
    """Write the file without holding more than one signal.

    ``json.loads(bytes(numpy.load(file)["sonde_manifest"]))`` gives what is known.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:

        def put(name: str, values: Any) -> None:
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, values, allow_pickle=False)

        for one in signals:
            put(one.name, np.ascontiguousarray(one.samples, dtype="<f4"))
        put(MANIFEST, manifest.codes)
