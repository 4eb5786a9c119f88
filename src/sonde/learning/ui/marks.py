"""How scores look wherever they stand: with their honesty, never without."""

from typing import Any

from dash import html

from sonde.learning.core.certificate import SplitCertificate
from sonde.learning.core.evaluation import FEW_GROUPS, Interval
from sonde.platform.ui.components import badge
from sonde.platform.ui.theme import Tone

_HONEST = "Nothing that belongs together was on both sides of the split."
_LEAKY = "The model was tested on what it had in effect already seen; the score is too good."


def score_text(score: float | None) -> str:
    """Write a score with three decimals.

    Examples
    --------
    >>> score_text(0.8614), score_text(None)
    ('0.861', '–')
    """
    return "–" if score is None else f"{score:.3f}"


def honesty_badge(is_honest: bool) -> Any:
    """Return the mark that every score carries."""
    if is_honest:
        return badge("Honest", Tone.GOOD, icon_name="tabler:shield-check", hint=_HONEST)
    return badge("Leaky", Tone.WARN, icon_name="tabler:droplet", hint=_LEAKY)


def calibration_badge(is_calibrated: bool, words: str) -> Any:
    """Return the mark of probabilities; `words` say what they rest on, or why they are raw."""
    if is_calibrated:
        return badge("Calibrated", Tone.GOOD, icon_name="tabler:target", hint=words)
    return badge("Uncalibrated", Tone.NEUTRAL, icon_name="tabler:target", hint=words)


def few_groups_badge(interval: Interval, group_noun: str) -> list[Any]:
    """Return the mark of an interval over few groups, if it is one."""
    if not interval.few_groups:
        return []
    hint = (
        f"Only {interval.n_groups} {group_noun}s were tested (fewer than {FEW_GROUPS}): "
        "believe the values of the folds rather than the interval."
    )
    return [badge("Few groups", Tone.WARN, icon_name="tabler:alert-triangle", hint=hint)]


def interval_text(interval: Interval, group_noun: str) -> str:
    """Say how sure a score is."""
    return (
        f"{interval.level:.0%} interval {interval.low:.3f} to {interval.high:.3f}, "
        f"over {interval.n_groups} {group_noun}s"
    )


def score_line(score: float, interval: Interval, leaky: float | None) -> Any:
    """Return the scale from 0 to 1 with the score, its interval and the leaky score."""
    words = f"Score {score:.3f}, interval {interval.low:.3f} to {interval.high:.3f}"
    marks = [
        html.Span(
            className="sonde-scale-band",
            style={
                "left": f"{interval.low * 100:.2f}%",
                "width": f"{max(0.4, (interval.high - interval.low) * 100):.2f}%",
            },
        ),
        html.Span(className="sonde-scale-dot", style={"left": f"{score * 100:.2f}%"}),
    ]
    if leaky is not None:
        words += f"; leaky score {leaky:.3f}"
        marks.append(html.Span(className="sonde-scale-leak", style={"left": f"{leaky * 100:.2f}%"}))
    ticks = html.Div([html.Span(f"{n / 4:g}") for n in range(5)], className="sonde-scale-ticks")
    return html.Div(
        [html.Div(marks, className="sonde-scale"), ticks], role="img", **{"aria-label": words}
    )


def split_title(certificate: SplitCertificate) -> str:
    """Name the split as people do."""
    detail = f": {certificate.detail.replace('_', ' ')}" if certificate.detail else ""
    return f"{certificate.policy_title}{detail}"
