"""How a person wants a file of prices to be read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sonde.markets.core.candles import COLUMNS
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

AUTO = "auto"
TIME_UNITS = (AUTO, "s", "ms", "us", "ns", "iso")
WANTED = ("time", *COLUMNS)


@dataclass(frozen=True)
class ReadChoices:
    """What a person says of a file; what is left out is detected.

    Parameters
    ----------
    as_of_ms : int
        When the file was made at the latest, milliseconds UTC: bars that had not closed by then
        are left out.
    timeframe : str
        Such as ``"1h"``; empty to detect it.
    layout : str
        Name of a layout, or ``"auto"``.
    time_unit : str
        One of `TIME_UNITS`.
    columns : mapping of str to str
        From ``"time"``, ``"open"``, ... to the column's name in the file, or its number counted
        from 1.

    Raises
    ------
    Invalid
        If a name is unknown; names what there is.

    Examples
    --------
    >>> ReadChoices(0, columns={"price": "p"})
    Traceback (most recent call last):
    ...
    sonde.platform.core.errors.Invalid: There is no column 'price' to choose; there are time, \
open, high, low, close, volume.
    """

    as_of_ms: int
    timeframe: str = ""
    layout: str = AUTO
    time_unit: str = AUTO
    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse unknown names."""
        if self.timeframe:
            Timeframe(self.timeframe)
        if self.time_unit not in TIME_UNITS:
            raise Invalid(
                f"There is no time unit {self.time_unit!r}; choose one of {', '.join(TIME_UNITS)}.",
                field="time_unit",
            )
        for name in self.columns:
            if name not in WANTED:
                raise Invalid(
                    f"There is no column {name!r} to choose; there are {', '.join(WANTED)}.",
                    field="columns",
                )

    def to_json(self) -> dict[str, Any]:
        """Return the choices as JSON-ready values."""
        return {**asdict(self), "columns": dict(self.columns)}


def choices_from_json(facts: Mapping[str, Any]) -> ReadChoices:
    """Return the choices that `to_json` gave.

    Examples
    --------
    >>> choices_from_json(ReadChoices(5, "1h").to_json()).timeframe
    '1h'
    """
    return ReadChoices(**facts)
