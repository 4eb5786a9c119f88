"""What the Dash application promises as a whole, asked of the real one."""

import ast
import inspect
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from dash import Dash, html
from dash._utils import to_json
from fastapi import FastAPI

from sonde.app.domains import PARTS
from sonde.platform.ui.dash_app import ASSETS, build_dash

SOURCE = Path(__file__).parents[4] / "src" / "sonde"
TOASTS = "platform-shell-toasts.sendNotifications"


@pytest.fixture(scope="module")
def app() -> Dash:
    return build_dash(FastAPI(), PARTS)


def _server_callbacks(app: Dash) -> dict[str, Any]:
    return {name: one["callback"] for name, one in app.callback_map.items() if one.get("callback")}


def _outputs(app: Dash) -> list[str]:
    return [
        re.sub(r"@[0-9a-f]+$", "", output)
        for callback in app._callback_list
        for output in callback["output"].strip(".").split("...")
    ]


def test_no_server_callback_is_a_plain_def(app: Dash) -> None:
    callbacks = _server_callbacks(app)
    assert len(callbacks) > 10
    plain = [name for name, one in callbacks.items() if not inspect.iscoroutinefunction(one)]
    assert plain == []


def test_every_output_has_one_owner(app: Dash) -> None:
    owners = Counter(output for output in _outputs(app) if output != TOASTS)
    assert [output for output, count in owners.items() if count > 1] == []


def test_no_script_is_inline_but_dash_own(app: Dash) -> None:
    assert app._inline_scripts == []


def test_the_application_can_be_built_twice() -> None:
    first, second = build_dash(FastAPI(), PARTS), build_dash(FastAPI(), PARTS)
    assert _outputs(first) == _outputs(second)


def test_graphs_come_from_the_one_factory() -> None:
    users = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "Graph":
                users.add(str(path.relative_to(SOURCE)))
    assert users == {"platform/ui/figures.py"}


def test_grids_come_from_the_one_factory() -> None:
    users = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"\bAgGrid\(", path.read_text(encoding="utf-8"))
    }
    assert users == {"platform/ui/tables.py"}


def test_every_icon_is_on_board() -> None:
    script = (ASSETS / "early" / "icons.js").read_text(encoding="utf-8")
    used = set()
    for path in SOURCE.rglob("*.py"):
        used |= set(re.findall(r"tabler:([a-z0-9-]+)", path.read_text(encoding="utf-8")))
    assert [name for name in sorted(used) if f'"{name}":' not in script] == []


def test_assets_name_no_other_host() -> None:
    for path in ASSETS.rglob("*"):
        if path.suffix in {".js", ".css"}:
            text = path.read_text(encoding="utf-8")
            found = set(re.findall(r"https?://[^\s\"')]+", text)) - {"http://www.w3.org/2000/svg"}
            assert found == set(), path


def test_identifiers_carry_storey_and_page() -> None:
    for path in SOURCE.rglob("ui/**/ids.py"):
        storey = path.relative_to(SOURCE).parts[0]
        for value in re.findall(r'= "([^"]+)"', path.read_text(encoding="utf-8")):
            assert value.startswith(f"{storey}-"), (path, value)


@pytest.mark.usefixtures("app")
def test_answers_are_written_while_another_thread_is_loading_pandas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", ModuleType("pandas"))
    assert '"children":"half"' in to_json({"response": html.Div("half")})
