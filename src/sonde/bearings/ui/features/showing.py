"""What the Features page shows: asked of the services, handed to the panels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sonde.bearings.core.datasets import Dataset
from sonde.bearings.core.features.registry import FeatureDefinition
from sonde.bearings.core.features.study import IMPORTANCE, SELECTION
from sonde.bearings.services import (
    datasets,
    feature_sets,
    feature_studies,
    feature_views,
    features,
)
from sonde.bearings.ui.features.layout import (
    export_menu,
    extraction_panel,
    missing_note,
    nothing_chosen,
)
from sonde.bearings.ui.features.panels import correlation_panel, distribution_panel, table_panel
from sonde.bearings.ui.features.set_panel import sets_panel
from sonde.bearings.ui.features.state import ViewState
from sonde.bearings.ui.features.study_panels import (
    importance_panel,
    selection_panel,
    study_controls,
)
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Invalid
from sonde.platform.ui.components import card, empty_state, note
from sonde.platform.ui.jobs.card import job_progress
from sonde.platform.ui.theme import Tone


@dataclass(frozen=True)
class Looking:
    """Who looks at what."""

    actor: Actor
    state: ViewState
    dataset: Dataset
    definitions: tuple[FeatureDefinition, ...]

    @property
    def may_work(self) -> bool:
        """Whether the person may start jobs and save."""
        return self.actor.role is not Role.VIEWER

    @property
    def chosen(self) -> tuple[FeatureDefinition, ...]:
        """Return the definitions of what is chosen."""
        return tuple(one for one in self.definitions if one.name in self.state.names)

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the titles of all features."""
        return {one.name: one.title for one in self.definitions}

    @property
    def unit(self) -> str:
        """Return the unit of the recordings, where they have one."""
        return feature_views.unit_of(self.actor, self.dataset.id)


def shown(actor: Actor, state: ViewState) -> tuple[Any, Any]:
    """Return the panel under the tabs, and the menu of exports."""
    dataset = datasets.get(actor, state.dataset)
    looking = Looking(actor, state, dataset, feature_views.definitions(actor))
    if state.tab == "sets":
        return _sets(looking), export_menu(state, is_ready=False)
    if not state.names:
        return nothing_chosen(), export_menu(state, is_ready=False)
    found = features.extraction(actor, dataset.id, state.names)
    if not found.is_ready:
        panel = extraction_panel(state, dataset, found.job, may_work=looking.may_work)
        return panel, export_menu(state, is_ready=False)
    return PANELS[state.tab](looking), export_menu(state, is_ready=True)


def _table(looking: Looking) -> list[Any]:
    state = looking.state
    lacking = feature_views.reasons(looking.actor, state.dataset, state.names)
    missing = missing_note([(looking.titles[name], reason) for name, reason in lacking])
    return [*([missing] if missing else []), table_panel(looking.chosen, looking.unit)]


def _distributions(looking: Looking) -> Any:
    state = looking.state
    spreads = feature_views.distribution(looking.actor, state.dataset, state.shown_feature)
    return distribution_panel(spreads, looking.chosen, state, looking.unit)


def _correlation(looking: Looking) -> Any:
    state = looking.state
    try:
        found = feature_views.correlation(looking.actor, state.dataset, state.names)
    except Invalid as error:
        return card(note(error.message, Tone.WARN))
    return correlation_panel(found, looking.titles)


def _study(question: str) -> Callable[[Looking], list[Any]]:
    def show(looking: Looking) -> list[Any]:
        try:
            config = looking.state.study(question)
            study = feature_studies.look(looking.actor, looking.dataset.id, config)
        except Invalid as error:
            controls = study_controls(looking.state, question, may_start=False)
            return [controls, note(error.message, Tone.WARN)]
        running = study.job is not None and not study.job.state.is_final
        may_start = looking.may_work and study.result is None and not running
        controls = study_controls(looking.state, question, may_start=may_start)
        if study.result is not None:
            return [controls, *_result(question, study.result, looking)]
        if study.job is not None:
            return [controls, card(job_progress(study.job))]
        return [controls, card(_unasked(question))]

    return show


def _result(question: str, found: Mapping[str, Any], looking: Looking) -> list[Any]:
    if question == IMPORTANCE:
        return importance_panel(found, looking.titles)
    return selection_panel(found, looking.titles, may_save=looking.may_work)


def _unasked(question: str) -> Any:
    words = (
        "Measured inside folds that never share a bearing, beside a column of pure noise."
        if question == IMPORTANCE
        else "Chosen inside folds that never share a bearing, and tested on the bearings left out."
    )
    return empty_state("Nobody asked this yet", words, icon_name="tabler:target")


def _sets(looking: Looking) -> list[Any]:
    sets = feature_sets.list_sets(looking.actor)
    is_admin = looking.actor.role is Role.ADMIN
    mine = {one.id for one in sets if is_admin or one.owner_id == looking.actor.user_id}
    return sets_panel(
        sets,
        looking.titles,
        dataset_id=looking.dataset.id,
        n_chosen=len(looking.state.names),
        changeable=frozenset(mine if looking.may_work else ()),
        may_save=looking.may_work,
    )


PANELS: Final[Mapping[str, Callable[[Looking], Any]]] = {
    "table": _table,
    "distributions": _distributions,
    "correlation": _correlation,
    IMPORTANCE: _study(IMPORTANCE),
    SELECTION: _study(SELECTION),
}
