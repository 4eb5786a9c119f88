"""Samples worth a look: of every class the surest, the most doubtful and the worst mistake."""

from dataclasses import dataclass

import numpy as np

from sonde.learning.core.held_out import HeldOut


@dataclass(frozen=True)
class Example:
    """One held-out sample, and why it is worth a look.

    Parameters
    ----------
    sample : int
        Index into the experiment's problem.
    class_name : str
        What it is.
    words : str
        Why, in a few words.
    """

    sample: int
    class_name: str
    words: str


def examples(table: HeldOut) -> tuple[Example, ...]:
    """Return up to three held-out samples of every class, by what fold models said of them.

    Parameters
    ----------
    table : HeldOut

    Returns
    -------
    tuple of Example
        Of each class the surest right one, the least sure right one and the surest mistake, as far
        as there are such; no sample twice.
    """
    told = table.told
    sure = table.probabilities.max(axis=1)
    found: dict[int, Example] = {}
    for label, name in enumerate(table.class_names):
        right = np.flatnonzero((table.labels == label) & (told == label))
        wrong = np.flatnonzero((table.labels == label) & (told != label))
        ranked = right[np.argsort(-sure[right], kind="stable")]
        surest = wrong[np.argsort(-sure[wrong], kind="stable")][:1]
        for rows, words in (
            (ranked[:1], "surest right"),
            (ranked[-1:], "least sure right"),
            (surest, "told {told}"),
        ):
            for row in rows.tolist():
                said = words.format(told=table.class_names[told[row]])
                text = f"{said}, {sure[row]:.0%} · {table.recordings[row]}"
                sample = int(table.samples[row])
                found.setdefault(sample, Example(sample, name, text))
    return tuple(found.values())
