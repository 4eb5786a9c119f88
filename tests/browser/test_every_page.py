"""Every page of the product: whole, without errors, and without anything from elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from sonde.app.domains import PARTS
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from sonde.platform.ui.routing import pages_of
from tests.conftest import wait_until

PATHS = [page.path for page in pages_of(PARTS)]
PLAIN = [path for path in PATHS if "{" not in path]
DETAIL = [path for path in PATHS if "{" in path]

CHARTS = """
() => Array.from(document.querySelectorAll('.js-plotly-plot')).map(
  (chart) => [chart._context.showSendToCloud, chart._context.displaylogo])
"""


OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"
WCAG_22_AA = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],  # what passes is counted, not listed
}


def check(person: Any, path: str, folder: Path, name: str) -> None:
    """Visit a page in light and wide, then dark and narrow; check what every page promises."""
    person.look(dark=False, narrow=False)
    person.visit(path)
    assert person.page.locator("h1, .sonde-state").count() >= 1
    for dark in (False, True):
        person.look(dark=dark, narrow=dark)
        person.page.wait_for_timeout(350)  # colours fade
        theme = "dark-narrow" if dark else "light-wide"
        person.picture(folder / f"{name}-{theme}.png")
        assert person.page.evaluate(OVERFLOW) <= 0, f"wider than the window: {theme}"
        assert barriers(person) == [], theme
    for may_send, has_logo in person.page.evaluate(CHARTS):
        assert may_send is False
        assert has_logo is False


def barriers(person: Any) -> list[tuple[str, list[str]]]:
    """Return what axe finds against WCAG 2.2 AA."""
    found = Axe().run(person.page, options=WCAG_22_AA).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]


def name_of(path: str) -> str:
    return path.strip("/").replace("/", "-").replace("{", "").replace("}", "") or "home"


@pytest.mark.parametrize("path", PLAIN)
def test_page_is_whole_for_everybody(tourist: Any, tmp_path: Path, path: str) -> None:
    check(tourist, path, tmp_path, name_of(path))


@pytest.mark.parametrize("path", DETAIL)
def test_page_of_nothing_says_so(tourist: Any, path: str) -> None:
    tourist.visit(pattern_filled(path))
    assert tourist.page.get_by_text("Nothing here").is_visible()
    assert tourist.page.get_by_text("Request", exact=False).first.is_visible()


def test_unknown_page_says_so(tourist: Any) -> None:
    tourist.visit("/no-such-page")
    assert tourist.page.get_by_text("There is no page at /no-such-page").is_visible()


def test_result_page_is_whole_for_everybody(
    tourist: Any, ports: Ports, actor: Actor, worker: None, tmp_path: Path
) -> None:
    wanted = NewExperiment("tones", "tones", ModelConfig("random-forest", 1, {"n_trees": 10}))
    with unit_of_work(ports):
        experiment = experiments.create(actor, wanted)

    def is_finished() -> bool:
        with unit_of_work(ports):
            return experiments.get(actor, experiment.id).result is not None

    wait_until(is_finished, 60, 0.2)
    check(tourist, experiments.result_path(experiment.id), tmp_path, "result")
    assert tourist.page.get_by_text("Split certificate").is_visible()
    assert tourist.page.get_by_text("Leaky", exact=True).first.is_visible()
    check(tourist, f"/experiment/{experiment.id}/monitor", tmp_path, "monitor")
    assert tourist.page.get_by_text("Held-out score of each fold").is_visible()


def test_viewer_is_told_what_is_not_for_them(visitor: Callable[..., Any], viewer: Actor) -> None:
    person = visitor(viewer)
    person.visit("/experiment/new")
    assert person.page.get_by_text("Not for your role").is_visible()
    assert person.page.locator(".sonde-nav-link", has_text="New experiment").count() == 0


def pattern_filled(path: str) -> str:
    """Fill the fields of a path template with an id that nothing has."""
    parts = [new_id() if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)
