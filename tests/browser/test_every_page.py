"""Every page of the product: whole, without errors, and without anything from elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sonde.app.domains import PARTS
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.models.specification import ModelConfig
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


def look(person: Any, path: str, folder: Path, name: str) -> None:
    """Visit a page, keep a picture of it, and check what every page promises."""
    person.visit(path)
    person.page.screenshot(path=folder / f"{name}.png", full_page=True)
    for may_send, has_logo in person.page.evaluate(CHARTS):
        assert may_send is False
        assert has_logo is False
    assert person.page.locator("h1, .sonde-state").count() >= 1


def name_of(path: str) -> str:
    return path.strip("/").replace("/", "-").replace("{", "").replace("}", "") or "home"


@pytest.mark.parametrize("path", PLAIN)
def test_page_is_whole_in_light_and_dark(
    visitor: Callable[..., Any], actor: Actor, tmp_path: Path, path: str
) -> None:
    person = visitor(actor)
    look(person, path, tmp_path, f"{name_of(path)}-light")
    overflow = "() => document.documentElement.scrollWidth - window.innerWidth"
    assert person.page.evaluate(overflow) <= 0
    dark = visitor(actor, dark=True, narrow=True)
    look(dark, path, tmp_path, f"{name_of(path)}-dark-narrow")
    assert dark.page.evaluate(overflow) <= 0, "the page is wider than a phone"


@pytest.mark.parametrize("path", DETAIL)
def test_page_of_nothing_says_so(visitor: Callable[..., Any], actor: Actor, path: str) -> None:
    person = visitor(actor)
    person.visit(pattern_filled(path))
    assert person.page.get_by_text("Nothing here").is_visible()
    assert person.page.get_by_text("Request", exact=False).first.is_visible()


def test_unknown_page_says_so(visitor: Callable[..., Any], actor: Actor) -> None:
    person = visitor(actor)
    person.visit("/no-such-page")
    assert person.page.get_by_text("There is no page at /no-such-page").is_visible()


def test_result_page_is_whole(
    visitor: Callable[..., Any], ports: Ports, actor: Actor, worker: None, tmp_path: Path
) -> None:
    wanted = NewExperiment("tones", "tones", ModelConfig("random-forest", 1, {"n_trees": 10}))
    with unit_of_work(ports):
        experiment = experiments.create(actor, wanted)

    def is_finished() -> bool:
        with unit_of_work(ports):
            return experiments.get(actor, experiment.id).result is not None

    wait_until(is_finished, 60)
    for dark in (False, True):
        person = visitor(actor, dark=dark)
        look(person, experiments.result_path(experiment.id), tmp_path, f"result-{dark}")
        assert person.page.get_by_text("Split certificate").is_visible()
        assert person.page.get_by_text("Leaky", exact=True).first.is_visible()


def test_viewer_is_told_what_is_not_for_them(visitor: Callable[..., Any], viewer: Actor) -> None:
    person = visitor(viewer)
    person.visit("/experiment/new")
    assert person.page.get_by_text("Not for your role").is_visible()
    assert person.page.locator(".sonde-nav-link", has_text="New experiment").count() == 0


def pattern_filled(path: str) -> str:
    """Fill the fields of a path template with an id that nothing has."""
    parts = [new_id() if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)
