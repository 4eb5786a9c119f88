"""The process of live feeds waits small: it asks, and loads nothing, until a feed is on."""

import subprocess
import sys

from sonde.app.feeds import wait_until_wanted
from sonde.markets.persistence.feeds_wanted import is_any_wanted


def test_it_asks_again_and_again_until_a_feed_is_on():
    answers, waits = iter([False, False, True]), []
    wait_until_wanted(lambda: next(answers), waits.append)
    assert waits == [5.0, 5.0]


def test_a_database_that_does_not_answer_wants_nothing():
    assert not is_any_wanted("postgresql+psycopg://127.0.0.1:1/nobody")


def test_waiting_loads_neither_tables_nor_science():
    code = (
        "import sys, sonde.app.feeds, sonde.markets.persistence.feeds_wanted;"
        "print([one for one in ('sqlalchemy', 'numpy', 'ccxt', 'pydantic') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
