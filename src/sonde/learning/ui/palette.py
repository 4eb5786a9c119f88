"""What Ctrl+K finds in learning."""

from collections.abc import Sequence

from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PaletteEntry


def palette(actor: Actor, text: str) -> Sequence[PaletteEntry]:
    """Return the experiments whose title contains `text`; the latest ones if it is empty."""
    if not text:
        found = [(one.id, one.title) for one in experiments.recent(actor)]
    else:
        found = list(experiments.search(actor, text))
    return tuple(
        PaletteEntry(title, experiments.result_path(one), "Experiments", "tabler:flask")
        for one, title in found
    )
