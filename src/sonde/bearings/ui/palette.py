"""What Ctrl+K finds of bearings: data sets by their name."""

from collections.abc import Sequence

from sonde.bearings.services import datasets
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PaletteEntry

_LOOKED_AT = 200
_SHOWN = 6


def palette(actor: Actor, text: str) -> Sequence[PaletteEntry]:
    """Return the newest data sets whose name holds `text`."""
    wanted = text.strip().lower()
    found = [
        dataset
        for dataset in datasets.list_datasets(actor, limit=_LOOKED_AT).items
        if wanted in dataset.name.lower()
    ]
    return [
        PaletteEntry(
            dataset.name,
            f"/datasets/{dataset.id}",
            "Data sets",
            "tabler:database",
            f"{dataset.n_recordings} recordings",
        )
        for dataset in found[:_SHOWN]
    ]
