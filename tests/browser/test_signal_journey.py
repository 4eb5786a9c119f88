"""Looking at a recording: zoom, choose a band, go to the next, and pass the link on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from sonde.bearings.core.datasets import NewRecording
from sonde.bearings.core.simulate.impacts import Fault
from sonde.bearings.core.simulate.rolling import simulate_recording
from sonde.bearings.core.simulate.sample import sample_plan
from sonde.bearings.persistence.signal_files import samples_hash, writing
from sonde.bearings.services import datasets
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from sonde.platform.services.work import unit_of_work


@pytest.fixture(scope="module")
def recording_ids(
    ports: Ports, actor: Actor, tmp_path_factory: pytest.TempPathFactory
) -> list[str]:
    """Three simulated recordings: a severe outer race fault first."""
    plan = sample_plan()
    outer = [position for position, each in enumerate(plan.recordings) if each.fault is Fault.OUTER]
    path: Path = tmp_path_factory.mktemp("signals") / "signals.h5"
    new = []
    with writing(path) as writer:
        for position in (outer[-1], 0, 40):
            each = simulate_recording(plan, position)
            samples = each.samples[np.newaxis]
            place = writer.add(samples, channels=("DE",), sampling_rate_hz=12_000.0)
            new.append(
                NewRecording(
                    file=f"{each.name}.npy",
                    signal_path=place,
                    channels=("DE",),
                    n_samples=samples.shape[1],
                    sampling_rate_hz=12_000.0,
                    speed_rpm=each.plan.speed_rpm,
                    unit="g",
                    label=each.plan.fault.value,
                    bearing=each.plan.bearing,
                    lineage=each.name,
                    content_hash=samples_hash(samples),
                )
            )
    with unit_of_work(ports):
        key = datasets.store_signals(path)
        wish = datasets.DatasetPlan("Shaker", "import", "6205-2RS", tuple(new))
        stored = datasets.create_sealed(actor, wish, file_key=key)
        return [each.id for each in datasets.recordings(actor, stored.id)]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_looking_at_a_recording(
    visitor: Callable[..., Any],
    actor: Actor,
    recording_ids: list[str],
    tmp_path: Path,
    dark: bool,
) -> None:
    person = visitor(actor, dark=dark)
    page = person.page
    expect.set_options(timeout=20_000)
    person.visit(f"/signal-viewer/{recording_ids[0]}")
    expect(page.get_by_text("Outer race fault")).to_be_visible()
    expect(page.locator("#bearings-signal-envelope .scatterlayer .trace")).to_have_count(5)
    page.screenshot(path=tmp_path / "signal.png", full_page=True)

    whole = page.locator("#bearings-signal-time-summary").inner_text()
    plot = page.locator("#bearings-signal-time .nsewdrag").bounding_box()
    assert plot is not None
    middle = plot["y"] + plot["height"] / 2
    page.mouse.move(plot["x"] + plot["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * 0.4, middle, steps=8)
    page.mouse.up()
    expect(page.locator("#bearings-signal-time-summary")).not_to_have_text(whole)
    person.settle()
    assert "from=" in page.url

    page.get_by_role("slider", name="Lower edge of the band").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    person.settle()
    assert "low=" in page.url
    band = page.locator("#bearings-signal-band-text").inner_text()
    stretch = page.locator("#bearings-signal-time-summary").inner_text()

    page.reload()
    page.wait_for_selector("#bearings-signal-time-summary")
    person.settle()
    expect(page.locator("#bearings-signal-band-text")).to_have_text(band)
    expect(page.locator("#bearings-signal-time-summary")).to_have_text(stretch)

    page.get_by_role("button", name="Best band").click()
    expect(page.locator("#bearings-signal-band-text")).not_to_have_text(band)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Recording 2 of 3 in Shaker.")).to_be_visible()


def test_choosing_a_recording(
    visitor: Callable[..., Any], actor: Actor, recording_ids: list[str]
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=20_000)
    person.visit("/signal-viewer")
    page.locator("#bearings-signal-choice").click()
    page.get_by_role("option").first.click()
    expect(page.get_by_text("Recording 1 of 3 in Shaker.")).to_be_visible()
    assert page.url.endswith(recording_ids[0])
