"""What people do, from the first page to the last."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import JobState
from sonde.platform.core.people import NewProfile
from sonde.platform.core.ports import Ports
from sonde.platform.services import accounts, jobs, sessions
from sonde.platform.services.events import emit
from sonde.platform.services.work import unit_of_work
from tests.unit.learning.toy_problem import toy_windows

PASSWORD = "a probe in the dark"


def test_sign_in_by_link_then_by_password_then_out(
    visitor: Callable[..., Any], ports: Ports, people: Callable[..., Actor]
) -> None:
    ada = people("Augusta")
    with unit_of_work(ports):
        accounts.complete_profile(ada, NewProfile("Augusta King", "augusta@example.org", PASSWORD))
        token = sessions.issue_link(ada.user_id)
    person = visitor(None)
    page = person.page
    page.goto(f"{person.url}/sign-in/link/{token}")
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    page.get_by_label("Account of Augusta King").click()
    page.get_by_text("Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")
    page.fill("input[type=email]", "augusta@example.org")
    page.fill("input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def test_palette_finds_pages_by_keyboard(visitor: Callable[..., Any], actor: Actor) -> None:
    person = visitor(actor)
    person.visit("/")
    person.page.keyboard.press("Control+k")
    field = person.page.get_by_label("Search", exact=True)
    expect(field).to_be_focused()
    field.type("jobs")
    options = person.page.locator(".sonde-palette-option")
    expect(options).to_have_count(2)  # the page, and the word as a search for experiments
    expect(options.first).to_contain_text("Jobs")
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    expect(person.page).to_have_title("Jobs · Sonde")
    expect(field).not_to_be_visible()


def test_theme_stays_after_a_reload(visitor: Callable[..., Any], actor: Actor) -> None:
    person = visitor(actor)
    person.visit("/")
    scheme = "() => document.documentElement.dataset.mantineColorScheme"
    assert person.page.evaluate(scheme) == "light"
    person.page.get_by_label("Switch between light and dark").click()
    assert person.page.evaluate(scheme) == "dark"
    person.visit("/jobs")
    assert person.page.evaluate(scheme) == "dark"


def test_job_is_cancelled_from_the_tray_of_another_page(
    visitor: Callable[..., Any], ports: Ports, people: Callable[..., Actor]
) -> None:
    grace = people("Grace")
    person = visitor(grace)
    person.visit("/")
    with unit_of_work(ports):
        wanted = NewExperiment("tones", "tones", ModelConfig("random-forest"))
        experiment = experiments.create(grace, wanted)
    person.page.get_by_label("Jobs", exact=True).click()
    button = person.page.get_by_role("button", name="Cancel: Train Random forest")
    expect(button).to_be_visible()  # the hint arrived: nobody reloaded the page
    button.click()
    expect(person.page.get_by_text("No job is running")).to_be_visible()
    with unit_of_work(ports):
        assert jobs.get(grace, experiment.summary.job_id).state is JobState.CANCELLED


def test_bell_rings_while_one_looks(
    visitor: Callable[..., Any], ports: Ports, actor: Actor
) -> None:
    person = visitor(actor)
    person.visit("/jobs")
    with unit_of_work(ports):
        emit(actor, kind="job.failed", title="The import is through", link="/jobs")
    toast = person.page.locator(".mantine-Notification-root", has_text="The import is through")
    expect(toast).to_be_visible()
    person.page.get_by_label("Notifications", exact=True).click()
    person.page.get_by_role("button", name="Mark all as read").click()
    expect(person.page.locator(".sonde-notification .sonde-dot:not(.is-read)")).to_have_count(0)


def test_train_see_the_result_and_ask_the_model(
    visitor: Callable[..., Any], actor: Actor, worker: None, tmp_path: Path
) -> None:
    person = visitor(actor)
    person.visit("/experiment/new?source=tones&ref=tones")
    page = person.page
    expect(page.get_by_text("Honest: no")).to_be_visible()
    page.locator(".sonde-choice", has_text="Random windows").click()
    expect(page.get_by_text("This split leaks")).to_be_visible()
    start = page.get_by_role("button", name=re.compile("(Start|Queue) training"))
    expect(start).to_be_disabled()
    page.locator(".sonde-choice", has_text="The honest one").click()
    expect(page.get_by_text("This split leaks")).not_to_be_visible()
    expect(start).to_be_enabled()
    page.get_by_label("Trees", exact=True).locator("visible=true").fill("12")
    start.click()
    page.wait_for_url("**/experiment/*/results")
    expect(page.locator(".sonde-hero")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Confusion matrix").first).to_be_visible()
    page.get_by_role("tab", name="Ask the model").click()
    ask_about(page, tmp_path / "broken.npy", b"nothing")
    expect(page.get_by_text("This recording cannot be judged")).to_be_visible()
    recording = tmp_path / "pump.npy"
    np.save(recording, toy_windows(np.full(5, 1), 0.5, np.random.default_rng(1)))
    ask_about(page, recording, recording.read_bytes())
    expect(page.get_by_text("The model says")).to_be_visible()
    expect(page.get_by_text("From first principles, without training")).to_be_visible()
    page.get_by_role("link", name="Experiments").first.click()
    expect(page.locator(".sonde-honesty.is-honest").first).to_be_visible()


def ask_about(page: Page, path: Path, content: bytes) -> None:
    """Choose a file on the result page and ask the model about it."""
    path.write_bytes(content)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text(f"{path.name} is chosen")).to_be_visible()
    page.get_by_role("button", name="Ask the model").click()


def test_error_is_a_toast_with_the_name_of_the_request(
    visitor: Callable[..., Any], actor: Actor
) -> None:
    person = visitor(actor)
    person.visit(f"/jobs?job={new_id()}")
    toast = person.page.locator(".mantine-Notification-root", has_text="Not possible")
    expect(toast).to_contain_text("There is no job")
    expect(toast.locator("code")).to_have_text(re.compile(r"^[0-9A-Za-z-]{8,}$"))


def test_page_of_an_ended_session_leads_to_the_door(
    visitor: Callable[..., Any], ports: Ports, people: Callable[..., Actor]
) -> None:
    eve = people("Eve")
    person = visitor(eve)
    person.visit("/")
    with unit_of_work(ports):
        sessions.sign_out_everywhere(eve)
    person.page.locator(".sonde-nav-link", has_text="Jobs").click()
    person.page.wait_for_url("**/sign-in**")
    assert any("401" in problem for problem in person.problems)
    person.problems.clear()  # the refusal is what this test is about


def test_job_view_is_a_link(
    visitor: Callable[..., Any], ports: Ports, people: Callable[..., Actor]
) -> None:
    mary = people("Mary")
    with unit_of_work(ports):
        experiment = experiments.create(
            mary, NewExperiment("tones", "tones", ModelConfig("random-forest"))
        )
    person = visitor(mary)
    person.visit(f"/jobs?state=active&job={experiment.summary.job_id}")
    expect(person.page.get_by_text("What happened")).to_be_visible()
    expect(person.page.get_by_text("1 job", exact=True)).to_be_visible()
