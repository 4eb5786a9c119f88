"""The names of conditions: eleven of journal bearings, four of rolling bearings.

Identifiers and order of the eleven are a contract: files, models and tables of the original
platform refer to them by number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

HEALTHY = "healthy"


class Severity(StrEnum):
    """How far a fault has come; a healthy bearing is nominal."""

    NOMINAL = "nominal"
    INCIPIENT = "incipient"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


@dataclass(frozen=True)
class FaultClass:
    """One condition of a journal bearing.

    Parameters
    ----------
    id : int
        0 to 10.
    key : str
        The label that recordings carry, such as ``"oil_whirl"``.
    title : str
        For people.
    aliases : tuple of str
        Other names of the original platform, its French key first.
    """

    id: int
    key: str
    title: str
    aliases: tuple[str, ...]


JOURNAL_CLASSES: tuple[FaultClass, ...] = (
    FaultClass(0, HEALTHY, "Healthy", ("sain", "normal")),
    FaultClass(1, "misalignment", "Misalignment", ("desalignement",)),
    FaultClass(2, "imbalance", "Imbalance", ("desequilibre",)),
    FaultClass(3, "clearance", "Bearing clearance", ("jeu", "looseness")),
    FaultClass(4, "lubrication", "Lubrication deficiency", ("lubrification",)),
    FaultClass(5, "cavitation", "Cavitation", ()),
    FaultClass(6, "wear", "Wear", ("usure",)),
    FaultClass(7, "oil_whirl", "Oil whirl", ("oilwhirl",)),
    FaultClass(
        8,
        "misalignment_imbalance",
        "Misalignment and imbalance",
        ("mixed_misalign_imbalance", "combined_misalign_imbalance"),
    ),
    FaultClass(
        9,
        "wear_lubrication",
        "Wear and lubrication deficiency",
        ("mixed_wear_lube", "combined_wear_lube"),
    ),
    FaultClass(
        10,
        "cavitation_clearance",
        "Cavitation and clearance",
        ("mixed_cavit_jeu", "combined_cavit_jeu"),
    ),
)

ROLLING_CLASSES: tuple[str, ...] = (HEALTHY, "inner", "outer", "ball")
_OTHER_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "inner": "Inner race",
        "outer": "Outer race",
        "ball": "Rolling element",
        "oil_whip": "Oil whip",
    }
)
_BY_NAME: Mapping[str, FaultClass] = MappingProxyType(
    {name: one for one in JOURNAL_CLASSES for name in (one.key, *one.aliases)}
)


def find_fault_class(name: str) -> FaultClass | None:
    """Return the journal-bearing class of a key or of one of its aliases, None if there is none.

    Examples
    --------
    >>> find_fault_class("jeu").key, find_fault_class("Oil-Whirl").id, find_fault_class("inner")
    ('clearance', 7, None)
    """
    return _BY_NAME.get(name.strip().lower().replace("-", "_").replace(" ", "_"))


def labels_titled(word: str) -> tuple[str, ...]:
    """Return the labels whose titles hold a word, whatever its case.

    Examples
    --------
    >>> labels_titled("Race"), labels_titled("whip"), labels_titled("nothing")
    (('inner', 'outer'), ('oil_whip',), ())
    """
    titles = {one.key: one.title for one in JOURNAL_CLASSES} | dict(_OTHER_TITLES)
    return tuple(label for label, title in titles.items() if word.lower() in title.lower())


def class_title(label: str) -> str:
    """Return what people call a class; words that are no known class stay as they are.

    Examples
    --------
    >>> class_title("cavitation_clearance"), class_title("inner"), class_title("my own fault")
    ('Cavitation and clearance', 'Inner race', 'my own fault')
    """
    if label in _OTHER_TITLES:
        return _OTHER_TITLES[label]
    found = _BY_NAME.get(label)
    return label if found is None else found.title
