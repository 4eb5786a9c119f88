"""Export to MATLAB 5: one struct for each recording, and the manifest as bytes of text."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sonde.bearings.core.export.manifest import Manifest, Signals
from sonde.bearings.core.readers.own_file import MANIFEST
from sonde.platform.core.errors import Invalid

_LARGEST_BYTES: Final = 2**31 - 4096


def write(target: Path, manifest: Manifest, signals: Signals) -> None:
    """Write the file; ``r000001.samples`` has a column for each channel.

    ``jsondecode(char(sonde_manifest))`` gives what is known.

    Raises
    ------
    Invalid
        For a signal of 2 GB or more, which MATLAB 5 files cannot hold.
    """
    from scipy.io import savemat

    file: Any  # savemat writes behind what an open file holds already
    with target.open("wb") as file:
        for one in signals:
            if one.samples.nbytes > _LARGEST_BYTES:
                raise Invalid("A signal of 2 GB does not fit a MATLAB 5 file; choose HDF5.")
            struct = _struct(manifest.recordings[one.name], one.samples)
            savemat(file, {one.name: struct}, appendmat=False)
        savemat(file, {MANIFEST: manifest.codes}, appendmat=False)


def _struct(facts: Mapping[str, Any], samples: Any) -> dict[str, Any]:
    plain = {
        key: value for key, value in facts.items() if isinstance(value, str | float) and value != ""
    }
    return {**plain, "channels": ", ".join(facts["channels"]), "samples": samples.T}
