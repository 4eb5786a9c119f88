"""The columns that the list of experiments can have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sonde.learning.core.search.fields import PARAMETER, field_of, metric_name
from sonde.learning.core.search.syntax import FieldRef, Kind
from sonde.platform.core.errors import Invalid

MOST_COLUMNS: Final = 40


@dataclass(frozen=True)
class ListColumn:
    """One column.

    Parameters
    ----------
    key : str
        How addresses and exports name it.
    title : str
    is_numeric : bool
    is_sortable : bool
    reference : FieldRef, optional
        Of metrics and parameters.
    """

    key: str
    title: str
    is_numeric: bool = False
    is_sortable: bool = True
    reference: FieldRef | None = None


_FIXED: Final = (
    ListColumn("title", "Experiment"),
    ListColumn("tags", "Tags", is_sortable=False),
    ListColumn("dataset", "Data"),
    ListColumn("model", "Model"),
    ListColumn("split", "Split"),
    ListColumn("macro_f1", "Macro-F1", is_numeric=True),
    ListColumn("accuracy", "Accuracy", is_numeric=True),
    ListColumn("low", "Interval from", is_numeric=True),
    ListColumn("high", "Interval to", is_numeric=True),
    ListColumn("certificate", "Split is"),
    ListColumn("leaky", "Leaky score", is_numeric=True),
    ListColumn("groups", "Groups", is_numeric=True),
    ListColumn("status", "State"),
    ListColumn("created", "Started"),
    ListColumn("finished", "Finished"),
    ListColumn("duration", "Minutes", is_numeric=True),
    ListColumn("seed", "Seed", is_numeric=True),
    ListColumn("family", "Family"),
    ListColumn("owner", "Owner"),
    ListColumn("notes", "Notes", is_sortable=False),
    ListColumn("id", "Id"),
)
FIXED: Final[Mapping[str, ListColumn]] = {column.key: column for column in _FIXED}
DEFAULT: Final = (
    "title", "status", "macro_f1", "certificate", "model", "tags", "dataset", "created",
)  # fmt: skip
GROUPS: Final = {
    "family": "Family of seeds",
    "model": "Model",
    "dataset": "Data set",
    "split": "Split",
    "owner": "Owner",
    "status": "State",
}


def column_of(key: str) -> ListColumn:
    """Return the column of this key.

    Parameters
    ----------
    key : str
        ``"macro_f1"``, ``"best.validation/accuracy"``, ``"loss@10"``, ``"param.n_trees"``.

    Raises
    ------
    Invalid
        If there is no such column.

    Examples
    --------
    >>> column_of("best.loss").key, column_of("param.n_trees").title
    ('best.validation/loss', 'n_trees')
    """
    known = FIXED.get(key)
    if known is not None:
        return known
    reference = field_of(key)
    if reference is not None and reference.kind is Kind.METRIC:
        name = metric_name(reference)
        return ListColumn(name, name.replace(".", " ", 1), is_numeric=True, reference=reference)
    if reference is not None and reference.kind is Kind.PARAMETER:
        title = reference.name
        return ListColumn(PARAMETER + title, title, is_sortable=True, reference=reference)
    raise Invalid(
        f"There is no column {key[:60]!r}. Metrics are written as best.validation/accuracy or "
        "loss@10, parameters as param.n_trees.",
        field="columns",
        column=key,
    )


def columns_of(keys: tuple[str, ...]) -> tuple[ListColumn, ...]:
    """Return the columns of these keys, each once; the usual ones for none.

    Parameters
    ----------
    keys : tuple of str

    Raises
    ------
    Invalid

    Examples
    --------
    >>> [column.title for column in columns_of(("title", "seed", "seed"))]
    ['Experiment', 'Seed']
    """
    chosen = {column.key: column for column in map(column_of, keys or DEFAULT)}
    if len(chosen) > MOST_COLUMNS:
        raise Invalid(f"At most {MOST_COLUMNS} columns are shown.", field="columns")
    return tuple(chosen.values())


@dataclass(frozen=True)
class Order:
    """How the list is sorted.

    Parameters
    ----------
    column : ListColumn
    descending : bool
    """

    column: ListColumn
    descending: bool

    @property
    def text(self) -> str:
        """How addresses write it: ``"-macro_f1"``."""
        return f"{'-' if self.descending else ''}{self.column.key}"


def order_of(text: str) -> Order:
    """Read an order; a minus begins one from the largest to the smallest.

    Parameters
    ----------
    text : str
        Empty for the newest first.

    Raises
    ------
    Invalid

    Examples
    --------
    >>> order_of("-macro_f1").text, order_of("").text
    ('-macro_f1', '-created')
    """
    text = text or "-created"
    column = column_of(text.removeprefix("-"))
    if not column.is_sortable:
        raise Invalid(f"The list cannot be sorted by {column.title}.", field="sort")
    return Order(column, text.startswith("-"))
