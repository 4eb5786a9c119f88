"""Results and predictions as text for the terminal, or as one JSON object."""

import json
from typing import Any

from sonde.learning.core.calibrated import COVERAGE
from sonde.learning.core.estimating import Estimate
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.prediction import Prediction
from sonde.learning.core.result import ExperimentResult


def as_json(value: Any) -> str:
    """Return a value of ours as one JSON object, or several as a list."""
    return json.dumps(_plain(value), indent=2)


def as_line(value: Any) -> str:
    """Return a value of ours as one JSON object on one line."""
    return json.dumps(_plain(value))


def _plain(value: Any) -> Any:
    from pydantic import TypeAdapter

    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    adapter: TypeAdapter[Any] = TypeAdapter(type(value))
    return adapter.dump_python(value, mode="json")


def result_text(experiment: Experiment) -> str:
    """Return the result as a page of text; empty before there is one."""
    result = experiment.result
    if result is None:
        return ""
    evaluation, interval = result.evaluation, result.evaluation.interval
    mark = "" if result.certificate.is_honest else "  LEAKY"
    few = ", few groups" if interval.few_groups else ""
    lines = [
        "",
        f"Macro-F1 {evaluation.macro_f1:.3f}{mark}   "
        f"[{interval.low:.3f}, {interval.high:.3f}] over {interval.n_groups} "
        f"{result.certificate.group_noun}s{few}, {evaluation.aggregation}",
        "Folds    " + ", ".join(f"{fold.name} {fold.macro_f1:.3f}" for fold in evaluation.folds),
    ]
    if set(evaluation.named_classes) != set(evaluation.class_names):
        named = ", ".join(evaluation.named_classes)
        lines.append(f"Macro-F1 {evaluation.named_macro_f1:.3f} over {named}")
    lines += ["", *_class_rows(result), "", f"Split    {result.certificate.summary}"]
    if result.leaky is not None:
        lines.append(f"Leaky    {result.leaky.macro_f1:.3f} by random windows: not to be believed")
    for unseen in result.novelty.unseen if result.novelty else ():
        lines.append(f"Novelty  AUROC {unseen.mean_auroc:.2f} for an unseen {unseen.attribute}")
    return "\n".join(lines)


def estimate_text(found: Estimate) -> str:
    """Return what an experiment would be worth and cost as a few lines of text."""
    lines = [
        f"Split    {found.certificate.summary}",
        f"Cost     {found.work.n_fits} fits of about {found.work.n_samples:,} windows, "
        f"{found.low_s:,.0f} to {found.high_s:,.0f} s",
    ]
    if found.n_parameters is not None:
        lines.append(f"Network  {found.n_parameters:,} parameters")
    return "\n".join(lines)


def _class_rows(result: ExperimentResult) -> list[str]:
    rows = [f"{'class':<14}{'precision':>10}{'recall':>8}{'F1':>8}{'windows':>9}"]
    rows += [
        f"{row.name:<14}{row.precision:>10.3f}{row.recall:>8.3f}{row.f1:>8.3f}{row.n_samples:>9}"
        for row in result.evaluation.classes
    ]
    return rows


def prediction_text(told: Prediction) -> str:
    """Return a prediction as a page of text."""
    verdict = told.verdict_title or told.verdict
    lines = [f"{told.file_name}: {verdict}  ({told.n_windows} windows)", ""]
    if told.is_unlike_training:
        lines[1:1] = ["Unlike anything in training: do not rely on this answer."]
    doubts = told.reject_reasons[bool(told.is_unlike_training) :]
    if doubts:
        lines += [f"Have a person look: {' '.join(doubts)}", ""]
    names = {row: row.title or row.name for row in told.classes}
    width = max(14, *(len(name) + 2 for name in names.values()))
    lines += [f"  {name:<{width}}{row.probability:>7.1%}" for row, name in names.items()]
    if told.set_words:
        promise = f" ({COVERAGE:.0%} of such sets are right)" * bool(told.prediction_set)
        lines += ["", f"Possible {told.set_words}{promise}"]
    honest = "honest" if told.is_honest else "LEAKY"
    lines += ["", f"Model    {told.experiment_title}, macro-F1 {told.macro_f1:.3f} ({honest})"]
    if told.calibration:
        mark = "" if told.is_calibrated else "Uncalibrated. "
        lines.append(f"Sureness {mark}{told.calibration}")
    if told.evidence:
        lines.append("Physics  " + _short(told.evidence))
    lines += [f"Assumed  {name}: {value}" for name, value in told.assumptions.items()]
    return "\n".join(lines)


def _short(evidence: Any) -> str:
    facts = {
        name: value for name, value in evidence.items() if isinstance(value, str | int | float)
    }
    return ", ".join(f"{name} {value}" for name, value in facts.items())
