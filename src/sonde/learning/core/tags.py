"""Tags: short names with a colour that experiments carry."""

from dataclasses import dataclass
from typing import Final

from sonde.platform.core.errors import Invalid

LONGEST: Final = 40
MOST_AT_ONCE: Final = 20
COLOURS: Final = (
    "gray", "red", "pink", "grape", "violet", "indigo",
    "blue", "cyan", "teal", "green", "lime", "yellow", "orange",
)  # fmt: skip


@dataclass(frozen=True)
class Tag:
    """One tag of a workspace.

    Parameters
    ----------
    id, workspace_id, owner_id : str
    name : str
        Unique in its workspace without regard to case.
    colour : str
        One of `COLOURS`.
    n_experiments : int
        How many carry it, those in the trash aside.
    """

    id: str
    workspace_id: str
    owner_id: str
    name: str
    colour: str
    n_experiments: int = 0


def checked_name(name: str) -> str:
    """Return the name of a tag as it is kept.

    Parameters
    ----------
    name : str

    Raises
    ------
    Invalid
        If it is empty, too long, or holds what does not print.

    Examples
    --------
    >>> checked_name("  night   run ")
    'night run'
    """
    kept = " ".join(name.split())
    if not kept or len(kept) > LONGEST or not kept.isprintable():
        raise Invalid(
            f"The name of a tag has 1 to {LONGEST} printable characters.", field="tag", name=kept
        )
    return kept


def checked_names(names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return names of tags as they are kept, each once.

    Parameters
    ----------
    names : sequence of str

    Raises
    ------
    Invalid

    Examples
    --------
    >>> checked_names(["a", "A ", "b"])
    ('a', 'b')
    """
    kept: dict[str, str] = {}
    for name in names:
        checked = checked_name(name)
        kept.setdefault(checked.lower(), checked)
    if len(kept) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE} tags are given at once.", field="tags")
    return tuple(kept.values())


def checked_colour(colour: str) -> str:
    """Return a colour that tags have.

    Parameters
    ----------
    colour : str

    Raises
    ------
    Invalid
    """
    if colour not in COLOURS:
        raise Invalid(f"A tag is {', '.join(COLOURS[:-1])} or {COLOURS[-1]}.", field="colour")
    return colour


def usual_colour(name: str) -> str:
    """Return the colour that a tag has until somebody chooses another: the same name, the same.

    Parameters
    ----------
    name : str

    Examples
    --------
    >>> usual_colour("baseline") == usual_colour("Baseline")
    True
    """
    return COLOURS[1 + sum(map(ord, name.lower())) % (len(COLOURS) - 1)]
