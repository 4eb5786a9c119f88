"""The samples behind a cell of the confusion matrix, or all errors, each with its signal."""

from collections.abc import Sequence
from typing import Any

from dash import html

from sonde.learning.core.slices import LinkedSample
from sonde.learning.ui.experiment_result.state import ResultState
from sonde.platform.ui.components import card, empty_state
from sonde.platform.ui.tables import Column, plain_table

_COLUMNS = (
    Column("Recording"),
    Column("Truth"),
    Column("Told as"),
    Column("Probability", numeric=True),
    Column("Samples", numeric=True),
    Column("Fold"),
    Column("Conditions"),
    Column("Signal"),
)


def samples_panel(n_samples: int, found: Sequence[LinkedSample], state: ResultState) -> list[Any]:
    """Return the list, the surest mistake first."""
    what = f"{state.label} told as {state.told}" if state.label and state.told else "Errors"
    if not found:
        return [
            card(
                empty_state(
                    "None", f"No held-out window is here: {what.lower()}.", icon_name="tabler:check"
                ),
                title=what,
            )
        ]
    windows = "window" if n_samples == 1 else "windows"
    shown = "" if n_samples == len(found) else f" The {len(found)} surest are shown."
    all_errors = [html.A("Show all errors", href="?tab=samples")] if state.label else []
    return [
        card(
            [*all_errors, plain_table(_COLUMNS, [_row(one) for one in found])],
            title=what,
            description=f"{n_samples:,} held-out {windows}, the surest first.{shown}",
        )
    ]


def _row(one: LinkedSample) -> list[Any]:
    sample = one.sample
    conditions = ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in sample.attributes if value
    )
    look = html.A("Look", href=one.link) if one.link else "–"
    return [
        sample.recording,
        sample.label,
        sample.told,
        f"{sample.probability:.3f}",
        f"{sample.first:,} to {sample.last:,}",
        sample.fold,
        conditions or "–",
        look,
    ]
