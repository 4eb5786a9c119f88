"""Every control of the page changes the data; the same configuration gives the same data."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.bearings.core.simulate import rotor_signals
from sonde.bearings.core.simulate.controls import controls_of
from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.places import index_of, place_of
from sonde.bearings.core.simulate.plan import (
    PRESETS,
    GenerationConfig,
    control_names,
    default_config,
    used_controls,
)
from sonde.platform.core.errors import Invalid

SMALL = {"per_class": 3, "duration_s": 0.25}
EVERYTHING = {
    "run_up": True,
    "speed_fluctuation": True,
    "resonance": True,
    "cross_coupling": True,
    "thermal_growth": True,
    "transfer_path": True,
}
# What a control needs beside it to have something to act upon.
BESIDE = {
    "noise.impulses_per_s": {"noise": {"impulses_per_s": 20.0}},
    "noise.impulses": {"noise": {"impulses_per_s": 20.0}},
    "noise.aliasing": {"noise": {"aliasing_share": 1.0}},
    "effects.axial_ratio": {"channels": ["x", "axial"]},
    "augmentation.methods": {"augmentation": {"ratio": 1.0}},
    "augmentation.strength": {"augmentation": {"ratio": 1.0}},
    "records_per_bearing": {"effects": EVERYTHING},
}
OTHER = {
    "equations": "original-v2",
    "classes": ["wear", "healthy"],
    "per_class": 4,
    "severities": ["severe"],
    "records_per_bearing": 2,
    "evolution_share": 1.0,
    "transient_share": 0.9,
    "noise.aliasing_share": 1.0,
    "effects.run_up_s": 0.15,
    "augmentation.ratio": 1.0,
    "channels": ["y"],
    "conditions.speed_rpm": [4000.0, 5000.0],
    "conditions.load": [0.0, 0.1],
    "conditions.temperature_c": [90.0, 95.0],
    "noise.mains_hz": "60",
    "augmentation.methods": ["magnitude_warp"],
    "rolling.designation": "6203",
    "rolling.geometry": "n=8,d=5.97,D=31.62,angle=0",
    "rotor.oil": "VG 46",
    "rotor.probes": "disc",
}
ROLLING = {"kind": "rolling", "per_class": 2, "duration_s": 0.25, "records_per_bearing": 1}
ROTOR = {"kind": "rotor", "classes": ["imbalance"], "per_class": 2, "duration_s": 0.1}
ROTOR_OTHER = {
    "classes": ["healthy"],
    "conditions.speed_rpm": [3000.0, 3200.0],
    "conditions.load": [0.3, 0.4],
    "channels": ["x"],
}


def _merged(*documents):
    whole = {}
    for document in documents:
        for name, value in document.items():
            is_group = isinstance(value, dict) and isinstance(whole.get(name), dict)
            whole[name] = {**whole[name], **value} if is_group else value
    return whole


def _nested(name, value):
    group, _, key = name.rpartition(".")
    return {group: {key: value}} if group else {key: value}


def _other_value(config, name):
    if name in OTHER:
        return OTHER[name]
    group, _, key = name.rpartition(".")
    holder = getattr(config, group) if group else config
    control, value = controls_of(holder)[key], getattr(holder, key)
    if control.kind == "switch":
        return not value
    step = value * 1.3 + (0.1 if value == 0 else 0.0)
    if step > control.high:
        step = value * 0.7
    return round(step) + 1 if control.kind == "whole" else step


def _content(config):
    parts = []
    for index in range(config.n_signals):
        made = simulate(config, index)
        parts.append((made.samples.tobytes(), made.label, made.bearing, made.channels))
    return parts, config.sampling_rate_hz


def _changes(base, name):
    is_level = name.startswith("effects.") and name.removeprefix("effects.") not in EVERYTHING
    needed = {"effects": EVERYTHING} if is_level else {}
    before = GenerationConfig.from_json(_merged(base, BESIDE.get(name, {}), needed))
    after = _merged(before.to_json(), _nested(name, _other_value(before, name)))
    return _content(before) != _content(GenerationConfig.from_json(after))


@pytest.mark.parametrize("name", sorted(used_controls("journal") - {"kind"}))
def test_acceptance_simulate_every_control_changes_journal_data(name):
    base = SMALL if name == "equations" else _merged(SMALL, {"per_class": 2})
    assert _changes(base, name)


@pytest.mark.parametrize("name", sorted(used_controls("rolling") - {"kind"}))
def test_acceptance_simulate_every_control_changes_rolling_data(name):
    other = {"classes": {"classes": ["healthy"]}, "channels": {"channels": ["FE"]}}
    if name in other:
        before = GenerationConfig.from_json(ROLLING)
        assert _content(before) != _content(GenerationConfig.from_json({**ROLLING, **other[name]}))
    else:
        assert _changes(ROLLING, name)


@pytest.mark.parametrize("name", sorted(used_controls("rotor") - {"kind"}))
def test_acceptance_simulate_every_control_changes_rotor_data(name, monkeypatch):
    monkeypatch.setattr(rotor_signals, "_SETTLE_S", 0.05)
    if name in ROTOR_OTHER:
        before = GenerationConfig.from_json(ROTOR)
        changed = _merged(ROTOR, _nested(name, ROTOR_OTHER[name]))
        assert _content(before) != _content(GenerationConfig.from_json(changed))
    else:
        assert _changes(ROTOR, name)


def test_every_control_belongs_to_some_kind():
    kinds = ("journal", "rolling", "rotor")
    assert set(control_names()) == set().union(*(used_controls(kind) for kind in kinds))


def test_acceptance_simulate_the_same_seed_gives_the_same_bits_in_any_order():
    config = replace(PRESETS["quick"].config, per_class=2)
    forwards = [simulate(config, index).samples for index in range(config.n_signals)]
    backwards = [simulate(config, index).samples for index in reversed(range(config.n_signals))]
    for one, other in zip(forwards, reversed(backwards), strict=True):
        assert one.tobytes() == other.tobytes()
    assert simulate(replace(config, seed=43), 3).samples.tobytes() != forwards[3].tobytes()


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_presets_survive_json(name):
    config = PRESETS[name].config
    text = json.dumps(config.to_json())
    assert GenerationConfig.from_json(json.loads(text)) == config
    assert GenerationConfig.from_json({"preset": name}) == config
    assert GenerationConfig.from_json(json.loads(text)).content_hash == config.content_hash
    config.check_size()


def test_presets_have_the_sizes_that_they_name():
    assert PRESETS["eleven-classes"].config.n_signals == 1430
    assert PRESETS["stratified"].config.n_signals == 3520
    assert PRESETS["original-v2"].config.n_signals == 3520


def test_stratified_sets_have_every_severity_equally_often():
    config = replace(PRESETS["stratified"].config, per_class=8)
    levels = [place_of(config, index).levels for index in range(8, 16)]
    assert sorted(levels) == sorted((one,) for one in config.severities for _ in range(2))
    assert index_of(config, "misalignment", 3) == 11


REFUSED = [
    ({"per_class": 0}, "per_class"),
    ({"per_class": 2.5}, "per_class"),
    ({"per_class": "many"}, "per_class"),
    ({"seed": -1}, "seed"),
    ({"duration_s": float("nan")}, "duration_s"),
    ({"duration_s": 600.0, "sampling_rate_hz": 100_000.0}, "duration_s"),
    ({"classes": []}, "classes"),
    ({"classes": ["inner"]}, "classes"),
    ({"classes": "healthy"}, "classes"),
    ({"severities": []}, "severities"),
    ({"severities": ["terrible"]}, "severities"),
    ({"channels": ["z"]}, "channels"),
    ({"nosie": {}}, "nosie"),
    ({"noise": {"pinc": True}}, "noise.pinc"),
    ({"noise": {"pink": "yes"}}, "noise.pink"),
    ({"noise": []}, "noise"),
    ({"noise": {"mains_hz": "55"}}, "noise.mains_hz"),
    ({"conditions": {"load": [0.9, 0.1]}}, "conditions.load"),
    ({"conditions": {"load": 0.5}}, "conditions.load"),
    ({"kind": "gear"}, "kind"),
    ({"preset": "none"}, "preset"),
    ({"preset": "rolling-6205", "kind": "journal"}, "kind"),
    ({"equations": "original-v2", "channels": ["x", "y"]}, "equations"),
    ({"kind": "rolling", "equations": "original-v2"}, "equations"),
    ("text", "config"),
]


@pytest.mark.parametrize(("document", "field"), REFUSED)
def test_what_makes_no_sense_is_refused_with_its_field(document, field):
    with pytest.raises(Invalid) as refused:
        GenerationConfig.from_json(document)
    assert refused.value.details["field"] == field
    assert refused.value.message.endswith(".")


def test_acceptance_simulate_french_names_are_understood():
    document = {"classes": ["sain", "jeu", "usure", "mixed_cavit_jeu"]}
    expected = ("healthy", "clearance", "wear", "cavitation_clearance")
    assert GenerationConfig.from_json(document).classes == expected


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    rate=st.floats(500.0, 50_000.0),
    key=st.sampled_from(default_config("journal").classes),
    channels=st.lists(st.sampled_from(["x", "y", "axial"]), min_size=1, unique=True),
)
def test_whatever_is_asked_for_is_finite_and_has_its_shape(seed, rate, key, channels):
    config = GenerationConfig(
        classes=(key,), per_class=1, seed=seed, sampling_rate_hz=rate, duration_s=0.2,
        channels=tuple(channels),
    )  # fmt: skip
    made = simulate(config, 0)
    assert made.samples.shape == (len(channels), config.n_samples)
    assert np.isfinite(made.samples).all()
    assert list(made.samples.shape) == [len(made.channels), round(rate * 0.2)]
