"""A person registers a model, promotes it, is refused, rolls back, and asks it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from sonde.learning.services import experiments, promotion, registry
from sonde.learning.ui.registry.model_view import TABS
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.browser.test_every_page import OVERFLOW, barriers
from tests.integration.learning.registry_data import trained
from tests.unit.learning.toy_problem import toy_windows

PATIENCE_MS = 20_000  # a loaded machine draws slowly


@pytest.fixture(scope="module")
def done(ports: Ports, actor: Actor) -> dict[str, str]:
    return trained(ports, actor, "weak", "strong")


def test_from_a_result_to_a_champion_and_back(
    visitor: Callable[..., Any], actor: Actor, ports: Ports, done: dict[str, str]
) -> None:
    with unit_of_work(ports):
        registry.register(actor, done["weak"], "tones", notes="The first one")
        promotion.promote(actor, "tones", "1")
    person = visitor(actor)
    page = person.page
    person.visit(experiments.result_path(done["strong"]))
    page.get_by_role("button", name="Register").click()
    page.get_by_label("Name").fill("tones")
    page.get_by_role("dialog").get_by_role("button", name="Register").click()
    page.wait_for_url("**/models/tones")
    expect(page.get_by_role("heading", name="Version 2")).to_be_visible(timeout=PATIENCE_MS)

    page.get_by_role("button", name="Promote: version 2").click()
    expect(page.get_by_text("Version 2 may become champion")).to_be_visible(timeout=PATIENCE_MS)
    said = page.get_by_role("dialog").get_by_text("Version 2 is better than version 1 on these")
    expect(said).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Make version 2 champion").click()
    expect(page.get_by_role("button", name="Promote: version 1")).to_be_visible(timeout=PATIENCE_MS)

    page.get_by_role("button", name="Promote: version 1").click()
    expect(said).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Promote all the same")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Roll back to version 1").click()
    expect(page.get_by_role("button", name="Promote: version 2")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("Champion: version 2 to version 1")).to_be_visible(timeout=PATIENCE_MS)
    assert "tab=history" in page.url


def test_a_model_is_asked_about_one_and_about_many(
    visitor: Callable[..., Any],
    actor: Actor,
    ports: Ports,
    done: dict[str, str],
    worker: None,
    tmp_path: Path,
) -> None:
    with unit_of_work(ports):
        registry.register(actor, done["strong"], "asked")
    recording = tmp_path / "machine.npy"
    np.save(recording, toy_windows(np.array([1, 1]), 3.0, np.random.default_rng(1)))
    person = visitor(actor)
    page = person.page
    person.visit("/models/asked?tab=batches")
    page.locator("#learning-registry-upload input[type=file]").set_input_files(recording)
    page.get_by_role("button", name="Ask the model").click()
    expect(page.get_by_role("heading", name="What version 1 says")).to_be_visible(
        timeout=PATIENCE_MS
    )

    page.get_by_role("textbox", name="Data set").click()
    page.get_by_role("option", name="tones", exact=False).first.click()
    page.get_by_role("button", name="Ask about all of them").click()
    expect(page.get_by_text("24 recordings:", exact=False)).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the table of tones").click()
    assert download.value.suggested_filename.startswith("asked-1-")

    person.visit("/models/asked?tab=log")
    expect(page.get_by_text("machine.npy")).to_be_visible()
    person.visit("/models/asked?tab=requests")
    expect(page.get_by_text(f"{person.url}/v2/models/asked/infer")).to_be_visible()


def test_every_tab_is_whole_for_everybody(
    visitor: Callable[..., Any],
    actor: Actor,
    ports: Ports,
    done: dict[str, str],
    tmp_path: Path,
) -> None:
    with unit_of_work(ports):
        registry.register(actor, done["weak"], "whole")
        registry.register(actor, done["strong"], "whole")
        registry.set_alias(actor, "whole", "shadow", "2")
        promotion.promote(actor, "whole", "1")
    person = visitor(actor)
    for tab in TABS:
        person.look(dark=False, narrow=False)
        person.visit(f"/models/whole?tab={tab}")
        for dark in (False, True):
            person.look(dark=dark, narrow=dark)
            person.page.wait_for_timeout(350)
            theme = f"{tab} {'dark' if dark else 'light'}"
            person.picture(tmp_path / f"{theme}.png")
            assert person.page.evaluate(OVERFLOW) <= 0, theme
            assert barriers(person) == [], theme
