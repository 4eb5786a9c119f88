"""Machine code on disk is forgotten when any source of the engine changes."""

import re
import shutil
from pathlib import Path

from numba import config

from sonde.markets.core.backtesting.compiling import fill_cache
from sonde.markets.core.engine import book, caching, fills, steps
from sonde.markets.core.engine.caching import fingerprint


def test_any_changed_source_is_another_fingerprint(tmp_path: Path) -> None:
    sources = Path(caching.__file__).parent
    for path in sources.glob("*.py"):
        shutil.copy(path, tmp_path)
    before = fingerprint(tmp_path)
    assert before == fingerprint(sources)
    with (tmp_path / "fills.py").open("a") as file:
        file.write("# changed\n")
    fingerprint.cache_clear()
    assert fingerprint(tmp_path) != before


def test_every_source_with_compiled_parts_counts() -> None:
    sources = Path(caching.__file__).parent
    marks = re.compile(r"^@(compiled|specialised)$", re.MULTILINE)
    named = {path.stem for path in sources.glob("*.py") if marks.search(path.read_text())}
    assert named | {"layout"} == set(caching._SOURCES)


def test_the_fingerprint_is_part_of_the_key() -> None:
    if not config.DISABLE_JIT:
        store = steps.submit._cache
        key = store._index_key(None, steps.submit.targetctx.codegen())
        assert key[-1] == fingerprint()


def test_a_part_is_compiled_once_whatever_constants_it_is_called_with() -> None:
    if not config.DISABLE_JIT:
        fill_cache()
        parts = (book.note, book.end, fills.take)
        assert [len(part.signatures) for part in parts] in ([0] * 3, [1] * 3)
