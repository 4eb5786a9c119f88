"""The process of live feeds is there while a feed is on; who watches over it stays small."""

import subprocess
import sys
import threading
import time

from sonde.app.feed_watch import FeedWatch
from sonde.markets.persistence.feeds_wanted import is_any_wanted
from tests.conftest import wait_until

PROGRAM = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).open('a').write('x'); {then}"


def watch(is_wanted, said, then):
    command = (sys.executable, "-c", PROGRAM.format(then=then), str(said))
    made = FeedWatch(is_wanted, command, ask_every_s=0.02)
    made.begin()
    return made


def starts(said):
    return len(said.read_text()) if said.exists() else 0


def test_nothing_is_started_before_a_feed_is_wanted_and_one_process_then(tmp_path):
    said, wanted = tmp_path / "said", threading.Event()
    watching = watch(wanted.is_set, said, "time.sleep(60)")
    time.sleep(0.2)
    assert starts(said) == 0
    wanted.set()
    wait_until(lambda: starts(said) == 1, 10)
    time.sleep(0.2)
    before = time.monotonic()
    watching.end()
    assert time.monotonic() - before < 4
    assert starts(said) == 1


def test_a_process_that_dies_is_started_again(tmp_path):
    said = tmp_path / "said"
    watching = watch(lambda: True, said, "sys.exit(1)")
    wait_until(lambda: starts(said) >= 3, 20)
    watching.end()


def test_a_database_that_does_not_answer_wants_nothing():
    assert not is_any_wanted("postgresql+psycopg://127.0.0.1:1/nobody")


def test_beat_loads_neither_tables_nor_science():
    code = (
        "import sys, sonde.app.beat, sonde.markets.persistence.feeds_wanted;"
        "print([one for one in ('sqlalchemy', 'numpy', 'ccxt', 'pydantic') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
