"""How a result was made: what the person wrote and chose, and what came of it, as facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from dash import html

from sonde.learning.core.evaluating.class_intervals import ScoreIntervals
from sonde.learning.core.experiments import Experiment, ExperimentSummary
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TRAINING_KNOBS, TrainingConfig
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.result import ExperimentResult
from sonde.platform.ui.wording import duration, moment

_ALWAYS_TOLD: Final = {"epochs", "batch_size", "optimiser", "learning_rate", "schedule", "loss"}


@dataclass(frozen=True)
class About:
    """What is known of an experiment beside its result.

    Parameters
    ----------
    tags : tuple of str
    intervals : ScoreIntervals, optional
    """

    tags: tuple[str, ...] = ()
    intervals: ScoreIntervals | None = None


def asked_for(experiment: Experiment) -> list[tuple[str, Any]]:
    """Return what the person chose."""
    summary = experiment.summary
    rows: list[tuple[str, Any]] = [
        ("Data", summary.ref_title),
        ("Model", summary.model_title),
        ("Split", _split_words(summary)),
        ("Seed", f"{summary.seed}"),
        ("Started", moment(summary.created_at)),
    ]
    titles = _titles(summary.model)
    rows += [
        (titles.get(name, name), _value(value)) for name, value in experiment.model.values.items()
    ]
    return rows + _training(experiment.model)


def words_of(experiment: Experiment, about: About) -> list[tuple[str, Any]]:
    """Return what a person wrote about it, and the family that it belongs to."""
    summary = experiment.summary
    rows: list[tuple[str, Any]] = []
    if about.tags:
        rows.append(("Tags", ", ".join(about.tags)))
    if summary.notes:
        rows.append(("Notes", html.Span(summary.notes, className="sonde-wrap")))
    if summary.family_id:
        href = "/experiments?" + urlencode({"q": f"family:{summary.family_id}"})
        rows.append(("Family", html.A("the same with other seeds", href=href)))
    return rows


def _split_words(summary: ExperimentSummary) -> str:
    detail = summary.split_detail.replace("_", " ")
    return f"{summary.policy_title}: {detail}" if detail else summary.policy_title


def _training(config: ModelConfig) -> list[tuple[str, Any]]:
    """Return how a network learned: the usual settings, and whatever was changed."""
    if config.model not in MODELS or not MODELS[config.model].uses_training:
        return []
    training, usual = config.training, TrainingConfig()
    rows: list[tuple[str, Any]] = [
        (knob.title, _value(getattr(training, knob.name)))
        for knob in TRAINING_KNOBS
        if knob.name in _ALWAYS_TOLD or getattr(training, knob.name) != getattr(usual, knob.name)
    ]
    if training.augmentations:
        rows.append(("Augmentations", ", ".join(training.augmentations)))
    if training.progressive_resizing:
        lengths = ", ".join(f"{length:,}" for length in training.progressive_resizing)
        rows.append(("Progressive resizing", lengths))
    if training.teacher:
        href = f"/experiment/{training.teacher}/results"
        rows.append(("Teacher", html.A("a finished experiment", href=href)))
    return rows


def _titles(model: str) -> dict[str, str]:
    knobs = MODELS[model].hyper_parameters if model in MODELS else ()
    return {knob.name: knob.title for knob in knobs}


def made(result: ExperimentResult) -> list[tuple[str, Any]]:
    """Return what came of it: windows, features, hashes, versions."""
    channels, samples = result.window_shape
    return [
        ("Windows", f"{samples:,} samples, {channels} channel{'s' if channels > 1 else ''}"),
        ("Sampling rate", f"{result.sampling_rate_hz:,.0f} Hz"),
        ("Unit", result.unit),
        ("Features", f"{result.n_features} by {result.feature_recipe}"),
        ("Trained in", duration(result.train_seconds)),
        ("Data hash", html.Code(result.data_hash[:16])),
        ("Model hash", html.Code(result.model_hash[:16])),
        ("Model size", f"{result.model_bytes / 1024:,.0f} kB"),
        ("Libraries", _versions(result.versions)),
    ]


def _versions(versions: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
