"""Machines: from nothing to a machine with alarms, limits, notes, feeds and a report."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work
from tests.integration.bearings.machine_data import channel, measure, signal

SUMMARY = "#bearings-condition-trend-summary"


def _add(page: Any, button: str, name: str, **fields: str) -> None:
    """Add a place by its dialog."""
    page.get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    for label, value in fields.items():
        dialog.get_by_label(label.replace("_", " "), exact=False).first.fill(value)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(dialog).to_have_count(0)


def test_acceptance_condition_from_nothing_to_a_trend(
    visitor: Callable[..., Any], people: Callable[..., Any], tmp_path: Path
) -> None:
    person = visitor(people("Nora"))
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit("/condition")
    expect(page.get_by_role("heading", name="No machines yet")).to_be_visible()
    _add(page, "Add plant", "Works")
    _add(page, "Add machine", "Pump 3", Nominal_speed="1480")
    _add(page, "Add measuring point", "Drive end")
    _add(page, "Add channel", "Radial")
    expect(page.get_by_role("heading", name="Nothing was measured here yet")).to_be_visible()
    for number in range(2):
        np.save(tmp_path / f"pump_2026-01-0{number + 1}T10-00.npy", signal(1.0, number))
    for number in range(2):
        page.get_by_role("button", name="Feed", exact=True).click()
        page.get_by_role("tab", name="One file").click()
        name = f"pump_2026-01-0{number + 1}T10-00.npy"
        page.locator("#bearings-condition-upload-file input").set_input_files(tmp_path / name)
        page.get_by_label("Sampling rate, Hz", exact=True).fill("4096")
        page.get_by_role("button", name="Measure", exact=True).click()
        expect(page.get_by_text(re.compile("Measured 4,096 samples"))).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator(SUMMARY)).to_contain_text(f"{number + 1} values of")
    assert "node=" in page.url


@pytest.fixture(scope="module")
def measured(ports: Ports, actor: Actor) -> str:
    """The id of a channel with twenty measurements."""
    with unit_of_work(ports):
        *_, channel_id = channel(actor, plant="Mill")
        measure(actor, channel_id, [1.0] * 14 + [3.0] * 6)
    return channel_id


def test_acceptance_condition_limits_notes_and_the_link(
    visitor: Callable[..., Any], actor: Actor, measured: str, tmp_path: Path
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit(f"/condition?node={measured}&feature=RMS")
    expect(page.locator(SUMMARY)).to_contain_text("20 values of RMS")
    page.get_by_label("Warning above").fill("4")
    page.get_by_label("Alarm above").fill("2")
    page.get_by_role("button", name="Set limits").click()
    expect(page.get_by_text("must lie below the alarm")).to_be_visible()
    page.get_by_label("Warning above").fill("2")
    page.get_by_label("Alarm above").fill("4")
    page.get_by_role("button", name="Set limits").click()
    expect(page.locator(SUMMARY)).to_contain_text("State: warning")
    page.get_by_label("Note", exact=True).fill("greased the bearing")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("cell", name="greased the bearing", exact=True)).to_be_visible()
    page.get_by_role("button", name="Take back: note greased the bearing").click()
    expect(page.get_by_role("cell", name="greased the bearing", exact=True)).to_have_count(0)
    page.locator("#bearings-condition-feature").click()
    page.get_by_role("option", name="Kurtosis: Kurtosis", exact=True).click()
    expect(page.locator(SUMMARY)).to_contain_text("20 values of Kurtosis")
    assert "feature=Kurtosis" in page.url
    page.get_by_role("link", name="Pump").last.click()
    with page.expect_download() as waited:
        page.get_by_role("link", name="Report").click()
    path = tmp_path / "report.pdf"
    waited.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(("dark", "narrow"), [(False, False), (True, True)], ids=["wide", "narrow"])
def test_acceptance_condition_looks_well(
    visitor: Callable[..., Any], actor: Actor, measured: str, dark: bool, narrow: bool
) -> None:
    person = visitor(actor, dark=dark, narrow=narrow)
    expect.set_options(timeout=60_000)
    for path in ("/condition", f"/condition?node={measured}", "/condition?node=nothing"):
        person.visit(path)
        page = person.page
        expect(page.get_by_role("navigation", name="Machines")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="All machines").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("/condition?")
