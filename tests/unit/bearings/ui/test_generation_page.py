"""The page that makes data: every control counts, and what is shown is what will be made."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from sonde.bearings.core.generations import Generation, estimate
from sonde.bearings.core.simulate.controls import Control
from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.plan import (
    CHANNELS,
    ORIGINAL,
    PRESETS,
    GenerationConfig,
    default_config,
    used_controls,
)
from sonde.bearings.core.simulate.preview import preview_of, shown_config
from sonde.bearings.ui.generation.fields import control_field
from sonde.bearings.ui.generation.figures import spectrum_figure, time_figure
from sonde.bearings.ui.generation.ids import MakeId, MakeType
from sonde.bearings.ui.generation.layout import MakeView, Wanted, form, make_view, tabs
from sonde.bearings.ui.generation.preview import (
    signal_facts,
    spectrum_summary,
    summary,
    time_summary,
)
from sonde.bearings.ui.generation.recent import progress_cards, recent_card, state_key
from sonde.bearings.ui.generation.sections import all_controls, sections_of
from sonde.platform.core.jobs import Job, JobState

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def _text(component: Any) -> str:
    return json.dumps(component, cls=PlotlyJSONEncoder)


def _small(kind: str) -> GenerationConfig:
    config = default_config(kind)
    return replace(config, classes=config.classes[:2], duration_s=0.25, channels=CHANNELS[kind])


def _other(name: str, control: Control, value: Any) -> Any:
    """Return another value that a person could choose."""
    if name == "rolling.geometry":
        return "n=8,d=5.97,D=31.62"
    if name == "rolling.designation":
        return "6206"
    if name == "channels":
        return ["FE"] if value == ("DE",) else ["y"]
    if control.kind == "switch":
        return not value
    if control.kind == "range":
        return [value[0], value[0] + 0.6 * (value[1] - value[0])]
    if control.kind == "choice":
        return next(one for one in control.choices if one != value)
    if control.kind == "choices":
        return list(value[:-1])
    if control.kind == "whole":
        return value + 1
    return value * 0.5 if value > 0 else 0.25


def _changed(config: GenerationConfig, name: str, value: Any) -> GenerationConfig:
    """Return what the browser would send with one control changed."""
    given = config.to_json()
    group, _, inner = name.rpartition(".")
    (given[group] if group else given)[inner] = value
    return GenerationConfig.from_json(given)


def _cases() -> list[Any]:
    return [
        pytest.param(kind, name, id=f"{kind}-{name}")
        for kind in CHANNELS
        for section in sections_of(default_config(kind))
        for name in section.controls
    ]


@pytest.mark.parametrize(("kind", "name"), _cases())
def test_acceptance_simulate_every_control_of_the_page_changes_what_is_generated(
    kind: str, name: str
) -> None:
    """That it changes the samples too is proved beside the simulators."""
    config = default_config(kind)
    control, value = all_controls(config)[name]
    after = _changed(config, name, _other(name, control, value))
    assert after.content_hash != config.content_hash


@pytest.mark.parametrize("kind", list(CHANNELS))
def test_acceptance_simulate_the_page_shows_every_control_that_counts(kind: str) -> None:
    shown = [name for section in sections_of(default_config(kind)) for name in section.controls]
    assert len(shown) == len(set(shown))
    assert set(shown) == used_controls(kind) - {"kind", "equations"}


@pytest.mark.parametrize("kind", list(CHANNELS))
def test_the_form_has_a_field_and_a_place_for_errors_for_every_control(kind: str) -> None:
    config = default_config(kind)
    shown = _text(form(Wanted(config)))
    for section in sections_of(config):
        for name in section.controls:
            assert json.dumps({"type": MakeType.ERROR, "name": name}) in shown
            kinds = all_controls(config)[name][0].kind
            expected = {"switch": MakeType.SWITCH, "range": MakeType.LOW}.get(kinds, MakeType.VALUE)
            assert json.dumps({"type": expected, "name": name}) in shown


def test_the_frozen_equations_show_only_what_they_know() -> None:
    config = GenerationConfig(equations=ORIGINAL)
    names = [name for section in sections_of(config) for name in section.controls]
    assert not [name for name in names if name.startswith("effects.") or name == "channels"]
    assert "noise.pink" in names


def test_presets_are_offered_under_their_kind() -> None:
    shown = _text(form(Wanted(PRESETS["hard"].config, preset="hard", saved_names=("Mine",))))
    assert all(f'"{name}"' in shown for name in PRESETS)
    assert PRESETS["hard"].help in shown
    assert '"Mine"' in shown


def test_severities_are_offered_in_words() -> None:
    control, value = all_controls(GenerationConfig())["severities"]
    field = control_field("severities", control, value, config=GenerationConfig())
    assert "Incipient" in _text(field)


@pytest.mark.parametrize("kind", list(CHANNELS))
@pytest.mark.parametrize("in_detail", [False, True])
def test_preview_draws_every_channel(kind: str, in_detail: bool) -> None:
    config = replace(_small(kind), classes=(_small(kind).classes[-1],))
    shown = preview_of(simulate(config, 0), in_detail=in_detail)
    for figure in (time_figure(shown), spectrum_figure(shown)):
        assert [trace.name for trace in figure.data] == list(config.channels)
    assert len(_text(time_figure(shown))) < 40_000 * len(config.channels)
    assert "over" in time_summary(shown)
    assert "times the shaft speed" in spectrum_summary(shown)
    assert signal_facts(shown, 0, 130).startswith("Signal 1 of 130")


def test_the_spectrum_is_named_where_it_is_highest() -> None:
    config = GenerationConfig(classes=("imbalance",), severities=("severe",), per_class=1)
    shown = preview_of(simulate(config, 0))
    assert shown.channels[0].highest_hz == pytest.approx(shown.signal.speed_rpm / 60, abs=0.2)


def test_long_signals_are_shown_in_part() -> None:
    long = GenerationConfig(duration_s=60.0)
    assert shown_config(long).n_samples < long.n_samples / 4
    assert shown_config(GenerationConfig()) == GenerationConfig()


def test_summary_says_number_size_and_time() -> None:
    shown = _text(summary(GenerationConfig(), estimate(GenerationConfig())))
    for words in ("1,430", "102,400", "586 MB", "11 classes x 130", "about"):
        assert words in shown


def _generation(dataset_id: str = "") -> Generation:
    return Generation(
        id="g1",
        workspace_id="w",
        owner_id="u",
        name="Test bench",
        config={"kind": "rotor"},
        config_hash="h",
        n_signals=40,
        n_bytes=3_300_000,
        job_id="j1",
        dataset_id=dataset_id,
        created_at=NOW,
    )


def _job(state: JobState) -> Job:
    return Job(
        id="j1",
        kind="bearings.generate",
        title="Generate Test bench",
        queue="default",
        params={},
        owner_id="u",
        owner_name="Ada",
        workspace_id="w",
        state=state,
        phase="",
        message="",
        fraction=0.5,
        eta_s=None,
        attempt=1,
        max_attempts=5,
        error="The oil film cannot carry this rotor." if state is JobState.FAILED else "",
        error_code="",
        result={},
        link="",
        delayed=False,
        created_at=NOW,
        started_at=NOW,
        finished_at=NOW if state.is_final else None,
    )


def test_recent_generations_lead_to_data_and_configuration() -> None:
    shown = _text(recent_card([(_generation("d1"), _job(JobState.SUCCEEDED))]))
    assert "/datasets/d1" in shown
    assert "/data-generation?generation=g1" in shown
    assert "Made" in shown
    failed = _text(recent_card([(_generation(), _job(JobState.FAILED))]))
    assert "The oil film cannot carry" in failed
    assert "Nothing was generated yet" in _text(recent_card([]))
    assert "Unknown" in _text(recent_card([(_generation(), None)]))


def test_progress_stays_until_it_is_done_and_then_leads_to_the_data() -> None:
    running = (_generation(), _job(JobState.RUNNING))
    done = (_generation("d1"), _job(JobState.SUCCEEDED))
    assert "Generate Test bench" in _text(progress_cards([running]))
    assert progress_cards([done]) == []
    assert "/datasets/d1" in _text(progress_cards([done], "j1"))
    assert state_key([running]) != state_key([done])


def test_the_page_is_whole() -> None:
    view = make_view(MakeView(Wanted(GenerationConfig()), NOW))
    shown = _text(view.body)
    for name in (MakeId.START, MakeId.TIME, MakeId.SPECTRUM, MakeId.RECENT, MakeId.PROGRESS):
        assert f'"{name}"' in shown
    assert "Journal bearing, 21 Nov 10:30" in shown
    assert '"aria-current": "page"' in _text(tabs("/data-generation"))
