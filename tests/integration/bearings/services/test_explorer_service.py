"""Exploring: filters against a plain loop, jobs, and a cache that never speaks to the wrong."""

import numpy as np
import pytest

from sonde.bearings.core.class_spectra import ClassSpectra, ClassSpectraSettings
from sonde.bearings.core.exploring.filters import Between, ExplorerFilter
from sonde.bearings.core.projections import Method, ProjectionSettings
from sonde.bearings.core.recording_query import RecordingQuery
from sonde.bearings.services import datasets, features
from sonde.bearings.services.explorer import keeping, looking, projecting, spectra
from sonde.bearings.services.explorer.projecting import LaidOut, ProjectionWish
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.jobs import Job, JobState
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings.make_datasets import store

pytestmark = pytest.mark.integration
EVERYTHING = ExplorerFilter()
TSNE = ProjectionWish(EVERYTHING, ProjectionSettings(method=Method.TSNE, perplexity=5.0))


@pytest.fixture(scope="module")
def dataset(ports, actor):
    """Thirty recordings of three classes, features extracted."""
    with unit_of_work(ports):
        stored = store(actor, "Explored", 30, n_samples=2048)
        job = features.ensure(actor, stored.id)
    assert run_job(ports, job.id, "test") == "succeeded"
    return stored


@pytest.fixture(scope="module")
def bare(ports, actor):
    """Twelve recordings without features."""
    with unit_of_work(ports):
        return store(actor, "Bare", 12, seed=8)


def _kept(actor, dataset, wanted):
    return list(looking.choose(actor, dataset.id, wanted).rows.id_texts())


def test_acceptance_explore_filters_keep_what_a_plain_loop_keeps(unit, actor, dataset):
    everyone = datasets.recordings(actor, dataset.id)
    rms = features.table(actor, dataset.id, ["RMS"]).column("RMS")
    middle = float(np.median(rms))
    wanted = ExplorerFilter(
        labels=("inner", "outer"),
        severities=("mild", "severe"),
        loads=("1 hp", "2 hp"),
        sessions=("day 1",),
        speed=Between(low=1505.0, high=1530.0),
        features=(Between("RMS", middle, None),),
    )
    expected = [
        one.id
        for one, value in zip(everyone, rms, strict=True)
        if one.label in {"inner", "outer"}
        and one.severity in {"mild", "severe"}
        and one.load in {"1 hp", "2 hp"}
        and one.session == "day 1"
        and 1505 <= one.speed_rpm <= 1530
        and value >= middle
    ]
    assert expected
    assert _kept(actor, dataset, wanted) == expected
    by_bearing = ExplorerFilter(bearings=("B00",))
    assert _kept(actor, dataset, by_bearing) == [o.id for o in everyone if o.bearing == "B00"]
    sample = _kept(actor, dataset, ExplorerFilter(per_class=4, seed=2))
    assert len(sample) == 12
    assert sample == _kept(actor, dataset, ExplorerFilter(per_class=4, seed=2))
    assert sample != _kept(actor, dataset, ExplorerFilter(per_class=4, seed=3))


@pytest.mark.parametrize(
    "wanted",
    [
        EVERYTHING,
        ExplorerFilter(labels=("inner",), speed=Between(low=1510.0)),
        ExplorerFilter(per_class=2),
        ExplorerFilter(features=(Between("RMS", None, 2.0),)),
        ExplorerFilter(labels=("cage",)),
    ],
)
def test_the_list_of_signals_holds_what_the_filter_keeps(unit, actor, dataset, wanted):
    page = looking.signals(actor, dataset.id, wanted, RecordingQuery(limit=5, offset=1))
    kept = _kept(actor, dataset, wanted)
    assert page.total == len(kept)
    assert [one.id for one in page.rows] == kept[1:6]


def test_acceptance_explore_overview_figures_are_those_of_the_signals(unit, actor, dataset):
    found = looking.overview(actor, dataset.id, ExplorerFilter(labels=("inner",)))
    own = [one for one in datasets.recordings(actor, dataset.id) if one.label == "inner"]
    (row,) = found.classes
    assert (found.n, found.n_total, row.n, row.n_bearings) == (10, 30, 10, 2)
    assert row.mean_amplitude == pytest.approx(np.mean([o.statistics.mean_amplitude for o in own]))
    assert row.rms == pytest.approx(np.mean([o.statistics.rms for o in own]))
    assert row.dominant_hz == pytest.approx(np.median([o.statistics.dominant_hz for o in own]))
    assert found == looking.overview(actor, dataset.id, ExplorerFilter(labels=("inner",)))


def test_features_are_compared_spread_and_laid_against_each_other(unit, actor, dataset):
    found = looking.compare(actor, dataset.id, EVERYTHING)
    assert found.labels == ("healthy", "inner", "outer")
    assert len(found.names) == 36
    spreads = looking.spread(actor, dataset.id, ExplorerFilter(labels=("outer",)), "RMS")
    assert [(one.label, one.n) for one in spreads] == [("outer", 10)]
    assert looking.histogram(actor, dataset.id, EVERYTHING, "RMS", "inner").counts.sum() == 10
    assert looking.histogram(actor, dataset.id, EVERYTHING, "RMS").counts.sum() == 30
    rows = looking.matrix(actor, dataset.id, EVERYTHING, ["RMS", "Kurtosis"])
    assert rows.table.values.shape == (30, 2)
    thin = looking.thinned(rows, 10, 0)
    assert (len(thin.facts), thin.n_kept) == (9, 30)
    with pytest.raises(Invalid, match="2 to 5"):
        looking.matrix(actor, dataset.id, EVERYTHING, ["RMS"])


def test_without_features_the_rest_works_and_says_what_is_missing(unit, actor, bare):
    assert looking.overview(actor, bare.id, EVERYTHING).n == 12
    assert isinstance(
        spectra.look_or_start(actor, bare.id, EVERYTHING, ClassSpectraSettings()), ClassSpectra
    )
    assert looking.available(actor, bare.id) == ()
    with pytest.raises(Conflict, match="not extracted yet"):
        looking.compare(actor, bare.id, EVERYTHING)
    with pytest.raises(Conflict, match="not extracted yet"):
        looking.overview(actor, bare.id, ExplorerFilter(features=(Between("RMS", 1.0),)))


def test_class_spectra_are_read_once(unit, actor, dataset):
    wish = ClassSpectraSettings(per_class=3, top=2000.0)
    first = spectra.look_or_start(actor, dataset.id, EVERYTHING, wish)
    assert [(one.label, one.n) for one in first.classes] == [
        ("healthy", 3),
        ("inner", 3),
        ("outer", 3),
    ]
    before = keeping.reads(dataset)
    again = spectra.look_or_start(actor, dataset.id, EVERYTHING, wish)
    assert keeping.reads(dataset).hits == before.hits + 1
    assert again.classes[1].mean.tolist() == first.classes[1].mean.tolist()
    assert again.axis.tolist() == first.axis.tolist()


def test_many_signals_are_read_by_a_job(ports, actor, viewer, bare, monkeypatch):
    monkeypatch.setattr(spectra, "AT_ONCE_SAMPLES", 100)
    wish = ClassSpectraSettings(per_class=4)
    with unit_of_work(ports):
        job = spectra.look_or_start(actor, bare.id, EVERYTHING, wish)
        assert isinstance(job, Job)
        assert spectra.look_or_start(actor, bare.id, EVERYTHING, wish).id == job.id
    assert run_job(ports, job.id, "test") == "succeeded"
    with unit_of_work(ports):
        found = spectra.look_or_start(actor, bare.id, EVERYTHING, wish)
    assert isinstance(found, ClassSpectra)
    assert sum(one.n for one in found.classes) == 12


def test_acceptance_explore_projection_is_a_job_kept_by_content_and_trusted(ports, actor, dataset):
    with unit_of_work(ports):
        assert projecting.find(actor, dataset.id, TSNE) is None
        job = projecting.start(actor, dataset.id, TSNE)
        assert projecting.start(actor, dataset.id, TSNE).id == job.id
    assert run_job(ports, job.id, "test") == "succeeded"
    with unit_of_work(ports):
        assert jobs.get(actor, job.id).state is JobState.SUCCEEDED
        assert projecting.start(actor, dataset.id, TSNE) is None
        found = projecting.find(actor, dataset.id, TSNE)
        assert isinstance(found, LaidOut)
        again = projecting.find(actor, dataset.id, TSNE)
    assert found.projection.points.shape == (30, 2)
    assert 0.5 < found.projection.trustworthiness <= 1.0
    assert again.projection.points.tolist() == found.projection.points.tolist()
    assert again.facts.ids.tolist() == found.facts.ids.tolist()


def test_principal_components_are_there_at_once_and_the_filter_is_part_of_the_key(
    unit, actor, dataset
):
    all_of_it = projecting.find(actor, dataset.id, ProjectionWish(EVERYTHING, ProjectionSettings()))
    part = ProjectionWish(ExplorerFilter(labels=("inner", "outer")), ProjectionSettings())
    some = projecting.find(actor, dataset.id, part)
    assert (len(all_of_it.facts), len(some.facts)) == (30, 20)
    assert set(some.facts.labels.tolist()) == {"inner", "outer"}
    assert sum(all_of_it.projection.explained) <= 1.0
    with pytest.raises(Invalid, match="at least 10"):
        projecting.find(
            actor, dataset.id, ProjectionWish(ExplorerFilter(per_class=1), ProjectionSettings())
        )


def test_viewers_read_and_start_nothing(unit, actor, viewer, dataset, people):
    onlooker = people("Olga", viewer.role, actor.workspace_id)
    wish = ProjectionWish(EVERYTHING, ProjectionSettings(method=Method.UMAP))
    assert projecting.find(onlooker, dataset.id, wish) is None
    with pytest.raises(Forbidden):
        projecting.start(onlooker, dataset.id, wish)


def test_acceptance_explore_a_warm_cache_never_answers_the_wrong_person(
    unit, actor, other_actor, dataset
):
    pca = ProjectionWish(EVERYTHING, ProjectionSettings())
    wish = ClassSpectraSettings(per_class=3, top=2000.0)
    looks = (
        lambda who: looking.overview(who, dataset.id, EVERYTHING),
        lambda who: spectra.look_or_start(who, dataset.id, EVERYTHING, wish),
        lambda who: projecting.find(who, dataset.id, pca),
        lambda who: looking.compare(who, dataset.id, EVERYTHING),
        lambda who: looking.spread(who, dataset.id, EVERYTHING, "RMS"),
        lambda who: looking.signals(who, dataset.id, EVERYTHING, RecordingQuery()),
        lambda who: looking.available(who, dataset.id),
    )
    for look in looks:
        look(actor)
        look(actor)
        before = keeping.reads(dataset)
        with pytest.raises(NotFound):
            look(other_actor)
        assert keeping.reads(dataset) == before


def test_acceptance_explore_the_share_read_from_the_cache_is_counted(unit, ports, actor):
    stored = store(actor, "Counted", 12, seed=9)
    assert keeping.reads(stored).rate == 0.0
    for _ in range(4):
        looking.overview(actor, stored.id, EVERYTHING)
    reads = keeping.reads(stored)
    assert reads.misses == 2  # the facts and the overview of them
    assert reads.hits == 3
    assert reads.rate == 0.6


def test_two_data_sets_with_the_same_content_keep_their_own_answers(unit, actor):
    first = store(actor, "Twin A", 12, seed=10)
    second = store(actor, "Twin B", 12, seed=10)
    assert first.content_hash == second.content_hash
    assert keeping.key_of(first, "x") != keeping.key_of(second, "x")
    ours = looking.choose(actor, second.id, EVERYTHING).rows.id_texts()
    assert set(ours) == {one.id for one in datasets.recordings(actor, second.id)}
