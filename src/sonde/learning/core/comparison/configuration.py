"""What experiments were made of, line by line, and which lines differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ConfigRow:
    """One line of the table of configurations.

    Parameters
    ----------
    section, name : str
    values : tuple of str
        Of each experiment; empty where it has no such setting.
    differs : bool
    """

    section: str
    name: str
    values: tuple[str, ...]
    differs: bool


Sections = Mapping[str, Mapping[str, Any]]


def config_rows(sections: Sequence[Sections]) -> tuple[ConfigRow, ...]:
    """Return every setting of any experiment, in the order in which they first appear.

    Parameters
    ----------
    sections : sequence of mapping
        One for each experiment: section, then name, then value; nested values are flattened.

    Examples
    --------
    >>> rows = config_rows([{"Model": {"seed": 0, "n_trees": 20}}, {"Model": {"seed": 1}}])
    >>> [(row.name, row.values, row.differs) for row in rows]
    [('seed', ('0', '1'), True), ('n_trees', ('20', ''), True)]
    """
    flat = [
        {
            (section, name): text
            for section, values in one.items()
            for name, text in _flat(values, "").items()
        }
        for one in sections
    ]
    order = list(dict.fromkeys(key for one in flat for key in one))
    every = dict.fromkeys(section for one in sections for section in one)
    places = {section: at for at, section in enumerate(every)}
    rows = []
    for section, name in sorted(order, key=lambda key: places[key[0]]):
        values = tuple(one.get((section, name), "") for one in flat)
        rows.append(ConfigRow(section, name, values, len(set(values)) > 1))
    return tuple(rows)


def value_text(value: Any) -> str:
    """Return a setting as people write it.

    Parameters
    ----------
    value : any JSON value

    Examples
    --------
    >>> value_text(True), value_text(0.001), value_text(None), value_text([1, 2])
    ('yes', '0.001', 'none', '1, 2')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(value_text(one) for one in value)
    return str(value)


def _flat(values: Mapping[str, Any], before: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = value_text(value)
    return found
