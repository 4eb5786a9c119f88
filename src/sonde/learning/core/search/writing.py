"""Controls write the search: one field's values are set, the rest stays as it was typed."""

from collections.abc import Sequence
from datetime import datetime

from sonde.learning.core.search.completing import own_values, written
from sonde.learning.core.search.fields import FIELDS
from sonde.learning.core.search.parser import parse
from sonde.learning.core.search.syntax import And, Chosen, Condition, Node, Or, Pattern, leaves


def chosen(tree: Node, field: str) -> tuple[str, ...]:
    """Return the values that a search as a whole asks of a field.

    Parameters
    ----------
    tree : Node
    field : str

    Examples
    --------
    >>> from datetime import UTC
    >>> tree = parse("tag:a,b (tag:c OR d)", datetime(2026, 11, 1, tzinfo=UTC))
    >>> chosen(tree, "tag")
    ('a', 'b')
    """
    return tuple(
        _word(field, test.value) if isinstance(test, Chosen) else test.text
        for condition in _conditions(tree, field)
        for test in condition.tests
        if isinstance(test, Chosen | Pattern)
    )


def asks_for(tree: Node, mark: str) -> bool:
    """Say whether a search speaks of a mark, such as ``is:archived``, anywhere.

    Parameters
    ----------
    tree : Node
    mark : str
    """
    return any(
        isinstance(one, Condition) and one.field.name == "is" and Chosen(mark) in one.tests
        for one in leaves(tree)
    )


def with_values(text: str, now: datetime, field: str, values: Sequence[str]) -> str:
    """Return a search that asks these values of a field, any of them; none asks nothing of it.

    Parameters
    ----------
    text : str
    now : datetime
    field : str
    values : sequence of str

    Raises
    ------
    SearchError
        If `text` cannot be understood.

    Examples
    --------
    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 1, tzinfo=UTC)
    >>> with_values("a OR b", now, "status", ["completed"])
    '(a OR b) status:completed'
    >>> with_values("x AND tag:a seed:1", now, "tag", [])
    'x seed:1'
    """
    tree = parse(text, now)
    term = f"{field}:" + ",".join(map(written, values)) if values else ""
    found = _conditions(tree, field)
    if isinstance(tree, Or) and term:
        return f"({text.strip()}) {term}"
    if not found:
        return f"{text.strip()} {term}".strip()
    for position, condition in reversed(list(enumerate(found))):
        text = _replaced(text, condition, term if position == 0 else "")
    return " ".join(text.split()) if '"' not in text else text.strip()


def _conditions(tree: Node, field: str) -> list[Condition]:
    parts = tree.parts if isinstance(tree, And) else (tree,)
    return [one for one in parts if isinstance(one, Condition) and one.field.name == field]


def _replaced(text: str, condition: Condition, term: str) -> str:
    before, after = text[: condition.start], text[condition.end :]
    while before.rstrip().endswith("(") and after.lstrip().startswith(")"):
        before, after = before.rstrip()[:-1], after.lstrip()[1:]
    if term:
        return f"{before}{term}{after}"
    head, tail = before.rstrip(), after.lstrip()
    if head.endswith(" AND") or head == "AND":
        head = head[:-3].rstrip()
    elif tail.startswith(("AND ", "AND(")):
        tail = tail[3:].lstrip()
    return f"{head} {tail}".strip()


def _word(field: str, value: str) -> str:
    """Return the first word of a choice that stands for `value`."""
    choices = FIELDS[field].choices or {}
    return next((word for word in own_values(field) if choices.get(word) == value), value)
