"""What the panels share: words for intervals, and what every answer rests on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import html

from sonde.platform.ui.components import note
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count

Linked = Callable[[list[Mapping[str, Any]]], tuple[str, ...]]
"""From samples of an answer to the address where each can be looked at; empty without one."""


def figure(value: float | None, digits: int = 3) -> str:
    """Write a figure; a dash where there is none.

    Examples
    --------
    >>> figure(0.12345), figure(None)
    ('0.123', '–')
    """
    return "–" if value is None else f"{value:.{digits}f}"


def between(interval: Sequence[float | None]) -> str:
    """Write an interval.

    Examples
    --------
    >>> between([0.25, 0.75]), between([None, None])
    ('0.250 to 0.750', '–')
    """
    low, high = interval
    return "–" if low is None or high is None else f"{low:.3f} to {high:.3f}"


def share(value: float | None) -> str:
    """Write a share in percent with one decimal.

    Examples
    --------
    >>> share(0.1234), share(None)
    ('12.3 %', '–')
    """
    return "–" if value is None else f"{value * 100:.1f} %"


def worth(found: Mapping[str, Any], mark: Any, *, is_honest: bool) -> Any:
    """Return what the whole answer rests on: samples, groups, and the split's honesty."""
    noun = found["group_noun"]
    n_groups, n_folds = found["n_groups"], found["n_folds"]
    text = (
        f"{count(found['n_samples'])} held-out samples of {n_groups} {noun}{'s' * (n_groups != 1)} "
        f"in {n_folds} fold{'s' * (n_folds != 1)}; intervals draw whole {noun}s."
    )
    if found["few_groups"]:
        text += f" These are few {noun}s: the intervals are rough."
    if not is_honest:
        text += " The split leaks: everything here is too good."
    tone = Tone.GOOD if is_honest and not found["few_groups"] else Tone.WARN
    return note(
        html.Span([mark, " ", text], className="sonde-row"), tone, icon_name="tabler:shield-check"
    )
