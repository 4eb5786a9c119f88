"""What a search means, as a tree: conditions on fields, joined by AND, OR and NOT."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sonde.platform.core.errors import Invalid


class SearchError(Invalid):
    """This search cannot be understood.

    Parameters
    ----------
    message : str
        What is wrong and what to do, as a sentence.
    position : int
        Which character of the search is meant, counted from 1.
    """

    def __init__(self, message: str, position: int) -> None:
        self.position = position
        super().__init__(
            f"Character {position} of the search: {message}", field="query", position=position
        )


class Kind(StrEnum):
    """What a field holds, and so how it is tested."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    CHOICE = "choice"
    METRIC = "metric"
    PARAMETER = "parameter"


class Which(StrEnum):
    """Which value of a metric is meant."""

    LAST = "last"
    BEST = "best"
    STEP = "step"


@dataclass(frozen=True)
class FieldRef:
    """A field, a metric of the training, or a parameter.

    Parameters
    ----------
    kind : Kind
    name : str
        Name of the field, key of the metric, or name of the parameter.
    which : Which
        Of a metric.
    step : int
        Of a metric at a step.
    """

    kind: Kind
    name: str
    which: Which = Which.LAST
    step: int = 0


@dataclass(frozen=True)
class Pattern:
    """A text to find, without regard to case.

    Parameters
    ----------
    text : str
        A ``*`` stands for anything, unless `is_quoted`.
    is_quoted : bool
    """

    text: str
    is_quoted: bool = False


@dataclass(frozen=True)
class NumberRange:
    """Numbers from `low` to `high`; None is open."""

    low: float | None = None
    high: float | None = None
    without_low: bool = False
    without_high: bool = False


@dataclass(frozen=True)
class Period:
    """Moments from `start` on, before `end`; None is open."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Chosen:
    """One of the words that a field knows."""

    value: str


Test = Pattern | NumberRange | Period | Chosen


@dataclass(frozen=True)
class Text:
    """Free text: it stands in the title, the notes, the data set, the model or a tag."""

    pattern: Pattern
    start: int
    end: int


@dataclass(frozen=True)
class Condition:
    """A field passes one of the tests.

    Parameters
    ----------
    field : FieldRef
    tests : tuple of Test
    start, end : int
        Where it stands in the search: from the character `start`, before `end`, counted from 0.
    """

    field: FieldRef
    tests: tuple[Test, ...]
    start: int
    end: int


@dataclass(frozen=True)
class And:
    """All of these; with no parts, everything."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    """At least one of these."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """Everything but this."""

    part: "Node"


Node = And | Or | Not | Text | Condition
EVERYTHING = And(())


def leaves(node: Node) -> Iterator[Text | Condition]:
    """Yield every text and condition of a search, from left to right.

    Parameters
    ----------
    node : Node

    Examples
    --------
    >>> a, b = Text(Pattern("a"), 0, 1), Text(Pattern("b"), 6, 7)
    >>> [one.pattern.text for one in leaves(And((a, Not(b))))]
    ['a', 'b']
    """
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, And | Or):
            waiting.extend(reversed(one.parts))
        elif isinstance(one, Not):
            waiting.append(one.part)
        else:
            yield one


def words_of(node: Node) -> tuple[Pattern, ...]:
    """Return the free texts that a search wants as a whole.

    Parameters
    ----------
    node : Node

    Examples
    --------
    >>> a, b = Text(Pattern("a"), 0, 1), Text(Pattern("b"), 6, 7)
    >>> [one.text for one in words_of(And((a, Not(b))))]
    ['a']
    """
    parts = node.parts if isinstance(node, And) else (node,)
    return tuple(one.pattern for one in parts if isinstance(one, Text))
