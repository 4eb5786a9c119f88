"""Bundles hold no pickle, come back equal, and refuse what is not theirs."""

import json
import pickle
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save

from sonde.learning.core.bundle import FORMAT, Bundle, ModelCard, dump, load
from sonde.learning.core.calibrated import Calibration, UnitCalibration
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.novelty import fit_novelty
from sonde.platform.core.errors import Unreadable
from tests.unit.learning.toy_problem import toy_problem

PROBLEM = toy_problem()
EVERY = np.arange(len(PROBLEM))
FEATURES = PROBLEM.read_features(EVERY)
UNIT = UnitCalibration(40, 2.0, 0.12, 0.03, None, 0.91, 0.6, 0.9, 0.04)


def bundle(**changes: object) -> Bundle:
    config = ModelConfig("random-forest", 3, {"n_trees": 10})
    fitted = MODELS["random-forest"].fit(PROBLEM, EVERY, config, lambda fraction: None)
    card = ModelCard(
        title="Toy",
        model="random-forest",
        config={"seed": 3, "values": {"n_trees": 10}},
        class_names=PROBLEM.class_names,
        feature_recipe=PROBLEM.feature_recipe,
        feature_names=PROBLEM.feature_names,
        sampling_rate_hz=256.0,
        unit="unknown",
        window_shape=(1, 256),
        source="toys",
        source_options={"window": 256},
        certificate={"policy": "group-k-fold"},
        macro_f1=0.9,
        data_hash="toy",
        created_at="2026-01-01T00:00:00Z",
    )
    return Bundle(replace(card, **changes), fitted, fit_novelty(PROBLEM, EVERY, FEATURES))


def test_a_bundle_comes_back_equal() -> None:
    original = bundle()
    content, model_hash = dump(original)
    again = load(content)
    assert again.card == replace(original.card, model_hash=model_hash)
    assert np.array_equal(
        again.fitted.predict_proba(FEATURES), original.fitted.predict_proba(FEATURES)
    )
    assert again.novelty is not None
    assert again.novelty.score(FEATURES[:8]) == original.novelty.score(FEATURES[:8])
    assert dump(original) == (content, model_hash), "the same model is the same bytes"


def test_a_bundle_without_novelty() -> None:
    assert load(dump(replace(bundle(), novelty=None))[0]).novelty is None


def test_a_calibration_travels_in_the_card_and_leaves_the_model_hash_alone() -> None:
    calibration = Calibration(UNIT, UNIT, 12, "bearing")
    content, model_hash = dump(bundle(calibration=calibration))
    assert load(content).card.calibration == calibration
    assert model_hash == dump(bundle())[1]


def _with_card(change: Callable[[dict[str, Any]], None]) -> bytes:
    """Write a bundle anew with another card; its arrays stay as they are."""
    content, _ = dump(bundle())
    length = int.from_bytes(content[:8], "little")
    card = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["card"])
    change(card)
    return save(load_arrays(content), metadata={"card": json.dumps(card)})


def test_a_bundle_of_before_calibration_is_read_and_says_so() -> None:
    def forget(card: dict[str, Any]) -> None:
        del card["calibration"], card["uncalibrated"]

    card = load(_with_card(forget)).card
    assert card.calibration is None
    assert "before models carried their calibration" in card.uncalibrated


@pytest.mark.parametrize(
    "strange",
    [
        [],
        {},
        {"windows": {}, "recordings": {}, "n_groups": 1, "group_noun": "bearing"},
        {
            "windows": {**asdict(UNIT), "temperature": 0.0},
            "recordings": asdict(UNIT),
            "n_groups": 1,
            "group_noun": "x",
        },
        {
            "windows": asdict(UNIT),
            "recordings": {**asdict(UNIT), "set_limit": "0.5"},
            "n_groups": 1,
            "group_noun": "x",
        },
    ],
    ids=["list", "empty", "few facts", "no temperature", "text"],
)
def test_a_strange_calibration_is_refused(strange: Any) -> None:
    with pytest.raises(Unreadable, match="not a model of ours"):
        load(_with_card(lambda card: card.update(calibration=strange)))


def _meta(**facts: str) -> bytes:
    return save({"a": np.zeros(1)}, metadata=facts or None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 8,
        b"\xff" * 40,
        pickle.dumps({"a": 1}),
        _meta(),
        _meta(card="{}"),
        _meta(card="[]"),
        _meta(card='{"format": "other/1"}'),
        _meta(card=f'{{"format": "{FORMAT}"}}'),
        save({"a": np.zeros(1)}),
    ],
    ids=[
        "empty",
        "zeros",
        "ones",
        "pickle",
        "no card",
        "bare",
        "list",
        "format",
        "few facts",
        "nothing",
    ],
)
def test_what_is_no_bundle_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="not a model of ours"):
        load(content)


def test_unknown_models_are_refused() -> None:
    with pytest.raises(Unreadable, match=r"no model 'os\.system'"):
        load(dump(bundle(model="os.system"))[0])


def test_arrays_of_another_model_are_refused() -> None:
    with pytest.raises(Unreadable, match="claim to be"):
        load(dump(bundle(model="rbf-svm"))[0])


def test_a_changed_bundle_is_refused() -> None:
    content, _ = dump(bundle())
    with pytest.raises(Unreadable, match="changed after"):
        load(content[:-4] + b"\x01\x02\x03\x04")


def test_strange_types_are_refused() -> None:
    original = bundle()

    class Odd:
        def predict_proba(self, inputs: np.ndarray) -> np.ndarray:
            return inputs

        def arrays(self) -> dict[str, np.ndarray]:
            return {"a": np.zeros(2, dtype=np.complex64)}

    with pytest.raises(Unreadable, match="complex64"):
        load(dump(replace(original, fitted=Odd()))[0])
