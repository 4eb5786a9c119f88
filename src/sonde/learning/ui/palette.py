"""What Ctrl+K finds in learning."""

from collections.abc import Sequence
from urllib.parse import urlencode

from sonde.learning.services import experiments, saved_searches
from sonde.learning.ui.experiments.saved import address_of
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PaletteEntry

_MOST = 5


def palette(actor: Actor, text: str) -> Sequence[PaletteEntry]:
    """Return the experiments whose title contains `text`; the latest ones if it is empty."""
    if not text:
        found = [(one.id, one.title) for one in experiments.recent(actor)]
    else:
        found = list(experiments.search(actor, text))
    shown = [
        PaletteEntry(title, experiments.result_path(one), "Experiments", "tabler:flask")
        for one, title in found
    ]
    return (*shown, *_searches(actor, text))


def _searches(actor: Actor, text: str) -> list[PaletteEntry]:
    """Return the kept searches whose name contains `text`, and the text as a search."""
    kept = [
        PaletteEntry(one.name, address_of(one), "Saved searches", "tabler:search", one.query)
        for one in saved_searches.list_searches(actor)
        if text.lower() in one.name.lower()
    ]
    if not text:
        return kept[:_MOST]
    address = "/experiments?" + urlencode({"q": text})
    asked = PaletteEntry(f"Search experiments: {text}", address, "Experiments", "tabler:search")
    return [*kept[:_MOST], asked]
