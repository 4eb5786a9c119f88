"""What a person says about all files of an import at once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sonde.bearings.core.shaping import Shaping
from sonde.bearings.core.understanding.label_table import LabelTable
from sonde.bearings.core.understanding.said import Said, plain_label


@dataclass(frozen=True)
class Given:
    """What the person says about all files at once.

    Parameters
    ----------
    sampling_rate_hz, speed_rpm : float, optional
        For files that do not say theirs.
    label, unit, severity, session, bearing : str
        For files that do not say theirs.
    channels : tuple of str
        Keep only these channels; ``"column 1=DE"`` keeps one under another name. Empty keeps all.
    labels : LabelTable, optional
    tacho : str
        Name of the channel with the tacho pulses; empty takes one that is called so.
    preset : str
        Key of a public data set's layout; empty recognises it, ``"none"`` uses none.
    healthy_part : float
        Share of each run to failure, from its beginning, that the person calls healthy.
    shaping : Shaping
        What is done to the samples.
    """

    sampling_rate_hz: float | None = None
    speed_rpm: float | None = None
    label: str = ""
    unit: str = ""
    channels: tuple[str, ...] = ()
    labels: LabelTable | None = None
    severity: str = ""
    session: str = ""
    bearing: str = ""
    tacho: str = ""
    preset: str = ""
    healthy_part: float = 0.0
    shaping: Shaping = Shaping()  # noqa: RUF009  (frozen)

    @property
    def said(self) -> Said:
        """Return it as the last of the sources."""
        return Said(
            "given for all",
            label=plain_label(self.label),
            unit=self.unit,
            severity=self.severity,
            session=self.session,
            bearing=self.bearing,
            sampling_rate_hz=self.sampling_rate_hz,
            speed_rpm=self.speed_rpm,
        )

    @property
    def wanted(self) -> Mapping[str, str]:
        """Return the names of the channels to keep, with the names to keep them under.

        Examples
        --------
        >>> dict(Given(channels=("column 2=DE", "FE")).wanted)
        {'column 2': 'DE', 'FE': 'FE'}
        """
        pairs = [each.partition("=") for each in self.channels]
        return {name.strip(): (alias or name).strip() for name, _, alias in pairs if name.strip()}


def given_to_json(given: Given) -> dict[str, Any]:
    """Return it as JSON-ready data."""
    return asdict(given)


def given_from_json(data: Mapping[str, Any]) -> Given:
    """Return what `given_to_json` was given.

    Examples
    --------
    >>> given = Given(channels=("DE",), shaping=Shaping(length=1024))
    >>> given_from_json(given_to_json(given)) == given
    True
    """
    labels = data.get("labels")
    table = LabelTable(labels["rows"]) if labels else None
    shaping = Shaping(**data.get("shaping", {}))
    channels = tuple(data["channels"])
    return Given(**{**data, "channels": channels, "labels": table, "shaping": shaping})
