"""What one source says about a recording, and how several are put together."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from sonde.bearings.core.fault_classes import Severity, find_fault_class
from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.platform.core.errors import Invalid

_LABELS = {
    "healthy": "healthy normal baseline good nofault ok none undamaged h",
    "inner": "inner ir innerrace innerring irfault innerracefault i",
    "outer": "outer or outerrace outerring orfault outerracefault o",
    "ball": "ball b balls rollingelement roller rolling re ballfault",
    "cage": "cage c cagefault",
}
_BY_WORD = {word: label for label, words in _LABELS.items() for word in words.split()}


@dataclass(frozen=True)
class Said:
    """What one source says; empty or None where it says nothing.

    Parameters
    ----------
    source : str
        Where it comes from, in words that a person reads: ``"label table"``.
    label, bearing, lineage, fault_size, fault_position, load, unit : str
    severity, session, tacho_channel : str
    taken_at : str
        When it was measured, ISO 8601.
    sampling_rate_hz, speed_rpm : float, optional
    conditions : mapping
        What else is known of the machine's state.
    """

    source: str
    label: str = ""
    bearing: str = ""
    lineage: str = ""
    fault_size: str = ""
    fault_position: str = ""
    load: str = ""
    unit: str = ""
    severity: str = ""
    session: str = ""
    tacho_channel: str = ""
    taken_at: str = ""
    sampling_rate_hz: float | None = None
    speed_rpm: float | None = None
    conditions: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


FIELDS = tuple(each.name for each in fields(Said) if each.name not in {"source", "conditions"})


def plain_label(text: str) -> str:
    """Return the product's own word for a class, or the text itself in lower case.

    Examples
    --------
    >>> plain_label("Inner Race"), plain_label("NORMAL"), plain_label("Loose foot")
    ('inner', 'healthy', 'loose foot')
    >>> plain_label("desequilibre")
    'imbalance'
    """
    text = text.strip().lower()
    own = _BY_WORD.get("".join(letter for letter in text if letter.isalnum()))
    journal = find_fault_class(text)
    return own or (journal.key if journal else text)


def plain_severity(text: str) -> str:
    """Return a severity in the product's own word; raises Invalid for another word.

    Examples
    --------
    >>> plain_severity(" Mild "), plain_severity("")
    ('mild', '')
    """
    text = text.strip().lower()
    known = [each.value for each in Severity]
    if text and text not in known:
        raise Invalid(f"{text!r} is no severity; {', '.join(known)} are.", field="severity")
    return text


def positive(text: str) -> float | None:
    """Return a positive finite number, or None for anything else.

    Examples
    --------
    >>> positive("1796.0"), positive(""), positive("-1")
    (1796.0, None, None)
    """
    try:
        figure = float(text.replace(",", "."))
    except ValueError:
        return None
    return figure if math.isfinite(figure) and figure > 0 else None


@dataclass(frozen=True)
class Agreed:
    """What the sources say together.

    Parameters
    ----------
    values : dict of str to object
        Value of each field of `Said` that any source fills.
    sources : dict of str to str
        Which source each value was taken from.
    contradictions : tuple of str
        Sentences about figures on which two sources differ.
    conditions : dict
        What any source knows of the machine's state.
    """

    values: dict[str, object]
    sources: dict[str, str]
    contradictions: tuple[str, ...]
    conditions: dict[str, Any]


def agree(sources: Iterable[Said]) -> Agreed:
    """Put sources together: the first that says something about a field decides it.

    Examples
    --------
    >>> both = agree([Said("you", label="inner"), Said("file", label="outer", speed_rpm=1797.0)])
    >>> both.values
    {'label': 'inner', 'speed_rpm': 1797.0}
    >>> both.contradictions
    ('label: inner (you), but outer (file)',)
    """
    values: dict[str, object] = {}
    origin: dict[str, str] = {}
    contradictions: list[str] = []
    conditions: dict[str, Any] = {}
    for said in sources:
        conditions = {**said.conditions, **conditions}
        for name in FIELDS:
            value = getattr(said, name)
            if value in {None, "", UNKNOWN_UNIT}:
                continue
            if name not in values:
                values[name], origin[name] = value, said.source
            elif _differ(values[name], value) and name in {"label", "sampling_rate_hz", "unit"}:
                noun = name.removesuffix("_hz").replace("_", " ")
                contradictions.append(
                    f"{noun}: {_text(values[name])} ({origin[name]}), "
                    f"but {_text(value)} ({said.source})"
                )
    return Agreed(values, origin, tuple(contradictions), conditions)


def _differ(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) > 1e-3 * max(one, other)
    return one != other


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
