"""Watching a training: live curves and log, pause and resume, stop and keep the best, cancel."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.integration.learning.slow_model import SlowModel, listed


@pytest.fixture
def slow() -> Iterator[SlowModel]:
    with listed(SlowModel(n_steps=4000, step_s=0.05)) as model:
        yield model


@pytest.fixture
def begin(ports: Ports, actor: Actor) -> Callable[[str], Experiment]:
    def begin(title: str) -> Experiment:
        wanted = NewExperiment("tones", "tones", ModelConfig("slow"), title=title)
        with unit_of_work(ports):
            return experiments.create(actor, wanted)

    return begin


def test_acceptance_monitor_is_live_pauses_stops_and_is_complete_after_reload(
    visitor: Callable[..., Any], actor: Actor, worker: None, slow: SlowModel, begin: Any
) -> None:
    made = begin("Slow and steady")
    person = visitor(actor)
    page = person.page
    page.goto(f"{person.url}/experiment/{made.id}/monitor")
    loss = page.locator("section", has=page.get_by_role("heading", name="Loss"))
    caption = loss.locator("figcaption")
    expect(caption).to_contain_text("training", timeout=60_000)
    first = caption.inner_text()
    expect(caption).not_to_have_text(first, timeout=60_000)
    expect(page.get_by_text("96 windows")).to_be_visible()

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused at")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(1_500)
    held = caption.inner_text()
    page.wait_for_timeout(800)
    assert caption.inner_text() == held
    page.get_by_role("button", name="Resume").click()
    expect(caption).not_to_have_text(held, timeout=60_000)

    page.get_by_label("Lines with this text").fill("asked to")
    lines = page.locator(".sonde-log-line")
    expect(lines).to_have_count(2, timeout=60_000)
    assert "text=asked" in page.url
    page.get_by_role("button", name="Stop now").click()
    expect(page.get_by_text("Done just now")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    page.reload()
    person.settle()
    expect(caption).to_contain_text("training")
    expect(lines).to_have_count(3)
    expect(page.get_by_text("1 of 3", exact=True)).to_be_visible()
    page.get_by_role("link", name="Result").click()
    expect(page).to_have_url(re.compile("/results$"))


def test_a_training_is_cancelled_after_a_question(
    visitor: Callable[..., Any], actor: Actor, worker: None, slow: SlowModel, begin: Any
) -> None:
    made = begin("Never mind")
    person = visitor(actor)
    person.visit(f"/experiment/{made.id}/monitor")
    page = person.page
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text("nothing of it is kept")).to_be_visible()
    page.get_by_role("button", name="Cancel the training").click()
    expect(page.get_by_text("Nothing of it was kept")).to_be_visible(timeout=8_000)
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_have_count(0)
    time.sleep(0.1)
