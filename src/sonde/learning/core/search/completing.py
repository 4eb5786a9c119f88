"""What could be written next: where the cursor stands, and how a value is put there."""

import re
from dataclasses import dataclass
from typing import Final

from sonde.learning.core.search.fields import FIELDS, SPLITS, field_of
from sonde.learning.core.search.syntax import Kind

_PLAIN: Final = re.compile(r"""[^\s()",:*<>=\\-][^\s()",*\\]*""")
_KEYWORDS: Final = frozenset({"AND", "OR", "NOT"})
_NUMBERS: Final = (">", "<", "0.8..0.9")
_TIMES: Final = (">7d", ">1d", ">30d", "today", "yesterday")


@dataclass(frozen=True)
class Asked:
    """What is being written.

    Parameters
    ----------
    before : str
        The search up to what is being written.
    field : str
        Its field; empty while the field itself, or a text, is being written.
    typed : str
        What is there of it, without quotes.
    """

    before: str
    field: str
    typed: str


@dataclass(frozen=True)
class Completion:
    """One way to go on.

    Parameters
    ----------
    query : str
        The whole search with it.
    label : str
    help : str
    """

    query: str
    label: str
    help: str


def asked_at_end(text: str) -> Asked:
    r"""Return what is being written at the end of a search.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> asked_at_end("seed:3 sta")
    Asked(before='seed:3 ', field='', typed='sta')
    >>> asked_at_end("seed:3 -tag:a,\"b c")
    Asked(before='seed:3 -tag:a,', field='tag', typed='b c')
    """
    start, comma, is_quoted = 0, 0, False
    for place, sign in enumerate(text):
        if sign == '"' and text[max(0, place - 1) : place] != "\\":
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif sign.isspace() or sign in "()":
            start = comma = place + 1
        elif sign == ",":
            comma = place + 1
    start += text[start : start + 1] == "-"
    name, colon, _value = text[start:].partition(":")
    if not colon or field_of(name) is None:
        return Asked(text[:start], "", text[start:])
    begins = max(comma, start + len(name) + 1)
    return Asked(text[:begins], name, text[begins:].strip('"'))


def field_completions(asked: Asked, names: tuple[str, ...] = ()) -> list[Completion]:
    """Return the fields, and `names` of metrics and parameters, that begin as is typed.

    Parameters
    ----------
    asked : Asked
    names : tuple of str

    Examples
    --------
    >>> [one.query for one in field_completions(asked_at_end("seed:3 sta"))]
    ['seed:3 status:']
    """
    typed = asked.typed.lower()
    known = [(name, f"{field.title}: {field.example}") for name, field in FIELDS.items()]
    known += [(name, "of the training") for name in names]
    return [
        Completion(f"{asked.before}{name}:", f"{name}:", help)
        for name, help in known
        if name.lower().startswith(typed)
        or (len(typed) > 1 and typed in name.lower() and name in names)
    ]


def value_completions(asked: Asked, values: tuple[str, ...]) -> list[Completion]:
    """Return the values that hold what is typed, each written so that it can be read again.

    Parameters
    ----------
    asked : Asked
    values : tuple of str

    Examples
    --------
    >>> [one.query for one in value_completions(asked_at_end("tag:ni"), ("night run", "day"))]
    ['tag:"night run"']
    """
    typed = asked.typed.lower()
    return [
        Completion(asked.before + written(value), value, asked.field)
        for value in values
        if typed in value.lower()
    ]


def own_values(field: str) -> tuple[str, ...]:
    """Return the values that a field has whatever the experiments are.

    Parameters
    ----------
    field : str

    Examples
    --------
    >>> own_values("split"), own_values("seed")[0]
    (('honest', 'leaky'), '>')
    """
    reference = field_of(field)
    if reference is None:
        return ()
    known = FIELDS.get(reference.name)
    if reference.kind is Kind.CHOICE and known and known.choices:
        return tuple(known.choices)
    if reference.kind is Kind.TIME:
        return _TIMES
    if reference.kind in {Kind.NUMBER, Kind.METRIC}:
        return _NUMBERS
    if reference.kind is Kind.TEXT and reference.name == "split":
        return tuple(SPLITS)
    return ()


def written(value: str) -> str:
    r"""Return a value as it is written after a colon, in quotes where it must be.

    Parameters
    ----------
    value : str

    Examples
    --------
    >>> written("baseline"), written('my "best" set')
    ('baseline', '"my \\"best\\" set"')
    """
    if _PLAIN.fullmatch(value) and value not in _KEYWORDS and ".." not in value:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
