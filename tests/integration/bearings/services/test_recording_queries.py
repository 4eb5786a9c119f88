"""Long lists of recordings: filters, order and parts, against plain Python over the same rows."""

import math

import pytest

from sonde.bearings.core.recording_query import Range, RecordingQuery, SortKey
from sonde.bearings.services import datasets
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.services.work import unit_of_work
from tests.integration.bearings.make_datasets import store

pytestmark = pytest.mark.integration
N = 300


@pytest.fixture(scope="module")
def dataset(ports, actor):
    with unit_of_work(ports):
        return store(actor, "Many", N, n_samples=64)


@pytest.fixture
def every(unit, actor, dataset):
    return datasets.recordings(actor, dataset.id)


def _ids(page):
    return [one.id for one in page.rows]


def _value(recording, key):
    if key is SortKey.FINDINGS:
        return len(recording.quality)
    if key is SortKey.LENGTH:
        return recording.duration_s
    if key is SortKey.SEVERITY:
        return ("nominal", "incipient", "mild", "moderate", "severe").index(recording.severity)
    if key is SortKey.STORED:
        return recording.id
    return getattr(recording.statistics, key.value, None) or getattr(recording, key.value)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("key", list(SortKey))
def test_every_order_is_stable_and_the_parts_make_the_whole(
    unit, actor, dataset, every, key, descending
):
    expected = sorted(every, key=lambda one: one.id)
    expected.sort(key=lambda one: _value(one, key), reverse=False)
    if descending:
        expected.sort(key=lambda one: one.id)
        values = sorted({_value(one, key) for one in every}, reverse=True)
        expected = [one for value in values for one in expected if _value(one, key) == value]
    found = []
    for offset in range(0, N, 70):
        query = RecordingQuery(sort=key, descending=descending, offset=offset, limit=70)
        page = datasets.find_recordings(actor, dataset.id, query)
        assert page.total == N
        found += _ids(page)
    assert found == [one.id for one in expected]


def test_filters_keep_what_they_say(unit, actor, dataset, every):
    for query, keeps in (
        (RecordingQuery(labels=("inner", "outer")), lambda one: one.label != "healthy"),
        (RecordingQuery(severities=("mild",)), lambda one: one.severity == "mild"),
        (RecordingQuery(bearings=("B00", "B11")), lambda one: one.bearing in {"B00", "B11"}),
        (RecordingQuery(sessions=("day 1",)), lambda one: one.session == "day 1"),
        (RecordingQuery(loads=("2 hp",)), lambda one: one.load == "2 hp"),
        (RecordingQuery(fault_sizes=("",)), lambda one: one.fault_size == ""),
        (RecordingQuery(speeds_rpm=(1510.0,)), lambda one: one.speed_rpm == 1510.0),
        (RecordingQuery(has_findings=True), lambda one: bool(one.quality)),
        (RecordingQuery(has_findings=False), lambda one: not one.quality),
        (
            RecordingQuery(ranges=(Range(SortKey.RMS, 2.0, 4.0), Range(SortKey.SPEED, 1510))),
            lambda one: 2 <= one.statistics.rms <= 4 and one.speed_rpm >= 1510,
        ),
        (RecordingQuery(ids=()), lambda one: False),
    ):
        expected = [one.id for one in every if keeps(one)]
        page = datasets.find_recordings(actor, dataset.id, query)
        again = datasets.find_recordings(actor, dataset.id, query)
        assert _ids(page) == expected[:100]
        assert page.total == again.total == len(expected)


def test_every_word_of_a_search_must_occur_somewhere(unit, actor, dataset, every):
    page = datasets.find_recordings(actor, dataset.id, RecordingQuery(text="RUN 01 outer"))
    assert page.total > 0
    for one in page.rows:
        place = f"{one.id} {one.file} {one.label} {one.bearing} {one.session}".lower()
        assert all(word in place for word in ("run", "01", "outer"))
    some = every[17]
    found = datasets.find_recordings(actor, dataset.id, RecordingQuery(text=some.id.lower()))
    assert _ids(found) == [some.id]


@pytest.mark.parametrize(
    "text", ["' or 1=1 --", "%", "_", "\\", "100%", "'; drop table bearings_recordings; --", '"']
)
def test_a_search_means_its_own_letters(unit, actor, dataset, text):
    page = datasets.find_recordings(actor, dataset.id, RecordingQuery(text=text, labels=("inner",)))
    assert (page.total, page.rows) == (0, ())
    odd = datasets.find_recordings(actor, dataset.id, RecordingQuery(labels=(text,)))
    assert odd.total == 0


def test_unreadable_searches_are_refused(unit, actor, dataset):
    for bad in (
        {"text": "a\x00b"},
        {"labels": ("\ud800",)},
        {"limit": 0},
        {"offset": -1},
        {"limit": 100_000},
        {"ranges": (Range(SortKey.LABEL, 1.0),)},
        {"ranges": (Range(SortKey.RMS, math.nan),)},
        {"text": "x" * 300},
    ):
        with pytest.raises(Invalid):
            RecordingQuery(**bad)


def test_beyond_the_end_there_is_nothing(unit, actor, dataset):
    page = datasets.find_recordings(actor, dataset.id, RecordingQuery(offset=10_000))
    assert (page.total, page.rows) == (N, ())


def test_other_people_find_nothing(unit, other_actor, dataset):
    with pytest.raises(NotFound):
        datasets.find_recordings(other_actor, dataset.id, RecordingQuery(labels=("inner",)))
