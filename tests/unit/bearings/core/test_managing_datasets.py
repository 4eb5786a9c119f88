"""The laws of managing data sets: queries, figures, merging, names of files."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.bearings.core.dataset_statistics import Group, Span, part_of, statistics_of_groups
from sonde.bearings.core.datasets import (
    LISTED_LENGTH,
    NewRecording,
    StoredRecording,
    check_listed,
    checked_tags,
    content_hash,
)
from sonde.bearings.core.export.formats import EXPORT_FORMATS, file_name, format_by_name
from sonde.bearings.core.export.manifest import facts_of, name_of
from sonde.bearings.core.merging import BearingNames, merge, shared_bearings
from sonde.bearings.core.recording_query import (
    Range,
    RecordingQuery,
    SortKey,
    query_from_json,
    query_to_json,
)
from sonde.platform.core.errors import Conflict, Invalid

RECORDING = StoredRecording(
    id="r1",
    dataset_id="one",
    file="105.mat",
    signal_path="/signals/000001",
    channels=("DE",),
    n_samples=1000,
    sampling_rate_hz=1000.0,
    speed_rpm=1500.0,
    label="inner",
    bearing="B1",
    lineage="105",
    content_hash="a",
)
WORDS = st.lists(st.text("abc xyz", max_size=5), max_size=3).map(tuple)
ENDS = st.none() | st.floats(-1e6, 1e6)


@given(WORDS, WORDS, st.text("ab %_'", max_size=20), ENDS, ENDS, st.none() | st.booleans())
def test_a_query_comes_back_from_json_as_it_went(labels, ids, text, low, high, findings):
    query = RecordingQuery(
        labels=labels,
        ids=ids,
        text=text,
        ranges=(Range(SortKey.RMS, low, high),),
        has_findings=findings,
        speeds_rpm=(1500.0,),
    )
    again = query_from_json(query_to_json(query))
    assert replace(again, text=query.text) == query
    assert again.text.split() == query.text.split()


def test_what_a_query_keeps_does_not_depend_on_order_and_part():
    query = RecordingQuery(labels=("inner",))
    other = replace(query, sort=SortKey.RMS, descending=True, offset=5, limit=7)
    assert query.filter_text == other.filter_text
    assert query.filter_text != replace(query, labels=("outer",)).filter_text


@pytest.mark.parametrize(
    "bad",
    [
        {"nonsense": 1},
        {"labels": "inner"},
        {"labels": [1]},
        {"speeds_rpm": [True]},
        {"text": 1},
        {"has_findings": "yes"},
        {"ranges": [{"key": "rms", "low": "1"}]},
        {"ranges": [{"key": "label"}]},
        {"ranges": [7]},
        {"ids": "x"},
    ],
)
def test_filters_that_make_no_sense_are_refused(bad):
    with pytest.raises(Invalid):
        query_from_json(bad)


def group(**values):
    plain = {
        "label": "inner",
        "severity": "mild",
        "bearing": "B1",
        "fault": "",
        "load": "",
        "session": "",
        "unit": "g",
        "sampling_rate_hz": 1000.0,
        "n_recordings": 2,
        "duration_s": 2.0,
        "speed_rpm": Span(1500.0, 1600.0),
        "length_s": Span(1.0, 1.0),
        "rms": Span(1.0, 2.0),
        "kurtosis": Span(),
        "rms_sum": 3.0,
        "n_rms": 2,
    }
    return Group(**(plain | values))


SPANS = st.tuples(ENDS, ENDS).map(lambda ends: Span(*ends))


@given(SPANS, SPANS, SPANS)
def test_spans_join_in_any_order(one, two, three):
    assert one.joined(two).joined(three) == three.joined(one.joined(two))
    assert one.joined(Span()) == one


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.randoms())
def test_figures_do_not_depend_on_how_the_groups_are_cut(numbers, random):
    groups = [
        group(
            n_recordings=number,
            label=random.choice(["inner", "healthy"]),
            bearing=f"B{number % 3}",
            n_rms=number,
            rms_sum=float(number),
        )
        for number in numbers
    ]
    shuffled = random.sample(groups, len(groups))
    found = statistics_of_groups(groups, [])
    assert statistics_of_groups(shuffled, []) == found
    assert found.whole.n_recordings == sum(part.n_recordings for part in found.classes)
    assert found.whole.n_recordings == sum(one.n_recordings for one in found.bearings)
    assert found.whole.mean_rms == pytest.approx(1.0)


def test_a_part_without_figures_has_none():
    part = part_of("x", [group(n_rms=0, rms_sum=0.0, rms=Span())])
    assert part.mean_rms is None
    assert part.rms == Span()


def other(**values):
    return replace(RECORDING, **({"id": "r2", "dataset_id": "two", "content_hash": "b"} | values))


NAMES = {"one": "First", "two": "Second"}


def test_equal_names_of_bearings_stay_together_or_are_told_apart():
    pair = [RECORDING, other()]
    assert shared_bearings(pair) == ("B1",)
    same = merge(pair, NAMES, BearingNames.SAME)
    assert {one.bearing for one in same.recordings} == {"B1"}
    apart = merge(pair, NAMES, BearingNames.APART)
    assert [one.bearing for one in apart.recordings] == ["First: B1", "Second: B1"]
    assert [one.lineage for one in apart.recordings] == ["First: 105", "Second: 105"]


def test_one_measurement_of_one_bearing_stays_one():
    merged = merge([RECORDING, other(sampling_rate_hz=500.0)], NAMES, BearingNames.SAME)
    assert {one.lineage for one in merged.recordings} == {"105"}


def test_a_signal_is_stored_once_and_has_one_class():
    twin = other(content_hash="a")
    merged = merge([RECORDING, twin], NAMES, BearingNames.SAME)
    assert (merged.recordings, merged.n_copies) == ((RECORDING,), 1)
    with pytest.raises(Conflict, match="inner and outer"):
        merge([RECORDING, replace(twin, label="outer")], NAMES, BearingNames.SAME)


def test_the_hash_of_content_is_old_for_what_is_old_and_new_for_what_is_known_more():
    plain = NewRecording(**{
        name: getattr(RECORDING, name) for name in NewRecording.__dataclass_fields__
    })  # fmt: skip
    more = replace(plain, content_hash="c")
    assert content_hash([plain, more]) == content_hash([more, plain])
    for change in ({"severity": "mild"}, {"session": "s"}, {"conditions": {"t": 1}}):
        assert content_hash([replace(plain, **change)]) != content_hash([plain])
    noted = replace(plain, notes=("x",), quality=("y",), file="z")
    assert content_hash([noted]) == content_hash([plain])


def test_what_lists_are_sorted_by_is_short():
    check_listed([RECORDING])
    with pytest.raises(Invalid, match="its bearing"):
        check_listed([replace(RECORDING, bearing="x" * (LISTED_LENGTH + 1))])


@given(st.lists(st.text(max_size=12), max_size=6))
def test_tags_are_checked_once_and_for_all(tags):
    try:
        kept = checked_tags(tags)
    except Invalid:
        return
    assert checked_tags(kept) == kept
    assert len(set(kept)) == len(kept)


@given(st.text(max_size=60), st.integers(1, 12))
def test_names_of_files_can_be_stored_anywhere(name, version):
    for chosen in EXPORT_FORMATS.values():
        made = file_name(name, version, chosen)
        assert made.endswith(chosen.extension)
        assert not set(made) & set('/\\:*?"<>|\n\0')
        assert format_by_name(made) == chosen.slug
    with pytest.raises(Invalid):
        format_by_name(name.replace(".", "") + ".docx")


def test_facts_of_an_export_are_plain_json():
    facts = facts_of(replace(RECORDING, conditions={"t": 1.5}, quality=("q",)))
    assert facts["conditions"] == {"t": 1.5}
    assert facts["channels"] == ["DE"]
    assert name_of(999_999) == "r1000000"
