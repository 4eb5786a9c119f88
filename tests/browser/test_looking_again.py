"""Pages that follow a job show its answer however the job's end and the page's drawing meet."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Request, Response, Route, expect

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.services import evaluations, experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.events import emit
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job

ASKED = {"change": "gain"}


@pytest.fixture(scope="module")
def trained(ports: Ports, actor: Actor) -> str:
    """A finished experiment; no worker runs beside these tests."""
    model = ModelConfig("random-forest", 1, {"n_trees": 12})
    with unit_of_work(ports):
        made = experiments.create(actor, NewExperiment("tones", "tones", model, title="Forest"))
    run(ports, made.summary.job_id)
    return made.id


def run(ports: Ports, job_id: str) -> None:
    run_job(ports, job_id, "browser-test", end=lambda: None)


def asks_for(request: Request, output: str) -> bool:
    return "/_dash-update-component" in request.url and output in (request.post_data or "")


def test_job_that_ends_while_its_page_is_drawn_leaves_the_answer_there(
    visitor: Callable[..., Any], ports: Ports, actor: Actor, trained: str
) -> None:
    with unit_of_work(ports):
        job = evaluations.ask(actor, "robustness", [trained], ASKED).job
    assert job is not None
    person = visitor(actor)
    page = person.page
    drawn: list[Route] = []
    told: list[Response] = []

    def late(route: Route) -> None:
        if asks_for(route.request, "platform-shell-content.children") and not drawn:
            drawn.append(route)
        else:
            route.continue_()

    def note(response: Response) -> None:
        if asks_for(response.request, "platform-shell-tray-list.children"):
            told.append(response)

    page.on("response", note)
    page.route(re.compile("_dash-update-component"), late)
    page.goto(f"{person.url}/evaluation?experiment={trained}&tab=robustness&change=gain")
    while not drawn:
        page.wait_for_timeout(50)
    answer = drawn[0].fetch()
    run(ports, job.id)
    while not any(f"{job.id}:succeeded" in response.text() for response in told):
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)
    drawn[0].fulfill(response=answer)
    expect(page.get_by_text(re.compile("Untouched the models reach"))).to_be_visible(timeout=20_000)


def test_link_of_the_shell_to_another_view_of_the_open_page_leads_there(
    visitor: Callable[..., Any], ports: Ports, actor: Actor, trained: str
) -> None:
    there = f"/evaluation?experiment={trained}&tab=errors"
    with unit_of_work(ports):
        emit(actor, kind="job.succeeded", title="The errors are through", link=there)
    person = visitor(actor)
    page = person.page
    person.visit(f"/evaluation?experiment={trained}&tab=curves")
    for _ in range(2):  # also from a tab that the page itself has written into the address since
        page.get_by_label("Notifications", exact=True).click()
        page.get_by_role("link", name=re.compile("The errors are through")).click()
        expect(page.get_by_role("tab", name="Errors", selected=True)).to_be_visible()
        page.get_by_role("tab", name="Robustness").click()
        page.wait_for_url(re.compile("tab=robustness"))
