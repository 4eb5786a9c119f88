"""Looking at a recording: every view, zoom, band, cursor, comparison, and the link to pass on."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from sonde.bearings.ui.signal.views.catalogue import VIEWS
from sonde.platform.core.actor import Actor
from sonde.platform.core.ports import Ports
from tests.integration.bearings.signal_data import rolling, store

PANEL = "#bearings-signal-panel"
NARROW = ("time", "envelope", "orbit")


@pytest.fixture(scope="module")
def recording_ids(
    ports: Ports, actor: Actor, tmp_path_factory: pytest.TempPathFactory
) -> Sequence[str]:
    """Four recordings: outer race, healthy, a shaft by two probes, one without unit."""
    return store(ports, actor, tmp_path_factory.mktemp("signals"))


@pytest.mark.parametrize(("dark", "narrow"), [(False, False), (True, True)], ids=["wide", "narrow"])
def test_acceptance_look_every_view(
    visitor: Callable[..., Any],
    actor: Actor,
    recording_ids: Sequence[str],
    tmp_path: Path,
    dark: bool,
    narrow: bool,
) -> None:
    person = visitor(actor, dark=dark, narrow=narrow)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit(f"/signal-viewer/{recording_ids[2]}")
    views = [VIEWS[key] for key in NARROW] if narrow else VIEWS.values()
    for view in views:
        page.get_by_role("tab", name=view.title, exact=True).click()
        expect(page.get_by_role("tab", name=view.title, exact=True)).to_have_attribute(
            "aria-selected", "true"
        )
        person.settle()
        expect(page.locator(f"{PANEL} .main-svg").first).to_be_visible()
        expect(page.locator(f"{PANEL} .sonde-chart-summary").first).not_to_be_empty()
        expect(page.locator(f"{PANEL} .sonde-refusal")).to_have_count(0)
        person.picture(tmp_path / f"{view.key}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert f"view={view.key}" in page.url


def test_acceptance_look_zoom_band_and_cursor_stand_in_the_link(
    visitor: Callable[..., Any], actor: Actor, recording_ids: Sequence[str]
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit(f"/signal-viewer/{recording_ids[0]}")
    expect(page.get_by_text("Outer race fault")).to_be_visible()
    summary = page.locator(f"{PANEL} .sonde-chart-summary").last
    whole = summary.inner_text()
    plot = page.locator(f"{PANEL} .nsewdrag").first.bounding_box()
    assert plot is not None
    middle = plot["y"] + plot["height"] / 2
    page.mouse.move(plot["x"] + plot["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * 0.4, middle, steps=8)
    page.mouse.up()
    expect(summary).not_to_have_text(whole)
    person.settle()
    assert "from=" in page.url

    page.get_by_role("tab", name="Envelope").click()
    person.settle()
    assert "from=" not in page.url
    band = page.locator(f"{PANEL} .sonde-strong").first
    best = band.inner_text()
    page.get_by_role("slider", name="Lower edge of the band").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(band).not_to_have_text(best)
    page.get_by_label("Cursor, Hz").fill("107.5")
    expect(summary).to_contain_text("harmonics of 107.")
    person.settle()
    assert "band=" in page.url
    assert "cursor=107.5" in page.url
    chosen, told = band.inner_text(), summary.inner_text()

    page.reload()
    page.wait_for_selector(f"{PANEL} .sonde-chart-summary")
    person.settle()
    expect(band).to_have_text(chosen)
    expect(summary).to_have_text(told)
    page.get_by_role("button", name="Best band").click()
    expect(band).to_have_text(best)


def test_acceptance_look_neighbours_search_and_comparison(
    visitor: Callable[..., Any], actor: Actor, recording_ids: Sequence[str]
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    person.visit("/signal-viewer")
    page.get_by_role("textbox", name="Recording").fill("outer_7")
    page.get_by_role("option", name="outer_7.npy").click()
    expect(page.get_by_text("Recording 1 of 4 in Shaker.")).to_be_visible()
    page.get_by_role("tab", name="Spectrum").click()
    person.settle()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Recording 2 of 4 in Shaker.")).to_be_visible()
    person.settle()
    assert page.url.endswith(f"{recording_ids[1]}?view=spectrum")
    page.get_by_role("textbox", name="Compare with").fill("outer")
    page.get_by_role("option", name="outer_7.npy").click()
    page.keyboard.press("Escape")
    expect(page.locator(f"{PANEL} .legendtext", has_text="outer_7.npy")).to_be_visible()
    assert f"with={recording_ids[0]}" in page.url
    page.get_by_role("button", name="Random").click()
    expect(page.get_by_text("Recording 2 of 4 in Shaker.")).not_to_be_visible()
    page.get_by_role("button", name="Show or hide what is known").click()
    expect(page.locator("#bearings-signal-side")).not_to_be_visible()
    assert "side=0" in page.url


def test_acceptance_look_upload_and_export(
    visitor: Callable[..., Any], actor: Actor, recording_ids: Sequence[str], tmp_path: Path
) -> None:
    person = visitor(actor)
    page = person.page
    expect.set_options(timeout=60_000)
    samples = rolling()[0][1][0]
    path = tmp_path / "brought.npy"
    np.save(path, samples)
    person.visit(f"/signal-viewer/{recording_ids[0]}")
    page.get_by_role("button", name="Look at a file").click()
    page.locator("#bearings-signal-upload-file input[type=file]").set_input_files(path)
    expect(page.get_by_text("brought.npy")).to_be_visible()
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("never guessed")).to_be_visible()
    page.get_by_label("Sampling rate, Hz").fill("12000")
    page.get_by_label("Speed, rpm").fill("1800")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="brought.npy")).to_be_visible()
    expect(page.get_by_text("Not stored")).to_be_visible()
    page.get_by_role("button", name="Listen and export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="npy").click()
    assert np.array_equal(np.load(download.value.path()), samples)
    with page.expect_download() as picture:
        page.get_by_role("button", name="SVG").click()
    assert b"<svg" in Path(picture.value.path()).read_bytes()
    sound = page.locator("audio")
    sound.evaluate("node => node.load()")
    page.wait_for_function("document.querySelector('audio').preload === 'none'")
    sound.evaluate("node => { node.muted = true; return node.play(); }")
    page.wait_for_function("document.querySelector('audio').duration > 1.9")
