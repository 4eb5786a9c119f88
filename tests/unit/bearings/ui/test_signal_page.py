"""The Signal page without a server: settings, state, figures and every view's layout."""

import numpy as np
import plotly.graph_objects as go
import pytest

from sonde.bearings.core.cursors import Axis
from sonde.bearings.core.curves import drawn
from sonde.bearings.core.envelope import squared_envelope_spectrum
from sonde.bearings.core.expected_spectrum import expected_spectrum
from sonde.bearings.core.signal_views import FaultMark, SpectrumWish, spectrum_of
from sonde.bearings.ui.signal.controls import controls
from sonde.bearings.ui.signal.figures import Raster, Trace, curve_figure, decibels, raster_figure
from sonde.bearings.ui.signal.settings import Kind, Setting, Values
from sonde.bearings.ui.signal.state import RESERVED, ViewState, as_store, of_query, of_store
from sonde.bearings.ui.signal.views.catalogue import VIEWS, defaults
from sonde.bearings.ui.signal.views.cursor import CURSOR, cursor_on
from sonde.bearings.ui.signal.views.expected import expected_trace
from sonde.bearings.ui.signal.views.spectrum import SpectrumFound, panel
from sonde.platform.ui.figures import Axis as PlotAxis

TIME_S = np.arange(24_000) / 12_000
TONE = (np.sin(2 * np.pi * 50 * TIME_S) + 0.5 * np.sin(2 * np.pi * 100 * TIME_S)).astype("f4")


@pytest.mark.parametrize("view", list(VIEWS.values()), ids=list(VIEWS))
def test_every_setting_has_a_control_and_a_default_that_it_accepts(view) -> None:
    values = Values(view.settings, {})
    assert len(controls(view.key, values, ("DE", "FE"))) == len(view.settings)
    for setting in view.settings:
        assert setting.name not in RESERVED
        assert setting.default == "" or setting.accepts(setting.default)
        for value, _ in setting.choices:
            assert Values(view.settings, {setting.name: value}).text(setting.name) == value
    assert set(defaults()[view.key]) == {setting.name for setting in view.settings}


@pytest.mark.parametrize("value", ["x", "-1", "1e99", "nan", "inf", "drop table"])
def test_what_makes_no_sense_is_the_default(value: str) -> None:
    settings = (
        Setting("n", "N", "5", kind=Kind.NUMBER, low=1, high=20),
        Setting("c", "C", "a", (("a", "A"), ("b", "B"))),
        Setting("m", "M", "a", (("a", "A"), ("b", "B")), Kind.MANY),
    )
    chosen = Values(settings, {"n": value, "c": value, "m": f"a,{value}"})
    assert (chosen.number("n"), chosen.text("c"), chosen.parts("m")) == (5.0, "a", ("a",))


def test_the_address_and_the_memory_say_the_same() -> None:
    query = {"view": "spectrum", "channel": "FE", "with": "B,C,A,B", "from": "1", "to": "2"}
    state = of_query("A", {**query, "window": "flattop", "side": "0"})
    assert state.others == ("B", "C")
    assert state.said == {"window": "flattop"}
    assert of_store(as_store(state)) == state
    assert of_store({}) == ViewState("")


def test_images_travel_as_one_byte_for_each_cell() -> None:
    noise = np.random.default_rng(0).rayleigh(size=(192, 420))
    raster = Raster(decibels(noise), np.arange(420.0), np.arange(192.0))
    figure = raster_figure(raster, PlotAxis("Time, s"), PlotAxis("Frequency, Hz"), "%{x} s")
    assert (figure.data[0].z["dtype"], figure.data[0].z["shape"]) == ("i1", "192, 420")
    assert len(figure.to_json()) < 200_000


def test_marks_are_one_trace_for_each_name() -> None:
    marks = [FaultMark("BPFO", n, 107.5 * n) for n in (1, 2, 3)] + [FaultMark("Shaft", 1, 30.0)]
    figure = curve_figure([Trace("t", [0, 1], [0, 1])], PlotAxis("x"), PlotAxis("y"), marks)
    assert [trace.name for trace in figure.data] == ["t", "BPFO", "shaft"]
    assert figure.data[1].x == (107.5, 107.5, None, 215.0, 215.0, None, 322.5, 322.5, None)


def test_a_cursor_tells_what_it_finds_or_why_not() -> None:
    look = spectrum_of(TONE, 12_000.0, "g", SpectrumWish())
    full = look.measured.spectrum
    axis = Axis(full.resolution_hz, full.values)
    values = Values(CURSOR, {"cursor": "50", "harmonics": "2", "apart": "10"})
    found = cursor_on(axis, values, "Hz")
    assert [mark.frequency_hz for mark in found.marks[:2]] == pytest.approx([50, 100], abs=0.1)
    assert [row[0] for row in found.rows][:3] == ["Cursor 1x", "Cursor 2x", "Sideband carrier -4"]
    beyond = cursor_on(axis, Values(CURSOR, {"cursor": "99999"}), "Hz")
    assert beyond.marks == ()
    assert "lies off this spectrum" in beyond.told
    assert cursor_on(axis, Values(CURSOR, {}), "Hz").told == ""


def test_acceptance_look_expected_spectrum_of_a_fault_class_is_laid_over() -> None:
    look = spectrum_of(TONE, 12_000.0, "g", SpectrumWish())
    expected = expected_spectrum("misalignment", 50.0, 6000.0)
    trace = expected_trace(expected, look.curve)
    places = np.asarray(trace.x)
    assert places[np.isfinite(places)].tolist() == [100.0, 100.0, 150.0, 150.0]
    view = VIEWS["spectrum"]
    shown = panel(
        SpectrumFound(look, expected=expected),
        ViewState("A", "spectrum"),
        Values(view.settings, {}),
    )
    assert "Misalignment: 2X is higher than 1X" in str(shown)


def test_acceptance_look_zoom_brings_detail_and_loses_no_peak() -> None:
    spectrum = squared_envelope_spectrum(TONE, 12_000.0, (10.0, 5000.0))
    whole = drawn(spectrum.values, spectrum.resolution_hz)
    part = drawn(spectrum.values, spectrum.resolution_hz, (40.0, 60.0))
    assert whole.values.max() == spectrum.values.max()
    assert np.diff(part.places).max() == pytest.approx(spectrum.resolution_hz)
    assert part.values.max() == pytest.approx(whole.height_near(50.0, 1.0))


def test_every_chart_starts_from_the_house_figure() -> None:
    figure = curve_figure([Trace("t", [0, 1], [0, 1])], PlotAxis("x"), PlotAxis("y"))
    assert isinstance(figure, go.Figure)
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"
