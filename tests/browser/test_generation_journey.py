"""Making data: configure, see the preview change, generate a little of it, open the data set."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sonde.bearings.core.simulate.plan import (
    GenerationConfig,
    default_config,
    used_controls,
)
from sonde.platform.core.actor import Actor

TIME = "#bearings-make-time-summary"


def _fill(page: Page, label: str, value: str) -> None:
    page.get_by_label(label, exact=True).fill(value)


def _kind(page: Page, name: str) -> None:
    page.get_by_role("radiogroup", name="Kind of bearing").get_by_text(name).click()


def _pick_few(page: Page) -> None:
    """Ask for 2 classes of 3 signals of 4,096 samples."""
    page.get_by_role("button", name="Only healthy").click()
    page.locator(".sonde-chips label", has_text="Imbalance").first.click()
    _fill(page, "Signals per class", "3")
    page.get_by_role("button", name="Recording How each signal is measured.").click()
    _fill(page, "Sampling rate, Hz", "4096")
    _fill(page, "Duration, s", "1")


@pytest.mark.parametrize("kind", ["journal", "rolling", "rotor"])
def test_acceptance_simulate_page_sends_every_control(
    visitor: Callable[..., Any], actor: Actor, kind: str
) -> None:
    person = visitor(actor)
    sent: list[Any] = []
    person.page.on("request", lambda request: sent.append(_body(request)))
    person.visit(f"/data-generation?kind={kind}")
    expect(person.page.locator(TIME)).not_to_be_empty(timeout=60_000)
    inputs = [each for body in sent if body for each in body.get("inputs", [])]
    configs = [each.get("value") for each in inputs if each.get("id") == "bearings-make-config"]
    wanted = [each for each in configs if each][-1]
    assert GenerationConfig.from_json(wanted) == default_config(kind)
    groups = [
        {f"{name}.{key}" for key in value} for name, value in wanted.items() if _is_group(value)
    ]
    names = {name for name, value in wanted.items() if not _is_group(value)}.union(*groups)
    assert names == used_controls(kind) | {"kind", "equations"}


def _body(request: Any) -> Any:
    return json.loads(request.post_data) if "_dash-update" in request.url else None


def _is_group(value: Any) -> bool:
    return isinstance(value, dict)


@pytest.mark.usefixtures("worker")
def test_acceptance_simulate_page_configure_preview_generate_and_open(
    visitor: Callable[..., Any], actor: Actor, tmp_path: Path
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit("/data-generation")
    expect(page.locator(TIME)).to_contain_text("Misalignment")
    expect(page.locator(".sonde-figures")).to_contain_text("1,430")

    first = page.locator(TIME).inner_text()
    page.get_by_role("button", name="Show another signal of this class").click()
    expect(page.locator(TIME)).not_to_have_text(first)
    _pick_few(page)
    expect(page.locator(".sonde-figures")).to_contain_text("4,096")
    expect(page.locator(".sonde-figures")).to_contain_text("2 classes x 3")
    # Which of the two is shown depends on whether one class alone was seen in between.
    expect(page.locator(TIME)).to_contain_text(re.compile("Healthy|Imbalance"))

    _fill(page, "Signals per class", "0")
    expect(page.get_by_role("button", name="Generate", exact=True)).to_be_disabled()
    expect(page.locator(".sonde-field .sonde-field-error:not(:empty)")).to_have_count(1)
    _fill(page, "Signals per class", "3")
    expect(page.get_by_role("button", name="Generate", exact=True)).to_be_enabled()

    _fill(page, "Name of the data set", "A few")
    page.get_by_role("button", name="Generate", exact=True).click()
    page.get_by_role("link", name="Open data set").click(timeout=60_000)
    expect(page.locator("h1")).to_have_text("A few")

    person.visit("/data-generation")
    page.get_by_role("link", name="Use the configuration of A few again").click()
    expect(page.locator(".sonde-figures")).to_contain_text("2 classes x 3")
    assert "generation=" in page.url


def test_acceptance_simulate_page_presets_kinds_and_saved_configurations(
    visitor: Callable[..., Any], actor: Actor, tmp_path: Path
) -> None:
    person = visitor(actor, dark=True)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit("/data-generation?preset=quick")
    expect(page.locator(".sonde-figures")).to_contain_text("20,480")
    _kind(page, "Rotor on oil film")
    expect(page.get_by_label("Rotor mass, kg")).to_be_visible()
    expect(page.locator("#bearings-make-facts")).to_contain_text("Signal 1 of 10")
    assert "kind=rotor" in page.url
    _kind(page, "Rolling bearing")
    _fill(page, "Own geometry", "n=2,d=5")
    expect(page.locator("#bearings-make-problem")).to_contain_text("the form is")
    _fill(page, "Own geometry", "n=8,d=5.97,D=31.62")
    expect(page.locator("#bearings-make-problem")).to_be_empty()
    person.settle()

    page.get_by_role("button", name="Save", exact=True).click()
    _fill(page, "Name", "Eight balls")
    page.get_by_role("button", name="Save configuration").click()
    expect(page.get_by_text("Configuration saved")).to_be_visible()
    person.visit("/data-generation?saved=Eight+balls")
    expect(page.get_by_role("textbox", name="Own geometry")).to_have_value("n=8,d=5.97,D=31.62")

    page.get_by_role("link", name="Import", exact=True).click()
    expect(page.get_by_text("Drop recordings here")).to_be_visible()
    assert page.url.endswith("/data-generation/import")
