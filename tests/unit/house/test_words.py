"""Words and calls that have no place in this house."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "src" / "sonde"
MODULES = sorted(SOURCE.rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def test_no_module_has_a_vague_name() -> None:
    assert [path for path in MODULES if path.stem in VAGUE or path.stem.endswith("_v2")] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_nobody_asks_a_domain_for_its_name(path: Path) -> None:
    assert not re.search(r"if\s+\w*\.?slug\s*==", path.read_text(encoding="utf-8"))


def test_only_the_three_renderers_catch_everything() -> None:
    renderers = {"api", "ui", "tasks"}
    found: dict[str, int] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None
                or (isinstance(node.type, ast.Name) and node.type.id == "Exception")
            ):
                room = path.relative_to(SOURCE).parts[1]
                found[str(path.relative_to(SOURCE))] = found.get(str(path), 0) + 1
                assert path.relative_to(SOURCE).parts[0] == "platform", path
                assert room in renderers, path
    assert len(found) <= 3, found


def test_services_and_core_never_commit() -> None:
    for path in MODULES:
        if path.relative_to(SOURCE).parts[1:2] and path.relative_to(SOURCE).parts[1] in {
            "services",
            "core",
        }:
            assert ".commit()" not in path.read_text(encoding="utf-8"), path
