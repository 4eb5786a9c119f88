"""The search language: what it means, where it errs, and that nothing breaks it."""

import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonde.learning.core.search.completing import (
    asked_at_end,
    field_completions,
    value_completions,
    written,
)
from sonde.learning.core.search.fields import FIELDS
from sonde.learning.core.search.parser import DEEPEST, MOST_TERMS, parse
from sonde.learning.core.search.syntax import (
    EVERYTHING,
    And,
    Chosen,
    Condition,
    Node,
    Not,
    NumberRange,
    Or,
    Pattern,
    Period,
    SearchError,
    Text,
    leaves,
)
from sonde.learning.core.search.writing import asks_for, chosen, with_values

NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
TODAY = datetime(2026, 11, 21, tzinfo=UTC)
SEED = (
    "tag:baseline accuracy:>0.95 status:completed model:resnet* created:>2026-10-01 "
    "split:honest (a OR b) NOT c"
)


def only(query: str) -> Condition:
    tree = parse(query, NOW)
    assert isinstance(tree, Condition)
    return tree


def test_acceptance_search_reads_the_language_of_the_seed() -> None:
    tree = parse(SEED, NOW)
    assert isinstance(tree, And)
    fields = [one.field.name for one in tree.parts if isinstance(one, Condition)]
    assert fields == ["tag", "accuracy", "status", "model", "created", "split"]
    assert tree.parts[1].tests == (NumberRange(low=0.95, without_low=True),)
    assert tree.parts[2].tests == (Chosen("succeeded"),)
    assert tree.parts[3].tests == (Pattern("resnet*"),)
    assert isinstance(tree.parts[6], Or)
    assert tree.parts[7] == Not(Text(Pattern("c"), len(SEED) - 1, len(SEED)))


def test_or_binds_less_than_and_and_not_binds_most() -> None:
    tree = parse("a b OR NOT c d", NOW)
    assert isinstance(tree, Or)
    assert [len(part.parts) for part in tree.parts] == [2, 2]
    assert parse("a AND b", NOW).parts[0] == parse("a b", NOW).parts[0]
    assert parse("-a", NOW) == Not(Text(Pattern("a"), 1, 2))
    assert parse("  ", NOW) is EVERYTHING


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("seed:3", NumberRange(3, 3)),
        ("macro_f1:0.8..0.9", NumberRange(0.8, 0.9)),
        ("accuracy:>=95%", NumberRange(low=0.95)),
        ("loss@10:<0.5", NumberRange(high=0.5, without_high=True)),
        ("param.n_trees:>100", NumberRange(low=100, without_low=True)),
        ("param.kernel:rbf", Pattern("rbf")),
        ('param.n:"3"', Pattern("3", True)),
        ("created:>7d", Period(start=NOW - timedelta(days=7))),
        ("created:<7d", Period(end=NOW - timedelta(days=7))),
        ("created:7d", Period(NOW - timedelta(days=7), NOW)),
        ("created:today", Period(TODAY, TODAY + timedelta(days=1))),
        ("created:<=2026-10-01", Period(end=datetime(2026, 10, 2, tzinfo=UTC))),
        ("is:archived", Chosen("archived")),
    ],
)  # fmt: skip
def test_values_mean_what_they_say(query: str, expected: object) -> None:
    assert only(query).tests == (expected,)


def test_metrics_are_of_the_last_the_best_or_a_named_step() -> None:
    best, last, step = (
        only(q).field for q in ("best.validation/accuracy:>0.9", "train/loss:<1", "loss@10:<1")
    )
    assert (best.name, best.which.value) == ("validation/accuracy", "best")
    assert (last.name, last.which.value) == ("train/loss", "last")
    assert (step.name, step.which.value, step.step) == ("validation/loss", "step", 10)


def test_quoted_texts_and_lists_keep_every_character() -> None:
    assert only(r'dataset:"a \"b\" \\ (c)",d').tests == (
        Pattern(r'a "b" \ (c)', True),
        Pattern("d"),
    )
    assert parse('"tag:x OR y"', NOW) == Text(Pattern("tag:x OR y", True), 0, 12)


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("tag:a (b", 7, "never closed"),
        ("a)", 2, "closes nothing"),
        ("()", 2, "nothing between"),
        ("a OR", 5, "too early"),
        ("OR a", 1, "missing before OR"),
        ("stat:x", 1, "Did you mean status:?"),
        ("acuracy:>0.9", 1, "Did you mean accuracy:?"),
        ("tag:", 5, "value is missing"),
        ("accuracy:x", 10, "no number"),
        ("seed:1..x", 9, "no number"),
        ("seed:5..1", 6, "turn the range round"),
        ("seed:1e999", 6, "too large"),
        ("created:2026-13-01", 9, "no day"),
        ("created:999999y", 9, "hundred years"),
        ("status:odd", 8, "takes one of queued"),
        ("tag:>3", 5, "cannot be compared"),
        ('a "b', 3, "no end"),
        ('tag:"a"b', 8, "comma is missing"),
        ("a\x00b", 2, "control character"),
        ("a\ud800", 2, "control character"),
        ("(" * 40, DEEPEST + 1, "nested"),
        ("a " * 200, 2 * MOST_TERMS + 1, "at most 100 terms"),
        ("tag:" + ",".join("a" * 101), 1, "at most 100 terms"),
        ("a" * 10_001, 10_001, "at most 10,000"),
    ],
)
def test_errors_point_at_the_character(query: str, position: int, words: str) -> None:
    with pytest.raises(SearchError, match=f"Character {position} of the search") as caught:
        parse(query, NOW)
    assert words in caught.value.message
    assert caught.value.details["position"] == position


def tried(text: str) -> tuple[Node, SearchError | None]:
    try:
        return parse(text, NOW), None
    except SearchError as error:
        return EVERYTHING, error


_WORDS = st.sampled_from(
    ["(", ")", '"', "-", "AND ", "OR ", "NOT ", ":", ",", "*", "\\", "tag:", "seed:", ">", "..",
     "created:", "best.", "@", "%", "7d", " ", "a"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(_WORDS, max_size=120).map("".join)))
def test_check_17_any_text_is_a_search_or_an_error_with_its_place(text: str) -> None:
    tree, error = tried(text)
    if error is not None:
        assert 1 <= error.position <= len(text) + 1
    for one in leaves(tree):
        assert 0 <= one.start < one.end <= len(text)
    asked = asked_at_end(text)
    assert text.startswith(asked.before)
    field_completions(asked)


@pytest.mark.parametrize(
    "text",
    ["(" * 10_000, "NOT " * 2_500, "-" * 10_000, '"' * 10_000, "a:" * 5_000, '"\\' * 5_000,
     "seed:" + "1" * 9_995, "created:" + "9" * 9_992, "tag:" + "," * 9_996, "(a OR " * 1_600,
     "a" * 10_000, "best." * 2_000 + ":1", "x@" + "9" * 9_990 + ":1", "\u3000" * 10_000]
)  # fmt: skip
def test_check_17_ten_kilobytes_are_answered_without_falling(text: str) -> None:
    """No recursion error, and no more calls than a few for each character."""
    calls = 0

    def count(_frame: object, event: str, _of: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        _tree, error = tried(text)
    finally:
        sys.setprofile(None)
    assert calls < 3 * len(text)
    assert error is None or error.position <= len(text) + 1
    assert text.startswith(asked_at_end(text).before)


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip()))
def test_a_written_value_is_read_again(value: str) -> None:
    tree, error = tried(f"tag:{written(value)}")
    if error is not None:
        assert "control character" in error.message
    else:
        assert isinstance(tree, Condition)
        assert tree.tests[0] in {Pattern(value), Pattern(value, True)}


def test_completion_goes_on_where_the_search_ends() -> None:
    assert [one.label for one in field_completions(asked_at_end("(a OR stat"))] == ["status:"]
    assert asked_at_end('x "b c" d').typed == "d"
    assert asked_at_end("tag:a,b").before == "tag:a,"
    found = value_completions(asked_at_end("seed:1 dataset:cw"), ("CWRU", "My CWRU", "Paderborn"))
    assert [one.query for one in found] == ["seed:1 dataset:CWRU", 'seed:1 dataset:"My CWRU"']
    assert len(field_completions(asked_at_end(""))) == len(FIELDS)


def test_controls_write_the_search_and_read_it() -> None:
    query = with_values("night", NOW, "status", ["completed", "failed"])
    assert query == "night status:completed,failed"
    assert chosen(parse(query, NOW), "status") == ("completed", "failed")
    assert with_values(query, NOW, "status", ["running"]) == "night status:running"
    assert with_values("(status:done) AND x", NOW, "status", []) == "x"
    assert with_values("a OR b", NOW, "tag", ["my tag"]) == '(a OR b) tag:"my tag"'
    assert with_values("NOT status:failed", NOW, "status", ["queued"]) == (
        "NOT status:failed status:queued"
    )
    assert asks_for(parse("a (b OR is:archived)", NOW), "archived")
    assert not asks_for(parse("is:pinned", NOW), "archived")
