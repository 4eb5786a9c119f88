"""One visit of a data set's page."""

from sonde.bearings.core.downsampling import kept_positions
from sonde.bearings.services import dataset_facts, datasets, exports
from sonde.bearings.services.dataset_facts import Glimpse, Lineage
from sonde.bearings.ui.dataset.layout import Shown, dataset_view
from sonde.bearings.ui.dataset.lineage import Kin, score_text, sources_kin
from sonde.bearings.ui.dataset.signals import query_of_url
from sonde.platform.core.actor import Role
from sonde.platform.core.domain import PageRequest
from sonde.platform.ui.components import PageView

_POINTS = 700


def show(request: PageRequest) -> PageView:
    """Return the page of one data set."""
    actor = request.actor
    dataset = datasets.get(actor, request.params["dataset_id"])
    lineage = dataset_facts.lineage(actor, dataset.id)
    preview = dataset_facts.preview(actor, dataset.id)
    shown = Shown(
        dataset,
        dataset_facts.statistics(actor, dataset.id),
        dataset_facts.versions(actor, dataset.id),
        datasets.same_content(actor, dataset),
        sources_kin(dataset, lineage.sources, lineage.n_lost),
        _made_of(lineage),
        len(lineage.experiments),
        preview[0].recording.id,
        [_drawn(one) for one in preview],
        exports.list_exports(actor, dataset.id),
        query_of_url(request.query),
        request.query.get("open", ""),
        may_change=datasets.may_change(actor, dataset),
        may_train=actor.role is not Role.VIEWER,
    )
    return dataset_view(shown)


def _made_of(lineage: Lineage) -> list[Kin]:
    derived = [
        Kin("tabler:database", one.name, f"/datasets/{one.id}", f"{one.n_recordings} signals")
        for one in lineage.derived
    ]
    trained = [
        Kin("tabler:flask", one.title, f"/experiment/{one.id}/results", score_text(one.macro_f1))
        for one in lineage.experiments
    ]
    return [*derived, *trained]


def _drawn(glimpse: Glimpse) -> tuple[str, object, float]:
    """Return a signal with as many points as the eye can tell apart, evenly spaced."""
    samples, rate_hz = glimpse.samples, glimpse.recording.sampling_rate_hz
    kept = samples[kept_positions(samples, _POINTS)]
    return glimpse.recording.label, kept, rate_hz * len(kept) / max(1, len(samples))
