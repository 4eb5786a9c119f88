"""Promises 18, 19, 21: hostile files are named with a reason, and nothing happens."""

import ast
import re
from pathlib import Path

import psutil
import pytest

from sonde.bearings.core.readers.reading import start_reading
from sonde.platform.core.errors import Invalid, SondeError
from tests.hostile.make_corpus import CANARY, MAKERS, make_corpus

SOURCE = Path(__file__).parents[2] / "src" / "sonde"
LEADS_OUT = ("external_storage", "external_link", "soft_link_out", "virtual", "unknown_filter")


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_check_18_hostile_files_are_refused_with_a_reason(make, tmp_path: Path) -> None:
    path = make(tmp_path)
    process = psutil.Process()
    before = process.memory_info().rss
    with pytest.raises(Invalid) as refused:
        start_reading(path).content()
    assert process.memory_info().rss - before < 64 << 20
    assert len(refused.value.message) > 15
    assert str(tmp_path) not in refused.value.message
    assert not (tmp_path / CANARY).exists()


def test_check_18_the_published_list_is_the_corpus(tmp_path: Path) -> None:
    text = (SOURCE.parents[1] / "docs" / "hostile-files.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
    made = [path.name for path in make_corpus(tmp_path)]
    assert listed == made
    assert len(made) == len(set(made)) >= 40
    assert f"{len(made)} files:" in text


@pytest.mark.parametrize("name", LEADS_OUT)
def test_check_19_hdf5_that_leads_out_of_the_file_is_refused(name: str, tmp_path: Path) -> None:
    makers = {make.__name__.removeprefix("h5_"): make for make in MAKERS}
    path = makers[name](tmp_path)
    with pytest.raises(Invalid, match=r"refused|leads out|filter"):
        start_reading(path).content()


def test_check_18_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.npy"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(SondeError, match="at most"):
        start_reading(path)


@pytest.mark.parametrize("name", ["npy_pickled", "pickle_called_npy"])
def test_check_21_code_in_a_pickle_never_runs(name: str, tmp_path: Path) -> None:
    path = {make.__name__: make for make in MAKERS}[name](tmp_path)
    with pytest.raises(Invalid):
        start_reading(path).content()
    assert not (tmp_path / CANARY).exists()


FORBIDDEN_IMPORTS = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "jsonpickle"}
FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "joblib.load",
    "torch.load",
    "yaml.load",
    "np.load",
    "numpy.load",
}

# An administrator's own strategy is code. It runs in a child that can open nothing, has little time
# and memory, and answers in plain values; the product itself never imports this module.
IN_THE_JAIL = "sonde.markets.core.strategies.jailed"


def test_check_21_nothing_in_the_product_unpickles_or_evaluates() -> None:
    found = []
    jailed = SOURCE.parent / (IN_THE_JAIL.replace(".", "/") + ".py")
    assert jailed.is_file()
    for path in sorted(set(SOURCE.rglob("*.py")) - {jailed}):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name.split(".")[0] for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [(node.module or "").split(".")[0]]
                imported = [f"{node.module}.{alias.name}" for alias in node.names]
                if IN_THE_JAIL in (node.module, *imported):
                    found.append(f"{path.name}:{node.lineno} imports what only the jail may")
            elif isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                allows = any(
                    key.arg == "allow_pickle" and ast.unparse(key.value) != "False"
                    for key in node.keywords
                )
                denies = any(
                    key.arg == "allow_pickle" and ast.unparse(key.value) == "False"
                    for key in node.keywords
                )
                if (called in FORBIDDEN_CALLS and not denies) or allows:
                    found.append(f"{path.name}:{node.lineno} {called}")
            found += [f"{path.name} {name}" for name in names if name in FORBIDDEN_IMPORTS]
    assert found == []
