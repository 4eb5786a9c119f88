"""One visit of the page that compares two data sets."""

from sonde.bearings.core.datasets import ARCHIVED, LIVE, DatasetQuery
from sonde.bearings.services import dataset_facts, datasets
from sonde.bearings.ui.comparing.layout import Pair, comparing_view
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView

_CHOICES = 500
_ALL = DatasetQuery(states=(LIVE, ARCHIVED))


def show(request: PageRequest) -> PageView:
    """Return the page for the two data sets that the URL names."""
    actor = request.actor
    named = [each for each in request.query.get("ids", "").split(",") if each][:2]
    first, second = (*named, "", "")[:2]
    every = datasets.list_datasets(actor, _ALL, limit=_CHOICES).items
    choices = {one.id: _title(one.name, one.version) for one in every}
    for each in named:
        own = datasets.get(actor, each)
        choices.setdefault(own.id, _title(own.name, own.version))
    pair = None
    if first and second and first != second:
        found = dataset_facts.compare(actor, first, second)
        pair = Pair(
            found.datasets,
            found.statistics,
            found.n_shared,
            found.n_shared_labels,
            found.shared_bearings,
        )
    return comparing_view(list(choices.items()), (first, second), pair)


def _title(name: str, version: int) -> str:
    return f"{name} (version {version})" if version > 1 else name
