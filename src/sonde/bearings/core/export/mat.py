"""Export to MATLAB 5: one struct for each recording, and the manifest as text."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sonde.bearings.core.export.manifest import MANIFEST, Signals, facts_of, manifest_text
from sonde.platform.core.errors import Invalid

_LARGEST_BYTES: Final = 2**31 - 4096


def write(target: Path, dataset: Mapping[str, Any], signals: Signals) -> None:
    """Write the file; ``r000001.samples`` has a column for each channel.

    Raises
    ------
    Invalid
        For a signal of 2 GB or more, which MATLAB 5 files cannot hold.
    """
    from scipy.io import savemat

    facts = {}
    file: Any  # savemat writes behind what an open file holds already
    with target.open("wb") as file:
        for one in signals:
            if one.samples.nbytes > _LARGEST_BYTES:
                raise Invalid("A signal of 2 GB does not fit a MATLAB 5 file; choose HDF5.")
            facts[one.name] = facts_of(one.recording)
            savemat(file, {one.name: _struct(facts[one.name], one.samples)}, appendmat=False)
        savemat(file, {MANIFEST: manifest_text(dataset, facts)}, appendmat=False)


def _struct(facts: Mapping[str, Any], samples: Any) -> dict[str, Any]:
    plain = {
        key: value for key, value in facts.items() if isinstance(value, str | float) and value != ""
    }
    return {**plain, "channels": ", ".join(facts["channels"]), "samples": samples.T}
