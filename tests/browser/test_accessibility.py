"""Accessibility of every page in both themes, asked of axe: WCAG 2.2 AA."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from sonde.app.domains import PARTS
from sonde.platform.core.actor import Actor
from sonde.platform.ui.routing import pages_of

PATHS = [page.path for page in pages_of(PARTS) if "{" not in page.path]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(visitor: Callable[..., Any], actor: Actor, dark: bool) -> None:
    person = visitor(actor, dark=dark)
    found = []
    for path in PATHS:
        person.visit(path)
        for violation in Axe().run(person.page, options=RULES).response["violations"]:
            nodes = [node["html"][:200] for node in violation["nodes"][:3]]
            found.append((path, violation["id"], nodes))
    assert found == []
