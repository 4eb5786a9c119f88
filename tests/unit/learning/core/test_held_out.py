"""The table of held-out predictions keeps everything and knows what was tested."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.learning.core.evaluation import FoldPrediction
from sonde.learning.core.held_out import HeldOut, dump, held_out, load
from sonde.platform.core.errors import Unreadable
from tests.unit.learning.toy_problem import toy_problem


def _table() -> HeldOut:
    problem = toy_problem(groups_per_class=2)
    halves = np.array_split(np.arange(len(problem)), 2)
    random = np.random.default_rng(0)
    return held_out(
        problem,
        [
            FoldPrediction(str(n), half, random.random((len(half), len(problem.class_names))))
            for n, half in enumerate(halves)
        ],
    )


def test_stored_and_read_it_is_the_same() -> None:
    table = _table()
    again = load(dump(table))
    assert again.class_names == table.class_names
    assert again.fold_names == ("0", "1")
    assert np.array_equal(again.probabilities, table.probabilities)
    assert again.recordings.tolist() == table.recordings.tolist()
    assert {name: values.tolist() for name, values in again.attributes.items()} == {
        name: values.tolist() for name, values in table.attributes.items()
    }
    assert again.test_key == table.test_key
    assert len(again) == len(again.told)


def test_its_key_knows_what_was_tested() -> None:
    table = _table()
    assert replace(table, probabilities=table.probabilities * 0.5).test_key == table.test_key
    assert replace(table, folds=1 - table.folds).test_key != table.test_key


def test_another_file_is_refused() -> None:
    with pytest.raises(Unreadable):
        load(b"12345678 is no table")
