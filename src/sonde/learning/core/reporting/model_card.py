"""A model card: what a person must know before using a model, as Markdown."""

import json
from collections.abc import Sequence
from itertools import groupby

from sonde.learning.core.experiment_document import document_of_experiment
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.reporting.notebook import finished
from sonde.learning.core.result import ExperimentResult
from sonde.learning.core.slices import Slice


def model_card(experiment: Experiment, conditions: Sequence[Slice] = ()) -> str:
    """Return the card of a finished experiment's model.

    Parameters
    ----------
    experiment : Experiment
    conditions : sequence of Slice
        Scores by condition, within each the worst first.

    Raises
    ------
    Conflict
        If it is not finished.
    """
    result = finished(experiment)
    parts = [
        f"# {experiment.summary.title}",
        _what(experiment, result),
        "## What it is worth",
        _worth(result),
        "## Per class",
        _classes(result),
        *_by_condition(conditions),
        "## When not to trust it",
        _limits(result),
        "## Data and split",
        _data(result),
        "## Exact configuration",
        f"```json\n{json.dumps(document_of_experiment(experiment), indent=2)}\n```",
        "## Made with",
        _made_with(result),
    ]
    return "\n\n".join(parts) + "\n"


def _what(experiment: Experiment, result: ExperimentResult) -> str:
    summary = experiment.summary
    channels, samples = result.window_shape
    return (
        f"{summary.model_title}, trained on {summary.ref_title}. It tells "
        f"{_titles(result, result.evaluation.class_names)} from windows of {samples:,} samples of "
        f"{channels} channel{'s' * (channels > 1)} at {result.sampling_rate_hz:g} Hz in unit "
        f"{result.unit}. Model `{result.model_hash}`, {result.model_bytes:,} bytes."
    )


def _titles(result: ExperimentResult, names: Sequence[str]) -> str:
    return ", ".join(map(result.certificate.title_of, names))


def _titled(result: ExperimentResult, name: str) -> str:
    """Return the title of a class, with the key that programs read behind it."""
    title = result.certificate.title_of(name)
    return title if title == name else f"{title} (`{name}`)"


def _worth(result: ExperimentResult) -> str:
    evaluation, noun = result.evaluation, result.certificate.group_noun
    lines = [result.stopped] if result.stopped else []
    lines += [
        f"Macro-F1 **{evaluation.macro_f1:.4f}** (95 % interval {evaluation.interval.low:.4f} to "
        f"{evaluation.interval.high:.4f} over {evaluation.interval.n_groups} {noun}s), accuracy "
        f"{evaluation.accuracy:.4f}.",
        result.certificate.summary,
    ]
    if result.leaky:
        lines.append(
            f"With {result.leaky.policy_title.lower()} it would seem to be "
            f"{result.leaky.macro_f1:.4f}. {result.leaky.warning}"
        )
    return "\n\n".join(lines)


def _classes(result: ExperimentResult) -> str:
    noun = result.certificate.group_noun
    head = f"| class | precision | recall | F1 | windows | {noun}s |\n|---|---|---|---|---|---|"
    rows = [
        f"| {_titled(result, one.name)} | {one.precision:.3f} | {one.recall:.3f} | {one.f1:.3f} | "
        f"{one.n_samples:,} | {one.n_groups} |"
        for one in result.evaluation.classes
    ]
    return "\n".join((head, *rows))


def _by_condition(conditions: Sequence[Slice]) -> list[str]:
    """Return the worst and the best value of every condition."""
    rows = []
    for attribute, found in groupby(conditions, key=lambda one: one.attribute):
        mine = list(found)
        worst, best = mine[0], mine[-1]
        rows.append(
            f"| {attribute.replace('_', ' ')} | {worst.value}: {worst.accuracy:.3f} | "
            f"{best.value}: {best.accuracy:.3f} |"
        )
    if not rows:
        return []
    head = "| condition | worst, accuracy | best, accuracy |\n|---|---|---|"
    return ["## By condition", "\n".join((head, *rows))]


def _made_with(result: ExperimentResult) -> str:
    made = result.provenance
    if made is None:
        return "\n".join(f"- {name} {version}" for name, version in result.versions)
    seeds = ", ".join(f"{name} {seed}" for name, seed in made.seeds.items())
    environment = made.environment
    lines = [
        f"- Sonde {made.code.words}",
        f"- seeds: {seeds}",
        f"- folds `{made.split_hash}`",
        f"- Python {environment.python} on {environment.platform}, {environment.device}",
        *(f"- {name} {version}" for name, version in environment.libraries),
    ]
    return "\n".join(lines)


def _limits(result: ExperimentResult) -> str:
    noun = result.certificate.group_noun
    lines = [
        "- It always answers with one of its classes; for anything else its answer means nothing.",
        "- Its probabilities are those of the training data's mixture of classes.",
    ]
    if result.evaluation.interval.few_groups:
        lines.append(f"- Few {noun}s were tested: believe the folds rather than the interval.")
    if result.certificate.divided_by_record:
        names = _titles(result, result.certificate.divided_by_record)
        lines.append(f"- For {names} there was a single {noun}: nothing is known of another one.")
    if result.novelty:
        lines.append(
            "- A recording unlike the training data is marked; the mark was measured by leaving "
            "conditions out."
        )
    if not result.certificate.is_honest:
        lines.append("- The split leaks: the score is better than the model.")
    return "\n".join(lines)


def _data(result: ExperimentResult) -> str:
    certificate = result.certificate
    detail = f": {certificate.detail}" if certificate.detail else ""
    return (
        f"{certificate.n_samples:,} windows of {certificate.n_recordings:,} recordings from "
        f"{certificate.n_groups:,} {certificate.group_noun}s, {certificate.policy_title}{detail}, "
        f"{len(certificate.folds)} folds. Data `{result.data_hash}`."
    )
