"""What a model says about a recording, with its doubts."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.calibrated import COVERAGE
from sonde.learning.core.prediction import ClassProbability, Prediction
from sonde.learning.ui.marks import calibration_badge, honesty_badge
from sonde.platform.ui.components import columns, facts, note
from sonde.platform.ui.tables import Column, plain_table
from sonde.platform.ui.theme import Tone

MAX_UPLOAD_BYTES = 64 * 1024 * 1024
_SHOWN_ROWS = 12


def prediction_panel(prediction: Prediction) -> Any:
    """Return what the model says about a recording."""
    return html.Div(
        [
            *_unlike(prediction),
            *_doubtful(prediction),
            columns([_verdict(prediction), _evidence(prediction.evidence)], minimum=280),
            *_tables(prediction.evidence),
            html.Details(
                [
                    html.Summary("What was taken as given"),
                    facts([(_words(k), v) for k, v in prediction.assumptions.items()]),
                ],
                className="sonde-twin",
            ),
        ],
        className="sonde-stack",
    )


def _unlike(prediction: Prediction) -> list[Any]:
    if prediction.is_unlike_training is None:
        return []
    how = ""
    if prediction.novelty is not None and prediction.novelty_threshold is not None:
        how = f" (novelty {prediction.novelty:.2f}, limit {prediction.novelty_threshold:.2f})"
    if prediction.is_unlike_training:
        return [
            note(
                f"The classes below are guesses among what the model knows{how}.",
                Tone.WARN,
                title="Unlike anything in training",
            )
        ]
    return [note(f"This recording looks like those of the training{how}.", Tone.GOOD)]


def _doubtful(prediction: Prediction) -> list[Any]:
    """Return why a person should look instead, beside being unlike training."""
    reasons = prediction.reject_reasons[bool(prediction.is_unlike_training) :]
    if not reasons:
        return []
    return [note(" ".join(reasons), Tone.WARN, title="Too doubtful: have a person look")]


def _verdict(prediction: Prediction) -> Any:
    worth = html.Div(
        [
            html.Span(f"A model of macro-F1 {prediction.macro_f1:.3f}", className="sonde-dim"),
            honesty_badge(prediction.is_honest),
            calibration_badge(prediction.is_calibrated, prediction.calibration),
        ],
        className="sonde-row",
    )
    verdict = _capital(prediction.verdict_title or prediction.verdict)
    what = "Calibrated mean" if prediction.is_calibrated else "Mean"
    return html.Div(
        [
            html.Div("The model says", className="sonde-dim"),
            html.Div(verdict, className="sonde-verdict"),
            html.Div([_probability(one) for one in prediction.classes]),
            html.Div(
                f"{what} over {prediction.n_windows} windows of {prediction.file_name}",
                className="sonde-dim",
            ),
            *_set(prediction),
            worth,
        ],
        className="sonde-stack",
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _set(prediction: Prediction) -> list[Any]:
    """Return the set that holds the true class, or why there is none."""
    if prediction.prediction_set is None:
        words = prediction.set_words
        return [html.Div(words, className="sonde-dim")] if words else []
    return [
        html.Div(
            [
                html.Div(["Possible: ", html.Span(prediction.set_words, className="sonde-strong")]),
                html.Div(
                    f"Such sets hold the true class of {COVERAGE:.0%} of the recordings.",
                    className="sonde-dim",
                ),
            ]
        )
    ]


def _probability(one: ClassProbability) -> Any:
    as_told = "" if one.told is None else f"{one.told:.1%} as the model told it"
    name = one.title or one.name
    return html.Div(
        [
            html.Span(name),
            dmc.Progress(
                value=one.probability * 100, size="md", **{"aria-label": f"Probability {name}"}
            ),
            html.Span(f"{one.probability:.1%}", className="sonde-number"),
        ],
        className="sonde-probability",
        title=as_told,
    )


def _evidence(evidence: Mapping[str, Any]) -> Any:
    """Return the domain's own verdict; learning knows its form, not its meaning."""
    plain = [(_words(k), _shown(v)) for k, v in evidence.items() if _is_plain(v)]
    verdict = str(evidence.get("verdict", "")).replace("_", " ")
    return html.Div(
        [
            html.Div("From first principles, without training", className="sonde-dim"),
            html.Div(verdict.capitalize() or "No verdict", className="sonde-verdict"),
            facts([pair for pair in plain if pair[0] != "Verdict"]),
        ],
        className="sonde-stack",
    )


def _tables(evidence: Mapping[str, Any]) -> list[Any]:
    return [_rows(k, v) for k, v in evidence.items() if not _is_plain(v) and _is_list(v)]


def _rows(name: str, rows: Sequence[Any]) -> Any:
    found = [row for row in rows if isinstance(row, Mapping)][:_SHOWN_ROWS]
    if not found:
        return html.Div()
    keys = [key for key, value in found[0].items() if _is_plain(value)]
    columns_ = [Column(_words(key), numeric=isinstance(found[0][key], int | float)) for key in keys]
    return html.Div(
        [
            html.Div(_words(name), className="sonde-strong"),
            plain_table(columns_, [[_plain(row.get(key)) for key in keys] for row in found]),
        ]
    )


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_plain(value: Any) -> bool:
    if _is_list(value):
        return bool(value) and all(isinstance(one, int | float | str) for one in value)
    return value is None or isinstance(value, str | int | float)


def _shown(value: Any) -> Any:
    if _is_list(value) and isinstance(value[0], str):
        return html.Ul([html.Li(one) for one in value], className="sonde-list")
    return _plain(value)


def _plain(value: Any) -> str:
    if _is_list(value):
        return " to ".join(_plain(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return "–" if value is None else str(value).replace("_", " ")


def _words(name: str) -> str:
    """Write a key in the words of people: ``expected_hz`` as ``Expected (Hz)``."""
    words = name.replace("_", " ").capitalize()
    return f"{words[:-3]} (Hz)" if words.endswith(" hz") else words
